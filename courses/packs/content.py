"""A pack as it was understood: plain values, rendered and split by language, ready to become rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# One text for each language: {"en": …, "fr": …}
ByLanguage = dict[str, str]


@dataclass(frozen=True)
class Named:
    """A skill or a domain."""

    id: str
    name: ByLanguage
    description: ByLanguage
    was: str | None = None


@dataclass(frozen=True)
class Graded:
    """A variant of an exercise, a member of a quiz' pool, or a review card (without domain, group and weight)."""

    id: str
    mechanic: str
    payload: dict[str, Any]
    key: dict[str, Any]
    texts: dict[str, dict[str, Any]]
    domain: str | None = None
    group: str = ""
    weight: float = 1.0
    was: str | None = None


@dataclass(frozen=True)
class Activity:
    id: str
    kind: str
    title: ByLanguage
    minutes: int
    required: bool = True
    pass_mark: float = 0.7
    body: dict[str, dict[str, Any]] = field(default_factory=dict)
    draw: dict[str, int] = field(default_factory=dict)
    items: tuple[Graded, ...] = ()
    was: str | None = None


@dataclass(frozen=True)
class Module:
    id: str
    title: ByLanguage
    summary: ByLanguage
    goals: dict[str, list[str]]
    level: int
    prerequisites: tuple[str, ...]
    activities: tuple[Activity, ...]
    cards: tuple[Graded, ...] = ()
    was: str | None = None


@dataclass(frozen=True)
class Track:
    id: str
    skill: str
    title: ByLanguage
    summary: ByLanguage
    modules: tuple[Module, ...]
    was: str | None = None


@dataclass(frozen=True)
class Pack:
    id: str
    title: ByLanguage
    languages: tuple[str, ...]
    licence: str
    digest: str
    skills: tuple[Named, ...]
    domains: tuple[Named, ...]
    tracks: tuple[Track, ...]

    @property
    def modules(self) -> list[Module]:
        return [module for track in self.tracks for module in track.modules]

    @property
    def activities(self) -> list[Activity]:
        return [activity for module in self.modules for activity in module.activities]
