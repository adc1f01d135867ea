"""Reads of one's own journal. Nobody else's entry is ever found here, and nothing once the person has left."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from lms.journal import rules
from lms.journal.rules import WeekMark
from lms.models import JournalEntry, Learner
from lms.prepared import Prepared

SEARCHED = ("task", "asked", "checked", "lesson")


def my_journal(*, learner: Learner, now: dt.datetime, search: str = "") -> QuerySet[JournalEntry]:
    """The learner's entries, the latest first, with the mission's title at hand; with ``search``, those in which every word occurs."""
    mine = JournalEntry.objects.filter(learner=learner).select_related("activity").order_by("-tried_on", "-pk")
    if learner.has_left(now.astimezone(learner.zone).date()):
        return mine.none()
    for word in rules.search_words(search):
        mine = mine.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in SEARCHED)))
    return mine


def my_entry(*, learner: Learner, pk: int, now: dt.datetime) -> JournalEntry | None:
    """None: there is no such entry, or it is somebody else's."""
    return my_journal(learner=learner, now=now).filter(pk=pk).first()


def entry_of_mission(*, learner: Learner, activity_id: int, now: dt.datetime) -> JournalEntry | None:
    """The evidence that the learner has written about a mission, complete or not."""
    return my_journal(learner=learner, now=now).filter(activity=activity_id).first()


_DAYS = Prepared(
    lambda learner, start, end: (
        JournalEntry.objects.filter(learner=learner, tried_on__range=(start, end)).order_by().values_list("tried_on")
    ),
    learner=int,
    start=dt.date,
    end=dt.date,
)


def week_marks(*, learner: Learner, now: dt.datetime) -> tuple[WeekMark, ...]:
    """Seven marks for the learner's own week, in their zone. One query."""
    today = now.astimezone(learner.zone).date()
    start, end = rules.week_of(today)
    logged = {day for (day,) in _DAYS.rows(learner=learner.pk, start=start, end=end)}
    return rules.marks(logged, today=today, weekdays=learner.weekdays)
