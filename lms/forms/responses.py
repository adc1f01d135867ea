"""Reads what a page's controls sent into the response shapes of the nine mechanics (docs/mechanics.md).

A draft may be incomplete, and what does not belong to the exercise is left out: whether an answer is complete and sound is for
grading to say. Fields are named ``<item slug>.<name>``, so that a quiz' items share one form.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

MOST_CHARACTERS = 20_000


class Data(Protocol):
    """The part of ``QueryDict`` that is used."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def getlist(self, key: str) -> list[Any]: ...
    def __contains__(self, key: object) -> bool: ...


def read_answers(questions: Iterable[Any], data: Data, language: str) -> dict[str, Any]:
    """By item slug. ``questions``: anything with slug, mechanic and payload, as ``lms.progress`` shows them."""
    return {one.slug: read_answer(one.mechanic, one.payload, data, f"{one.slug}.", language) for one in questions}


def read_answer(mechanic: str, payload: Mapping[str, Any], data: Data, prefix: str, language: str) -> dict[str, Any]:
    if mechanic == "write":
        return _write(payload, data, prefix, language)
    return _READERS[mechanic](payload, data, prefix)


def _ids(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    return [entry["id"] for entry in entries]


def _chosen(data: Data, name: str, known: Iterable[str]) -> list[str]:
    """In the order of the exercise, each once."""
    given = set(data.getlist(name))
    return [one for one in known if one in given]


def _text(data: Data, name: str) -> str:
    # Browsers send line breaks as CR LF; a limit of characters counts them once.
    return str(data.get(name, "") or "").replace("\r\n", "\n")[:MOST_CHARACTERS]


def _choice(payload: Mapping[str, Any], data: Data, prefix: str) -> dict[str, Any]:
    if "steps" in payload:
        return {"steps": [_choice(step, data, f"{prefix}steps.{index}.") for index, step in enumerate(payload["steps"])]}
    answer: dict[str, Any] = {"selected": _chosen(data, f"{prefix}selected", _ids(payload["options"]))}
    sure = str(data.get(f"{prefix}confidence", "") or "")
    if payload.get("confidence") and sure.isascii() and sure.isdigit():
        answer["confidence"] = int(sure[:3])
    return answer


def _mark(payload: Mapping[str, Any], data: Data, prefix: str) -> dict[str, Any]:
    kinds = payload.get("kinds") or []
    marked: dict[str, str | None] = {}
    for one in _chosen(data, f"{prefix}marked", _ids(payload["segments"])):
        kind = data.get(f"{prefix}kind.{one}")
        marked[one] = kind if kind in kinds else None
    return {"marked": marked}


def _sort(payload: Mapping[str, Any], data: Data, prefix: str) -> dict[str, Any]:
    bins = _ids(payload["bins"])
    given = {one: data.get(f"{prefix}bin.{one}") for one in _ids(payload["items"])}
    return {"bin_of": {one: chosen for one, chosen in given.items() if chosen in bins}}


def _rank(payload: Mapping[str, Any], data: Data, prefix: str) -> dict[str, Any]:
    order, _unplaced = _ordered(_ids(payload["items"]), data, prefix)
    return {"order": order}


def _sequence(payload: Mapping[str, Any], data: Data, prefix: str) -> dict[str, Any]:
    actors = payload.get("actors") or []
    order, _unplaced = _ordered(_ids(payload["steps"]), data, prefix)
    steps = []
    for one in order:
        actor = data.get(f"{prefix}actor.{one}")
        steps.append({"id": one, "actor": actor if actor in actors else None})
    return {"steps": steps}


def _ordered(known: list[str], data: Data, prefix: str) -> tuple[list[str], list[str]]:
    """Those with a place, in order, and those without. Two things on one place: the one that was moved goes where it was sent.

    ``shown`` says in which order they stood in the page; ``move`` is the button (``id:up`` or ``id:down``) that was pressed.
    """
    shown = [one for one in str(data.get(f"{prefix}shown", "") or "").split() if one in known]
    shown += [one for one in known if one not in shown]
    before = {one: place for place, one in enumerate(shown, start=1)}
    placed: list[tuple[float, int, str]] = []
    unplaced: list[str] = []
    for one in shown:
        given = str(data.get(f"{prefix}place.{one}", "") or "")
        if not (given.isascii() and given.isdigit()):
            unplaced.append(one)
            continue
        place = min(int(given[:6]), len(known))
        # Half a place makes room on the side that it came from.
        nudge = 0.0 if place == before[one] else (-0.5 if place < before[one] else 0.5)
        placed.append((place + nudge, before[one], one))
    order = [one for _place, _before, one in sorted(placed)]
    return _moved(order, unplaced, str(data.get(f"{prefix}move", "") or "")), unplaced


def _moved(order: list[str], unplaced: list[str], move: str) -> list[str]:
    one, _colon, direction = move.rpartition(":")
    if one in unplaced and direction == "up":  # from the heap into the row
        return [*order, one]
    if one not in order:
        return order
    here = order.index(one)
    there = here - 1 if direction == "up" else here + 1
    if 0 <= there < len(order):
        order = list(order)
        order[here], order[there] = order[there], order[here]
    return order


def _compose(payload: Mapping[str, Any], data: Data, prefix: str) -> dict[str, Any]:
    return {"blocks": _chosen(data, f"{prefix}blocks", _ids(payload["blocks"]))}


def _write(payload: Mapping[str, Any], data: Data, prefix: str, language: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"text": _text(data, f"{prefix}text"), "language": language}
    if payload.get("self_check"):
        answer["claims"] = _chosen(data, f"{prefix}claims", _ids(payload.get("criteria") or []))
    return answer


def _scenario(payload: Mapping[str, Any], data: Data, prefix: str) -> dict[str, Any]:
    """Follows the choices from the start; where one is changed, what came after it is forgotten."""
    path: list[list[str]] = []
    node, walked = payload["start"], set()
    while node is not None and node not in walked:
        walked.add(node)
        following = {choice["id"]: choice.get("next") for choice in payload["nodes"][node]["choices"]}
        given = data.get(f"{prefix}node.{node}")
        if given not in following:
            break
        path.append([node, given])
        node = following[given]
    return {"path": path}


def _calculate(payload: Mapping[str, Any], data: Data, prefix: str) -> dict[str, Any]:
    given = {one: _text(data, f"{prefix}field.{one}").strip() for one in _ids(payload["fields"])}
    return {"fields": {one: value for one, value in given.items() if value}}


_READERS: dict[str, Callable[[Mapping[str, Any], Data, str], dict[str, Any]]] = {
    "choice": _choice,
    "mark": _mark,
    "sort": _sort,
    "rank": _rank,
    "sequence": _sequence,
    "compose": _compose,
    "scenario": _scenario,
    "calculate": _calculate,
}
