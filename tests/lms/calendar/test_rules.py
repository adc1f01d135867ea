"""Working days, windows and periods, over clock changes and far zones."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.calendar.rules import Period, WorkCalendar, next_due_at, period_of, previous_period
from lms.enums import Cadence

PARIS = ZoneInfo("Europe/Paris")
WEEKDAYS = frozenset(range(5))
WINDOWS = ((dt.time(9, 0), dt.time(11, 30)), (dt.time(14, 0), dt.time(16, 30)))
OFFICE = WorkCalendar(PARIS, WEEKDAYS)

zones = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Paris", "Indian/Reunion", "America/Montreal", "Pacific/Auckland", "Pacific/Apia", "UTC")]
)
weekday_sets = st.sets(st.integers(0, 6), min_size=1).map(frozenset)
days = st.dates(dt.date(2025, 12, 1), dt.date(2027, 1, 31))
moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 31), timezones=st.just(dt.UTC))


@st.composite
def calendars(draw) -> WorkCalendar:
    leaves = draw(st.lists(st.tuples(days, st.integers(0, 40)), max_size=2))
    return WorkCalendar(
        draw(zones),
        draw(weekday_sets),
        frozenset(draw(st.sets(days, max_size=10))),
        tuple((start, start + dt.timedelta(days=length)) for start, length in leaves),
    )


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (dt.date(2026, 3, 4), 3, dt.date(2026, 3, 9)),
        (dt.date(2026, 3, 4), -5, dt.date(2026, 2, 25)),
        (dt.date(2026, 3, 7), 0, dt.date(2026, 3, 9)),
        (dt.date(2026, 3, 4), 0, dt.date(2026, 3, 4)),
        (dt.date(2026, 3, 7), 1, dt.date(2026, 3, 9)),
        (dt.date(2026, 3, 7), -1, dt.date(2026, 3, 6)),
    ],
)
def test_working_days_are_counted_from_any_day(start, n, expected):
    assert OFFICE.add_working(start, n) == expected


def test_holidays_and_leave_are_not_worked():
    calendar = WorkCalendar(PARIS, WEEKDAYS, frozenset({dt.date(2026, 5, 1)}), ((dt.date(2026, 5, 4), dt.date(2026, 5, 5)),))
    assert calendar.next_working(dt.date(2026, 5, 1)) == dt.date(2026, 5, 6)
    assert calendar.without_leave().next_working(dt.date(2026, 5, 1)) == dt.date(2026, 5, 4)


@given(calendars(), days, st.integers(1, 12))
def test_counting_agrees_with_a_walk_day_by_day(calendar, day, n):
    worked = [day + dt.timedelta(days=k) for k in range(1, 400) if calendar.is_working(day + dt.timedelta(days=k))]
    assert calendar.add_working(day, n) == worked[n - 1]
    before = [day - dt.timedelta(days=k) for k in range(1, 400) if calendar.is_working(day - dt.timedelta(days=k))]
    assert calendar.add_working(day, -n) == before[n - 1]


def test_a_leave_without_end_does_not_hang():
    calendar = WorkCalendar(PARIS, WEEKDAYS, leaves=((dt.date(2026, 1, 1), dt.date(2100, 1, 1)),))
    assert calendar.next_working(dt.date(2026, 3, 4)) > dt.date(2029, 1, 1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (utc(2026, 3, 4, 9, 0), utc(2026, 3, 4, 9, 0)),  # Wednesday 10:00 in Paris
        (utc(2026, 3, 4, 10, 30), utc(2026, 3, 4, 13, 0)),  # 11:30: the window is over, the next at 14:00
        (utc(2026, 3, 4, 17, 0), utc(2026, 3, 5, 8, 0)),
        (utc(2026, 3, 6, 20, 0), utc(2026, 3, 9, 8, 0)),  # Friday night -> Monday
        (utc(2026, 3, 27, 20, 0), utc(2026, 3, 30, 7, 0)),  # over the night in which summer time begins
        (utc(2026, 10, 23, 20, 0), utc(2026, 10, 26, 8, 0)),  # and the one in which it ends
    ],
)
def test_next_sending_moment(now, expected):
    assert OFFICE.next_sending_moment(now, WINDOWS) == expected


def test_each_zone_has_its_own_nine_o_clock():
    midnight = utc(2026, 3, 4, 0, 0)
    starts = {
        name: WorkCalendar(ZoneInfo(name), WEEKDAYS).next_sending_moment(midnight, WINDOWS)
        for name in ("Europe/Paris", "Indian/Reunion", "America/Montreal")
    }
    assert starts == {
        "Europe/Paris": utc(2026, 3, 4, 8, 0),
        "Indian/Reunion": utc(2026, 3, 4, 5, 0),
        "America/Montreal": utc(2026, 3, 4, 14, 0),
    }


@given(calendars(), moments)
def test_a_sending_moment_is_in_a_window_and_none_is_passed_over(calendar, now):
    moment = calendar.next_sending_moment(now, WINDOWS)
    assert moment >= now
    assert calendar.is_sending_time(moment, WINDOWS)
    step = dt.timedelta(minutes=30)
    probe = now
    while probe < moment and probe < now + dt.timedelta(days=4):
        assert not calendar.is_sending_time(probe, WINDOWS)
        probe += step


@given(moments, zones, st.sampled_from([dt.time(2, 0), dt.time(2, 30), dt.time(1, 0)]))
def test_windows_in_the_hours_of_a_clock_change_still_open(now, zone, start):
    windows = ((start, dt.time(start.hour + 2, start.minute)),)
    moment = WorkCalendar(zone, frozenset(range(7))).next_sending_moment(now, windows)
    assert dt.timedelta(0) <= moment - now <= dt.timedelta(days=2)


@pytest.mark.parametrize(
    ("cadence", "day", "expected"),
    [
        (Cadence.WEEKLY, dt.date(2026, 3, 2), Period(dt.date(2026, 2, 23), dt.date(2026, 3, 1))),
        (Cadence.WEEKLY, dt.date(2026, 3, 8), Period(dt.date(2026, 2, 23), dt.date(2026, 3, 1))),
        (Cadence.MONTHLY, dt.date(2024, 3, 31), Period(dt.date(2024, 2, 1), dt.date(2024, 2, 29))),
        (Cadence.MONTHLY, dt.date(2026, 1, 15), Period(dt.date(2025, 12, 1), dt.date(2025, 12, 31))),
        (Cadence.QUARTERLY, dt.date(2026, 2, 10), Period(dt.date(2025, 10, 1), dt.date(2025, 12, 31))),
        (Cadence.QUARTERLY, dt.date(2026, 12, 31), Period(dt.date(2026, 7, 1), dt.date(2026, 9, 30))),
    ],
)
def test_previous_period(cadence, day, expected):
    assert previous_period(cadence, day) == expected


@given(st.sampled_from(Cadence.values), days)
def test_periods_tile_the_calendar(cadence, day):
    period = period_of(cadence, day)
    assert period.start <= day <= period.end
    assert previous_period(cadence, day).end + dt.timedelta(days=1) == period.start


def test_a_report_is_due_on_the_first_working_day():
    assert next_due_at("monthly", 8, OFFICE, utc(2026, 3, 4, 9, 0)) == utc(2026, 4, 1, 6, 0)
    assert next_due_at("weekly", 8, OFFICE, utc(2026, 3, 4, 9, 0)) == utc(2026, 3, 9, 7, 0)
    # 1 January is a holiday, 2 January 2026 a Friday.
    holiday = WorkCalendar(PARIS, WEEKDAYS, frozenset({dt.date(2026, 1, 1)}))
    assert next_due_at("monthly", 8, holiday, utc(2025, 12, 20, 9, 0)) == utc(2026, 1, 2, 7, 0)
    # The month has begun on a Sunday, its first working day is still to come.
    assert next_due_at("monthly", 8, OFFICE, utc(2026, 3, 1, 12, 0)) == utc(2026, 3, 2, 7, 0)


@given(calendars(), st.sampled_from(Cadence.values), st.integers(0, 23), moments)
def test_due_moments_move_strictly_on_and_fall_on_working_days(calendar, cadence, hour, now):
    due = next_due_at(cadence, hour, calendar, now)
    assert due > now
    assert calendar.is_working(calendar.today(due))
    assert next_due_at(cadence, hour, calendar, due) > due
