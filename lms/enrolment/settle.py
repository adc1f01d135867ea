"""Keep enrolments true to their reasons: closed when none is open, back when one is, due at the earliest date among them."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, DateField, DateTimeField, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, TruncDate

from lms import sql
from lms.conf import conf
from lms.enrolment.pairs import due_of, pairs_of
from lms.enrolment.rules import COUNTED
from lms.models import Assignment, Enrolment, EnrolmentReason
from lms.people.rules import company_day


def settle(enrolments: QuerySet[Enrolment, Any], *, now: dt.datetime) -> int:
    """One statement: archive those without an open reason, revive those with one, and set the due date. Answers how many changed.

    An enrolment that comes back starts at its reason's start, or today when that has passed: old reminders do not come back with it.
    A due date that had passed when the enrolment was reopened says nothing about what is new: it is left out, and others hold.
    """
    day = Value(company_day(now), DateField())
    moment = Value(now, DateTimeField())
    is_open = Q(reasons__until__isnull=True, reasons__pk__isnull=False)
    reopened_on = TruncDate("reopened_at", tzinfo=ZoneInfo(conf.TIME_ZONE))
    holds = is_open & (Q(reopened_at__isnull=True) | Q(reasons__due_on__gte=reopened_on))
    source = (
        Enrolment.objects.filter(pk__in=enrolments.order_by().values("pk"))
        .order_by()
        .annotate(
            open=Count("reasons", filter=is_open),
            earliest_due=Min("reasons__due_on", filter=holds),
            earliest_start=Coalesce(Min("reasons__assignment__starts_on", filter=is_open), day),
        )
        .annotate(
            new_archived=Case(
                When(open=0, then=Coalesce(F("archived_at"), moment)), default=None, output_field=DateTimeField(null=True)
            ),
            new_start=Case(
                When(open__gt=0, archived_at__isnull=False, then=Greatest(F("earliest_start"), day)), default=F("starts_on")
            ),
        )
        .values_list("pk", "new_archived", "earliest_due", "new_start")
    )
    return sql.update_select(Enrolment, ["archived_at", "due_on", "starts_on"], source)


def refresh_due(assignments: QuerySet[Assignment], *, now: dt.datetime, every_rule: bool = False) -> int:
    """Compute the due dates of open reasons again, after a change of calendar, hiring date or (``every_rule``) of the rule."""
    if not every_rule:
        assignments = assignments.filter(due_rule__in=COUNTED)
    pairs = pairs_of(assignments, today=company_day(now))
    source = (
        pairs.filter(learner__enrolments__reasons__assignment=F("to"), learner__enrolments__reasons__until__isnull=True)
        .annotate(reason=F("learner__enrolments__reasons__pk"), due=due_of(pairs))
        .values_list("reason", "due")
    )
    return sql.update_select(EnrolmentReason, ["due_on"], source)
