"""Enrol whoever a set of assignments means: the one place where enrolments because of an assignment come into being."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import DateField, DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Greatest

from lms import sql
from lms.enrolment.pairs import due_of, missing, pairs_of
from lms.enrolment.settle import settle
from lms.models import Assignment, Enrolment, EnrolmentReason
from lms.people.rules import company_day

#: The lock that set-based enrolment takes, so that two of them never wait for each other's rows.
LOCK = 1


@dataclass(frozen=True)
class Enrolled:
    """``enrolled``: new enrolments; ``reasons``: reasons opened (people times assignments); ``revived``: back from the archive."""

    enrolled: int = 0
    reasons: int = 0
    revived: int = 0


def enrol(assignments: QuerySet[Assignment], *, now: dt.datetime, joined_at: dt.datetime | None = None) -> Enrolled:
    """Enrol members who have no open reason of these assignments yet; a constant number of statements for any number of people.

    ``joined_at``: only those who joined at that moment. In order: the due dates are decided, enrolments inserted, reasons inserted or
    opened again, and enrolments that were there before take over the earlier due date or come back from the archive.
    """
    today = company_day(now)
    pairs = missing(pairs_of(assignments, today=today))
    if joined_at is not None:
        pairs = pairs.filter(since=joined_at)
    if not pairs.exists():
        return Enrolled()
    due = due_of(pairs)
    moment = Value(now, DateTimeField())
    enrolled = sql.insert_select(
        Enrolment,
        ["learner", "track", "enrolled_at", "starts_on", "due_on"],
        pairs.annotate(
            moment=moment, begins=Greatest(F("starts"), Value(today, DateField())), due=due, track=F("to_track")
        ).values_list("learner_id", "track", "moment", "begins", "due"),
    )
    sql.has_grown(Enrolment, enrolled)
    revived = 0
    here = Q(reasons__assignment__in=assignments.order_by().values("pk"), reasons__until__isnull=True)
    reasons = sql.insert_select(
        EnrolmentReason,
        ["enrolment", "assignment", "due_on", "since"],
        pairs.filter(learner__enrolments__track=F("to_track"))
        .annotate(enrolment=F("learner__enrolments__pk"), assignment=F("to"), due=due, moment=moment)
        .values_list("enrolment", "assignment", "due", "moment"),
        unique=["enrolment", "assignment"],
        reopen="until",
    )
    if reasons > enrolled:
        touched = Enrolment.objects.filter(here)
        revived = touched.archived().distinct().count()
        settle(touched, now=now)
    return Enrolled(enrolled=enrolled, reasons=reasons, revived=revived)
