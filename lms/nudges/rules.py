"""May this message go out now? Pure: everything that the answer depends on is handed in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lms.calendar.rules import Windows, WorkCalendar
from lms.mail.reasons import DropReason
from lms.nudges.catalogue import Entry


@dataclass(frozen=True)
class Limits:
    """How much of everything automatic one person gets, in rolling hours and days."""

    per_day: int
    gap: dt.timedelta
    per_week: int
    per_28_days: int
    windows: Windows

    def free_at(self, moment: dt.datetime, sent: Sequence[dt.datetime]) -> dt.datetime:
        """The first moment from ``moment`` on at which one more is allowed."""
        newest_first = sorted(sent, reverse=True)
        spans = (
            (1, self.gap),
            (self.per_day, dt.timedelta(days=1)),
            (self.per_week, dt.timedelta(days=7)),
            (self.per_28_days, dt.timedelta(days=28)),
        )
        # The one that is the limit-th newest must be out of the span before another may come.
        return max([moment, *(newest_first[limit - 1] + span for limit, span in spans if len(newest_first) >= limit)])


@dataclass(frozen=True)
class Facts:
    """What is known about one planned message at the moment of sending."""

    entry: Entry
    expires_on: dt.date
    calendar: WorkCalendar
    left: bool = False
    inactive: bool = False
    #: Why the occasion is none any more; empty when it still is.
    gone: str = ""
    opted_out: bool = False
    #: No reminder before that date.
    paused_until: dt.date | None = None
    #: The date that the occasion is counted from; None where the row alone knows it.
    anchor: dt.date | None = None
    #: The track does not begin before that date.
    starts_on: dt.date | None = None
    #: When this person got something automatic, during the last four weeks.
    sent: Sequence[dt.datetime] = ()
    #: Something more important waits for the same person until then.
    behind: dt.datetime | None = None


@dataclass(frozen=True)
class Decision:
    """Send, drop for a reason, or wait until a moment."""

    drop: str = ""
    until: dt.datetime | None = None

    @property
    def send(self) -> bool:
        return not self.drop and self.until is None


SEND = Decision()


def decide(facts: Facts, *, now: dt.datetime, limits: Limits) -> Decision:
    """Whether the person and the occasion still call for it, then the first moment at which everything allows it. When that moment
    lies behind the last useful day it is dropped now, for the reason that moved it there.
    """
    for holds, reason in (
        (facts.left, DropReason.LEFT),
        (facts.inactive, DropReason.INACTIVE),
        (bool(facts.gone), facts.gone),
        (facts.opted_out, DropReason.OPTED_OUT),
    ):
        if holds:
            return Decision(drop=reason)
    first, last = useful_days(facts)
    if facts.calendar.today(now) > last:
        return Decision(drop=DropReason.EXPIRED)
    moment, reason = _allowed_from(facts, first, now=now, limits=limits)
    if facts.calendar.today(moment) > last:
        return Decision(drop=reason)
    return SEND if moment <= now else Decision(until=moment)


def useful_days(facts: Facts) -> tuple[dt.date, dt.date]:
    """First and last day on which it is of use. Planning did not know of leave: days on leave are given back here. Only what is sent
    *before* a date keeps that date: nobody hears that something is due soon when it was due last week.
    """
    planned, entry = facts.calendar.without_leave(), facts.entry
    ahead = entry.working_days < 0
    if facts.anchor is None:
        day = planned.add_working(facts.expires_on, -entry.expiry)
    else:
        day = entry.sending_day(facts.anchor, planned if ahead else facts.calendar)
    if facts.starts_on is not None:
        day = max(day, facts.starts_on)
    first = facts.calendar.next_working(day)
    last = entry.last_day(first, facts.calendar)
    return first, min(last, facts.anchor) if ahead and facts.anchor else last


def _allowed_from(facts: Facts, first: dt.date, *, now: dt.datetime, limits: Limits) -> tuple[dt.datetime, str]:
    """The first moment that pause, leave, limits and sending hours all allow, and what held it back longest."""
    moment, reason = now, str(DropReason.QUIET_HOURS)

    def not_before(other: dt.datetime, because: str) -> None:
        nonlocal moment, reason
        if other > moment:
            moment, reason = other, because

    not_before(facts.calendar.start_of(first), DropReason.ON_LEAVE)
    if facts.behind:
        not_before(facts.behind, DropReason.CAPPED)
    if facts.paused_until:
        not_before(facts.calendar.start_of(facts.paused_until), DropReason.PAUSED)
    not_before(limits.free_at(now, facts.sent), DropReason.CAPPED)
    today = facts.calendar.today(moment)
    if facts.calendar.is_on_leave(today):
        not_before(facts.calendar.start_of(facts.calendar.next_working(today)), DropReason.ON_LEAVE)
    # Sending hours only ever move it on, and so never back into a pause or a limit.
    not_before(facts.calendar.next_sending_moment(moment, limits.windows), reason)
    return moment, reason
