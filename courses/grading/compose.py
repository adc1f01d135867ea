"""`compose`: choose the blocks of a prompt or of a message. Each block serves a slot; some do harm."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field

from courses.grading.answers import read_ids, read_object
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
from courses.grading.result import Part, Result
from courses.shapes import SaidProblem

HARM = 0.25
EXTRA = 0.1
FREE_EXTRAS = 2
QUALITIES = (0, 0.5, 1)


class Payload(Shape):
    blocks: list[Entry] = Field(min_length=1, max_length=MOST_ENTRIES)


def _known_quality(value: float) -> float:
    if value not in QUALITIES:
        raise SaidProblem("quality", _("The quality of a block is 0, 0.5 or 1."))
    return value


class Block(Shape):
    slot: PartId
    quality: Annotated[float, AfterValidator(_known_quality)]
    harm: bool = False


class Key(Shape):
    slots: dict[PartId, Weight] = Field(min_length=1)
    blocks: dict[PartId, Block]


def grade(payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    read_object(response, "", ["blocks"])
    ids = [block["id"] for block in payload["blocks"]]
    chosen = set(read_ids(response["blocks"], set(ids), "blocks"))
    blocks: dict[str, dict[str, Any]] = key["blocks"]
    harms = [one for one in ids if one in chosen and blocks[one].get("harm", False)]
    earned, extras = 0.0, 0
    parts: list[Part] = []
    for slot, weight in key["slots"].items():
        harmless = [one for one in ids if one in chosen and blocks[one]["slot"] == slot and one not in harms]
        best = max(harmless, key=lambda one: blocks[one]["quality"], default=None)
        quality = float(blocks[best]["quality"]) if best else 0.0
        earned += weight * quality
        extras += max(0, len(harmless) - 1)
        if quality < 1:
            # What would have served the slot, so that the page can show it with its reason.
            better = [one for one in ids if blocks[one]["slot"] == slot and _serves(blocks[one])]
            parts += [Part(one, quality, float(weight), "missed", one) for one in better[:1]]
        for one in harmless:
            own = float(blocks[one]["quality"])
            if one != best or not own:
                parts.append(Part(one, own, float(weight), "extra", one))
            else:
                parts.append(Part(one, own, float(weight), "right" if own == 1 else "partly", one))
    parts += [Part(one, 0.0, float(key["slots"][blocks[one]["slot"]]), "harm", one) for one in harms]
    score = earned / sum(key["slots"].values()) - HARM * len(harms) - EXTRA * max(0, extras - FREE_EXTRAS)
    return Result.of(max(0.0, score), parts)


def _serves(block: dict[str, Any]) -> bool:
    return block["quality"] == 1 and not block.get("harm", False)


def find_faults(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    found = shape_faults("payload", Payload, payload) + shape_faults("key", Key, key)
    if found:
        return found
    ids = [block["id"] for block in payload["blocks"]]
    slots, blocks = key["slots"], key["blocks"]
    found += repeated_ids(payload["blocks"], ("payload", "blocks"))
    found += unknown_ids(blocks, ids, ("key", "blocks")) + missing_ids(ids, blocks, ("key", "blocks"))
    for one, block in blocks.items():
        if block["slot"] not in slots:
            at = ("key", "blocks", one, "slot")
            found.append(
                KeyFault(
                    "slot", _("There is no slot “%(slot)s”."), at, _("Name one of the key's slots."), {"slot": block["slot"]}
                )
            )
    for slot in slots:
        if not any(block["slot"] == slot and _serves(block) for block in blocks.values()):
            message = _("No harmless block of quality 1 serves the slot “%(slot)s”.")
            found.append(
                KeyFault("slot-unserved", message, ("key", "slots", slot), _("Add one, or take the slot away."), {"slot": slot})
            )
    return found


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    blocks = key["blocks"]
    chosen = []
    for slot in key["slots"]:
        chosen.append(
            next(
                block["id"] for block in payload["blocks"] if blocks[block["id"]]["slot"] == slot and _serves(blocks[block["id"]])
            )
        )
    return {"blocks": chosen}


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {"no block": [{"blocks": []}], "every block": [{"blocks": [block["id"] for block in payload["blocks"]]}]}
