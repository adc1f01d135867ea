"""Reads of the catalogue for whoever shows it as it is published now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce

from django.db.models import Case, CharField, Count, IntegerField, Prefetch, QuerySet, Value, When

from courses.models import (
    Activity,
    Document,
    Domain,
    Fact,
    Item,
    LearningPath,
    Portrait,
    Role,
    RoleLevel,
    Sector,
    Technicality,
    Term,
    TrainingOffer,
    UseCase,
)

#: What stands beside the tracks, by the name that pages give it.
SHELVES = {
    "paths": LearningPath,
    "roles": Role,
    "portraits": Portrait,
    "use_cases": UseCase,
    "training": TrainingOffer,
    "glossary": Term,
    "facts": Fact,
    "documents": Document,
}


def items_for(activity: Activity, domain: Domain | None) -> QuerySet[Item]:
    """Current items of an activity, what fits the domain best first: its own, then those for everybody, then the author's order."""
    own = [When(domain=domain, then=Value(0))] if domain is not None else []
    fit = Case(*own, When(domain=None, then=Value(1)), default=Value(2), output_field=IntegerField())
    return activity.items.current().select_related("domain").order_by(fit, "position", "pk")


def shelf_counts() -> dict[str, int]:
    """How many rows each of ``SHELVES`` has now. One query."""
    counts = [
        model._default_manager.filter(retired_at=None).order_by().values(shelf=Value(name, CharField())).annotate(n=Count("pk"))
        for name, model in SHELVES.items()
    ]
    found = reduce(lambda one, other: one.union(other, all=True), counts)
    return {row["shelf"]: row["n"] for row in found}


def paths() -> QuerySet[LearningPath]:
    return LearningPath.objects.current().select_related("domain")


def roles() -> QuerySet[Role]:
    """Those without coding first: that is who this is for."""
    order = [When(technicality=value, then=Value(place)) for place, value in enumerate(Technicality.values)]
    return Role.objects.current().order_by(Case(*order, output_field=IntegerField()), "position", "pk")


def roles_in_full() -> QuerySet[Role]:
    """With the levels asked, the sectors and the portraits at hand: three queries more."""
    return roles().prefetch_related(
        Prefetch("levels", RoleLevel.objects.filter(skill__retired_at=None).select_related("skill").order_by("skill__position")),
        Prefetch("sectors", Sector.objects.current()),
        Prefetch("portraits", Portrait.objects.current()),
    )


def portraits() -> QuerySet[Portrait]:
    return Portrait.objects.current().select_related("domain", "role")


def sectors() -> QuerySet[Sector]:
    return Sector.objects.current()


def use_cases() -> QuerySet[UseCase]:
    """With domain and sectors at hand: two queries."""
    return UseCase.objects.current().select_related("domain").prefetch_related(Prefetch("sectors", Sector.objects.current()))


def domains_with_use_cases() -> QuerySet[Domain]:
    return Domain.objects.current().filter(use_cases__retired_at=None, use_cases__isnull=False).distinct()


def offers() -> QuerySet[TrainingOffer]:
    return TrainingOffer.objects.current().prefetch_related("skills")


def terms() -> QuerySet[Term]:
    return Term.objects.current()


def facts() -> QuerySet[Fact]:
    return Fact.objects.current()


def documents() -> QuerySet[Document]:
    return Document.objects.current()


def words_and_papers(terms: Collection[str], documents: Collection[str]) -> tuple[list[Term], list[Document]]:
    """The current terms and documents of these ids, each in the order of its list. One query; none when nothing is asked for.

    Of each row only what a reader sees is there: id, name or title, definition or text.
    """
    if not terms and not documents:
        return [], []
    kind = CharField()
    found = (
        Term.objects.current()
        .filter(slug__in=terms)
        .order_by()
        .values_list(Value("term", kind), "slug", "name", "definition")
        .union(
            Document.objects.current()
            .filter(slug__in=documents)
            .order_by()
            .values_list(Value("document", kind), "slug", "title", "html"),
            all=True,
        )
    )
    rows = {(of, slug): (title, text) for of, slug, title, text in found}
    return (
        [Term(slug=one, name=rows["term", one][0], definition=rows["term", one][1]) for one in terms if ("term", one) in rows],
        [
            Document(slug=one, title=rows["document", one][0], html=rows["document", one][1])
            for one in dict.fromkeys(documents)
            if ("document", one) in rows
        ],
    )


@dataclass(frozen=True)
class DueForReview:
    """A dated row whose day of review has passed. `source` is where to look: a text in words, or for an offer its provider."""

    row: Fact | Role | TrainingOffer
    last_looked: dt.date
    review_after: dt.date
    source: str


def content_due(*, on: dt.date) -> list[DueForReview]:
    """Current facts, roles and training offers that were to be reviewed before `on`, the longest overdue first. Three queries."""
    dated = [
        *(DueForReview(row, row.as_of, row.review_after, str(row.source)) for row in facts().filter(review_after__lt=on)),
        *(
            DueForReview(row, row.as_of, row.review_after, str(row.source))
            for row in Role.objects.current().filter(review_after__lt=on)
        ),
        *(
            DueForReview(row, row.verified_on, row.review_after, row.provider)
            for row in TrainingOffer.objects.current().filter(review_after__lt=on)
        ),
    ]
    return sorted(dated, key=lambda due: due.review_after)
