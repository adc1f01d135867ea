"""Reading what a browser or an API client sent, trusting none of it.

Whatever JSON arrives, these functions either return it in the promised shape or raise `InvalidResponse`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from courses.problems import Problem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class InvalidResponse(ValueError):
    """The response does not fit its exercise. It is no attempt, and the learner loses nothing."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)

    def __str__(self) -> str:
        return str(self.problem)


def refuse(code: str, message: StrOrPromise, where: str = "", hint: StrOrPromise = "", **params: object) -> InvalidResponse:
    return InvalidResponse(Problem(code, message, hint, where, params=params))


def read_object(value: Any, where: str, required: Iterable[str], optional: Collection[str] = ()) -> dict[str, Any]:
    """A JSON object with these names and no others."""
    required = tuple(required)
    if not isinstance(value, dict):
        raise refuse("shape", _("The answer could not be read."), where, _("Reload the page and answer again."))
    if any(name not in required and name not in optional for name in value):
        raise refuse("unknown-field", _("The answer has a part that this exercise does not ask for."), where)
    for name in required:
        if name not in value:
            raise refuse("missing", _("A part of the answer is missing."), f"{where}.{name}" if where else name)
    return value


def read_list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise refuse("shape", _("The answer could not be read."), where, _("Reload the page and answer again."))
    return value


def read_id(value: Any, known: Collection[str], where: str) -> str:
    # The type comes first: a list or an object cannot even be looked up.
    if not isinstance(value, str) or value not in known:
        raise refuse(
            "unknown-id",
            _("The answer names something that is not in this exercise."),
            where,
            _("Reload the page and answer again."),
        )
    return value


def read_ids(value: Any, known: Collection[str], where: str) -> list[str]:
    """Ids out of `known`, none of them twice, in the order given."""
    ids = [read_id(one, known, where) for one in read_list(value, where)]
    if len(set(ids)) != len(ids):
        raise refuse("twice", _("The same thing is in the answer twice."), where, _("Keep it once."))
    return ids
