"""The nine mechanics by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from courses.grading import calculate, choice, compose, mark, rank, scenario, sequence, sort, write
from courses.grading.answers import InvalidResponse
from courses.grading.keys import KeyFault
from courses.grading.result import Result, reaches


class Mechanic(Protocol):
    """What a module of this package offers. `payload` and `key` are sound by then; `response` is whatever JSON arrived."""

    def grade(self, payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result: ...

    def find_faults(self, payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]: ...

    def best_response(self, payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]: ...

    def constant_responses(self, payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]: ...


MECHANICS: Mapping[str, Mechanic] = {
    "choice": choice,
    "mark": mark,
    "sort": sort,
    "rank": rank,
    "sequence": sequence,
    "compose": compose,
    "write": write,
    "scenario": scenario,
    "calculate": calculate,
}


def grade(mechanic: str, payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    """Score a response, deterministically and offline.

    `payload` and `key` are those of a published item. Raises `InvalidResponse` when the response does not fit the payload:
    then there was no attempt. Raises `KeyError` for a mechanic that does not exist.
    """
    return MECHANICS[mechanic].grade(payload, key, response)


def check_key(mechanic: str, payload: Any, key: Any) -> list[KeyFault]:
    """Everything that is wrong with a payload and its key, before anybody is graded by them."""
    if mechanic not in MECHANICS:
        names = ", ".join(MECHANICS)
        return [
            KeyFault(
                "mechanic",
                _("There is no mechanic “%(name)s”."),
                (),
                _("It is one of: %(names)s."),
                {"name": mechanic, "names": names},
            )
        ]
    found = MECHANICS[mechanic].find_faults(payload, key)
    if not found and not _can_be_mastered(mechanic, payload, key):
        message = _("No answer can earn everything by this key.")
        found.append(KeyFault("unreachable", message, ("key",), _("Look for demands that exclude one another.")))
    return found


def _can_be_mastered(mechanic: str, payload: dict[str, Any], key: dict[str, Any]) -> bool:
    """Whether an answer earns everything; where none even fits the payload (bins too small for all cards), none does."""
    try:
        return reaches(grade(mechanic, payload, key, best_response(mechanic, payload, key)).score, 1)
    except InvalidResponse:
        return False


def best_response(mechanic: str, payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    """A response that earns everything. It betrays the key: for checks and tests only."""
    return MECHANICS[mechanic].best_response(payload, key)


def constant_responses(mechanic: str, payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What a learner answers who follows a strategy blindly: by strategy, one response for each way the page may show things.

    The strategy's score for the item is the mean over its responses.
    """
    return MECHANICS[mechanic].constant_responses(payload, key)
