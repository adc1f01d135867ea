"""Who should be enrolled where: one row per current member of a cohort and current assignment of it, as a queryset.

Everything set-based in this room starts from here: enrolling, recomputing due dates, previews.
"""

import datetime as dt
import json
from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections, router
from django.db.models import Case, CharField, DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, TruncDate

from lms.calendar.queries import default_holidays, weekdays_of
from lms.calendar.rules import WorkCalendar
from lms.conf import conf
from lms.enrolment.rules import COUNTED, due_date
from lms.enums import DueRule
from lms.models import Assignment, CohortMembership, EnrolmentReason, NonWorkingDay

#: Loosely typed: a type checker does not see the annotations.
Pairs = Any
#: The longest stretch of days without work that is looked through.
LONGEST_PAUSE = dt.timedelta(days=60)


def pairs_of(assignments: QuerySet[Assignment], *, today: dt.date) -> Pairs:
    """Members who work here on that day, times the assignments of their cohort.

    Annotations: ``to`` (assignment), ``to_track``, ``starts``, ``rule``, ``on``, ``days``, ``base`` (see ``rules.base_date``).
    """
    zone = ZoneInfo(conf.TIME_ZONE)
    return (
        CohortMembership.objects.filter(
            Q(learner__left_on__isnull=True) | Q(learner__left_on__gt=today),
            until__isnull=True,
            cohort__assignments__in=assignments.order_by().values("pk"),
        )
        .order_by()
        .annotate(
            to=F("cohort__assignments__pk"),
            to_track=F("cohort__assignments__track_id"),
            starts=F("cohort__assignments__starts_on"),
            rule=F("cohort__assignments__due_rule"),
            on=F("cohort__assignments__due_on"),
            days=F("cohort__assignments__due_days"),
        )
        .annotate(
            base=Case(
                When(rule=DueRule.AFTER_JOINING, then=Greatest(TruncDate("since", tzinfo=zone), F("starts"))),
                When(rule=DueRule.AFTER_HIRING, then=Greatest(Coalesce("learner__hired_on", F("starts")), F("starts"))),
                default=F("starts"),
                output_field=DateField(),
            )
        )
    )


def missing(pairs: Pairs) -> Pairs:
    """Pairs that have no open reason yet."""
    reason = EnrolmentReason.objects.filter(
        assignment=OuterRef("to"), enrolment__learner=OuterRef("learner_id"), until__isnull=True
    )
    return pairs.filter(~Exists(reason))


class _Lookup(Func):
    """The date that a JSON object holds for a key."""

    output_field = DateField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="(%(expressions)s)::date", arg_joiner="::jsonb ->> ", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="json_extract(%(expressions)s)", arg_joiner=", ", **context)


def due_of(pairs: Pairs) -> Combinable:
    """An expression that gives every pair its due date.

    A counted date depends on the person's site and working days, so the few distinct combinations are read first (one query, and
    one for the holidays), decided by ``rules.due_date``, and looked up by the statement that writes.
    """
    none = Cast(Value(None), DateField())
    groups = set(
        pairs.filter(rule__in=COUNTED).values_list("days", "learner__site_id", "learner__working_days", "base").distinct()
    )
    counted: Combinable = none
    if groups:
        dates = _due_dates(groups)
        same = len(set(dates.values())) == 1
        counted = Value(next(iter(dates.values())), DateField()) if same else _looked_up(dates)
    return Case(When(rule=DueRule.DATE, then=F("on")), When(rule=DueRule.NONE, then=none), default=counted)


Group = tuple[int, int | None, str, dt.date]


def _due_dates(groups: set[Group]) -> dict[Group, dt.date]:
    calendars = _calendars(groups)
    return {
        group: due_date(base, days, calendars[site_id, working_days])
        for group in groups
        for days, site_id, working_days, base in [group]
    }


def _calendars(groups: set[Group]) -> dict[tuple[int | None, str], WorkCalendar]:
    ends = {base + dt.timedelta(days=days) for days, _site, _working, base in groups}
    first, last = min(ends), max(ends) + LONGEST_PAUSE
    by_site: dict[int | None, set[dt.date]] = defaultdict(set)
    sites = {site_id for _days, site_id, _working, _base in groups if site_id}
    if sites:
        rows = NonWorkingDay.objects.filter(site__in=sites, date__range=(first, last)).order_by()
        for site_id, date in rows.values_list("site_id", "date"):
            by_site[site_id].add(date)
    if any(site_id is None for _days, site_id, _working, _base in groups):
        for around in ends:
            by_site[None] |= default_holidays(around)
    zone = ZoneInfo(conf.TIME_ZONE)
    return {
        (site_id, working_days): WorkCalendar(zone=zone, weekdays=weekdays_of(working_days), holidays=frozenset(by_site[site_id]))
        for _days, site_id, working_days, _base in groups
    }


def _looked_up(dates: dict[Group, dt.date]) -> Combinable:
    document = {
        f"{days}/{site or 0}/{working}/{base:%Y-%m-%d}": f"{due:%Y-%m-%d}" for (days, site, working, base), due in dates.items()
    }
    parts: list[Any] = [
        Cast("days", CharField()),
        Value("/"),
        Cast(Coalesce("learner__site_id", Value(0)), CharField()),
        Value("/"),
        F("learner__working_days"),
        Value("/"),
        Cast("base", CharField()),
    ]
    if connections[router.db_for_write(CohortMembership)].vendor == "sqlite":
        parts = [Value('$."'), *parts, Value('"')]
    return _Lookup(Value(json.dumps(document)), Concat(*parts, output_field=CharField()))
