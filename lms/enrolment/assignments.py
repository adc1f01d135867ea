"""Give tracks to cohorts, on terms that may be changed and taken back."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.models import Track
from courses.problems import Problem, ProblemsFound
from lms import sql
from lms.audit.actions import record
from lms.enrolment.enrol import LOCK, enrol
from lms.enrolment.rules import DueTerms, problems_of_terms, problems_of_tracks, require_open
from lms.enrolment.settle import refresh_due, settle
from lms.enums import DueRule, Source
from lms.models import Assignment, Cohort, Enrolment, EnrolmentReason, Learner
from lms.people.rules import company_day


@dataclass(frozen=True)
class AssignmentOutcome:
    """``already``: people who were enrolled in this track before and stay so."""

    assignment: Assignment
    enrolled: int
    already: int
    revived: int


@transaction.atomic
def assign_tracks(
    *,
    cohort: Cohort,
    tracks: Iterable[Track],
    starts_on: dt.date,
    due_rule: DueRule,
    due_on: dt.date | None = None,
    due_days: int | None = None,
    actor: Any | None,
    source: Source,
    now: dt.datetime,
) -> list[AssignmentOutcome]:
    """Give tracks to a cohort and enrol every member: a constant number of statements a track, for any number of members.

    A track that the cohort has already on the same terms enrols only who is missing; on other terms it is refused
    (``change_assignment`` is for that).
    """
    require_open(cohort)
    terms = DueTerms(rule=DueRule(due_rule), on=due_on, days=due_days)
    wanted = list(tracks)
    problems = problems_of_terms(terms, starts_on=starts_on) + problems_of_tracks(wanted)
    if problems:
        raise ProblemsFound(problems)
    sql.one_at_a_time(Enrolment, LOCK)
    have = {each.track_id: each for each in Assignment.objects.current().filter(cohort=cohort, track__in=wanted)}
    problems = [
        Problem(
            "assigned_differently",
            _("“%(track)s” is already assigned to this cohort on other terms."),
            _("Change the existing assignment, or withdraw it first."),
            "tracks",
            params={"track": str(track)},
        )
        for track in wanted
        if track.pk in have and not _on_terms(have[track.pk], terms, starts_on)
    ]
    if problems:
        raise ProblemsFound(problems)
    members = Learner.objects.active(company_day(now)).filter(memberships__cohort=cohort, memberships__until__isnull=True).count()
    outcomes = []
    for track in wanted:
        assignment = have.get(track.pk) or Assignment.objects.create(
            cohort=cohort, track=track, starts_on=starts_on, due_rule=terms.rule, due_on=terms.on, due_days=terms.days,
            created_by=actor, created_at=now,
        )  # fmt: skip
        assignment.track, assignment.cohort = track, cohort  # known here: whoever names them later asks nothing
        done = enrol(Assignment.objects.filter(pk=assignment.pk), now=now)
        outcome = AssignmentOutcome(
            assignment=assignment,
            enrolled=done.enrolled,
            already=members - done.enrolled - done.revived,
            revived=done.revived,
        )
        outcomes.append(outcome)
        if track.pk not in have or done.reasons:
            record(
                actor=actor, verb="assign_tracks", obj=assignment, source=source, now=now,
                after={"enrolled": done.enrolled, "already": outcome.already, "revived": done.revived},
            )  # fmt: skip
    return outcomes


@transaction.atomic
def change_assignment(
    *,
    assignment: Assignment,
    starts_on: dt.date,
    due_rule: DueRule,
    due_on: dt.date | None = None,
    due_days: int | None = None,
    reason: str = "",
    actor: Any | None,
    source: Source,
    now: dt.datetime,
) -> Assignment:
    """Give an assignment other terms: start and due dates of everybody enrolled because of it follow."""
    terms = DueTerms(rule=DueRule(due_rule), on=due_on, days=due_days)
    problems = problems_of_terms(terms, starts_on=starts_on)
    if assignment.withdrawn_at:
        problems.append(Problem("withdrawn", _("This assignment was withdrawn."), _("Assign the track again.")))
    if problems:
        raise ProblemsFound(problems)
    if _on_terms(assignment, terms, starts_on):
        return assignment
    sql.one_at_a_time(Enrolment, LOCK)
    before = _terms_of(assignment)
    assignment.starts_on, assignment.due_rule, assignment.due_on, assignment.due_days = (
        starts_on,
        terms.rule,
        terms.on,
        terms.days,
    )
    assignment.save(update_fields=["starts_on", "due_rule", "due_on", "due_days"])
    refresh_due(Assignment.objects.filter(pk=assignment.pk), now=now, every_rule=True)
    touched = Enrolment.objects.live().filter(reasons__assignment=assignment, reasons__until__isnull=True)
    # Whoever has begun keeps the day on which they could begin.
    touched.filter(started_at__isnull=True).update(starts_on=max(starts_on, company_day(now)))
    settle(touched, now=now)
    record(
        actor=actor, verb="change_assignment", obj=assignment, source=source, now=now, reason=reason,
        before=before, after=_terms_of(assignment),
    )  # fmt: skip
    return assignment


@transaction.atomic
def withdraw_assignment(*, assignment: Assignment, reason: str, actor: Any | None, source: Source, now: dt.datetime) -> int:
    """Take a track back from a cohort; answers how many people lost this reason. Enrolments without another one are archived."""
    sql.one_at_a_time(Enrolment, LOCK)
    if not Assignment.objects.current().filter(pk=assignment.pk).update(withdrawn_at=now):
        return 0
    assignment.withdrawn_at = now
    closed = EnrolmentReason.objects.filter(assignment=assignment, until__isnull=True).update(until=now)
    settle(Enrolment.objects.filter(reasons__assignment=assignment), now=now)
    record(
        actor=actor, verb="withdraw_assignment", obj=assignment, source=source, now=now, reason=reason,
        before={"people": closed},
    )  # fmt: skip
    return closed


def _terms_of(assignment: Assignment) -> dict[str, Any]:
    return {
        "starts_on": assignment.starts_on.isoformat(),
        "due_rule": str(assignment.due_rule),
        "due_on": assignment.due_on.isoformat() if assignment.due_on else None,
        "due_days": assignment.due_days,
    }


def _on_terms(assignment: Assignment, terms: DueTerms, starts_on: dt.date) -> bool:
    return (assignment.starts_on, assignment.due_rule, assignment.due_on, assignment.due_days) == (
        starts_on, terms.rule, terms.on, terms.days,
    )  # fmt: skip
