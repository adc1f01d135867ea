"""Pure decisions about people: what contradicts what in a directory."""

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from lms.conf import conf

#: The lock of whoever changes accounts and reporting lines, so that two changes never make a loop that neither made alone.
LOCK = 2


def company_day(now: dt.datetime) -> dt.date:
    """The date in the company's zone: the day on which somebody has left or a track begins for everybody."""
    return now.astimezone(ZoneInfo(conf.TIME_ZONE)).date()


def cycles(managers: Mapping[str, str]) -> list[list[str]]:
    """The loops of a reporting line, given as person -> manager; each loop once, from its smallest member on, upwards.

    Whoever merely reports into a loop is not part of it.
    """
    done: set[str] = set()
    found = []
    for start in managers:
        path: dict[str, int] = {}
        person: str | None = start
        while person is not None and person not in done and person not in path:
            path[person] = len(path)
            person = managers.get(person)
        if person is not None and person in path:
            loop = list(path)[path[person] :]
            first = loop.index(min(loop))
            found.append(loop[first:] + loop[:first])
        done.update(path)
    return found


def repeated(values: Iterable[tuple[int, str]]) -> list[tuple[int, str, int]]:
    """From (line, value) pairs, every line whose value stood on an earlier one: (line, value, the earlier line). Empty ones never."""
    first: dict[str, int] = {}
    found = []
    for line, value in values:
        if not value:
            continue
        earlier = first.setdefault(value, line)
        if earlier != line:
            found.append((line, value, earlier))
    return found


def is_mass_leaving(leaving: int, working: int) -> bool:
    """Whether so many of so many would be marked as left that somebody has to confirm it."""
    return leaving * 100 > conf.IMPORT_LEAVER_GUARD_PERCENT * working
