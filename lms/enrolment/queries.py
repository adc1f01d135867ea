"""Read enrolments: their state, their reasons, and what an assignment would do before it is made."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from courses.models import Track
from lms.calendar.queries import default_holidays, weekdays_of
from lms.calendar.rules import WorkCalendar
from lms.conf import conf
from lms.enums import EnrolmentState
from lms.models import Cohort, CohortMembership, Enrolment, EnrolmentReason
from lms.people.rules import company_day


def with_state(enrolments: QuerySet[Enrolment, Any], *, today: dt.date) -> QuerySet[Enrolment, Any]:
    """Annotate ``state`` (values of ``EnrolmentState``). The same decision for one row: ``rules.state_of``."""
    return enrolments.annotate(
        state=Case(
            When(archived_at__isnull=False, then=Value(EnrolmentState.ARCHIVED)),
            When(completed_at__isnull=False, then=Value(EnrolmentState.DONE)),
            When(due_on__lt=today, then=Value(EnrolmentState.LATE)),
            When(started_at__isnull=False, then=Value(EnrolmentState.ON_THE_WAY)),
            default=Value(EnrolmentState.NOT_STARTED),
            output_field=CharField(),
        )
    )


@dataclass(frozen=True)
class Reason:
    """Why somebody is enrolled. ``cohort`` is empty for their own choice; ``decides`` marks the one whose due date applies. A due date
    that had passed when the enrolment was reopened holds no more (``settle``) and is not told.
    """

    cohort: str
    due_on: dt.date | None
    since: dt.datetime
    decides: bool


def reasons_of(enrolment_ids: Collection[int]) -> dict[int, list[Reason]]:
    """The open reasons of each enrolment, the one that decides the due date first: one query."""
    rows = (
        EnrolmentReason.objects.filter(enrolment__in=enrolment_ids, until__isnull=True)
        .order_by(F("due_on").asc(nulls_last=True), "since", "pk")
        .values_list("enrolment_id", "assignment__cohort__name", "due_on", "since", "enrolment__reopened_at")
    )
    found: dict[int, list[Reason]] = {}
    for enrolment_id, cohort, due_on, since, reopened_at in rows:
        others = found.setdefault(enrolment_id, [])
        if due_on and reopened_at and due_on < company_day(reopened_at):
            due_on = None
        decides = due_on is not None and not any(one.decides for one in others)
        others.append(Reason(cohort=cohort or "", due_on=due_on, since=since, decides=decides))
    return found


@dataclass(frozen=True)
class AssignmentPreview:
    """What assigning would do. ``people`` and ``left`` count persons; the three others count enrolments (people times tracks)."""

    people: int
    enrolled_new: int
    already: int
    revived: int
    #: Members who have left the company, and so are not enrolled.
    left: int
    #: Invited by e-mail, without an account yet; they follow when it appears.
    invited: int
    #: When the first mails go out: the first working day from the start on.
    first_mail_on: dt.date


def assignment_preview(
    *,
    cohorts: Iterable[Cohort],
    tracks: Iterable[Track],
    starts_on: dt.date,
    now: dt.datetime,
) -> AssignmentPreview:
    """Count what ``actions.assign_tracks`` would do for these cohorts and tracks; a constant number of queries."""
    cohort_ids, track_ids = [cohort.pk for cohort in cohorts], [track.pk for track in tracks]
    today = company_day(now)
    members = CohortMembership.objects.current().filter(cohort__in=cohort_ids).order_by()
    works_here = Q(learner__left_on__isnull=True) | Q(learner__left_on__gt=today)
    counts = members.aggregate(
        people=Count("learner", filter=works_here, distinct=True), left=Count("learner", filter=~works_here, distinct=True)
    )
    invited = (
        Cohort.objects.filter(pk__in=cohort_ids, invitations__joined_at__isnull=True).aggregate(n=Count("invitations"))["n"] or 0
    )
    here = members.filter(works_here, learner=OuterRef("learner_id"))
    existing = Enrolment.objects.filter(Exists(here), track__in=track_ids).aggregate(
        already=Count("pk", filter=Q(archived_at__isnull=True)), revived=Count("pk", filter=Q(archived_at__isnull=False))
    )
    people = counts["people"]
    calendar = WorkCalendar(zone=ZoneInfo(conf.TIME_ZONE), weekdays=weekdays_of(""), holidays=default_holidays(today))
    return AssignmentPreview(
        people=people,
        enrolled_new=people * len(track_ids) - existing["already"] - existing["revived"],
        already=existing["already"],
        revived=existing["revived"],
        left=counts["left"],
        invited=invited,
        first_mail_on=calendar.next_working(max(today, starts_on)),
    )
