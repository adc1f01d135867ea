"""Write down what is due: one INSERT … SELECT per line of the catalogue, however many people there are.

The day on which something is due depends on a person's zone, working days and site. The few combinations that exist are read first;
Python decides their dates with the calendar's rules, and the statement looks them up. Leave is left to delivery, which knows each
person. What is past its expiry is not planned at all: after a first start or a long stop there is nothing to catch up with, and
nothing that floods the ledger. A row that is there already is left alone, so a second run, or two at once, do nothing more.
"""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections, router, transaction
from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat

from lms import sql
from lms.calendar.queries import default_holidays, holidays_of_sites, weekdays_of
from lms.calendar.rules import ONE_DAY, WorkCalendar
from lms.conf import conf
from lms.enums import NudgeKind
from lms.mail.actions import mail_host
from lms.models import Enrolment, Learner, Nudge
from lms.nudges.catalogue import CATALOGUE, Anchor, Entry
from lms.nudges.occasions import ONCE

#: The lock that planning takes: two planners at once would wait for each other's rows.
LOCK = 2
#: How far before and after today a date may lie that makes something due today (five working days, holidays, expiry).
REACH_DAYS = 45

#: Zone, working days, site.
Group = tuple[str, str, int | None]


@dataclass(frozen=True)
class Slot:
    """When something may go out: not before, and not after that day."""

    send_after: dt.datetime
    expires_on: dt.date


def plan_nudges(*, now: dt.datetime, only: Collection[str] | None = None, dry_run: bool = False) -> dict[str, int]:
    """Plan what is due. Answers how many rows are new, by kind. ``only``: these kinds. ``dry_run``: nothing is kept.

    Consequences: rows in the ledger, to be sent by ``deliver_nudges`` or dropped with a reason. Statements: two, and one per line
    of the catalogue.
    """
    planned = {entry.kind.value: 0 for entry in CATALOGUE if not only or entry.kind in only}
    calendars = calendars_of_groups(now)
    if not calendars:
        return planned
    with transaction.atomic():
        sql.one_at_a_time(Nudge, LOCK)
        for entry in CATALOGUE:
            if entry.kind in planned:
                planned[entry.kind] += _plan(entry, calendars, now)
        if dry_run:
            transaction.set_rollback(True)
    return planned


def calendars_of_groups(now: dt.datetime) -> dict[Group, WorkCalendar]:
    """The calendar, leave aside, of every combination of zone, working days and site among the people who work here."""
    day = now.date()
    people = Learner.objects.active(day - ONE_DAY).order_by()
    groups = list(people.values_list("time_zone", "working_days", "site_id").distinct())
    by_site = holidays_of_sites({site for _zone, _days, site in groups if site}, around=day)
    return {
        (zone, days, site): WorkCalendar(ZoneInfo(zone), weekdays_of(days), by_site[site] if site else default_holidays(day))
        for zone, days, site in groups
    }


def slots(entry: Entry, calendar: WorkCalendar, now: dt.datetime) -> dict[dt.date, Slot]:
    """Which anchor dates make this nudge due by now and not yet too late."""
    today = calendar.today(now)
    opens = min(start for start, _end in conf.SENDING_WINDOWS)
    found = {}
    for offset in range(-REACH_DAYS, REACH_DAYS + 1):
        anchor = today + dt.timedelta(days=offset)
        day = entry.sending_day(anchor, calendar)
        if day <= today <= (last := entry.last_day(day, calendar)):
            found[anchor] = Slot(calendar.at(day, opens), last)
    return found


def candidates(entry: Entry) -> QuerySet[Enrolment, Any]:
    """Enrolments that the entry may be about, whatever the date."""
    found = Enrolment.objects.unfinished().order_by()
    if entry.kind == NudgeKind.WELCOME:
        return found.filter(started_at__isnull=True, learner__last_active_at__isnull=True)
    if entry.kind == NudgeKind.FIRST_PRACTICE:
        return found.filter(started_at__isnull=True)
    if entry.kind == NudgeKind.IDLE:
        later = Enrolment.objects.filter(learner=OuterRef("learner"), last_activity_at__gt=OuterRef("last_activity_at"))
        return found.filter(
            Q(learner__last_active_at__isnull=True) | Q(learner__last_active_at__lt=F("last_activity_at") + ONE_DAY),
            ~Exists(later),
        )
    return found


def _plan(entry: Entry, calendars: Mapping[Group, WorkCalendar], now: dt.datetime) -> int:
    tables: dict[Group, dict[dt.date, Slot]] = {}
    known: dict[tuple[Any, ...], dict[dt.date, Slot]] = {}
    for group, calendar in calendars.items():
        # Sites differ by a few holidays, mostly outside the reach: decide each different calendar once.
        near = frozenset(day for day in calendar.holidays if abs((day - now.date()).days) <= 2 * REACH_DAYS)
        key = (group[0], calendar.weekdays, near)
        if key not in known:
            known[key] = slots(entry, calendar, now)
        tables[group] = known[key]
    anchors = {anchor for table in tables.values() for anchor in table}
    if not anchors:
        return 0
    source, day = _anchored(candidates(entry).filter(_here_and_begun(calendars, now)), entry, anchors)
    lookup = _Table(tables, day)
    occasion = _occasion(entry, day)
    rows = (
        source.annotate(
            at=lookup.moment("send_after"),
            until=lookup.day("expires_on"),
            what=occasion,
            planned_kind=Value(entry.kind.value),
            weight=Value(entry.priority, PositiveSmallIntegerField()),
            moment=Cast(Value(now), DateTimeField()),
            none=Value(0, PositiveSmallIntegerField()),
            nothing=Value(""),
            mail=_text(f"<{entry.kind.value}.", F("learner_id"), ".", occasion, f"@{mail_host()}>"),
        )
        .filter(at__isnull=False)
        .values_list(
            "learner_id", "planned_kind", "what", "pk", "weight", "moment", "until", "at", "none", "nothing", "nothing", "mail"
        )
    )
    return sql.insert_select(
        Nudge,
        [
            "recipient", "kind", "occasion", "enrolment", "priority", "planned_at", "expires_on", "send_after", "tries",
            "drop_reason", "last_error", "message_id",
        ],
        rows,
    )  # fmt: skip


def _here_and_begun(calendars: Mapping[Group, WorkCalendar], now: dt.datetime) -> Q:
    """Still in the company, and the track has begun: by the person's own day, of which there are three at most on earth."""
    zones: dict[dt.date, set[str]] = {}
    for (zone, _days, _site), calendar in calendars.items():
        zones.setdefault(calendar.today(now), set()).add(zone)
    found = Q()
    for today, names in zones.items():
        here = Q(learner__left_on__isnull=True) | Q(learner__left_on__gt=today)
        whose = Q(learner__time_zone__in=sorted(names)) if len(zones) > 1 else Q()
        found |= here & Q(starts_on__lte=today) & whose
    return found


def _anchored(
    source: QuerySet[Enrolment, Any], entry: Entry, anchors: Collection[dt.date]
) -> tuple[QuerySet[Enrolment, Any], Combinable]:
    """Only the stretch of the index that may match, and the anchor as a local date."""
    first, last = min(anchors), max(anchors)
    if entry.anchor != Anchor.LAST_ACTIVITY:
        return source.filter(**{f"{entry.anchor.value}__range": (first, last)}), F(entry.anchor.value)
    # Somewhere it is a day earlier or later than in UTC.
    start = dt.datetime.combine(first - ONE_DAY, dt.time.min, tzinfo=dt.UTC)
    end = dt.datetime.combine(last + 2 * ONE_DAY, dt.time.min, tzinfo=dt.UTC)
    return source.filter(last_activity_at__range=(start, end)), _LocalDate("last_activity_at", "learner__time_zone")


def _occasion(entry: Entry, day: Combinable) -> Combinable:
    if entry.kind == NudgeKind.WELCOME:
        return Value(ONCE)
    if entry.kind == NudgeKind.IDLE:
        return Cast(day, CharField())
    return _text(F("pk"), ".", day, f".{entry.step}" if entry.step else "")


def _text(*parts: Any) -> Combinable:
    texts = [Value(part) if isinstance(part, str) else Cast(part, CharField()) for part in parts]
    return Concat(*texts, output_field=CharField()) if len(texts) > 1 else texts[0]


class _LocalDate(Func):
    """The date of a moment in the zone that another column names."""

    output_field = DateField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="(%(expressions)s)::date", arg_joiner=" AT TIME ZONE ", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        # The function that Django gives SQLite for its own TruncDate.
        return super().as_sql(compiler, connection, template="django_datetime_cast_date(%(expressions)s, 'UTC')", **context)


class _Lookup(Func):
    """The text that a JSON object holds for a key."""

    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner="::jsonb ->> ", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, template="json_extract(%(expressions)s)", arg_joiner=", ", **context)


class _Table:
    """The decided dates as expressions: what a group's calendar says for an anchor date."""

    def __init__(self, tables: Mapping[Group, Mapping[dt.date, Slot]], day: Combinable) -> None:
        self.sqlite = connections[router.db_for_write(Nudge)].vendor == "sqlite"
        distinct = {
            tuple(sorted((day, slot.send_after, slot.expires_on) for day, slot in table.items())) for table in tables.values()
        }
        self.slots: dict[str, Slot] = {}
        parts: list[Any] = [day]
        if len(distinct) == 1:  # everybody by the same dates: no need to look at the person
            tables = {("", "", 0): next(iter(tables.values()))}
        else:
            parts += ["/", F("learner__time_zone"), "/", F("learner__working_days"), "/", Coalesce("learner__site_id", Value(0))]
        for (zone, days, site), table in tables.items():
            whose = "" if len(distinct) == 1 else f"/{zone}/{days}/{site or 0}"
            self.slots |= {f"{anchor:%Y-%m-%d}{whose}": slot for anchor, slot in table.items()}
        self.key = _text('$."', *parts, '"') if self.sqlite else _text(*parts)

    def _look_up(self, values: Mapping[str, str]) -> Combinable:
        return _Lookup(Value(json.dumps(values, separators=(",", ":"))), self.key)

    def day(self, field: str) -> Combinable:
        found = self._look_up({key: f"{getattr(slot, field):%Y-%m-%d}" for key, slot in self.slots.items()})
        return found if self.sqlite else Cast(found, DateField())

    def moment(self, field: str) -> Combinable:
        # As Django writes a moment on each of them: SQLite compares moments as text.
        form = "%Y-%m-%d %H:%M:%S" if self.sqlite else "%Y-%m-%d %H:%M:%S+00"
        found = self._look_up({key: getattr(slot, field).strftime(form) for key, slot in self.slots.items()})
        return found if self.sqlite else Cast(found, DateTimeField())
