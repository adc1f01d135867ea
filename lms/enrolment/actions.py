"""Change who is in a cohort, what it learns, and so who is enrolled.

Every action writes one line of the audit trail if it changed anything, and may be repeated: the second time does nothing. They stand
by their object in ``members.py``, ``assignments.py`` and ``choice.py``; callers import them from here.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from lms import sql
from lms.enrolment.assignments import AssignmentOutcome, assign_tracks, change_assignment, withdraw_assignment
from lms.enrolment.choice import enrol_self, join_tracks, leave_track
from lms.enrolment.enrol import LOCK, enrol
from lms.enrolment.members import Added, add_members, add_members_by_email, admit_invited, remove_members
from lms.enrolment.settle import refresh_due, settle
from lms.models import Assignment, CohortMembership, Enrolment, EnrolmentReason

__all__ = [
    "Added",
    "AssignmentOutcome",
    "Reconciled",
    "add_members",
    "add_members_by_email",
    "admit_invited",
    "assign_tracks",
    "change_assignment",
    "enrol_everybody",
    "enrol_self",
    "join_tracks",
    "leave_track",
    "remove_members",
    "withdraw_assignment",
]


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
