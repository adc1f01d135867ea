"""Which items make an attempt, and in which order a page shows them. Pure, and the same each time for the same attempt."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Lists of a payload whose order means nothing, so that a page may mix them. The segments of a text and the bins of a scale stay.
_MIXED = ("options", "items", "blocks")


@dataclass(frozen=True)
class Drawable:
    """An item that may be drawn: ``domain_id`` None is written for everybody."""

    slug: str
    group: str = ""
    domain_id: int | None = None


def seed_of(learner_id: int, activity_slug: str, number: int) -> str:
    """Names one attempt: the draw and the shuffles follow from it and from nothing else."""
    return f"{learner_id}:{activity_slug}:{number}"


def draw_items(pool: Sequence[Drawable], plan: Mapping[str, int], seen: Sequence[str], seed: str) -> list[str]:
    """Slugs for a new attempt at a quiz: so many of each group, what was not seen yet first.

    ``seen`` lists earlier attempts' items, oldest first; once a group is used up, those seen longest ago come back. Without a plan
    the whole pool is asked. A group smaller than its plan is asked whole.
    """
    last_seen = {slug: place for place, slug in enumerate(seen)}
    mixer = random.Random(seed)  # noqa: S311 - a fair draw, not a secret
    drawn: list[str] = []
    for group, count in (plan or {"": len(pool)}).items():
        members = [one.slug for one in pool if not plan or one.group == group]
        mixer.shuffle(members)
        members.sort(key=lambda slug: last_seen.get(slug, -1))
        chosen = members[:count]
        mixer.shuffle(chosen)
        drawn += chosen
    return drawn


def choose_variant(pool: Sequence[Drawable], domain_id: int | None, seen: Sequence[str]) -> list[str]:
    """The variant of an exercise: the learner's own domain first, then the one for everybody, then the author's order.

    A new attempt takes the next one not seen yet; when all were seen, the one seen longest ago.
    """
    last_seen = {slug: place for place, slug in enumerate(seen)}

    def rank(place: int) -> tuple[int, int, int]:
        one = pool[place]
        closeness = 0 if domain_id is not None and one.domain_id == domain_id else 1 if one.domain_id is None else 2
        return (last_seen.get(one.slug, -1), closeness, place)

    ranked = sorted(range(len(pool)), key=rank)
    return [pool[ranked[0]].slug] if ranked else []


def shuffled(payload: Mapping[str, Any], seed: str) -> dict[str, Any]:
    """The payload as one attempt shows it: choices mixed, whatever has an order of its own left alone."""
    mixed: dict[str, Any] = {}
    for name, value in payload.items():
        if name in _MIXED:
            mixed[name] = _mix(value, f"{seed}:{name}")
        elif name == "steps" and all("options" in step for step in value):
            # Questions that build on one another keep their order; only their options are mixed.
            mixed[name] = [shuffled(step, f"{seed}:{index}") for index, step in enumerate(value)]
        elif name == "steps":
            mixed[name] = _mix(value, f"{seed}:steps")
        elif name == "nodes":
            mixed[name] = {node: {**of, "choices": _mix(of.get("choices", []), f"{seed}:{node}")} for node, of in value.items()}
        else:
            mixed[name] = value
    return mixed


def _mix(entries: Sequence[Any], seed: str) -> list[Any]:
    mixed = list(entries)
    random.Random(seed).shuffle(mixed)  # noqa: S311 - a fair order, not a secret
    return mixed
