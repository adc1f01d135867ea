"""Writes to one's own journal. A mission is done when the entry about it is complete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.models import Activity, ActivityKind
from courses.problems import Problem, ProblemsFound
from lms.journal import rules
from lms.models import JournalEntry, Learner
from lms.progress.actions import record_mission

#: The same words again within this time are the same click.
SAME_CLICK = dt.timedelta(minutes=1)
FIELDS = (
    "tried_on",
    "task",
    "tool_class",
    "data_colour",
    "asked",
    "checked",
    "outcome",
    "minutes_before",
    "minutes_after",
    "lesson",
)


def write_entry(
    *, learner: Learner, fields: Mapping[str, Any], activity: Activity | None = None, now: dt.datetime
) -> JournalEntry:
    """Notes one try. In order: what was filled in is checked; the entry exists, once per mission, and once however often the form is
    sent by a nervous finger; when it is a mission's and complete, it is accepted and the mission is done.

    ``fields``: any of ``FIELDS``; ``tried_on`` is today where it is left out. Writing about a mission again changes what is there.
    """
    if activity is not None and activity.kind != ActivityKind.MISSION:
        raise ProblemsFound([Problem("not-a-mission", _("Only a mission is done by what you note about it."))])
    entry = JournalEntry(learner=learner, activity=activity, written_at=now)
    _fill(entry, {"tried_on": _today(learner, now), **fields}, now)
    with transaction.atomic():
        # One entry of one person at a time: of two forms sent at once, the second one finds the first.
        Learner.objects.select_for_update().filter(pk=learner.pk).values_list("pk", flat=True).first()
        first = _same(entry, now)
        if first is None:
            entry.save(force_insert=True)
            _accept(entry, now)
            return entry
        if activity is None:
            return first
        return change_entry(entry=first, fields=fields, now=now)


def change_entry(*, entry: JournalEntry, fields: Mapping[str, Any], now: dt.datetime) -> JournalEntry:
    """Changes one's own entry. In order: what was filled in is checked; the entry is changed; when it is a mission's and complete now,
    it is accepted and the mission is done. What was accepted once stays accepted.
    """
    _fill(entry, fields, now)
    entry.changed_at = now
    with transaction.atomic():
        entry.save(update_fields=[*FIELDS, "changed_at"])
        _accept(entry, now)
    return entry


def delete_entry(*, entry: JournalEntry) -> None:
    """Takes one's own entry away. A mission that it completed stays done: the work was done."""
    entry.delete()


def _today(learner: Learner, now: dt.datetime) -> dt.date:
    return now.astimezone(learner.zone).date()


def _same(entry: JournalEntry, now: dt.datetime) -> JournalEntry | None:
    """The entry that this one repeats: the mission's, or the one with the very same words a moment ago."""
    mine = JournalEntry.objects.select_related("activity", "learner").filter(learner=entry.learner, activity=entry.activity_id)
    if entry.activity_id is None:
        mine = mine.filter(written_at__gt=now - SAME_CLICK, **{name: getattr(entry, name) for name in FIELDS})
    return mine.first()


def _fill(entry: JournalEntry, fields: Mapping[str, Any], now: dt.datetime) -> None:
    """Puts the values on the entry, or refuses them field by field."""
    problems = [
        Problem("unknown-field", _("There is no such field."), where=str(name)) for name in sorted(set(fields) - set(FIELDS))
    ]
    for name in FIELDS:
        if name in fields:
            setattr(entry, name, _plain(fields[name]))
            problems += _too_long(entry, name)
    try:
        entry.clean_fields(exclude=["learner", "activity"])
    except ValidationError as error:
        problems += [
            Problem("invalid", message, where=name)
            for name, messages in error.message_dict.items()
            for message in messages
            if name not in {problem.where for problem in problems}
        ]
    else:
        if entry.tried_on > _today(entry.learner, now):
            problems.append(
                Problem("future", _("This day is still to come."), _("Give the day on which you tried it."), "tried_on")
            )
    if problems:
        raise ProblemsFound(problems)


def _plain(value: Any) -> Any:
    """A NUL is no letter, and PostgreSQL refuses it."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


def _too_long(entry: JournalEntry, name: str) -> list[Problem]:
    """Long texts have a limit too, which the model states and does not check."""
    most, value = getattr(entry._meta.get_field(name), "max_length", None), getattr(entry, name)
    if most is None or not isinstance(value, str) or len(value) <= most:
        return []
    return [Problem("too-long", _("Keep it to %(n)s characters."), where=name, params={"n": most})]


def _accept(entry: JournalEntry, now: dt.datetime) -> None:
    if entry.activity is None or entry.accepted_at is not None or rules.missing_fields(entry):
        return
    record_mission(learner=entry.learner, activity=entry.activity, now=now)
    entry.accepted_at = now
    entry.save(update_fields=["accepted_at"])
