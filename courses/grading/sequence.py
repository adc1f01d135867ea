"""`sequence`: choose and order steps, say who acts, place the checks (workflow builder, order the turns, claim chain)."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from courses.grading import sequence_best
from courses.grading.answers import read_id, read_list, read_object, refuse
from courses.grading.keys import MOST_ENTRIES, Entry, KeyFault, PartId, Shape, repeated_ids, shape_faults, unknown_ids
from courses.grading.presented import presented
from courses.grading.result import Part, Result, Verdict, verdict_of, weighted_mean

PRECEDENCE, ACTORS, CHECKPOINTS, SELECTION = 0.35, 0.25, 0.25, 0.15
# The most that a flow can earn which lacks a check that it must not lack.
CRITICAL_CAP = 0.5


class Step(Entry):
    checkpoint: PartId | None = None


class Payload(Shape):
    steps: list[Step] = Field(min_length=1, max_length=MOST_ENTRIES)
    actors: list[PartId] = []


class Demand(Shape):
    kind: PartId
    after: PartId | None = None
    before: PartId | None = None
    critical: bool = False


class Key(Shape):
    before: list[Annotated[list[PartId], Field(min_length=2, max_length=2)]] = []
    required: list[PartId] = []
    forbidden: list[PartId] = []
    actors: dict[PartId, dict[PartId, Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]]] = {}
    checkpoints: list[Demand] = []


def grade(payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    chosen = _read(payload, response)
    place = {one: index for index, one in enumerate(chosen)}
    kinds = {step["id"]: step["checkpoint"] for step in payload["steps"] if step.get("checkpoint")}
    placed = [one for one in chosen if one in kinds]
    demands = key.get("checkpoints") or []
    satisfying = [[one for one in placed if _satisfies(demand, one, kinds[one], place)] for demand in demands]

    components: list[tuple[float, float]] = []
    if before := key.get("before"):
        components.append((sum(_in_order(first, then, place) for first, then in before) / len(before), PRECEDENCE))
    if actors := key.get("actors"):
        components.append((sum(_value(table, chosen.get(one)) for one, table in actors.items()) / len(actors), ACTORS))
    if demands:
        useful = {one for found in satisfying for one in found}
        precision = len(useful) / len(placed) if placed else 0.0
        recall = sum(bool(found) for found in satisfying) / len(demands)
        components.append((2 * precision * recall / (precision + recall) if precision + recall else 0.0, CHECKPOINTS))
    required, forbidden = key.get("required") or [], key.get("forbidden") or []
    if required or forbidden:
        used = sum(one in place for one in required) / len(required) if required else 1.0
        misused = sum(one in place for one in forbidden) / len(forbidden) if forbidden else 0.0
        components.append((max(0.0, used - misused), SELECTION))

    score = weighted_mean(components)
    notes = []
    if any(demand.get("critical", False) and not found for demand, found in zip(demands, satisfying, strict=True)):
        score = min(score, CRITICAL_CAP)
        notes.append("critical-check")
    return Result.of(score, _parts(payload, key, chosen, place, kinds, satisfying), notes)


def _read(payload: dict[str, Any], response: Any) -> dict[str, str | None]:
    read_object(response, "", ["steps"])
    known = {step["id"] for step in payload["steps"]}
    actors = set(payload.get("actors") or [])
    chosen: dict[str, str | None] = {}
    for index, entry in enumerate(read_list(response["steps"], "steps")):
        where = f"steps.{index}"
        read_object(entry, where, ["id"], ["actor"])
        one = read_id(entry["id"], known, where)
        if one in chosen:
            raise refuse("twice", _("The same step is in the answer twice."), where, _("Keep it once."))
        actor = entry.get("actor")
        chosen[one] = None if actor is None else read_id(actor, actors, f"{where}.actor")
    return chosen


def _in_order(first: str, then: str, place: dict[str, int]) -> bool:
    return first in place and then in place and place[first] < place[then]


def _value(table: dict[str, float], actor: str | None) -> float:
    return float(table.get(actor, 0)) if actor is not None else 0.0


def _satisfies(demand: dict[str, Any], check: str, kind: str, place: dict[str, int]) -> bool:
    after, before = demand.get("after"), demand.get("before")
    return (
        kind == demand["kind"]
        and (after is None or _in_order(after, check, place))
        and (before is None or _in_order(check, before, place))
    )


def _parts(
    payload: dict[str, Any],
    key: dict[str, Any],
    chosen: dict[str, str | None],
    place: dict[str, int],
    kinds: dict[str, str],
    satisfying: list[list[str]],
) -> list[Part]:
    """One part per step that the key speaks of: the mean of what is asked of it; then one per check demanded."""
    useful = {one for found in satisfying for one in found}
    parts = []
    for step in payload["steps"]:
        one = step["id"]
        asked: list[float] = [
            float(_in_order(first, then, place)) for first, then in key.get("before") or [] if one in (first, then)
        ]
        if one in (key.get("actors") or {}):
            asked.append(_value(key["actors"][one], chosen.get(one)))
        if one in (key.get("required") or []):
            asked.append(float(one in place))
        verdict: Verdict | None = None
        if one in place and one in (key.get("forbidden") or []):
            verdict, asked = "harm", [0.0]
        elif one in place and one in kinds and key.get("checkpoints"):
            asked.append(float(one in useful))
            verdict = "extra" if len(asked) == 1 and one not in useful else None
        if asked:
            score = sum(asked) / len(asked)
            if verdict is None:
                verdict = "missed" if one not in place else verdict_of(score)
            parts.append(Part(one, score, 1.0, verdict, one))
    for index, found in enumerate(satisfying):
        name = f"checkpoint.{index}"
        parts.append(Part(name, float(bool(found)), 1.0, "right" if found else "missed", name))
    return parts


def find_faults(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    found = shape_faults("payload", Payload, payload) + shape_faults("key", Key, key)
    if found:
        return found
    steps = [step["id"] for step in payload["steps"]]
    kinds = {step.get("checkpoint") for step in payload["steps"]}
    before, required, forbidden = key.get("before") or [], key.get("required") or [], key.get("forbidden") or []
    actors, demands = key.get("actors") or {}, key.get("checkpoints") or []
    found += repeated_ids(payload["steps"], ("payload", "steps"))
    if not (before or required or forbidden or actors or demands):
        found.append(
            KeyFault(
                "no-component",
                _("The key asks for nothing: every answer would be right."),
                ("key",),
                _("Add an order, a choice or a check."),
            )
        )
    for index, pair in enumerate(before):
        found += unknown_ids(pair, steps, ("key", "before", index))
        for one in set(pair) & set(forbidden):
            message = _("“%(id)s” is forbidden and must come in an order all the same.")
            found.append(
                KeyFault("forbidden-pair", message, ("key", "before", index), _("Take one of the two away."), {"id": one})
            )
    found += unknown_ids(required, steps, ("key", "required")) + unknown_ids(forbidden, steps, ("key", "forbidden"))
    for one in sorted(set(required) & set(forbidden)):
        message = _("“%(id)s” is both required and forbidden.")
        found.append(KeyFault("required-forbidden", message, ("key", "required"), _("Take one of the two away."), {"id": one}))
    for name, listed in (("required", required), ("forbidden", forbidden)):
        found += repeated_ids(({"id": one} for one in listed), ("key", name))
    found += unknown_ids(actors, steps, ("key", "actors"))
    for one, table in actors.items():
        found += unknown_ids(table, payload.get("actors") or [], ("key", "actors", one))
    for index, demand in enumerate(demands):
        at = ("key", "checkpoints", index)
        found += unknown_ids((demand[name] for name in ("after", "before") if demand.get(name)), steps, at)
        if demand["kind"] not in kinds:
            message = _("No step is a checkpoint of the kind “%(kind)s”.")
            found.append(KeyFault("no-such-check", message, at, _("Give a step that checkpoint."), {"kind": demand["kind"]}))
    if not found and sequence_best.order_of(steps, before) is None:
        found.append(KeyFault("cycle", _("The orders asked for run in a circle."), ("key", "before"), _("Take one pair away.")))
    return found


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    flows = sequence_best.candidates(payload, key)
    return max(flows, key=lambda flow: grade(payload, key, flow).score)


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """All steps as shown, or reversed, with the same actor everywhere."""
    orders = presented([step["id"] for step in payload["steps"]])
    actors: list[str | None] = list(payload.get("actors") or []) or [None]
    shown = [{"steps": [{"id": one, "actor": actor} for one in order]} for order in orders for actor in actors]
    return {"shown": shown, "reversed": [{"steps": flow["steps"][::-1]} for flow in shown]}
