"""Ours and its floor, alternated in one run on one server: A B A B …; medians decide, ratios are the result.

Absolute figures move with the machine; a ratio measured interleaved holds. A goal is met when the ratio is at most the goal.
"""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass
class Measure:
    """Seconds of every run, and the highest resident memory (MB) that the process reached during ours."""

    seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


@dataclass
class Line:
    """One printed line: what, ours, floor, their ratio and the goal (ratio at most; None where it is only reported)."""

    id: str
    what: str
    ours_s: float
    floor_s: float
    ratio: float
    goal: float | None
    ours_peak_mb: float
    ours_runs: list[float]
    floor_runs: list[float]
    note: str = ""
    #: "ms": the figures are seconds, shown as milliseconds; "": they are counts.
    unit: str = "ms"

    @property
    def met(self) -> bool:
        return self.goal is None or self.ratio <= self.goal

    def __str__(self) -> str:
        verdict = "reported" if self.goal is None else f"goal {self.goal:.2f} {'met' if self.met else 'NOT MET'}"
        memory = f"  peak {self.ours_peak_mb:.0f} MB" if self.ours_peak_mb else ""
        tail = f"  ({self.note})" if self.note else ""
        ours, floor = (f"{value * 1000:10.1f} ms" if self.unit else f"{value:10.0f}   " for value in (self.ours_s, self.floor_s))
        return f"{self.id:<4} {self.what:<58} ours {ours}  floor {floor}  ratio {self.ratio:5.2f}  {verdict}{memory}{tail}"


def _forget_peak() -> None:
    """Reset the kernel's high-water mark of this process (Linux); without it the peak is that of the whole run."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass


def _peak_mb() -> float:
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def alternate(
    *,
    ours: Callable[[], object],
    floor: Callable[[], object],
    before: Callable[[], object] = lambda: None,
    repeats: int = 5,
) -> tuple[Measure, Measure]:
    """Run ``before`` + ours, ``before`` + floor, ``repeats`` times; only ours and floor are timed."""
    measured = Measure(), Measure()
    for _round in range(repeats):
        for measure, work in zip(measured, (ours, floor), strict=True):
            before()
            gc.collect()
            _forget_peak()
            started = time.perf_counter()
            work()
            measure.seconds.append(time.perf_counter() - started)
            measure.peak_mb = max(measure.peak_mb, _peak_mb())
    return measured


def line(*, id: str, what: str, goal: float | None, ours: Measure, floor: Measure, note: str = "") -> Line:
    return Line(
        id=id,
        what=what,
        ours_s=ours.median,
        floor_s=floor.median,
        ratio=ours.median / floor.median,
        goal=goal,
        ours_peak_mb=round(ours.peak_mb, 1),
        ours_runs=ours.seconds,
        floor_runs=floor.seconds,
        note=note,
    )


def write_json(lines: list[Line], machine: dict[str, object]) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / "latest.json"
    path.write_text(json.dumps({"machine": machine, "lines": [{**asdict(one), "met": one.met} for one in lines]}, indent=2))
    return path
