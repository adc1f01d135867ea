"""`sort`: put each item in a bin (claim triage, may I paste this?, task allocation, signal sorting, stakeholder map)."""

from __future__ import annotations

from collections import Counter
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
    missing_ids,
    repeated_ids,
    shape_faults,
    unknown_ids,
)
from courses.grading.result import Part, Result, verdict_of


class Bin(Entry):
    limit: int | None = Field(default=None, ge=1)


class Payload(Shape):
    items: list[Entry] = Field(min_length=1, max_length=MOST_ENTRIES)
    bins: list[Bin] = Field(min_length=2, max_length=MOST_ENTRIES)
    ordered: bool = False


class Key(Shape):
    bin_of: dict[PartId, PartId]
    cost: dict[PartId, dict[PartId, Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]]] | None = None


def grade(payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    given = _read(payload, response)
    total = sum(_cost(payload, key, key["bin_of"][one], given[one]) for one in given)
    parts = []
    for item in payload["items"]:
        one = item["id"]
        true = key["bin_of"][one]
        worst = max(_cost(payload, key, true, offered["id"]) for offered in payload["bins"])
        score = 1 - _cost(payload, key, true, given[one]) / worst if worst else 1.0
        parts.append(Part(one, score, float(worst), verdict_of(score), one))
    return Result.of(max(0.0, 1 - total / _base(payload, key)), parts)


def _read(payload: dict[str, Any], response: Any) -> dict[str, str]:
    read_object(response, "", ["bin_of"])
    given = response["bin_of"]
    if not isinstance(given, dict):
        raise refuse("shape", _("The answer could not be read."), "bin_of", _("Reload the page and answer again."))
    items = {item["id"] for item in payload["items"]}
    bins = {offered["id"]: offered.get("limit") for offered in payload["bins"]}
    for one, chosen in given.items():
        read_id(one, items, "bin_of")
        read_id(chosen, bins, f"bin_of.{one}")
    unplaced = len(items) - len(given)
    if unplaced:
        raise refuse("unplaced", _("Every card needs a place: %(n)s still without one."), "bin_of", n=unplaced)
    for chosen, count in Counter(given.values()).items():
        limit = bins[chosen]
        if limit is not None and count > limit:
            raise refuse(
                "over-limit", _("There are %(n)s cards where only %(limit)s fit."), f"bin_of.{chosen}", n=count, limit=limit
            )
    return given


def _cost(payload: dict[str, Any], key: dict[str, Any], true: str, given: str) -> float:
    if given == true:
        return 0.0
    matrix = key.get("cost")
    if matrix is not None:
        return float(matrix.get(true, {}).get(given, 1))
    if payload.get("ordered", False):
        bins = [offered["id"] for offered in payload["bins"]]
        return abs(bins.index(true) - bins.index(given)) / (len(bins) - 1)
    return 1.0


def _base(payload: dict[str, Any], key: dict[str, Any]) -> float:
    """The least that putting everything in one bin would cost, limits left aside."""
    return min(sum(_cost(payload, key, true, offered["id"]) for true in key["bin_of"].values()) for offered in payload["bins"])


def find_faults(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    found = shape_faults("payload", Payload, payload) + shape_faults("key", Key, key)
    if found:
        return found
    items = [item["id"] for item in payload["items"]]
    bins = [offered["id"] for offered in payload["bins"]]
    bin_of, matrix = key["bin_of"], key.get("cost")
    found += repeated_ids(payload["items"], ("payload", "items")) + repeated_ids(payload["bins"], ("payload", "bins"))
    found += unknown_ids(bin_of, items, ("key", "bin_of")) + missing_ids(items, bin_of, ("key", "bin_of"))
    for one, true in bin_of.items():
        if true not in bins and (matrix is None or set(bins) - set(matrix.get(true, {}))):
            hint = _("Offer that bin, or give it a complete row of costs: one for each bin offered.")
            found.append(
                KeyFault("bin", _("“%(bin)s” is not a bin that is offered."), ("key", "bin_of", one), hint, {"bin": true})
            )
    for true, row in (matrix or {}).items():
        if true not in bins and true not in bin_of.values():
            found += unknown_ids([true], bins, ("key", "cost"))
        found += unknown_ids(row, bins, ("key", "cost", true))
    if not found and _base(payload, key) <= 0:
        message = _("Putting everything in one bin would cost nothing: nobody could be told apart.")
        found.append(KeyFault("one-bin", message, ("key", "bin_of"), _("Spread the items over the bins, or change the costs.")))
    return found


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    """Every item where it costs nothing, within the bins' limits (augmenting paths); the cheapest bin where that cannot be."""
    bins = [offered["id"] for offered in payload["bins"]]
    room = {offered["id"]: offered.get("limit") or len(payload["items"]) for offered in payload["bins"]}
    free = {one: [chosen for chosen in bins if not _cost(payload, key, true, chosen)] for one, true in key["bin_of"].items()}
    placed: dict[str, str] = {}

    def place(one: str, tried: set[str]) -> bool:
        for chosen in free[one]:
            if chosen in tried:
                continue
            tried.add(chosen)
            inside = [other for other, where in placed.items() if where == chosen]
            if len(inside) < room[chosen] or any(place(other, tried) for other in inside):
                placed[one] = chosen
                return True
        return False

    for one in free:
        if not place(one, set()):
            open_bins = [chosen for chosen in bins if list(placed.values()).count(chosen) < room[chosen]] or bins
            placed[one] = min(open_bins, key=lambda chosen: _cost(payload, key, key["bin_of"][one], chosen))
    return {"bin_of": placed}


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Everything in one bin, for each bin that has room for it."""
    items = [item["id"] for item in payload["items"]]
    roomy = [offered["id"] for offered in payload["bins"] if not offered.get("limit") or offered["limit"] >= len(items)]
    return {"one bin": [{"bin_of": dict.fromkeys(items, chosen)} for chosen in roomy]} if roomy else {}
