"""`calculate`: work out a number (baseline, net gain, weighted grid)."""

from __future__ import annotations

import re
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from courses.grading.answers import read_id, read_object, refuse
from courses.grading.keys import (
    MOST_ENTRIES,
    Entry,
    KeyFault,
    PartId,
    Shape,
    Weight,
    missing_ids,
    repeated_ids,
    shape_faults,
    unknown_ids,
)
from courses.grading.result import EXACTNESS, Part, Result, reaches, verdict_of, weighted_mean

FULL, HALF = 0.05, 0.15
FACTORS = (10, 100, 1000, 60)
# Longer than any figure of an exercise, and short enough for a float.
LONGEST = 40


class NumberField(Entry):
    unit: str = Field(default="", max_length=40)


class Payload(Shape):
    fields: list[NumberField] = Field(min_length=1, max_length=MOST_ENTRIES)


Tolerance = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]


class FieldKey(Shape):
    value: Annotated[float, Field(allow_inf_nan=False)]
    weight: Weight = 1
    full: Tolerance = FULL
    half: Tolerance = HALF


class Key(Shape):
    fields: dict[PartId, FieldKey] = Field(min_length=1)


def read_number(text: str, where: str = "") -> float:
    """A number in English or French writing; anything else raises `InvalidResponse`."""
    hint = _("Write a number alone, for example 1250.5 or 1 250,5.")
    unreadable = refuse("number", _("This is not a number that can be read."), where, hint)
    squeezed = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if not squeezed or len(squeezed) > LONGEST or not re.fullmatch(r"[+-]?[0-9.,]*[0-9][0-9.,]*", squeezed):
        raise unreadable
    sign = -1.0 if squeezed[0] == "-" else 1.0
    digits = squeezed.lstrip("+-")
    marks = [character for character in digits if character in ".,"]
    if len(set(marks)) == 2:  # the last one is the decimal mark, the other one groups thousands
        whole, decimal = digits.rsplit(marks[-1], 1)
        grouping = "," if marks[-1] == "." else "."
    elif len(marks) == 1:
        whole, decimal = digits.split(marks[0])
        grouping = ""
    else:
        whole, decimal = digits, ""
        grouping = marks[0] if marks else ""
    if grouping:
        if not re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(grouping)}[0-9]{{3}})+", whole):
            raise unreadable
        whole = whole.replace(grouping, "")
    return sign * float(f"{whole or 0}.{decimal or 0}")


def grade(payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    given = _read(payload, response)
    parts = []
    for field in payload["fields"]:
        one = field["id"]
        expected = key["fields"][one]
        score = _score(expected, given[one])
        feedback = "unit" if score == 0 and _is_of_unit(expected, given[one]) else one
        parts.append(Part(one, score, float(expected.get("weight", 1)), verdict_of(score), feedback))
    return Result.of(
        weighted_mean([(part.score, part.weight) for part in parts]),
        parts,
        ["unit"] if any(part.feedback == "unit" for part in parts) else [],
    )


def _read(payload: dict[str, Any], response: Any) -> dict[str, float]:
    read_object(response, "", ["fields"])
    fields = response["fields"]
    if not isinstance(fields, dict):
        raise refuse("shape", _("The answer could not be read."), "fields", _("Reload the page and answer again."))
    known = [field["id"] for field in payload["fields"]]
    for one in fields:
        read_id(one, known, "fields")
    numbers = {}
    for one in known:
        where = f"fields.{one}"
        if one not in fields:
            raise refuse("missing", _("A number is missing."), where)
        if not isinstance(fields[one], str):
            raise refuse("shape", _("The answer could not be read."), where, _("Reload the page and answer again."))
        numbers[one] = read_number(fields[one], where)
    return numbers


def _off(value: float, given: float) -> float:
    """How far off, relative to the value; absolute for 0."""
    return abs(given - value) / abs(value) if value else abs(given)


def _score(expected: dict[str, Any], given: float) -> float:
    off = _off(float(expected["value"]), given)
    if reaches(expected.get("full", FULL), off):
        return 1.0
    return 0.5 if reaches(expected.get("half", HALF), off) else 0.0


def _is_of_unit(expected: dict[str, Any], given: float) -> bool:
    """Whether the number would be right in another unit: hours for minutes, euros for thousands of them."""
    value = float(expected["value"])
    return value != 0 and any(
        reaches(expected.get("full", FULL), _off(value * scale, given)) for factor in FACTORS for scale in (factor, 1 / factor)
    )


def find_faults(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    found = shape_faults("payload", Payload, payload) + shape_faults("key", Key, key)
    if found:
        return found
    fields = [field["id"] for field in payload["fields"]]
    at = ("key", "fields")
    found += repeated_ids(payload["fields"], ("payload", "fields"))
    found += unknown_ids(key["fields"], fields, at) + missing_ids(fields, key["fields"], at)
    for one, expected in key["fields"].items():
        if expected.get("full", FULL) > expected.get("half", HALF) + EXACTNESS:
            message = _("“full” is wider than “half”: half marks could not be had.")
            found.append(KeyFault("tolerance", message, (*at, one), _("Let half be at least as wide as full.")))
    return found


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    return {
        "fields": {
            field["id"]: f"{float(key['fields'][field['id']]['value']):.12f}".rstrip("0").rstrip(".")
            for field in payload["fields"]
        }
    }


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    fields = [field["id"] for field in payload["fields"]]
    return {"zero": [{"fields": dict.fromkeys(fields, "0")}], "one": [{"fields": dict.fromkeys(fields, "1")}]}
