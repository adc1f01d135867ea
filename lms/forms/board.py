"""An exercise as its template shows it: what may be chosen, what was chosen, and the name of each control.

The counterpart of ``responses``: what is laid out here comes back there. Labels come from the pack, by path in the payload.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.grading import confidence_levels

ACTORS = {
    "human": _("a person"),
    "ai": _("the AI tool"),
    "both": _("a person with the tool"),
    "automation": _("an automatic rule"),
}
CHECKPOINTS = {"human_review": _("check by a person")}


@dataclass(frozen=True)
class Option:
    id: str
    text: Any
    checked: bool = False


@dataclass(frozen=True)
class Row:
    """One line that is answered by itself. ``value`` is what was given: a bin, a place, a number."""

    id: str
    text: Any
    number: int
    value: str = ""
    checked: bool = False
    options: tuple[Option, ...] = ()
    actors: tuple[Option, ...] = ()
    unit: str = ""
    mark: Any = ""


@dataclass(frozen=True)
class Group:
    """A question of its own inside an item: a step of a choice, a turn of a conversation."""

    name: str
    text: Any
    options: tuple[Option, ...]
    multiple: bool = False
    confidence: tuple[Option, ...] = ()
    confidence_name: str = ""


@dataclass(frozen=True)
class Board:
    """``template`` is the partial under ``lms/exercise/`` that draws it."""

    slug: str
    mechanic: str
    prompt: str
    brief: str
    document: str
    rows: tuple[Row, ...] = ()
    groups: tuple[Group, ...] = ()
    options: tuple[Option, ...] = ()
    shown: str = ""
    text: str = ""
    max_chars: int = 0
    self_check: bool = False
    ended: bool = False
    places: tuple[int, ...] = ()
    limits: tuple[tuple[Any, int], ...] = field(default=())

    @property
    def template(self) -> str:
        return f"lms/exercise/{self.mechanic}.html"

    @property
    def prefix(self) -> str:
        return f"{self.slug}."


class Texts:
    """Labels by path (see ``courses.packs.parts``). An id without a text of its author's shows its own word."""

    def __init__(self, parts: Mapping[str, str]) -> None:
        self.parts = parts

    def __call__(self, path: str, default: Any = "") -> Any:
        return self.parts.get(path) or default or path.rpartition(".")[2].replace("-", " ").replace("_", " ")

    def maybe(self, path: str) -> str:
        return self.parts.get(path, "")


def lay_out(question: Any) -> Board:
    """``question``: slug, mechanic, payload, prompt, brief, document, parts and answer, as ``lms.progress.pages.Question`` has them."""
    answer = question.answer if isinstance(question.answer, dict) else {}
    made = _BOARDS[question.mechanic](question.payload, Texts(question.parts), answer, f"{question.slug}.")
    return Board(
        slug=question.slug,
        mechanic=question.mechanic,
        prompt=question.prompt,
        brief=question.brief,
        document=question.document,
        **made,
    )


def _question(payload: Mapping[str, Any], texts: Texts, answer: Any, prefix: str, at: str) -> Group:
    given = answer if isinstance(answer, dict) else {}
    selected = given.get("selected") or []
    levels = confidence_levels(dict(payload)) if payload.get("confidence") else ()
    return Group(
        name=f"{prefix}selected",
        text=texts.maybe(at.rstrip(".")) if at else "",
        options=tuple(Option(one["id"], texts(f"{at}{one['id']}"), one["id"] in selected) for one in payload["options"]),
        multiple=bool(payload.get("multiple")),
        confidence=tuple(Option(str(level), level, given.get("confidence") == level) for level in levels),
        confidence_name=f"{prefix}confidence",
    )


def _choice(payload: Mapping[str, Any], texts: Texts, answer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    if "steps" not in payload:
        return {"groups": (_question(payload, texts, answer, prefix, ""),)}
    given = answer.get("steps") or []
    return {
        "groups": tuple(
            _question(step, texts, given[index] if index < len(given) else {}, f"{prefix}steps.{index}.", f"{index}.")
            for index, step in enumerate(payload["steps"])
        )
    }


def _mark(payload: Mapping[str, Any], texts: Texts, answer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    marked = answer.get("marked") or {}
    kinds = payload.get("kinds") or []
    return {
        "rows": tuple(
            Row(
                one["id"],
                texts(one["id"]),
                number,
                checked=one["id"] in marked,
                options=tuple(Option(kind, texts(f"kinds.{kind}"), marked.get(one["id"]) == kind) for kind in kinds),
            )
            for number, one in enumerate(payload["segments"], start=1)
        )
    }


def _sort(payload: Mapping[str, Any], texts: Texts, answer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    given = answer.get("bin_of") or {}
    bins = [(one["id"], texts(f"bins.{one['id']}"), one.get("limit")) for one in payload["bins"]]
    return {
        "rows": tuple(
            Row(
                one["id"],
                texts(one["id"]),
                number,
                value=given.get(one["id"], ""),
                options=tuple(Option(bin_id, text, given.get(one["id"]) == bin_id) for bin_id, text, _limit in bins),
            )
            for number, one in enumerate(payload["items"], start=1)
        ),
        "limits": tuple((text, limit) for _bin, text, limit in bins if limit),
    }


def _rank(payload: Mapping[str, Any], texts: Texts, answer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    known = [one["id"] for one in payload["items"]]
    order = [one for one in answer.get("order") or [] if one in known]
    order += [one for one in known if one not in order]
    return {
        "rows": tuple(Row(one, texts(one), place, value=str(place)) for place, one in enumerate(order, start=1)),
        "shown": " ".join(order),
        "places": tuple(range(1, len(order) + 1)),
    }


def _sequence(payload: Mapping[str, Any], texts: Texts, answer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    steps = {one["id"]: one for one in payload["steps"]}
    given = {one["id"]: one.get("actor") for one in answer.get("steps") or [] if one.get("id") in steps}
    order = [*given, *(one for one in steps if one not in given)]
    actors = payload.get("actors") or []

    def row(place: int, one: str) -> Row:
        checkpoint = steps[one].get("checkpoint")
        return Row(
            one,
            texts(one),
            place,
            value=str(place) if one in given else "",
            checked=one in given,
            actors=tuple(
                Option(actor, texts(f"actors.{actor}", default=ACTORS.get(actor, "")), given.get(one) == actor)
                for actor in actors
            ),
            mark=CHECKPOINTS.get(checkpoint, _("check")) if checkpoint else "",
        )

    return {
        "rows": tuple(row(place, one) for place, one in enumerate(order, start=1)),
        "shown": " ".join(order),
        "places": tuple(range(1, len(order) + 1)),
    }


def _compose(payload: Mapping[str, Any], texts: Texts, answer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    chosen = answer.get("blocks") or []
    return {"options": tuple(Option(one["id"], texts(one["id"]), one["id"] in chosen) for one in payload["blocks"])}


def _write(payload: Mapping[str, Any], texts: Texts, answer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    claims = answer.get("claims") or []
    return {
        "text": answer.get("text") or "",
        "max_chars": payload.get("max_chars") or 0,
        "self_check": bool(payload.get("self_check")),
        "options": tuple(Option(one["id"], texts(one["id"]), one["id"] in claims) for one in payload.get("criteria") or []),
    }


def _scenario(payload: Mapping[str, Any], texts: Texts, answer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The turns walked so far, and the one that waits for a choice. What lies ahead is not shown."""
    given = {str(step[0]): step[1] for step in answer.get("path") or [] if isinstance(step, list | tuple) and len(step) == 2}
    groups: list[Group] = []
    node, walked = payload["start"], set()
    while node is not None and node not in walked:
        walked.add(node)
        choices = payload["nodes"][node]["choices"]
        chosen = given.get(node)
        groups.append(
            Group(
                name=f"{prefix}node.{node}",
                text=texts.maybe(node),
                options=tuple(Option(one["id"], texts(f"{node}.{one['id']}"), one["id"] == chosen) for one in choices),
            )
        )
        following = {one["id"]: one.get("next") for one in choices}
        if chosen not in following:
            return {"groups": tuple(groups), "ended": False}
        node = following[chosen]
    return {"groups": tuple(groups), "ended": True}


def _calculate(payload: Mapping[str, Any], texts: Texts, answer: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    given = answer.get("fields") or {}
    return {
        "rows": tuple(
            Row(
                one["id"],
                texts(one["id"]),
                number,
                value=str(given.get(one["id"], "")),
                unit=texts.maybe(f"{one['id']}.unit") or one.get("unit", ""),
            )
            for number, one in enumerate(payload["fields"], start=1)
        )
    }


_BOARDS: dict[str, Callable[[Mapping[str, Any], Texts, Mapping[str, Any], str], dict[str, Any]]] = {
    "choice": _choice,
    "mark": _mark,
    "sort": _sort,
    "rank": _rank,
    "sequence": _sequence,
    "compose": _compose,
    "write": _write,
    "scenario": _scenario,
    "calculate": _calculate,
}
