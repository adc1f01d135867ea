"""THE table of who hears what, when, and when it stops. docs/who-gets-what-when.md is tested against it."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.calendar.rules import ONE_DAY, WorkCalendar
from lms.conf import conf
from lms.enums import NudgeKind


class Anchor(Enum):
    """The date of an enrolment that a nudge is counted from; its value is the field."""

    START = "starts_on"
    DUE = "due_on"
    LAST_ACTIVITY = "last_activity_at"


class Category(TextChoices):
    """What a kind is about, for the page where one switches reminders off."""

    START = "start", _("getting started")
    DEADLINE = "deadline", _("due dates")
    MOMENTUM = "momentum", _("keeping going")


@dataclass(frozen=True)
class Entry:
    """One line of the table. ``working_days`` and ``days`` (calendar days) are counted from the anchor; the result is moved to the
    next working day. ``expires_after``: working days of the recipient in which it may still be sent; None: the company's setting.
    """

    kind: NudgeKind
    anchor: Anchor
    priority: int
    category: Category
    who: Promise
    occasion: Promise
    when: Promise
    stops: Promise
    working_days: int = 0
    days: int = 0
    expires_after: int | None = None
    #: Tells two lines of one kind apart, in the occasion.
    step: str = ""
    #: Share of people who never get it, so that its use can be measured. None of these may be held out.
    holdout: float = 0.0

    @property
    def expiry(self) -> int:
        return conf.NUDGE_EXPIRY_WORKING_DAYS if self.expires_after is None else self.expires_after

    def sending_day(self, anchor: dt.date, calendar: WorkCalendar) -> dt.date:
        """The working day on which it is due. Days on leave do not count as idle."""
        if self.working_days:
            return calendar.add_working(anchor, self.working_days)
        day, left = anchor, self.waiting_days
        while left:
            day += ONE_DAY
            left -= not calendar.is_on_leave(day)
        return calendar.next_working(day)

    @property
    def waiting_days(self) -> int:
        return conf.NUDGE_IDLE_DAYS if self.kind == NudgeKind.IDLE else self.days

    def last_day(self, sending_day: dt.date, calendar: WorkCalendar) -> dt.date:
        """The last day on which it may be sent."""
        return calendar.add_working(calendar.next_working(sending_day), self.expiry)


CATALOGUE: tuple[Entry, ...] = (
    Entry(
        kind=NudgeKind.OVERDUE,
        step="1",
        anchor=Anchor.DUE,
        working_days=1,
        priority=1,
        category=Category.DEADLINE,
        who=_("somebody whose track is past its due date and not done"),
        occasion=_("the enrolment and its due date"),
        when=_("one working day after the due date"),
        stops=_("the track is done, the enrolment ends or the date is moved"),
    ),
    Entry(
        kind=NudgeKind.DUE_SOON,
        anchor=Anchor.DUE,
        working_days=-5,
        priority=2,
        category=Category.DEADLINE,
        who=_("somebody whose track is due soon and not done"),
        occasion=_("the enrolment and its due date"),
        when=_("five working days before the due date"),
        stops=_("the track is done, the enrolment ends or the date is moved"),
    ),
    Entry(
        kind=NudgeKind.OVERDUE,
        step="7",
        anchor=Anchor.DUE,
        working_days=7,
        priority=3,
        category=Category.DEADLINE,
        who=_("somebody whose track is past its due date and not done"),
        occasion=_("the enrolment and its due date"),
        when=_("seven working days after the due date, then never again"),
        stops=_("the track is done, the enrolment ends or the date is moved"),
    ),
    Entry(
        kind=NudgeKind.WELCOME,
        anchor=Anchor.START,
        priority=4,
        # It carries the way in: it waits longer than a reminder.
        expires_after=10,
        category=Category.START,
        who=_("somebody whose first track begins"),
        occasion=_("the person, once"),
        when=_("the first working day of the track"),
        stops=_("the person has begun, or is enrolled in nothing any more"),
    ),
    Entry(
        kind=NudgeKind.FIRST_PRACTICE,
        anchor=Anchor.START,
        working_days=3,
        priority=5,
        category=Category.START,
        who=_("somebody who has not begun a track"),
        occasion=_("the enrolment and its start"),
        when=_("three working days after the start"),
        stops=_("the track is begun, the enrolment ends or the start is moved"),
    ),
    Entry(
        kind=NudgeKind.IDLE,
        anchor=Anchor.LAST_ACTIVITY,
        priority=6,
        category=Category.MOMENTUM,
        who=_("somebody who has begun and not gone on"),
        occasion=_("the date of the last activity"),
        when=_("seven days after the last activity, leave not counted"),
        stops=_("the person goes on, or every track is done"),
    ),
)


def entry_of(kind: str, occasion: str) -> Entry:
    """The line that a row was planned by."""
    lines = [entry for entry in CATALOGUE if entry.kind == kind]
    if len(lines) == 1:
        return lines[0]
    return next(entry for entry in lines if occasion.endswith(f".{entry.step}"))
