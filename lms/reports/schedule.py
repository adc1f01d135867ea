"""When a report is due, and about which period it is."""

import datetime as dt
from zoneinfo import ZoneInfo

from lms.calendar.rules import Period, WorkCalendar, next_due_at, period_of, previous_period
from lms.conf import conf


def due_after(cadence: str, hour: int, calendar: WorkCalendar, after: dt.datetime) -> dt.datetime:
    """The next due moment: the first working day of a period, at that hour, in the recipient's zone. Periods are the company's: east of
    it the hour waits until the period is over there too, so that no report is about a period that still runs.
    """
    due = next_due_at(cadence, hour, calendar, after)
    begins = period_of(cadence, calendar.today(due)).start
    company = dt.datetime.combine(begins, dt.time.min, tzinfo=ZoneInfo(conf.TIME_ZONE)).astimezone(dt.UTC)
    return max(due, company)


def period_before(cadence: str, now: dt.datetime) -> Period:
    """The last period that is over, by the company's day: what a report built now is about, however late it is built."""
    return previous_period(cadence, now.astimezone(ZoneInfo(conf.TIME_ZONE)).date())


def put_off_to(calendar: WorkCalendar, hour: int, now: dt.datetime) -> dt.datetime | None:
    """The recipient is away today: the moment of their return. None on a working day."""
    today = calendar.today(now)
    back = calendar.next_working(today)
    return None if back == today else calendar.at(back, dt.time(hour))
