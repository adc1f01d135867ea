"""The best flow that the key of a `sequence` allows: for checks of the key and for tests, never for learners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any

# Ways to give each demanded check a step: far beyond what an exercise has.
MOST_WAYS = 5000


def order_of(steps: list[str], pairs: Iterable[Iterable[str]]) -> list[str] | None:
    """The steps in an order that respects every (first, then) pair; None where the pairs run in a circle."""
    waits: dict[str, set[str]] = {one: set() for one in steps}
    for first, then in pairs:
        waits[then].add(first)
    order: list[str] = []
    while len(order) < len(steps):
        ready = next((one for one in steps if one not in order and waits[one] <= set(order)), None)
        if ready is None:
            return None
        order.append(ready)
    return order


def candidates(payload: dict[str, Any], key: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One flow for each way to give the demands their checkpoint steps; at least one."""
    demands = key.get("checkpoints") or []
    forbidden = set(key.get("forbidden") or [])
    steps = [step["id"] for step in payload["steps"]]
    checks = {step["id"]: step.get("checkpoint") for step in payload["steps"]}
    serving = [[one for one in steps if checks[one] == demand["kind"] and one not in forbidden] for demand in demands]
    asked = (
        {one for pair in key.get("before") or [] for one in pair} | set(key.get("required") or []) | set(key.get("actors") or {})
    )
    asked |= {demand[name] for demand in demands for name in ("after", "before") if demand.get(name)}
    yield _flow(steps, asked - forbidden, key.get("before") or [], key)
    for given in islice(product(*serving), MOST_WAYS):
        pairs = [tuple(pair) for pair in key.get("before") or []]
        for check, demand in zip(given, demands, strict=True):
            pairs += [(demand["after"], check)] if demand.get("after") else []
            pairs += [(check, demand["before"])] if demand.get("before") else []
        yield _flow(steps, (asked | set(given)) - forbidden, pairs, key)


def _flow(steps: list[str], used: set[str], pairs: Iterable[Iterable[str]], key: dict[str, Any]) -> dict[str, Any]:
    inside = [one for one in steps if one in used]
    order = order_of(inside, (pair for pair in map(tuple, pairs) if set(pair) <= used)) or inside
    actors = key.get("actors") or {}
    return {
        "steps": [
            {"id": one, "actor": max(actors[one], key=actors[one].__getitem__) if actors.get(one) else None} for one in order
        ]
    }
