"""One question with one or several right answers: a `choice`, or a step of one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from courses.grading.answers import read_ids, read_object, refuse
from courses.grading.keys import MOST_ENTRIES, Entry, KeyFault, PartId, Path, Shape, repeated_ids
from courses.grading.result import Part

CONFIDENCE_OF_TWO = (50, 60, 75, 90, 99)
CONFIDENCE = (25, 50, 75, 90, 99)


class Payload(Shape):
    options: list[Entry] = Field(min_length=2, max_length=MOST_ENTRIES)
    multiple: bool = False
    confidence: bool = False


class Key(Shape):
    correct: list[PartId]


def confidence_levels(payload: dict[str, Any]) -> tuple[int, ...]:
    """What a learner may say about their own certainty, in per cent; the lowest is what guessing gives."""
    return CONFIDENCE_OF_TWO if len(payload["options"]) == 2 else CONFIDENCE


def score(payload: dict[str, Any], key: dict[str, Any], response: Any, where: str = "") -> tuple[float, list[Part]]:
    """Score of one question. `where` names the step in what the learner is told."""
    selected = _read(payload, response, where)
    correct = set(key["correct"])
    parts = []
    for option in payload["options"]:
        one = option["id"]
        if one in correct:
            hit = one in selected
            parts.append(Part(one, float(hit), 1.0, "right" if hit else "missed", one))
        elif one in selected:
            parts.append(Part(one, 0.0, 1.0, "extra", one))
    hits = len(selected & correct)
    if not payload.get("multiple", False):
        if hits:  # where several answers are right, one is enough: the others were not missed
            parts = [part for part in parts if part.verdict == "right"]
        return float(hits), parts
    false = len(selected) - hits
    wrong = len(payload["options"]) - len(correct)
    return max(0.0, hits / len(correct) - false / wrong), parts


def _read(payload: dict[str, Any], response: Any, where: str) -> set[str]:
    asked = bool(payload.get("confidence", False))
    read_object(response, where, ["selected", "confidence"] if asked else ["selected"], ["confidence"])
    place = f"{where}.selected" if where else "selected"
    selected = read_ids(response["selected"], {option["id"] for option in payload["options"]}, place)
    if not payload.get("multiple", False) and len(selected) != 1:
        raise refuse("one-answer", _("Choose one answer."), place)
    confidence = response.get("confidence")
    # Said without being asked it is read all the same: what is kept must be a level that exists.
    if (asked or confidence is not None) and (
        isinstance(confidence, bool) or not isinstance(confidence, int | float) or confidence not in confidence_levels(payload)
    ):
        raise refuse(
            "confidence",
            _("Say how sure you are: choose one of the levels offered."),
            f"{where}.confidence" if where else "confidence",
        )
    return set(selected)


def find_faults(
    payload: dict[str, Any], key: dict[str, Any], payload_path: Path = ("payload",), key_path: Path = ("key",)
) -> list[KeyFault]:
    """Faults of a question whose shape is sound."""
    options = [option["id"] for option in payload["options"]]
    correct = key["correct"]
    at = (*key_path, "correct")
    found = repeated_ids(payload["options"], (*payload_path, "options"))
    found += [
        KeyFault(
            "unknown-id",
            _("“%(id)s” is not in the payload."),
            (*at, index),
            _("Check the spelling, or add it there."),
            {"id": one},
        )
        for index, one in enumerate(correct)
        if one not in options
    ]
    if len(set(correct)) != len(correct):
        found.append(KeyFault("id-twice", _("A right answer is named twice."), at, _("Name it once.")))
    if not correct:
        found.append(
            KeyFault("nothing-correct", _("No answer is right: nobody could be told apart."), at, _("Name the right answers."))
        )
    elif set(options) <= set(correct):
        found.append(
            KeyFault(
                "everything-correct",
                _("Every answer is right: nobody could be told apart."),
                at,
                _("Add an answer that is wrong."),
            )
        )
    return found


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    return answer(payload, key["correct"] if payload.get("multiple", False) else key["correct"][:1])


def answer(payload: dict[str, Any], selected: list[str]) -> dict[str, Any]:
    response: dict[str, Any] = {"selected": list(selected)}
    if payload.get("confidence", False):
        response["confidence"] = confidence_levels(payload)[-1]
    return response


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Options are shuffled in the page, so that each of them is the first one equally often."""
    ids = [option["id"] for option in payload["options"]]
    found = {"first": [answer(payload, [one]) for one in ids]}
    if payload.get("multiple", False):
        found["all"] = [answer(payload, ids)]
    return found
