"""Which regular expressions a pack may bring: short ones that cannot be made to run long.

An answer is graded while a learner waits, so a slow pattern is refused when the pack is published: the number of ways in
which it can match from one place is counted before it is ever run. Unbounded repeats count as the longest answer.
"""

from __future__ import annotations

import re
from math import log10
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PREFIX = "regex:"
LONGEST = 200
LONGEST_ANSWER = 6000
# Places to begin at, times ways to go on from each: about a second at the very worst.
MOST_STEPS = 20_000_000
# How often what matches in several ways may be repeated before its ways are not even counted.
MOST_DOUBLINGS = 60


def fault_of(pattern: str) -> StrOrPromise | None:
    """Why a pattern cannot be taken; None where it can."""
    if len(pattern) > LONGEST:
        return _("This pattern is too long.")
    try:
        tree = parser.parse(pattern)
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return _("This is not a regular expression.")
    # What must be read on each of the ways, at least: a fixed repeat is one way and takes its time all the same.
    width = max([1, tree.getwidth()[0], *map(int, re.findall(r"\{(\d+)", pattern))])
    # Counted before the pattern is run on anything, be it an empty text.
    if _ways(_without_last_repeat(tree)) * LONGEST_ANSWER * width > MOST_STEPS:
        return _("This pattern could run for too long on some answers.")
    if re.search(pattern, "") is not None:
        return _("This pattern matches an empty text, and so every answer.")
    return None


def _without_last_repeat(tree: Any) -> list[Any]:
    """A repeat of single characters at the very end is never gone back on: nothing after it can fail."""
    items = list(tree)
    if items and items[-1][0] in (codes.MAX_REPEAT, codes.MIN_REPEAT) and _ways(items[-1][1][2]) == 1:
        return items[:-1]
    return items


def _ways(items: Any) -> float:
    ways = 1.0
    for code, argument in items:
        ways *= _ways_of(code, argument)
    return ways


def _ways_of(code: Any, argument: Any) -> float:
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        least, most, body = argument
        inner = _ways(body)
        if most == codes.MAXREPEAT:
            return LONGEST_ANSWER if inner == 1 else float("inf")
        if inner == 1:
            return most - least + 1.0
        if most > MOST_DOUBLINGS:  # two ways or more, so many times over: beyond all measure
            return float("inf")
        # Capped before it is a number that no float can hold.
        return sum(1e12 if times * log10(inner) > 12 else inner**times for times in range(least, most + 1))
    if code is codes.BRANCH:
        return sum(_ways(branch) for branch in argument[1])
    if code is codes.SUBPATTERN:
        return _ways(argument[-1])
    if code is codes.ATOMIC_GROUP:
        return _ways(argument)
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return _ways(argument[1])
    if code in (codes.GROUPREF, codes.GROUPREF_EXISTS):
        return float("inf")
    return 1.0
