"""`rank`: order by reliability, priority or urgency. Ties are allowed in the key, never in the answer."""

from __future__ import annotations

from itertools import combinations
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from courses.grading.answers import read_ids, read_object, refuse
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
from courses.grading.presented import presented
from courses.grading.result import Part, Result, verdict_of


class Payload(Shape):
    items: list[Entry] = Field(min_length=2, max_length=MOST_ENTRIES)


class Key(Shape):
    tier_of: dict[PartId, Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]]


def grade(payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    read_object(response, "", ["order"])
    ids = [item["id"] for item in payload["items"]]
    order = read_ids(response["order"], set(ids), "order")
    if len(order) != len(ids):
        raise refuse("incomplete", _("Put every card in the order: %(n)s still missing."), "order", n=len(ids) - len(order))
    tiers: dict[str, float] = key["tier_of"]
    right = dict.fromkeys(ids, 0.0)
    whole = dict.fromkeys(ids, 0.0)
    balance = 0.0
    for before, after in combinations(order, 2):
        distance = tiers[before] - tiers[after]
        balance += distance
        for one in (before, after):
            whole[one] += abs(distance)
            right[one] += max(0.0, distance)
    parts = []
    for one in ids:
        if whole[one]:
            score = right[one] / whole[one]
            parts.append(Part(one, score, whole[one], verdict_of(score), one))
    return Result.of(max(0.0, 2 * balance / sum(whole.values())), parts)


def find_faults(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    found = shape_faults("payload", Payload, payload) + shape_faults("key", Key, key)
    if found:
        return found
    ids = [item["id"] for item in payload["items"]]
    at = ("key", "tier_of")
    found += repeated_ids(payload["items"], ("payload", "items"))
    found += unknown_ids(key["tier_of"], ids, at) + missing_ids(ids, key["tier_of"], at)
    if len(set(key["tier_of"].values())) < 2:
        found.append(
            KeyFault("one-tier", _("Everything is on one tier: every order would be right."), at, _("Use two tiers or more."))
        )
    return found


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    return {"order": sorted((item["id"] for item in payload["items"]), key=lambda one: -key["tier_of"][one])}


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    orders = presented([item["id"] for item in payload["items"]])
    return {"shown": [{"order": order} for order in orders], "reversed": [{"order": order[::-1]} for order in orders]}
