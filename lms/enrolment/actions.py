"""Change who is in a cohort, what it learns, and so who is enrolled. Every action writes one line of the audit trail if it changed
anything, and may be repeated: the second time does nothing."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import BigIntegerField, DateField, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from courses.models import Track
from courses.problems import Problem, ProblemError
from lms import sql
from lms.audit.actions import record
from lms.enrolment.enrol import LOCK, enrol
from lms.enrolment.rules import DueTerms, problems_of_terms
from lms.enrolment.settle import refresh_due, settle
from lms.enums import DueRule, Source
from lms.models import Assignment, Cohort, CohortInvitation, CohortMembership, Enrolment, EnrolmentReason, Learner
from lms.people.rules import company_day

#: Learners as a queryset, or their primary keys, or themselves.
Learners = QuerySet[Learner, Any] | Iterable[int | Learner]


@dataclass(frozen=True)
class AssignmentOutcome:
    """``already``: people who were enrolled in this track before and stay so."""

    assignment: Assignment
    enrolled: int
    already: int
    revived: int


@dataclass(frozen=True)
class Added:
    """What became of a list of addresses."""

    joined: int
    invited: int
    already: int


# Members


@transaction.atomic
def add_members(*, cohort: Cohort, learners: Learners, actor: Any | None, source: Source, now: dt.datetime) -> int:
    """Put people into a cohort and enrol them in what it learns; answers how many joined. Somebody who left the company does not."""
    _require_open(cohort)
    joined = _join(cohort, learners, now=now)
    if joined:
        record(actor=actor, verb="add_members", obj=cohort, source=source, now=now, after={"joined": joined})
    return joined


@transaction.atomic
def add_members_by_email(*, cohort: Cohort, emails: Iterable[str], actor: Any | None, source: Source, now: dt.datetime) -> Added:
    """The same by address. Who has no account yet is invited, and joins when the directory brings the account (``admit_invited``).

    An address that cannot be one is refused with its line, and nobody is added.
    """
    _require_open(cohort)
    wanted, problems = _addresses(emails)
    if problems:
        raise ProblemError(problems)
    joined, known = 0, set()
    for batch in sql.batches(wanted):
        found = dict(Learner.objects.annotate(address=Lower("email")).filter(address__in=batch).values_list("address", "pk"))
        joined += _join(cohort, found.values(), now=now)
        known |= found.keys()
    strangers = [CohortInvitation(cohort=cohort, email=email, invited_at=now) for email in wanted if email not in known]
    before = cohort.invitations.count()
    CohortInvitation.objects.bulk_create(strangers, batch_size=1000, ignore_conflicts=True)
    invited = cohort.invitations.count() - before
    if joined or invited:
        after = {"joined": joined, "invited": invited}
        record(actor=actor, verb="add_members_by_email", obj=cohort, source=source, now=now, after=after)
    return Added(joined=joined, invited=invited, already=len(wanted) - joined - invited)


@transaction.atomic
def remove_members(
    *, cohort: Cohort, learners: Learners, actor: Any | None, source: Source, now: dt.datetime, reason: str = ""
) -> int:
    """Take people out of a cohort; answers how many. Closes the reasons that came from it: an enrolment without another reason is
    archived, with its progress."""
    sql.one_at_a_time(Enrolment, LOCK)
    gone = 0
    for chosen in _chosen(learners):
        here = list(cohort.memberships.current().filter(learner__in=chosen.values("pk")).values_list("learner_id", flat=True))
        cohort.memberships.current().filter(learner__in=chosen.values("pk")).update(until=now)
        reasons = EnrolmentReason.objects.filter(
            assignment__cohort=cohort, enrolment__learner__in=chosen.values("pk"), until__isnull=True
        )
        gone += len(here)
        if reasons.update(until=now):
            settle(Enrolment.objects.filter(reasons__assignment__cohort=cohort, learner__in=chosen.values("pk")), now=now)
    if gone:
        record(actor=actor, verb="remove_members", obj=cohort, source=source, now=now, reason=reason, before={"members": gone})
    return gone


@transaction.atomic
def admit_invited(*, now: dt.datetime, actor: Any | None = None, source: Source = Source.JOB) -> int:
    """Let in whoever was invited by address and has an account now; answers how many joined. Run after every directory import."""
    sql.one_at_a_time(Enrolment, LOCK)
    address = Learner.objects.active(company_day(now)).annotate(address=Lower("email")).filter(address=OuterRef("email"))
    waiting = CohortInvitation.objects.filter(Exists(address), joined_at__isnull=True, cohort__archived_at__isnull=True)
    cohorts = list(Cohort.objects.filter(pk__in=waiting.values("cohort")))
    if not cohorts:
        return 0
    joined = sql.insert_select(
        CohortMembership,
        ["cohort", "learner", "since"],
        waiting.annotate(person=Subquery(address.values("pk")[:1]), moment=Value(now, DateTimeField())).values_list(
            "cohort_id", "person", "moment"
        ),
    )
    waiting.update(joined_at=now)
    enrol(Assignment.objects.current().filter(cohort__in=cohorts), now=now, joined_at=now)
    for cohort in cohorts:
        record(actor=actor, verb="admit_invited", obj=cohort, source=source, now=now)
    return joined


# Assignments


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
    _require_open(cohort)
    terms = DueTerms(rule=DueRule(due_rule), on=due_on, days=due_days)
    wanted = list(tracks)
    problems = problems_of_terms(terms, starts_on=starts_on) + _problems_of_tracks(wanted)
    if problems:
        raise ProblemError(problems)
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
        raise ProblemError(problems)
    members = Learner.objects.active(company_day(now)).filter(memberships__cohort=cohort, memberships__until__isnull=True).count()
    outcomes = []
    for track in wanted:
        assignment = have.get(track.pk) or Assignment.objects.create(
            cohort=cohort, track=track, starts_on=starts_on, due_rule=terms.rule, due_on=terms.on, due_days=terms.days,
            created_by=actor, created_at=now,
        )  # fmt: skip
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
        raise ProblemError(problems)
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


# A learner's own choice


@transaction.atomic
def enrol_self(*, learner: Learner, track: Track, now: dt.datetime) -> Enrolment:
    """A learner chooses a track: enrols them, or adds their own choice to the reasons, or brings it back from the archive."""
    today = company_day(now)
    problems = _problems_of_tracks([track])
    if learner.has_left(today):
        problems.append(Problem("left", _("Somebody who has left cannot enrol.")))
    if problems:
        raise ProblemError(problems)
    moment = Value(now, DateTimeField())
    me = Learner.objects.filter(pk=learner.pk)
    key = Value(track.pk, BigIntegerField())
    sql.insert_select(
        Enrolment,
        ["learner", "track", "enrolled_at", "starts_on"],
        me.annotate(track=key, moment=moment, today=Value(today, DateField())).values_list("pk", "track", "moment", "today"),
    )
    mine = Enrolment.objects.filter(learner=learner, track=track)
    opened = EnrolmentReason.objects.filter(enrolment__in=mine.values("pk"), assignment__isnull=True, until__isnull=False).update(
        until=None, since=now
    )
    opened += sql.insert_select(EnrolmentReason, ["enrolment", "since"], mine.annotate(moment=moment).values_list("pk", "moment"))
    enrolment = mine.get()
    if opened:
        settle(mine, now=now)
        enrolment.refresh_from_db()
        record(actor=learner.user, verb="enrol_self", obj=enrolment, source=Source.PAGE, now=now)
    return enrolment


@transaction.atomic
def leave_track(*, learner: Learner, track: Track, now: dt.datetime) -> bool:
    """Take back one's own choice; False when there was none. What a cohort was given stays."""
    mine = Enrolment.objects.filter(learner=learner, track=track)
    own = EnrolmentReason.objects.filter(enrolment__in=mine.values("pk"), assignment__isnull=True, until__isnull=True)
    if not own.update(until=now):
        return False
    settle(mine, now=now)
    record(actor=learner.user, verb="leave_track", obj=mine.get(), source=Source.PAGE, now=now)
    return True


# Every night


@dataclass(frozen=True)
class Reconciled:
    """What the night's run put right; all zero on a quiet night."""

    admitted: int
    enrolled: int
    reasons_opened: int
    reasons_closed: int
    due_changed: int


@transaction.atomic
def enrol_everybody(*, now: dt.datetime) -> Reconciled:
    """Make enrolments agree with cohorts and assignments, for everybody, in a constant number of statements.

    In order: invited people are let in; members without an enrolment get it; reasons of past members and withdrawn assignments are
    closed; due dates are computed again (a holiday was added, somebody moved); enrolments follow.
    """
    admitted = admit_invited(now=now)
    sql.one_at_a_time(Enrolment, LOCK)
    current = Assignment.objects.current().filter(cohort__archived_at__isnull=True)
    done = enrol(current, now=now)
    member = CohortMembership.objects.current().filter(
        cohort=OuterRef("assignment__cohort"), learner=OuterRef("enrolment__learner")
    )
    closed = (
        EnrolmentReason.objects.filter(until__isnull=True, assignment__isnull=False)
        .filter(Q(assignment__withdrawn_at__isnull=False) | ~Exists(member))
        .update(until=now)
    )
    due_changed = refresh_due(current, now=now)
    if closed or due_changed:
        settle(Enrolment.objects.all(), now=now)
    return Reconciled(
        admitted=admitted, enrolled=done.enrolled, reasons_opened=done.reasons, reasons_closed=closed, due_changed=due_changed
    )


def _chosen(learners: Learners) -> Iterator[QuerySet[Learner, Any]]:
    if isinstance(learners, QuerySet):
        yield learners.order_by() if not learners.query.is_sliced else learners
        return
    keys = sorted({each.pk if isinstance(each, Learner) else each for each in learners})
    for batch in sql.batches(keys):
        yield Learner.objects.filter(pk__in=batch)


def _join(cohort: Cohort, learners: Learners, *, now: dt.datetime) -> int:
    sql.one_at_a_time(Enrolment, LOCK)
    works_here = Learner.objects.active(company_day(now))
    joined = sum(
        sql.insert_select(
            CohortMembership,
            ["cohort", "learner", "since"],
            works_here.filter(pk__in=chosen.values("pk"))
            .annotate(into=Value(cohort.pk, BigIntegerField()), moment=Value(now, DateTimeField()))
            .values_list("into", "pk", "moment"),
        )
        for chosen in _chosen(learners)
    )
    if joined:
        enrol(Assignment.objects.current().filter(cohort=cohort), now=now, joined_at=now)
    return joined


def _require_open(cohort: Cohort) -> None:
    if cohort.archived_at:
        raise ProblemError([Problem("cohort_archived", _("This cohort is archived."), _("Choose another one."), "cohort")])


def _problems_of_tracks(tracks: list[Track]) -> list[Problem]:
    if not tracks:
        return [Problem("no_track", _("No track is chosen."), _("Choose at least one."), "tracks")]
    return [
        Problem("track_retired", _("“%(track)s” is no longer offered."), where="tracks", params={"track": str(track)})
        for track in tracks
        if track.retired_at
    ]


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


def _addresses(emails: Iterable[str]) -> tuple[list[str], list[Problem]]:
    """Addresses in lower case, each once, in order; and what cannot be one, with its line."""
    wanted: dict[str, None] = {}
    problems = []
    for line, raw in enumerate(emails, start=1):
        address = raw.strip().lower()
        if not address:
            continue
        try:
            validate_email(address)
        except ValidationError:
            problems.append(
                Problem("email_invalid", _("“%(value)s” is not an e-mail address."), where=str(line), params={"value": raw[:100]})
            )
        wanted[address] = None
    return list(wanted), problems
