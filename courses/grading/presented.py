"""In which orders a page may present what it shuffles: an even sample, the same each time."""

from __future__ import annotations

from hashlib import sha256
from itertools import permutations

ALL_UP_TO = 5
SAMPLE = 60


def presented(ids: list[str]) -> list[list[str]]:
    """Every order of a few things; of many, a fixed sample that stands for the shuffles of many learners."""
    if len(ids) <= ALL_UP_TO:
        return [list(order) for order in permutations(ids)]
    return [sorted(ids, key=lambda one: sha256(f"{turn}:{one}".encode()).digest()) for turn in range(SAMPLE)]
