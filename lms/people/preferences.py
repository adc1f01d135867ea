"""What people decide about themselves: language, zone, working days, days away. HR's own changes: ``lms.people.actions``."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.problems import Problem, ProblemsFound
from lms.conf import conf
from lms.models import Learner, Leave
from lms.models.learner import validate_time_zone

#: A leave longer than this is a typing mistake.
MOST_DAYS = 366


def change_language(*, learner: Learner, language: str) -> bool:
    """The language of pages and mails. False, and nothing changed, for one that the company does not offer."""
    if language not in conf.LANGUAGES:
        return False
    Learner.objects.filter(pk=learner.pk).update(language=language)
    learner.language = language
    return True


def change_working_time(*, learner: Learner, time_zone: str, weekdays: Collection[int]) -> Learner:
    """When this person works: reminders and promises are counted in it. Refuses a zone nobody knows, and a week without a working day."""
    problems = []
    try:
        validate_time_zone(time_zone)
    except ValidationError as error:
        problems += [Problem("time-zone", message, where="time_zone") for message in error.messages]
    days = sorted(set(weekdays) & set(range(7)))
    if not days:
        problems.append(Problem("working-days", _("Choose at least one working day."), where="working_days"))
    if problems:
        raise ProblemsFound(problems)
    learner.time_zone, learner.working_days = time_zone, "".join(map(str, days))
    learner.save(update_fields=["time_zone", "working_days"])
    return learner


@transaction.atomic
def add_leave(*, learner: Learner, starts_on: dt.date, ends_on: dt.date) -> Leave:
    """Days away, both ends included. What touches or overlaps a leave becomes one with it; the same days twice are one leave."""
    if ends_on < starts_on:
        raise ProblemsFound([Problem("order", _("The last day is before the first day."), where="ends_on")])
    if (ends_on - starts_on).days > MOST_DAYS:
        raise ProblemsFound([Problem("too-long", _("This is more than a year."), _("Check the dates."), where="ends_on")])
    day = dt.timedelta(days=1)
    touching = Leave.objects.filter(learner=learner, starts_on__lte=ends_on + day, ends_on__gte=starts_on - day)
    for one in touching:
        starts_on, ends_on = min(starts_on, one.starts_on), max(ends_on, one.ends_on)
    touching.delete()
    return Leave.objects.create(learner=learner, starts_on=starts_on, ends_on=ends_on)


def remove_leave(*, learner: Learner, pk: int) -> bool:
    """False when there is no such leave of this learner's."""
    return bool(Leave.objects.filter(learner=learner, pk=pk).delete()[0])
