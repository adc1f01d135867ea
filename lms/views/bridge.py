"""The footbridge on Today, drawn from what exists: one pier per module of the learner's tracks (per track when they are many).

Piers reached are solid, the deck is lit as far as one has walked, the far bank is in sight from day one. Only geometry here; numbers
are written as text, because a template would write a comma in French.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

WIDTH, HEIGHT = 1100, 210
MOST_PIERS = 7
#: The deck: from bank to bank, one gentle arc.
START, TOP, END = (62.0, 136.0), (550.0, 24.0), (1034.0, 134.0)
RAIL = 40.0
POSTS_EVERY = 40.0


@dataclass(frozen=True)
class Pier:
    name: str
    percent: int
    done: int
    required: int
    state: str  # reached, here or ahead
    outline: str = ""
    rising: str = ""


@dataclass(frozen=True)
class Bridge:
    """SVG paths. ``here`` is the pier being walked to, if any."""

    piers: tuple[Pier, ...]
    reached: int
    deck_walked: str
    deck_ahead: str
    rail_walked: str
    rail_ahead: str
    posts: str
    walker: str
    finished: bool

    @property
    def here(self) -> Pier | None:
        return next((pier for pier in self.piers if pier.state == "here"), None)


def draw_bridge(cards: Iterable[Any]) -> Bridge | None:
    """``cards``: ``lms.progress.pages.EnrolmentCard``. None without a track: there is nothing to cross yet."""
    cards = list(cards)
    spans = [(str(span.module.title), span.done, span.required) for card in cards for span in card.spans if span.required]
    if len(spans) > MOST_PIERS:
        spans = [(str(card.track.title), card.done, card.required) for card in cards if card.required]
    return bridge_of(spans) if spans else None


def bridge_of(spans: Sequence[tuple[str, int, int]]) -> Bridge:
    """``spans``: name, how many things are done, how many there are. What is reached stands first, as it was walked first."""
    return _built(tuple(spans))


@lru_cache(maxsize=512)
def _built(spans: tuple[tuple[str, int, int], ...]) -> Bridge:
    """Many people stand at the same place of the same bridge."""
    parts = sorted(spans, key=lambda span: -(span[1] / span[2]) if span[1] >= span[2] else -0.5 if span[1] else 0)
    walked = sum(min(1.0, done / required) for _name, done, required in parts)
    finished = all(done >= required for _name, done, required in parts)
    until = 1.0 if finished else _share(walked, len(parts))
    piers: list[Pier] = []
    for place, (name, done, required) in enumerate(parts, start=1):
        share = min(1.0, done / required)
        state = "reached" if share == 1 else "here" if not any(pier.state == "here" for pier in piers) else "ahead"
        x, y = _point(_share(place, len(parts)))
        piers.append(
            Pier(name, int(100 * share), done, required, state, _pier(x, y + 2), _pier(x, y + 2, share) if share else "")
        )
    feet = _point(until)
    return Bridge(
        piers=tuple(piers),
        reached=sum(pier.state == "reached" for pier in piers),
        deck_walked=_arc(0.0, until) if until else "",
        deck_ahead="" if finished else _arc(until, 1.0),
        rail_walked=_arc(0.0, until, RAIL) if until else "",
        rail_ahead="" if finished else _arc(until, 1.0, RAIL),
        posts=_posts(until),
        walker=f"translate({feet[0] + 6 - 384:.1f} {feet[1] - 92:.1f})",
        finished=finished,
    )


def _share(walked: float, piers: int) -> float:
    """How far along the deck one is after so many piers. Each stands in the middle of an equal part, as its name below it does."""
    return (walked - 0.5 if walked >= 1 else walked / 2) / piers


def _mix(a: tuple[float, float], b: tuple[float, float], t: float) -> tuple[float, float]:
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)


def _point(t: float) -> tuple[float, float]:
    return _mix(_mix(START, TOP, t), _mix(TOP, END, t), t)


def _arc(start: float, end: float, lift: float = 0.0) -> str:
    """The part of the deck between two shares of its length (de Casteljau's construction)."""
    first, last = _point(start), _point(end)
    control = _mix(_mix(START, TOP, start), _mix(TOP, END, start), end)
    return f"M{first[0]:.1f} {first[1] - lift:.1f}Q{control[0]:.1f} {control[1] - lift:.1f} {last[0]:.1f} {last[1] - lift:.1f}"


def _posts(until: float) -> str:
    length = END[0] - START[0]
    count = int(until * length / POSTS_EVERY)
    places = [_point(number * POSTS_EVERY / length) for number in range(count + 1)] if until else []
    return "".join(f"M{x:.1f} {y:.1f}V{y - RAIL:.1f}" for x, y in places)


def _pier(x: float, y: float, share: float = 1.0) -> str:
    """A pier, narrow on top; with a share, its lower part."""
    top = HEIGHT - (HEIGHT - y) * share
    half = 6 + 6 * (top - y) / (HEIGHT - y)
    return f"M{x - half:.1f} {top:.1f}H{x + half:.1f}L{x + 12:.1f} {HEIGHT}H{x - 12:.1f}Z"
