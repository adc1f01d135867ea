"""What a person did wrong, said so that they can mend it.

One class for everything that somebody may have caused: a line of a directory file, a pack, an answer, a form. Pages, admin,
commands and the API all render the same object. It is not for our own failures: those are exceptions and log lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _fill(template: object, params: Mapping[str, object]) -> str:
    return str(template) % params


# Filled in when it is shown and not before: the reader's language is known only then.
fill_lazily = lazy(_fill, str)


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `where` is a place such as ``file.yaml:12:5``, or the name of a field; it may be empty.

    `message` says what is wrong and `hint` what to do about it; both are translatable, and `params` fills their
    ``%(name)s`` placeholders in the language of whoever reads them.
    """

    code: str
    message: StrOrPromise
    hint: StrOrPromise = ""
    where: str = ""
    params: InitVar[Mapping[str, object] | None] = None

    def __post_init__(self, params: Mapping[str, object] | None) -> None:
        if params:
            object.__setattr__(self, "message", fill_lazily(self.message, dict(params)))
            if self.hint:
                object.__setattr__(self, "hint", fill_lazily(self.hint, dict(params)))

    def __str__(self) -> str:
        said = f"{self.where}: {self.message}" if self.where else str(self.message)
        return f"{said} {self.hint}" if self.hint else said

    def as_dict(self) -> dict[str, Any]:
        """For JSON: every value a plain string, in the language active now."""
        return {"code": self.code, "message": str(self.message), "hint": str(self.hint), "where": self.where}


class ProblemsFound(Exception):
    """Raised where work cannot go on; carries everything that was found wrong, not only the first thing."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
