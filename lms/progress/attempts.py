"""An attempt as a page shows it: questions while it is open, the result explained once it is submitted.

While it is open its items are read without their keys; feedback and whys are left behind in the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from courses.grading import NOTES, Part
from courses.models import Item
from courses.queries import words_and_papers
from lms.models import Attempt, Completion
from lms.prepared import Prepared
from lms.progress import catalogue as catalogues
from lms.progress import rules
from lms.progress.draws import seed_of, shuffled
from lms.progress.pages import AttemptPage, Explained, ExplainedPart, Question
from lms.progress.standing import Mark, Standing, in_language


def attempt_page(*, attempt: Attempt) -> AttemptPage:
    """Three queries, and one for documents where there are some; ``attempt`` comes from ``lms.progress.queries.attempt_of``.

    An activity that has been retired since still shows its attempt; then there is no trail and nothing next.
    """
    learner_id, activity = attempt.learner_id, attempt.activity
    over = attempt.submitted_at is not None
    items = read_items(attempt, with_keys=over)
    catalogue = catalogues.current()
    pass_mark = float(activity.pass_mark)
    best = attempt.corrected_score if attempt.corrected_score is not None else attempt.score
    outline = catalogue.activities.get(activity.pk)
    standing = Standing(catalogue, marks_of(learner_id) if outline else {})
    line = standing.module_line(catalogue.modules[outline.module_id], next_id=outline.pk) if outline else None
    _terms, papers = words_and_papers((), [*activity.documents, *(slug for item in items for slug in item.documents)])
    return AttemptPage(
        uuid=attempt.uuid,
        number=attempt.number,
        activity_slug=activity.slug,
        title=activity.title,
        kind=activity.kind,
        module=line.module if line else None,
        track=catalogue.tracks[outline.track_id] if outline else None,
        prompt=in_language(activity.body).get("prompt", ""),
        pass_mark=pass_mark,
        submitted_at=attempt.submitted_at,
        score=attempt.score,
        corrected_score=attempt.corrected_score,
        passed=best is not None and rules.passes(best, pass_mark),
        questions=() if over else tuple(question(attempt, item) for item in items),
        explained=explain(attempt, items) if over else (),
        trail=line.activities if line else (),
        next=standing.after(outline) if outline else None,
        papers=tuple(papers),
    )


def read_items(attempt: Attempt, *, with_keys: bool) -> list[Item]:
    """The drawn items, in their order. One query. A retired item is still there: it was asked."""
    drawn = {f"slug{place}": slug for place, slug in enumerate(attempt.items)}
    return _in_order(attempt, _drawn(len(drawn), with_keys).objects(activity=attempt.activity_id, **drawn) if drawn else ())


@lru_cache(maxsize=64)
def _drawn(count: int, with_keys: bool) -> Prepared:
    """So many items of an activity, by their names."""

    def make(activity: int, **slugs: str) -> QuerySet[Item]:
        found = Item.objects.filter(activity=activity, slug__in=slugs.values()).order_by()
        return found if with_keys else found.defer("answer_key")

    return Prepared(make, activity=int, **{f"slug{place}": str for place in range(count)})


def items_of(attempts: Sequence[Attempt]) -> dict[int, list[Item]]:
    """The drawn items of each attempt (by its id), with their keys: one query for all of them."""
    drawn = {slug for attempt in attempts for slug in attempt.items}
    found = list(Item.objects.filter(slug__in=drawn)) if drawn else []
    return {attempt.pk: _in_order(attempt, found) for attempt in attempts}


def _in_order(attempt: Attempt, items: Iterable[Item]) -> list[Item]:
    by_slug = {item.slug: item for item in items if item.activity_id == attempt.activity_id}
    return [by_slug[slug] for slug in attempt.items if slug in by_slug]


_MARKS = Prepared(lambda learner: Completion.objects.filter(learner=learner).values_list(*Mark._fields), learner=int)


def marks_of(learner_id: int) -> dict[int, Mark]:
    """One learner's completions. One query."""
    return {mark.activity_id: mark for mark in map(Mark._make, _MARKS.rows(learner=learner_id))}


def question(attempt: Attempt, item: Item) -> Question:
    texts = in_language(item.texts)
    seed = seed_of(attempt.learner_id, attempt.activity.slug, attempt.number)
    return Question(
        slug=item.slug,
        mechanic=item.mechanic,
        payload=shuffled(item.payload, f"{seed}:{item.slug}"),
        prompt=texts.get("prompt", ""),
        brief=texts.get("brief", ""),
        document=texts.get("document", ""),
        parts=texts.get("parts", {}),
        answer=attempt.answers.get(item.slug),
    )


def explain(attempt: Attempt, items: Sequence[Item]) -> tuple[Explained, ...]:
    """The result of a submitted attempt, in words."""
    if attempt.submitted_at is None:
        raise ValueError("An open attempt is not explained.")
    return tuple(_explained(attempt, item, attempt.result[item.slug]) for item in items if item.slug in attempt.result)


def _explained(attempt: Attempt, item: Item, result: Mapping[str, Any]) -> Explained:
    texts = in_language(item.texts)
    feedback = texts.get("feedback", {})
    labels = texts.get("parts", {})
    return Explained(
        question=question(attempt, item),
        score=result["score"],
        passed=result["passed"],
        parts=tuple(_part(Part(**part), labels, feedback) for part in result["parts"]),
        notes=tuple(_notes(result["feedback"], feedback)),
        why=texts.get("why", ""),
        key=item.answer_key,
    )


def _part(part: Part, labels: Mapping[str, str], feedback: Mapping[str, str]) -> ExplainedPart:
    said = next(iter(_notes([part.feedback] if part.feedback else [], feedback)), "")
    return ExplainedPart(part=part, text=labels.get(part.id, ""), feedback=said)


def _notes(ids: Iterable[str], feedback: Mapping[str, str]) -> Iterable[Any]:
    """What the pack says; else what the rules of grading say; else nothing."""
    for one in ids:
        said = feedback.get(one) or NOTES.get(one)
        if said:
            yield said
