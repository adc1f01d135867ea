"""What grading says: a score, and why, part by part."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

PASS_MARK = 0.7
# Scores are exact to this, and so is every comparison with a threshold.
EXACTNESS = 1e-9

Verdict = Literal["right", "partly", "missed", "extra", "harm"]


def reaches(value: float, threshold: float) -> bool:
    """`value >= threshold`, as exact as scores are."""
    return value >= threshold - EXACTNESS


def exceeds(value: float, threshold: float) -> bool:
    """`value > threshold`, as exact as scores are."""
    return value > threshold + EXACTNESS


def adjusted(raw: float, base: float) -> float:
    """`raw` without what a constant strategy would earn (`base` < 1)."""
    return max(0.0, (raw - base) / (1 - base))


@dataclass(frozen=True)
class Part:
    """One thing the page explains. `feedback` is the id of a text in the pack (``texts[language]["feedback"]``), never a text."""

    id: str
    score: float
    weight: float
    verdict: Verdict
    feedback: str | None = None


@dataclass(frozen=True)
class Result:
    """`feedback` holds ids about the whole answer: those of :data:`courses.grading.NOTES`, or of the pack."""

    score: float
    passed: bool
    parts: list[Part] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, score: float, parts: list[Part], feedback: list[str] | None = None) -> Result:
        bounded = min(1.0, max(0.0, score))
        return cls(score=bounded, passed=reaches(bounded, PASS_MARK), parts=parts, feedback=feedback or [])

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def verdict_of(score: float) -> Verdict:
    if reaches(score, 1):
        return "right"
    return "partly" if exceeds(score, 0) else "missed"


def weighted_mean(pairs: list[tuple[float, float]]) -> float:
    """Mean of (value, weight) pairs; 0 of nothing."""
    total = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / total if total else 0.0
