"""Everything found wrong with a pack while it is read: collected, so that an author mends it in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from courses.problems import Problem, ProblemsFound

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Findings:
    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, code: str, message: StrOrPromise, where: str, hint: StrOrPromise = "", **params: object) -> None:
        self.problems.append(Problem(code, message, hint, where, params=params))

    def __bool__(self) -> bool:
        return bool(self.problems)

    def stop_if_any(self) -> None:
        if self.problems:
            raise ProblemsFound(sorted(self.problems, key=_place))


def _place(problem: Problem) -> tuple[str, int, int]:
    """File by file, from top to bottom."""
    path, _, place = problem.where.partition(":")
    line, _, column = place.partition(":")
    return path, int(line) if line.isdigit() else 0, int(column) if column.isdigit() else 0
