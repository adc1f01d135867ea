"""Pure decisions about enrolment: due dates, states, and what an assignment may say."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from courses.models import Track
from courses.problems import Problem, ProblemsFound
from lms.calendar.rules import WorkCalendar
from lms.enums import DueRule, EnrolmentState
from lms.models import Cohort

#: Due rules that count days from a date, and so answer a date that depends on the person's calendar.
COUNTED = (DueRule.AFTER_START, DueRule.AFTER_JOINING, DueRule.AFTER_HIRING)
MAX_DUE_DAYS = 3660


@dataclass(frozen=True)
class DueTerms:
    """When a track is due, as HR said it: nothing, a date, or days after something."""

    rule: DueRule
    on: dt.date | None = None
    days: int | None = None


def problems_of_terms(terms: DueTerms, *, starts_on: dt.date) -> list[Problem]:
    """What is wrong with a due rule; ``where`` is the name of the field."""
    if terms.rule == DueRule.DATE:
        if terms.on is None:
            return [Problem("due_date_missing", _("The due date is missing."), _("Give a date."), "due_on")]
        if terms.on < starts_on:
            return [
                Problem(
                    "due_before_start",
                    _("The due date %(due)s is before the start %(start)s."),
                    _("Choose a later due date, or an earlier start."),
                    "due_on",
                    params={"due": terms.on.isoformat(), "start": starts_on.isoformat()},
                )
            ]
    elif terms.rule in COUNTED and (terms.days is None or not 0 <= terms.days <= MAX_DUE_DAYS):
        return [
            Problem(
                "due_days_missing",
                _("The number of days is missing or too large."),
                _("Give a number from 0 to %(most)s."),
                "due_days",
                params={"most": MAX_DUE_DAYS},
            )
        ]
    return []


def base_date(rule: DueRule, *, starts_on: dt.date, joined_on: dt.date, hired_on: dt.date | None) -> dt.date:
    """The date that the days are counted from. Never before the assignment's start: a person hired ten years ago, or in the cohort
    for a year, gets the same days as everybody."""
    if rule == DueRule.AFTER_JOINING:
        return max(joined_on, starts_on)
    if rule == DueRule.AFTER_HIRING:
        return max(hired_on or starts_on, starts_on)
    return starts_on


def due_date(base: dt.date, days: int, calendar: WorkCalendar) -> dt.date:
    """Calendar days after ``base``, moved to the next day that the person works. Own leave does not move it."""
    return calendar.without_leave().next_working(base + dt.timedelta(days=days))


def state_of(
    *,
    today: dt.date,
    started_at: dt.datetime | None,
    completed_at: dt.datetime | None,
    archived_at: dt.datetime | None,
    due_on: dt.date | None,
) -> EnrolmentState:
    """The state of one enrolment from its moments. ``queries.with_state`` says the same for a whole queryset."""
    if archived_at:
        return EnrolmentState.ARCHIVED
    if completed_at:
        return EnrolmentState.DONE
    if due_on and due_on < today:
        return EnrolmentState.LATE
    return EnrolmentState.ON_THE_WAY if started_at else EnrolmentState.NOT_STARTED


def require_open(cohort: Cohort) -> None:
    if cohort.archived_at:
        raise ProblemsFound([Problem("cohort_archived", _("This cohort is archived."), _("Choose another one."), "cohort")])


def problems_of_tracks(tracks: list[Track]) -> list[Problem]:
    if not tracks:
        return [Problem("no_track", _("No track is chosen."), _("Choose at least one."), "tracks")]
    return [
        Problem("track_retired", _("“%(track)s” is no longer offered."), where="tracks", params={"track": str(track)})
        for track in tracks
        if track.retired_at
    ]
