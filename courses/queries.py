"""Reads of the catalogue for whoever shows it as it is published now."""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When

from courses.models import Activity, Domain, Item


def items_for(activity: Activity, domain: Domain | None) -> QuerySet[Item]:
    """Current items of an activity, what fits the domain best first: its own, then those for everybody, then the author's order."""
    own = [When(domain=domain, then=Value(0))] if domain is not None else []
    fit = Case(*own, When(domain=None, then=Value(1)), default=Value(2), output_field=IntegerField())
    return activity.items.current().select_related("domain").order_by(fit, "position", "pk")
