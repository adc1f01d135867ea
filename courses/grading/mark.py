"""`mark`: mark the faulty segments of a text (spot the error). One text in five should have none."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from courses.grading.answers import read_id, read_object, refuse
from courses.grading.keys import MOST_ENTRIES, Entry, KeyFault, PartId, Shape, Weight, repeated_ids, shape_faults, unknown_ids
from courses.grading.result import Part, Result, adjusted, exceeds

# What one false alarm costs where there was nothing to find.
FALSE_ALARM = 0.34
KINDS_SHARE = 0.2
# A text of which marking everything earns more than this tells nobody apart.
HIGHEST_BASE = 0.6


class Payload(Shape):
    segments: list[Entry] = Field(min_length=1, max_length=MOST_ENTRIES)
    kinds: list[PartId] = []


class Fault(Shape):
    weight: Weight = 1
    kind: PartId | None = None


class Key(Shape):
    faults: dict[PartId, Fault]


def grade(payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    marked = _read(payload, response)
    faults: dict[str, dict[str, Any]] = key["faults"]
    asks_kinds = bool(payload.get("kinds"))
    hits = [one for one in marked if one in faults]
    parts = _parts(payload, faults, marked, asks_kinds)
    if not faults:
        return Result.of(max(0.0, 1 - FALSE_ALARM * len(marked)), parts)
    found = adjusted(
        _f1(len(hits), len(marked), sum(map(_weight, (faults[one] for one in hits))), faults), _base(payload, faults)
    )
    if not asks_kinds:
        return Result.of(found, parts)
    named = sum(_names_kind(faults[one], marked[one]) for one in hits) / len(hits) if hits else 0.0
    return Result.of((1 - KINDS_SHARE) * found + KINDS_SHARE * named, parts)


def _read(payload: dict[str, Any], response: Any) -> dict[str, str | None]:
    read_object(response, "", ["marked"])
    marked = response["marked"]
    if not isinstance(marked, dict):
        raise refuse("shape", _("The answer could not be read."), "marked", _("Reload the page and answer again."))
    segments = {segment["id"] for segment in payload["segments"]}
    kinds = set(payload.get("kinds") or [])
    for one, kind in marked.items():
        read_id(one, segments, "marked")
        if kind is not None:
            read_id(kind, kinds, f"marked.{one}")
    return marked


def _weight(fault: dict[str, Any]) -> float:
    return float(fault.get("weight", 1))


def _names_kind(fault: dict[str, Any], kind: str | None) -> bool:
    return kind is not None and kind == fault.get("kind")


def _f1(hits: int, marked: int, weight_of_hits: float, faults: dict[str, dict[str, Any]]) -> float:
    precision = hits / marked if marked else 0.0
    recall = weight_of_hits / sum(map(_weight, faults.values()))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _base(payload: dict[str, Any], faults: dict[str, dict[str, Any]]) -> float:
    """F1 of marking everything."""
    return _f1(len(faults), len(payload["segments"]), sum(map(_weight, faults.values())), faults)


def _parts(payload: dict[str, Any], faults: dict[str, Any], marked: dict[str, str | None], asks_kinds: bool) -> list[Part]:
    parts = []
    for segment in payload["segments"]:
        one = segment["id"]
        if one not in faults:
            if one in marked:
                parts.append(Part(one, 0.0, 1.0, "extra", one))
        elif one not in marked:
            parts.append(Part(one, 0.0, _weight(faults[one]), "missed", one))
        elif asks_kinds and not _names_kind(faults[one], marked[one]):
            parts.append(Part(one, 1 - KINDS_SHARE, _weight(faults[one]), "partly", one))
        else:
            parts.append(Part(one, 1.0, _weight(faults[one]), "right", one))
    return parts


def find_faults(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    found = shape_faults("payload", Payload, payload) + shape_faults("key", Key, key)
    if found:
        return found
    faults, kinds = key["faults"], payload.get("kinds") or []
    found += repeated_ids(payload["segments"], ("payload", "segments"))
    found += repeated_ids(({"id": kind} for kind in kinds), ("payload", "kinds"))
    found += unknown_ids(faults, (segment["id"] for segment in payload["segments"]), ("key", "faults"))
    for one, fault in faults.items():
        if kinds and fault.get("kind") not in kinds:
            at = ("key", "faults", one)
            found.append(
                KeyFault(
                    "kind",
                    _("The fault “%(id)s” has no kind of those offered."),
                    at,
                    _("Name one of the payload's kinds."),
                    {"id": one},
                )
            )
    if not found and faults and exceeds(_base(payload, faults), HIGHEST_BASE):
        hint = _("Add sentences that are right, or take faults away.")
        found.append(
            KeyFault("too-many-faults", _("So much is faulty that marking everything earns too much."), ("key", "faults"), hint)
        )
    return found


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    asks_kinds = bool(payload.get("kinds"))
    return {"marked": {one: fault.get("kind") if asks_kinds else None for one, fault in key["faults"].items()}}


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    segments = [segment["id"] for segment in payload["segments"]]
    kinds: list[str | None] = list(payload.get("kinds") or []) or [None]
    return {"nothing": [{"marked": {}}], "everything": [{"marked": dict.fromkeys(segments, kind)} for kind in kinds]}
