"""What of a count may be said. Pure; tested by walking through every possible count and asking what a reader could work out.

* A group of fewer than five (ten when filtered) has no figures at all.
* "So many of n" is said in per cent when both sides have five people or more, in a group of fourteen or more; else in words that each
  cover several counts.
* Per cent are rounded to 5, and more coarsely in small groups, so that one step is always two people or more: the difference between
  two reports never shows what one person did.
* The states of a track are published in as much detail as leaves five people in each; else states are put together until it does. No
  state that was left out can be worked out from those that are shown.
"""

from dataclasses import dataclass
from enum import StrEnum

from lms.conf import conf


class Word(StrEnum):
    """A share in words, where a number would point at people."""

    FEW = "few"
    HALF = "half"
    NEARLY_ALL = "nearly_all"


class Change(StrEnum):
    MORE = "more"
    LESS = "less"
    SAME = "same"


@dataclass(frozen=True)
class Share:
    """``percent`` or ``word``; neither: nothing may be said."""

    percent: int | None = None
    word: Word | None = None

    def as_json(self) -> dict[str, object]:
        if self.word is not None:
            return {"word": self.word.value}
        return {} if self.percent is None else {"percent": self.percent}

    @classmethod
    def from_json(cls, value: dict[str, object] | None) -> "Share":
        if not value:
            return cls()
        word, percent = value.get("word"), value.get("percent")
        return cls(percent=int(str(percent)) if percent is not None else None, word=Word(str(word)) if word else None)


NOTHING = Share()
#: Between five of ten and eight of thirteen any percentage would be one count, or two: that is "about half".
PERCENT_FROM = 14


def minimum(*, filtered: bool) -> int:
    """The smallest group that has figures."""
    return conf.REPORT_MIN_FILTERED_GROUP if filtered else conf.REPORT_MIN_GROUP


def step(people: int) -> int:
    """To how many per cent figures about so many people are rounded: 5, or what two people are."""
    return 5 * -(-40 // people)


def rounded(count: int, people: int) -> int:
    size = step(people)
    # Half a step up, without the surprises of binary fractions.
    return min(size * ((200 * count + people * size) // (2 * people * size)), 100)


def share(count: int, people: int, *, least: int) -> Share:
    """``count`` of ``people``; ``least`` is the smallest group that may have a figure."""
    if people < least:
        return NOTHING
    side = conf.REPORT_MIN_GROUP
    if count >= side and people - count >= side:
        return Share(percent=rounded(count, people)) if people >= PERCENT_FROM else Share(word=Word.HALF)
    if people >= 2 * side:
        return Share(word=Word.FEW if count < side else Word.NEARLY_ALL)
    if 3 * count < people:
        return Share(word=Word.FEW)
    return Share(word=Word.NEARLY_ALL if 3 * count > 2 * people else Word.HALF)


@dataclass(frozen=True)
class States:
    """How many people of a track are where."""

    not_started: int
    on_the_way: int
    late: int
    done: int

    @property
    def people(self) -> int:
        return self.not_started + self.on_the_way + self.late + self.done


#: From the most detailed to the least; each puts states of the one before it together. Keys of what is published.
DETAILS: tuple[dict[str, tuple[str, ...]], ...] = (
    {"not_started": ("not_started",), "on_the_way": ("on_the_way",), "late": ("late",), "done": ("done",)},
    {"in_time": ("not_started", "on_the_way"), "late": ("late",), "done": ("done",)},
    {"open": ("not_started", "on_the_way", "late"), "done": ("done",)},
)


def published(states: States, *, least: int) -> dict[str, Share]:
    """The states of a track as shares, in the finest detail in which every group has five people."""
    people = states.people
    if people < least:
        return {}
    if people < PERCENT_FROM:
        return {"done": share(states.done, people, least=least)}
    for detail in DETAILS:
        counts = {name: sum(getattr(states, each) for each in parts) for name, parts in detail.items()}
        if all(count >= conf.REPORT_MIN_GROUP for count in counts.values()):
            return {name: Share(percent=rounded(count, people)) for name, count in counts.items()}
    return {"done": share(states.done, people, least=least)}


def change(before: Share, now: Share) -> Change | None:
    """How a figure moved since the last report. Worked out from what was published, so that it can tell nothing new."""
    if before.percent is None or now.percent is None:
        return None
    if now.percent == before.percent:
        return Change.SAME
    return Change.MORE if now.percent > before.percent else Change.LESS
