"""A few of the changes that a file would make, in words, for the eye that checks it before it is applied."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format

from courses.models import Domain
from lms.models import Learner
from lms.people.plan import FIELDS, Change, DirectoryPlan

_NAMES = [field.removesuffix("_id") for field in FIELDS]


def changed_people(plan: DirectoryPlan, most: int) -> list[dict[str, Any]]:
    """``{"who", "what": [[field, before, after], …]}`` for the first ``most`` people whose data differ; at most one query."""
    chosen = [change for change in plan.changes if change.known and change.known.values][:most]
    if not chosen:
        return []
    names = {
        "department": dict(plan.world.departments.values()),
        "site": {pk: name for pk, name, _country in plan.world.sites.values()},
        "manager": {known.pk: known.email for known in plan.world.known.values()},
        "domain": {pk: str(name) for pk, name in Domain.objects.values_list("pk", "name")},
    }
    return [{"who": change.row.email, "what": _difference(change, names)} for change in chosen]


def _difference(change: Change, names: dict[str, dict[Any, str]]) -> list[list[str]]:
    before = change.known.values if change.known and change.known.values else change.after
    return [
        [str(Learner._meta.get_field(name).verbose_name), _said(old, names.get(name)), _said(new, names.get(name))]  # type: ignore[union-attr]
        for name, old, new in zip(_NAMES, before, change.after, strict=True)
        if old != new
    ]


def _said(value: Any, names: dict[Any, str] | None) -> str:
    """A department, site or manager that does not exist yet stands there as its own name."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return names.get(value, str(value)) if names else str(value)
