"""What a file of questions says, in words that every format shares. Nothing is judged here: `carried` does that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from courses.problems import Problem

# How a text is written: "moodle" is text in which line breaks count and the usual HTML tags are allowed.
Form = Literal["html", "moodle", "markdown", "plain"]


@dataclass(frozen=True)
class Markup:
    """A text as the file has it, with the files that came embedded in it."""

    text: str = ""
    form: Form = "html"
    files: Mapping[str, bytes] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True)
class FoundAnswer:
    """An answer that is offered or accepted. `fraction` is what it earns, in per cent; numbers have a value and a tolerance."""

    text: Markup
    fraction: float = 0.0
    feedback: Markup = field(default_factory=Markup)
    value: float | None = None
    tolerance: float = 0.0


@dataclass(frozen=True)
class FoundPair:
    """A card and where it belongs; a card without text stands for an answer that fits nothing."""

    card: Markup
    place: Markup


@dataclass(frozen=True)
class FoundQuestion:
    """One question. `problem` says why it could not be read; then only its place, kind and name mean something.

    `notes` are texts with no place of their own among ours (hints, tags, comments of the author), `settings` the names of
    switches that our pages decide for themselves, and `units` the units of a number, the one it is given in first.
    """

    number: int
    where: str
    kind: str
    name: str = ""
    idnumber: str = ""
    text: Markup = field(default_factory=Markup)
    answers: tuple[FoundAnswer, ...] = ()
    pairs: tuple[FoundPair, ...] = ()
    single: bool = True
    shuffled: bool = True
    hidden: bool = False
    partial: bool = False
    weight: float = 1.0
    why: Markup = field(default_factory=Markup)
    category: str = ""
    tags: tuple[str, ...] = ()
    hints: tuple[Markup, ...] = ()
    overall: Mapping[str, Markup] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True)
class FoundFile:
    """All questions of a file, in order."""

    name: str
    format: str
    questions: tuple[FoundQuestion, ...]
