"""Pure date arithmetic. A *day* is a date in the person's own zone; a *moment* is an aware datetime, answered in UTC."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from lms.enums import Cadence

ONE_DAY = dt.timedelta(days=1)
#: A search for a working day gives up after this many days (a leave without end) and answers the last day it looked at.
HORIZON_DAYS = 1100

#: Local hours in which automatic messages may go out: (from, until), until not included.
Windows = Sequence[tuple[dt.time, dt.time]]


@dataclass(frozen=True)
class Period:
    """Whole days, both ends included."""

    start: dt.date
    end: dt.date


@dataclass(frozen=True)
class WorkCalendar:
    """When one person works: weekdays (0 = Monday), holidays of the site, own leave (both ends included)."""

    zone: ZoneInfo
    weekdays: frozenset[int]
    holidays: frozenset[dt.date] = frozenset()
    leaves: tuple[tuple[dt.date, dt.date], ...] = ()

    def today(self, now: dt.datetime) -> dt.date:
        return now.astimezone(self.zone).date()

    def is_on_leave(self, day: dt.date) -> bool:
        return any(start <= day <= end for start, end in self.leaves)

    def is_working(self, day: dt.date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays and not self.is_on_leave(day)

    def without_leave(self) -> "WorkCalendar":
        """The same person as if never away: what planning for many people at once goes by."""
        return replace(self, leaves=()) if self.leaves else self

    def next_working(self, day: dt.date) -> dt.date:
        """The same day when it is worked, else the first worked one after it."""
        return self._seek(day, ONE_DAY)

    def add_working(self, day: dt.date, n: int) -> dt.date:
        """The ``n``-th working day after ``day`` (before it when ``n`` is negative); ``n = 0``: ``next_working(day)``."""
        if n == 0:
            return self.next_working(day)
        step = ONE_DAY if n > 0 else -ONE_DAY
        for _ in range(abs(n)):
            day = self._seek(day + step, step)
        return day

    def at(self, day: dt.date, time: dt.time) -> dt.datetime:
        """That local time as a moment. In the hour that spring leaves out, the clock is read as before the change."""
        return dt.datetime.combine(day, time, tzinfo=self.zone).astimezone(dt.UTC)

    def start_of(self, day: dt.date) -> dt.datetime:
        return self.at(day, dt.time.min)

    def is_sending_time(self, now: dt.datetime, windows: Windows) -> bool:
        """On a working day of the person, inside a window of that day."""
        day = self.today(now)
        return self.is_working(day) and any(start <= now < end for start, end in self._windows_of(day, windows))

    def next_sending_moment(self, now: dt.datetime, windows: Windows) -> dt.datetime:
        """``now`` itself inside a window on a working day, else the start of the next window."""
        if self.is_sending_time(now, windows):
            return now
        day = self.today(now)
        for _ in range(HORIZON_DAYS):
            day = self.next_working(day)
            for start, _end in self._windows_of(day, windows):
                if start > now:
                    return start
            day += ONE_DAY
        raise ValueError("There is no sending window at all.")

    def _windows_of(self, day: dt.date, windows: Windows) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        for start, end in sorted(windows):
            yield self.at(day, start), self.at(day, end)

    def _seek(self, day: dt.date, step: dt.timedelta) -> dt.date:
        for _ in range(HORIZON_DAYS):
            if self.is_working(day):
                return day
            day += step
        return day


def period_of(cadence: str, day: dt.date) -> Period:
    """The week (Monday to Sunday), month or quarter that contains ``day``."""
    if cadence == Cadence.WEEKLY:
        start = day - dt.timedelta(days=day.weekday())
        return Period(start, start + dt.timedelta(days=6))
    months = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}[Cadence(cadence)]
    first_month = (day.month - 1) // months * months + 1
    start = day.replace(month=first_month, day=1)
    past_end = (start + dt.timedelta(days=31 * months)).replace(day=1)
    return Period(start, past_end - ONE_DAY)


def previous_period(cadence: str, today: dt.date) -> Period:
    """The last whole period before the one that contains ``today``."""
    return period_of(cadence, period_of(cadence, today).start - ONE_DAY)


def next_due_at(cadence: str, hour: int, calendar: WorkCalendar, after: dt.datetime) -> dt.datetime:
    """The first moment after ``after`` that is a period's first working day, at ``hour``, in the person's zone."""
    period = period_of(cadence, calendar.today(after))
    while True:
        due = calendar.at(calendar.next_working(period.start), dt.time(hour))
        if due > after:
            return due
        period = period_of(cadence, period.end + ONE_DAY)
