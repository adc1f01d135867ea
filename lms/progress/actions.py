"""Writes about progress. Two tabs, a double click, a retry or a reload count once: constraints and conditional statements
decide, never a look before an insert.

Rows are always locked in the same order - attempt, enrolment, completion - so that two tabs wait for one another and never for
each other in a circle.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courses.models import Activity, ActivityKind, Item
from courses.problems import Problem, ProblemsFound
from lms.conf import conf
from lms.models import Attempt, Completion, Enrolment, Learner
from lms.progress import catalogue as catalogues
from lms.progress import rules
from lms.progress.answers import grade_attempt, read_answers
from lms.progress.attempts import marks_of, read_items
from lms.progress.draws import Drawable, choose_variant, draw_items, seed_of
from lms.progress.settling import reopen_enrolments, settle, settle_enrolments
from lms.progress.standing import Mark, Standing
from lms.progress.statements import ACTIVE, PASSED, SUBMITTED, TRIED

__all__ = [
    "complete_lesson",
    "open_activity",
    "record_correction",
    "record_mission",
    "reopen_enrolments",
    "save_answers",
    "settle_enrolments",
    "start_attempt",
    "submit_attempt",
]

#: The learner's own "last activity" is not worth a write more often than this.
ACTIVE_EVERY = dt.timedelta(minutes=15)
# Somebody would have to start and submit this many times between two of our statements.
START_TRIES = 5
OUTCOME = ["answers", "result", "score", "corrected_score", "submitted_at"]


def open_activity(*, learner: Learner, activity: Activity, now: dt.datetime, override: bool = False) -> Completion:
    """The learner arrives at an activity. In order: it must be current and the learner enrolled in its track; its module's
    prerequisites must be done, unless the learner goes on all the same (``override``; noted) and the company allows it; the row
    that says "opened" exists, once, and remembers the last time until it is done; the enrolment has started and is active now.
    """
    admission = _admit(learner, activity, override=override)
    with transaction.atomic():
        _touch(learner, admission, now)
        _open(learner, admission, now)
    return Completion.objects.get(learner=learner, activity=activity)


def complete_lesson(*, learner: Learner, activity: Activity, now: dt.datetime) -> Completion:
    """The button at the end of a lesson. In order: as ``open_activity``; the completion is done, once; the enrolment is complete
    when nothing required is left.
    """
    if activity.kind != ActivityKind.LESSON:
        raise ProblemsFound([Problem("not-a-lesson", _("Only a lesson is done by reading it."))])
    return _complete(learner, _admit(learner, activity, override=False), now)


def record_mission(*, learner: Learner, activity: Activity, now: dt.datetime) -> Completion:
    """A mission's evidence form is complete (``lms.journal.actions`` says so). In order: as ``open_activity``, where work that was
    done counts although a prerequisite was missing; the completion is done, once; the enrolment is complete when nothing required
    is left.
    """
    if activity.kind != ActivityKind.MISSION:
        raise ProblemsFound([Problem("not-a-mission", _("Only a mission is done by what you note about it."))])
    return _complete(learner, _admit(learner, activity, override=True), now)


def start_attempt(*, learner: Learner, activity: Activity, language: str, now: dt.datetime) -> Attempt:
    """A try at a quiz or an exercise: the open one if there is one, else a new one. In order: as ``open_activity``; the items are
    drawn, once, from the learner, the activity and the number of the try; the attempt exists, once.
    """
    if activity.kind not in ActivityKind.graded():
        raise ProblemsFound([Problem("not-graded", _("There is nothing to answer in this activity."))])
    admission = _admit(learner, activity, override=False)
    pool = [
        Drawable(slug, group, domain_id)
        for slug, group, domain_id in Item.objects.current()
        .filter(activity=activity)
        .order_by("position", "pk")
        .values_list("slug", "group", "domain_id")
    ]
    if not pool:
        raise ProblemsFound([Problem("no-items", _("This activity has no questions at the moment."), _("Come back later."))])
    with transaction.atomic():
        _touch(learner, admission, now)
        _open(learner, admission, now)
        for _try in range(START_TRIES):
            earlier = list(Attempt.objects.filter(learner=learner, activity=activity).order_by("number"))
            if earlier and earlier[-1].submitted_at is None:
                return _with_activity(earlier[-1], activity)
            number = earlier[-1].number + 1 if earlier else 1
            drawn = _draw(learner, activity, pool, number, [slug for attempt in earlier for slug in attempt.items])
            new = Attempt(learner=learner, activity=activity, number=number, language=language, items=drawn, started_at=now)
            # Another tab may have been quicker: then its attempt is found in the next round.
            Attempt.objects.bulk_create([new], ignore_conflicts=True)
        raise RuntimeError(f"No attempt could be started at {activity.slug}.")


def save_answers(*, attempt: Attempt, answers: Any, now: dt.datetime) -> Attempt:
    """Keeps drafts as they were given, question by question, so that a reload shows them and two tabs do not wipe each other out.
    A draft that arrives after the submission changes nothing.
    """
    given = read_answers(attempt.items, answers)
    with transaction.atomic():
        current = Attempt.objects.select_for_update().open().filter(pk=attempt.pk).values_list("answers", flat=True).first()
        if current is None:
            attempt.refresh_from_db(fields=OUTCOME)
            return attempt
        attempt.answers = {**current, **given}
        Attempt.objects.filter(pk=attempt.pk).update(answers=attempt.answers)
    return attempt


def submit_attempt(*, attempt: Attempt, answers: Any, now: dt.datetime, idempotency_key: str = "") -> Attempt:
    """Grades an attempt. In order: the answers (over the drafts) are graded; where they do not fit they are kept as drafts and refused,
    without any loss; the attempt is submitted by one conditional statement; the enrolment is active now; the completion keeps the best
    score and is done at the pass mark; the enrolment is complete when nothing required is left.

    ``answers``: a response by item slug, or a function that reads them for the drawn items (which a page has to know and need not read
    twice). Whoever submits again, in another tab or by a retry, gets the first result. ``idempotency_key`` is an API client's own name
    for this submission: it is kept, and a constraint gives it to one attempt of the learner only.
    """
    if attempt.submitted_at is not None:
        return attempt
    items = read_items(attempt, with_keys=True)
    given = read_answers(attempt.items, answers(items) if callable(answers) else answers)
    final = {**attempt.answers, **given}
    try:
        score, result = grade_attempt(items, final)
    except ProblemsFound:
        save_answers(attempt=attempt, answers=given, now=now)
        raise
    activity = attempt.activity
    passed = rules.passes(score, float(activity.pass_mark))
    outcome: dict[str, Any] = {
        "answers": final,
        "result": result,
        "score": score,
        "submitted_at": now,
        "idempotency_key": idempotency_key,
    }
    with transaction.atomic():
        won = _submit(attempt.pk, outcome)
        if won:
            ACTIVE.run(learner=attempt.learner_id, track=activity.module.track_id, now=now)
            _score(attempt.learner_id, activity.pk, score, passed, now)
            if passed:
                settle(Enrolment.objects.filter(learner=attempt.learner_id, track=activity.module.track_id), now)
    if won:
        for name, value in outcome.items():
            setattr(attempt, name, value)
    else:
        attempt.refresh_from_db(fields=OUTCOME)
    return attempt


def record_correction(*, attempt: Attempt, corrected_score: float, now: dt.datetime) -> Attempt:
    """A contest was granted (``lms.champions.actions`` says so). In order: the corrected score stands beside the attempt's own, which
    nothing changes; the completion keeps the best score and is done at the pass mark; the enrolment is complete when nothing
    required is left.
    """
    activity = attempt.activity
    passed = rules.passes(corrected_score, float(activity.pass_mark))
    with transaction.atomic():
        Attempt.objects.submitted().filter(pk=attempt.pk).update(corrected_score=corrected_score)
        enrolments = Enrolment.objects.select_for_update().filter(learner=attempt.learner_id, track=activity.module.track_id)
        list(enrolments)
        _score(attempt.learner_id, activity.pk, corrected_score, passed, now)
        if passed:
            settle(enrolments, now)
    attempt.corrected_score = corrected_score
    return attempt


@dataclass(frozen=True)
class _Admission:
    activity_id: int
    track_id: int
    mark: Mark | None
    overrode: bool


def _admit(learner: Learner, activity: Activity, *, override: bool) -> _Admission:
    """Whether the learner may do this activity now; refuses in words. Two queries."""
    row = (
        Enrolment.objects.live()
        .filter(learner=learner, track__modules__activities=activity)
        .annotate(catalogue_version=catalogues.newest_version())
        .values_list("catalogue_version", flat=True)
    )
    versions = list(row)
    if not versions:
        raise ProblemsFound([Problem("not-enrolled", _("You are not in this track."), _("Join the track first."))])
    standing = Standing(catalogues.current(versions[0]), marks_of(learner.pk))
    outline = standing.catalogue.activities.get(activity.pk)
    if outline is None:
        gone = _("This activity is no longer part of the track.")
        raise ProblemsFound([Problem("retired", gone, _("What you did in it still counts."))])
    module = standing.catalogue.modules[outline.module_id]
    mark = standing.marks.get(activity.pk)
    missing = standing.missing(module)
    if missing and mark is None and not standing.overridden(module) and (conf.HARD_PREREQUISITES or not override):
        raise ProblemsFound(
            [
                Problem(
                    "prerequisite",
                    _("“%(module)s” comes first: %(done)s of %(required)s done."),
                    _("Finish it before you go on.") if conf.HARD_PREREQUISITES else _("Finish it first, or go on all the same."),
                    one.module.slug,
                    {"module": one.module.title, "done": one.done, "required": one.required},
                )
                for one in missing
            ]
        )
    return _Admission(activity.pk, outline.track_id, mark, overrode=bool(missing))


def _submit(attempt_id: int, outcome: dict[str, Any]) -> int:
    """One if this is the submission that counts, none if another one was quicker."""
    try:
        return SUBMITTED.run(attempt=attempt_id, **outcome)
    except IntegrityError:
        said = _("This idempotency key was used for another attempt.")
        raise ProblemsFound([Problem("key-used", said, where="Idempotency-Key")]) from None


def _draw(learner: Learner, activity: Activity, pool: list[Drawable], number: int, seen: list[str]) -> list[str]:
    if activity.kind == ActivityKind.EXERCISE:
        return choose_variant(pool, learner.domain_id, seen)
    return draw_items(pool, activity.draw, seen, seed_of(learner.pk, activity.slug, number))


def _with_activity(attempt: Attempt, activity: Activity) -> Attempt:
    attempt.activity = activity
    return attempt


def _touch(learner: Learner, admission: _Admission, now: dt.datetime) -> None:
    """The enrolment has started and is active now; its row is locked until the transaction ends."""
    ACTIVE.run(learner=learner.pk, track=admission.track_id, now=now)
    if learner.last_active_at is None or now - learner.last_active_at > ACTIVE_EVERY:
        Learner.objects.filter(pk=learner.pk).update(last_active_at=now)
        learner.last_active_at = now


def _open(learner: Learner, admission: _Admission, now: dt.datetime) -> None:
    """The row that says "opened": there is one, however many tabs make it."""
    mine = Completion.objects.filter(learner=learner, activity=admission.activity_id)
    if admission.mark is None:
        row = Completion(
            learner=learner, activity_id=admission.activity_id, opened_at=now, overrode_prerequisites=admission.overrode
        )
        Completion.objects.bulk_create([row], ignore_conflicts=True)
    elif admission.mark.completed_at is None:
        mine.under_way().update(opened_at=now)


def _complete(learner: Learner, admission: _Admission, now: dt.datetime) -> Completion:
    with transaction.atomic():
        _touch(learner, admission, now)
        if admission.mark is None:
            _open(learner, admission, now)
        mine = Completion.objects.filter(learner=learner, activity=admission.activity_id)
        if mine.under_way().update(completed_at=now):
            settle(Enrolment.objects.filter(learner=learner, track=admission.track_id), now)
        return mine.get()


def _score(learner_id: int, activity_id: int, score: float, passed: bool, now: dt.datetime) -> None:
    """The completion keeps the best score; done is done, and at its first moment."""

    def write() -> int:
        if passed:
            return PASSED.run(learner=learner_id, activity=activity_id, score=score, now=now)
        return TRIED.run(learner=learner_id, activity=activity_id, score=score)

    if not write():
        # Starting an attempt opens the activity, so this is a row that somebody took away since.
        row = Completion(learner_id=learner_id, activity_id=activity_id, opened_at=now)
        Completion.objects.bulk_create([row], ignore_conflicts=True)
        write()
