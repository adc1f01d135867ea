"""The decision at delivery: every reason to drop, every reason to wait, and limits that no history can break."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.calendar.rules import WorkCalendar
from lms.enums import NudgeKind
from lms.mail.reasons import DropReason
from lms.nudges.catalogue import CATALOGUE, Anchor, entry_of
from lms.nudges.rules import SEND, Decision, Facts, Limits, decide

PARIS = ZoneInfo("Europe/Paris")
NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)  # Wednesday, 10:00 in Paris
OFFICE = WorkCalendar(PARIS, frozenset(range(5)))
LIMITS = Limits(
    per_day=1,
    gap=dt.timedelta(hours=48),
    per_week=2,
    per_28_days=6,
    windows=((dt.time(9, 0), dt.time(11, 30)), (dt.time(14, 0), dt.time(16, 30))),
)
OVERDUE = entry_of(NudgeKind.OVERDUE, "1.2026-03-03.1")
DUE_SOON = entry_of(NudgeKind.DUE_SOON, "1.2026-03-11")
FIRST = entry_of(NudgeKind.FIRST_PRACTICE, "1.2026-02-27")
IDLE = entry_of(NudgeKind.IDLE, "2026-02-25")
WELCOME = entry_of(NudgeKind.WELCOME, "once")
#: Overdue since yesterday, useful until Monday 9 March.
FACTS = Facts(entry=OVERDUE, expires_on=dt.date(2026, 3, 9), calendar=OFFICE, anchor=dt.date(2026, 3, 3))


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def away(first: dt.date, last: dt.date) -> WorkCalendar:
    return replace(OFFICE, leaves=((first, last),))


def say(facts: Facts = FACTS, now: dt.datetime = NOW) -> Decision:
    return decide(facts, now=now, limits=LIMITS)


def test_it_goes_out_when_nothing_speaks_against_it():
    assert say() == SEND


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"left": True}, DropReason.LEFT),
        ({"inactive": True}, DropReason.INACTIVE),
        ({"gone": DropReason.COMPLETED}, DropReason.COMPLETED),
        ({"opted_out": True}, DropReason.OPTED_OUT),
        ({"paused_until": dt.date(2026, 3, 20)}, DropReason.PAUSED),
        ({"sent": [NOW - dt.timedelta(days=d) for d in (3, 4, 8, 9, 10, 11)]}, DropReason.CAPPED),
        ({"anchor": dt.date(2026, 2, 2)}, DropReason.EXPIRED),
    ],
)
def test_reasons_to_drop(changed, reason):
    assert say(replace(FACTS, **changed)) == Decision(drop=reason)


@pytest.mark.parametrize(
    ("changed", "now", "until"),
    [
        ({}, utc(2026, 3, 4, 10, 30), utc(2026, 3, 4, 13, 0)),  # noon: quiet hours
        ({}, utc(2026, 3, 4, 20, 0), utc(2026, 3, 5, 8, 0)),  # night
        ({}, utc(2026, 3, 7, 10, 0), utc(2026, 3, 9, 8, 0)),  # Saturday
        ({"paused_until": dt.date(2026, 3, 6)}, NOW, utc(2026, 3, 6, 8, 0)),
        ({"sent": [utc(2026, 3, 3, 8, 15)]}, NOW, utc(2026, 3, 5, 8, 15)),  # 48 hours
        ({"sent": [utc(2026, 3, 2, 8, 0), utc(2026, 2, 27, 8, 0)]}, NOW, utc(2026, 3, 6, 8, 0)),  # two in seven days
        ({"behind": utc(2026, 3, 4, 9, 5)}, NOW, utc(2026, 3, 4, 9, 5)),
        ({"starts_on": dt.date(2026, 3, 5)}, NOW, utc(2026, 3, 5, 8, 0)),
        ({"calendar": replace(OFFICE, holidays=frozenset({dt.date(2026, 3, 4)}))}, NOW, utc(2026, 3, 5, 8, 0)),
        ({"calendar": replace(OFFICE, zone=ZoneInfo("America/Montreal"))}, NOW, utc(2026, 3, 4, 14, 0)),
    ],
)
def test_reasons_to_wait(changed, now, until):
    assert say(replace(FACTS, **changed), now) == Decision(until=until)


def test_the_last_useful_day_is_counted_in_the_recipients_working_days():
    assert say(now=utc(2026, 3, 9, 15, 0)) == SEND  # Monday 16:00, the third working day after Wednesday
    assert say(now=utc(2026, 3, 9, 16, 0)) == Decision(drop=DropReason.QUIET_HOURS)  # 17:00: no hour is left
    assert say(now=utc(2026, 3, 10, 9, 0)) == Decision(drop=DropReason.EXPIRED)
    holiday = replace(FACTS, calendar=replace(OFFICE, holidays=frozenset({dt.date(2026, 3, 6)})))
    assert say(holiday, utc(2026, 3, 10, 9, 0)) == SEND


def test_what_is_due_on_leave_waits_for_the_return_and_stays_useful_there():
    facts = replace(FACTS, calendar=away(dt.date(2026, 3, 2), dt.date(2026, 3, 27)))
    assert say(facts) == Decision(until=utc(2026, 3, 30, 7, 0))  # summer time has begun
    assert say(facts, utc(2026, 4, 2, 9, 0)) == SEND
    assert say(facts, utc(2026, 4, 3, 9, 0)) == Decision(drop=DropReason.EXPIRED)


def test_leave_that_begins_after_it_was_due_moves_the_expiry_too():
    facts = replace(FACTS, calendar=away(dt.date(2026, 3, 5), dt.date(2026, 3, 13)))
    assert say(facts, utc(2026, 3, 5, 9, 0)) == Decision(until=utc(2026, 3, 16, 8, 0))


def test_due_soon_is_never_said_after_the_date():
    facts = Facts(entry=DUE_SOON, expires_on=dt.date(2026, 3, 9), calendar=OFFICE, anchor=dt.date(2026, 3, 11))
    assert say(facts) == SEND
    gone = replace(facts, calendar=away(dt.date(2026, 3, 2), dt.date(2026, 3, 11)))
    assert say(gone) == Decision(drop=DropReason.ON_LEAVE)
    back = replace(facts, calendar=away(dt.date(2026, 3, 2), dt.date(2026, 3, 10)))
    assert say(back) == Decision(until=utc(2026, 3, 11, 8, 0))


def test_days_on_leave_are_not_idle():
    # Active until Wednesday 25 February; away for two weeks from the next day on: six idle days more.
    facts = Facts(
        entry=IDLE,
        expires_on=dt.date(2026, 3, 9),
        calendar=away(dt.date(2026, 2, 26), dt.date(2026, 3, 11)),
        anchor=dt.date(2026, 2, 25),
    )
    assert say(facts) == Decision(until=utc(2026, 3, 18, 8, 0))


def test_a_welcome_waits_longer():
    facts = Facts(entry=WELCOME, expires_on=dt.date(2026, 3, 18), calendar=OFFICE)
    assert say(facts) == SEND
    assert say(facts, utc(2026, 3, 18, 9, 0)) == SEND
    assert say(facts, utc(2026, 3, 19, 9, 0)) == Decision(drop=DropReason.EXPIRED)
    # Away all that time: it waits for the return.
    on_leave = replace(facts, calendar=away(dt.date(2026, 3, 2), dt.date(2026, 3, 27)))
    assert say(on_leave, utc(2026, 3, 24, 9, 0)) == Decision(until=utc(2026, 3, 30, 7, 0))


def test_priorities_are_those_of_the_table():
    ordered = [(entry.kind.value, entry.step) for entry in sorted(CATALOGUE, key=lambda entry: entry.priority)]
    assert ordered == [
        ("overdue", "1"), ("due_soon", ""), ("overdue", "7"), ("welcome", ""), ("first_practice", ""), ("idle", ""),
    ]  # fmt: skip
    assert len({entry.priority for entry in CATALOGUE}) == len(CATALOGUE)
    assert {entry.holdout for entry in CATALOGUE} == {0.0}


histories = st.lists(st.floats(0, 40).map(lambda days: NOW - dt.timedelta(days=days)), max_size=12)


@given(histories)
def test_limits_open_at_the_first_moment_that_breaks_none(sent):
    free = LIMITS.free_at(NOW, sent)

    def allowed(moment: dt.datetime) -> bool:
        ages = [moment - at for at in sent]
        return (
            all(age >= dt.timedelta(hours=48) for age in ages)
            and sum(age < dt.timedelta(days=7) for age in ages) < 2
            and sum(age < dt.timedelta(days=28) for age in ages) < 6
        )

    assert free >= NOW
    assert allowed(free)
    probe = NOW
    while probe < free:
        assert not allowed(probe)
        probe += dt.timedelta(hours=3)


leaves = st.lists(
    st.tuples(st.integers(-30, 30), st.integers(0, 25)).map(
        lambda pair: (NOW.date() + dt.timedelta(days=pair[0]), NOW.date() + dt.timedelta(days=sum(pair)))
    ),
    max_size=2,
)


@given(
    entry=st.sampled_from(CATALOGUE),
    offset=st.integers(-20, 10),
    zone=st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Montreal"]),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    away=leaves,
    sent=histories,
    pause=st.none() | st.integers(-5, 12),
    hours=st.integers(0, 30 * 24),
)
def test_whatever_is_sent_is_sent_rightly(entry, offset, zone, weekdays, away, sent, pause, hours):
    now = NOW + dt.timedelta(hours=hours)
    calendar = WorkCalendar(ZoneInfo(zone), frozenset(weekdays), frozenset({dt.date(2026, 3, 6)}), tuple(away))
    anchor = NOW.date() + dt.timedelta(days=offset)
    day = entry.sending_day(anchor, calendar.without_leave())
    facts = Facts(
        entry=entry,
        expires_on=entry.last_day(day, calendar.without_leave()),
        calendar=calendar,
        anchor=None if entry.kind == NudgeKind.WELCOME else anchor,
        paused_until=None if pause is None else NOW.date() + dt.timedelta(days=pause),
        sent=sent,
    )
    decision = decide(facts, now=now, limits=LIMITS)
    today = calendar.today(now)
    if decision.send:
        assert calendar.is_sending_time(now, LIMITS.windows)
        assert today >= day or entry.anchor == Anchor.DUE
        assert LIMITS.free_at(now, sent) == now
        assert facts.paused_until is None or today >= facts.paused_until
    elif decision.until:
        # Waiting ends: asked again then, with nothing changed, it goes out.
        assert decision.until > now
        assert decide(facts, now=decision.until, limits=LIMITS) == SEND
    else:
        assert decision.drop in {
            DropReason.EXPIRED,
            DropReason.CAPPED,
            DropReason.PAUSED,
            DropReason.ON_LEAVE,
            DropReason.QUIET_HOURS,
        }
        # And not for impatience: no later moment would have done.
        for hour in range(0, 24 * 40, 6):
            later = now + dt.timedelta(hours=hour)
            assert not decide(facts, now=later, limits=LIMITS).send
