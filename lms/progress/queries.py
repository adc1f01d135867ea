"""Reads for the learner's own pages. Each page costs a constant number of queries; the catalogue costs none once it is held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from courses.models import Activity, ActivityKind
from courses.queries import words_and_papers
from lms.conf import conf
from lms.models import Attempt, Completion, Enrolment, Learner
from lms.prepared import Prepared
from lms.progress import catalogue as catalogues
from lms.progress import rules
from lms.progress.attempts import marks_of
from lms.progress.catalogue import Catalogue
from lms.progress.pages import ActivityPage, AttemptLine, EnrolmentCard, MyTracks, Step, TodayPage, TrackPage
from lms.progress.standing import Enrolled, Mark, Standing, in_language

#: What a module says about itself; an attempt needs only where it belongs.
WORDS = ("title", "summary", "goals")


def today_of(learner: Learner, now: dt.datetime) -> dt.date:
    """The learner's day, in their own zone."""
    return now.astimezone(learner.zone).date()


def today_page(*, learner: Learner, now: dt.datetime) -> TodayPage:
    """The one next thing, up to two others, and the tracks. Two queries."""
    today = today_of(learner, now)
    enrolments = _my_enrolments(learner)
    catalogue = catalogues.current(_version(enrolments)) if enrolments else Catalogue({}, {}, {})
    standing = Standing(catalogue, marks_of(learner.pk) if enrolments else {})
    cards = _cards(standing, enrolments, today)
    steps = _steps(standing, enrolments, today)
    return TodayPage(
        today=today,
        step=steps[0] if steps else None,
        others=steps[1:],
        enrolments=cards,
        empty="" if steps else _why_nothing(enrolments, cards, today),
    )


def my_tracks(*, learner: Learner, now: dt.datetime) -> MyTracks:
    today = today_of(learner, now)
    enrolments = _my_enrolments(learner)
    catalogue = catalogues.current(_version(enrolments))
    mine = _cards(Standing(catalogue, marks_of(learner.pk) if enrolments else {}), enrolments, today)
    taken = {card.track.pk for card in mine}
    return MyTracks(mine=mine, open_to_me=tuple(track for track in catalogue.tracks.values() if track.pk not in taken))


def track_page(*, learner: Learner, track_slug: str, now: dt.datetime) -> TrackPage | None:
    """None: there is no such track (any more)."""
    today = today_of(learner, now)
    enrolments = _my_enrolments(learner)
    catalogue = catalogues.current(_version(enrolments))
    track = catalogue.track_named(track_slug)
    if track is None:
        return None
    standing = Standing(catalogue, marks_of(learner.pk))
    enrolment = next((one for one in enrolments if one.track_id == track.pk), None)
    steps = _steps(standing, [enrolment], today) if enrolment else ()
    next_id = steps[0].activity.pk if steps else None
    return TrackPage(
        track=track,
        card=standing.card(enrolment, track, today=today) if enrolment else None,
        modules=tuple(standing.module_line(module, next_id=next_id) for module in track.modules),
        step=steps[0] if steps else None,
        hard_prerequisites=conf.HARD_PREREQUISITES,
    )


def activity_page(*, learner: Learner, activity_slug: str, now: dt.datetime) -> ActivityPage | None:
    """None: there is no such activity (any more). Three queries, and one for terms and documents where it names some."""
    enrolled = Enrolment.objects.live().filter(learner=learner, track=OuterRef("module__track"))
    row = (
        Activity.objects.current()
        .filter(slug=activity_slug, module__retired_at=None, module__track__retired_at=None)
        .annotate(
            catalogue_version=catalogues.newest_version(),
            enrolled=Exists(enrolled),
            current_items=Count("items", filter=Q(items__retired_at=None)),
        )
        .first()
    )
    if row is None:
        return None
    catalogue = catalogues.current(row.catalogue_version)
    standing = Standing(catalogue, marks_of(learner.pk))
    activity = catalogue.activities.get(row.pk)
    if activity is None:
        return None
    module = catalogue.modules[activity.module_id]
    line = standing.module_line(module, next_id=row.pk)
    free = not line.missing or standing.overridden(module) or row.pk in standing.marks
    tries = Attempt.objects.filter(learner=learner, activity=row.pk).defer("items", "answers", "result").order_by("number")
    attempts = list(tries) if _is_graded(row) else []
    pass_mark = float(row.pass_mark)
    body = in_language(row.body)
    terms, papers = words_and_papers(body.get("terms", ()), row.documents)
    return ActivityPage(
        activity=activity,
        line=standing.line(activity),
        module=line,
        track=catalogue.tracks[activity.track_id],
        enrolled=row.enrolled,
        missing=() if free and row.pk in standing.marks else line.missing,
        may_open=row.enrolled and free,
        may_override=row.enrolled and not free and not conf.HARD_PREREQUISITES,
        body=body,
        variant=_variant(body, learner),
        pass_mark=pass_mark,
        questions=_questions(row),
        attempts=tuple(_attempt_line(one, one.submitted_at, pass_mark) for one in attempts if one.submitted_at),
        open_attempt=next((one.uuid for one in attempts if one.submitted_at is None), None),
        next=standing.after(activity),
        terms=tuple(terms),
        papers=tuple(papers),
    )


_MY_ATTEMPT = Prepared(
    lambda learner, uuid: (
        Attempt.objects.select_related("activity__module")
        .defer(*(f"activity__module__{name}" for name in WORDS))
        .filter(learner=learner, uuid=uuid)
        .order_by()
    ),
    learner=int,
    uuid=UUID,
)


def attempt_of(*, learner: Learner, uuid: UUID) -> Attempt | None:
    """The learner's own attempt, with what its actions and its page need; None for anybody else's."""
    return next(iter(_MY_ATTEMPT.objects(learner=learner.pk, uuid=uuid)), None)


def next_steps_of(learners: Iterable[int], *, now: dt.datetime, today: dt.date) -> dict[int, Step]:
    """One next step for each of many learners, in two queries; those with nothing to do are left out.

    ``today`` is the day to judge due dates by; callers that mind zones group learners by day.
    """
    ids = list(learners)
    enrolments: dict[int, list[Enrolled]] = {}
    for enrolment in map(Enrolled._make, _enrolled(Enrolment.objects.unfinished().filter(learner__in=ids))):
        enrolments.setdefault(enrolment.learner_id, []).append(enrolment)
    if not enrolments:
        return {}
    marks: dict[int, dict[int, Mark]] = {}
    for learner_id, *fields in Completion.objects.filter(learner__in=enrolments).values_list("learner_id", *Mark._fields):
        marks.setdefault(learner_id, {})[fields[0]] = Mark(*fields)
    catalogue = catalogues.current(_version(next(iter(enrolments.values()))))
    found = {}
    for learner_id, theirs in enrolments.items():
        steps = _steps(Standing(catalogue, marks.get(learner_id, {})), theirs, today, limit=1)
        if steps:
            found[learner_id] = steps[0]
    return found


def _enrolled(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment, Any]:
    return enrolments.annotate(version=catalogues.newest_version()).values_list(*Enrolled._fields)


_MINE = Prepared(lambda learner: _enrolled(Enrolment.objects.live().filter(learner=learner)), learner=int)


def _my_enrolments(learner: Learner) -> list[Enrolled]:
    return [Enrolled._make(row) for row in _MINE.rows(learner=learner.pk)]


def _version(enrolments: list[Enrolled]) -> int | None:
    return enrolments[0].version if enrolments else None


def _cards(standing: Standing, enrolments: list[Enrolled], today: dt.date) -> tuple[EnrolmentCard, ...]:
    tracks = standing.catalogue.tracks
    cards = [standing.card(one, tracks[one.track_id], today=today) for one in enrolments if one.track_id in tracks]
    return tuple(sorted(cards, key=lambda card: (card.completed_at is not None, card.due_on or dt.date.max, card.track.position)))


def _steps(standing: Standing, enrolments: Iterable[Enrolled], today: dt.date, limit: int = rules.MOST_STEPS) -> tuple[Step, ...]:
    tracks = standing.catalogue.tracks
    # A track that starts later waits, unless the learner has begun already.
    going = {
        one.track_id: one
        for one in enrolments
        if one.completed_at is None and one.track_id in tracks and (one.starts_on <= today or one.started_at)
    }
    found: tuple[rules.Suggestion, ...] = ()
    # What a locked module waits for may be free in another track: that comes before the lock.
    for locked_too in (False, True):
        ahead = [standing.ahead(one, tracks[track_id], locked_too=locked_too) for track_id, one in going.items()]
        found = found or rules.next_steps(ahead, today=today, limit=limit)
    return tuple(standing.step(suggestion, going[suggestion.track_id].due_on) for suggestion in found)


def _why_nothing(enrolments: list[Enrolled], cards: tuple[EnrolmentCard, ...], today: dt.date) -> str:
    if not cards:
        return "no_track"
    left = [one for one in cards if one.completed_at is None and one.done < one.required]
    if not left:
        return "all_done"
    return "starts_later" if all(one.starts_on > today for one in left) else "locked"


def _is_graded(activity: Activity) -> bool:
    return activity.kind in ActivityKind.graded()


def _questions(activity: Activity) -> int:
    """How many questions one attempt has."""
    if activity.kind == ActivityKind.EXERCISE:
        return 1
    if activity.kind != ActivityKind.QUIZ:
        return 0
    items: int = activity.current_items  # type: ignore[attr-defined]
    return min(items, sum(activity.draw.values())) if activity.draw else items


def _variant(body: dict[str, object], learner: Learner) -> str:
    variants = body.get("variants")
    if not isinstance(variants, dict) or learner.domain is None:
        return ""
    return str(variants.get(learner.domain.slug, ""))


def _attempt_line(attempt: Attempt, submitted_at: dt.datetime, pass_mark: float) -> AttemptLine:
    score = attempt.score or 0.0
    return AttemptLine(
        uuid=attempt.uuid,
        number=attempt.number,
        submitted_at=submitted_at,
        score=score,
        corrected_score=attempt.corrected_score,
        passed=rules.passes(attempt.corrected_score if attempt.corrected_score is not None else score, pass_mark),
    )


def submitted_attempts(*, learner: Learner) -> QuerySet[Attempt]:
    """The learner's own finished tries, newest first: what may be contested."""
    return Attempt.objects.submitted().filter(learner=learner).select_related("activity").order_by("-submitted_at")
