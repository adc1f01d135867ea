"""What pydantic found wrong with a shape, said for the person who wrote the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
    from pydantic_core import ErrorDetails


@dataclass(frozen=True)
class Explanation:
    code: str
    message: StrOrPromise
    hint: StrOrPromise = ""
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


_KINDS: dict[str, StrOrPromise] = {
    "string_type": _("a text"),
    "int_type": _("a whole number"),
    "int_from_float": _("a whole number"),
    "float_type": _("a number"),
    "finite_number": _("a number"),
    "bool_type": _("true or false"),
    "list_type": _("a list"),
    "tuple_type": _("a list"),
    "dict_type": _("names with values"),
    "model_type": _("names with values"),
}


def explain(detail: ErrorDetails) -> Explanation:
    """The kinds of error that authors meet have words of their own; a rare one is passed on in pydantic's."""
    kind = detail["type"]
    context: dict[str, Any] = detail.get("ctx") or {}
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "missing":
        return Explanation("missing", _("“%(name)s” is missing."), _("Add it."), {"name": name})
    if kind == "extra_forbidden":
        return Explanation(
            "unknown-key", _("“%(name)s” is not known here."), _("Check the spelling, or take it out."), {"name": name}
        )
    if kind in _KINDS:
        return Explanation(
            "type", _("This must be %(kind)s."), _("If it is a text, put it between quotation marks."), {"kind": _KINDS[kind]}
        )
    if kind in {"literal_error", "enum"}:
        return Explanation("choice", _("This must be one of: %(expected)s."), "", {"expected": context.get("expected", "")})
    if kind == "string_pattern_mismatch":
        return Explanation("id", _("This is not an id."), _("Use lower-case letters, digits and hyphens, as in “pe1-lesson”."))
    if kind in {"string_too_short", "too_short"}:
        return Explanation(
            "empty", _("There is too little here."), _("Write at least %(n)s."), {"n": context.get("min_length", 1)}
        )
    if kind in {"string_too_long", "too_long"}:
        return Explanation("too-long", _("There is too much here."), _("Keep it to %(n)s."), {"n": context.get("max_length", "")})
    if kind in {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}:
        limit = next(iter(context.values()), "")
        words = {
            "greater_than": _("This must be more than %(limit)s."),
            "greater_than_equal": _("This must be at least %(limit)s."),
            "less_than": _("This must be less than %(limit)s."),
            "less_than_equal": _("This must be at most %(limit)s."),
        }
        return Explanation("range", words[kind], "", {"limit": limit})
    if kind == "value_error" and isinstance(context.get("error"), SaidProblem):
        return context["error"].explanation
    return Explanation("shape", "%(said)s", "", {"said": detail["msg"]})


class SaidProblem(ValueError):
    """Raised by validators that know better words than pydantic."""

    def __init__(self, code: str, message: StrOrPromise, hint: StrOrPromise = "", **params: object) -> None:
        self.explanation = Explanation(code, message, hint, params)
        super().__init__(str(message))
