"""Pure decisions about journal entries: what a mission's evidence still lacks, which days carry a mark, what a search looks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

#: A mission is done when these are filled in. What was asked of the tool stays optional: it may be nobody else's business.
EVIDENCE = ("task", "tool_class", "data_colour", "checked", "outcome", "minutes_before", "minutes_after", "lesson")
WEEK = 7
MOST_WORDS = 8


def missing_fields(entry: Any) -> list[str]:
    """Names of the fields that a mission's evidence still needs; ``entry`` is a journal entry, or a mapping of its fields."""

    def value(name: str) -> str:
        found = entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name)
        return str(found or "").strip()

    return [name for name in EVIDENCE if not value(name)]


@dataclass(frozen=True)
class WeekMark:
    """One day of the week that the learner is in."""

    day: dt.date
    logged: bool
    today: bool
    works: bool
    ahead: bool


def week_of(today: dt.date) -> tuple[dt.date, dt.date]:
    """Monday and Sunday."""
    monday = today - dt.timedelta(days=today.weekday())
    return monday, monday + dt.timedelta(days=WEEK - 1)


def marks(logged: Collection[dt.date], *, today: dt.date, weekdays: Collection[int]) -> tuple[WeekMark, ...]:
    """Seven, from Monday. Nothing is counted up and nothing can be lost."""
    monday, _sunday = week_of(today)
    days = [monday + dt.timedelta(days=place) for place in range(WEEK)]
    return tuple(
        WeekMark(day=day, logged=day in logged, today=day == today, works=day.weekday() in weekdays, ahead=day > today)
        for day in days
    )


def search_words(text: str) -> list[str]:
    """Every word has to be found somewhere; more than a few are not looked for. A NUL is no letter, and PostgreSQL refuses it."""
    return text.replace("\x00", " ").split()[:MOST_WORDS]
