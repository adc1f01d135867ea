"""A pack as it was understood: plain values, rendered and split by language, ready to become rows."""

from __future__ import annotations

import datetime as dt
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
    documents: tuple[str, ...] = ()
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
    documents: tuple[str, ...] = ()
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
    edition: int = 1


@dataclass(frozen=True)
class Sector:
    """This class and the next eight name their fields as the rows do; ids of other rows stand where rows have keys."""

    id: str
    name: ByLanguage
    description: ByLanguage
    caution: ByLanguage
    was: str | None = None


@dataclass(frozen=True)
class UseCase:
    id: str
    title: ByLanguage
    description: ByLanguage
    first_step: ByLanguage
    caution: ByLanguage
    domain: str | None
    sectors: tuple[str, ...]
    value: int
    risk: int
    modules: list[str]
    was: str | None = None


@dataclass(frozen=True)
class Role:
    id: str
    title: ByLanguage
    family: str
    technicality: str
    summary: ByLanguage
    duties: dict[str, list[str]]
    abilities: dict[str, list[str]]
    education: ByLanguage
    levels: dict[str, int]
    sectors: tuple[str, ...]
    leads_to: list[str]
    pay: list[dict[str, Any]]
    source: ByLanguage
    as_of: dt.date
    review_after: dt.date
    was: str | None = None


@dataclass(frozen=True)
class Offer:
    id: str
    title: ByLanguage
    kind: str
    provider: str
    country: str
    duration: ByLanguage
    description: ByLanguage
    technicality: str
    funding: list[str]
    doubt: ByLanguage
    skills: tuple[str, ...]
    verified_on: dt.date
    review_after: dt.date
    was: str | None = None


@dataclass(frozen=True)
class Portrait:
    id: str
    name: str
    title: ByLanguage
    before: ByLanguage
    after: ByLanguage
    story: ByLanguage
    steps: dict[str, list[dict[str, str]]]
    question: ByLanguage
    domain: str | None
    role: str | None
    modules: list[str]
    source: ByLanguage
    was: str | None = None


@dataclass(frozen=True)
class Term:
    id: str
    name: ByLanguage
    definition: ByLanguage
    forms: dict[str, list[str]]
    see: list[str]
    skill: str | None
    was: str | None = None


@dataclass(frozen=True)
class Fact:
    id: str
    title: ByLanguage
    statement: ByLanguage
    source: ByLanguage
    as_of: dt.date
    review_after: dt.date
    modules: list[str]
    was: str | None = None


@dataclass(frozen=True)
class Document:
    """A paper of the data room."""

    id: str
    title: ByLanguage
    kind: str
    summary: ByLanguage
    html: ByLanguage
    was: str | None = None


@dataclass(frozen=True)
class LearningPath:
    id: str
    title: ByLanguage
    summary: ByLanguage
    domain: str | None
    steps: list[dict[str, Any]]
    was: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """What a pack brings beside its tracks; each kind in the author's order."""

    sectors: tuple[Sector, ...] = ()
    documents: tuple[Document, ...] = ()
    roles: tuple[Role, ...] = ()
    offers: tuple[Offer, ...] = ()
    use_cases: tuple[UseCase, ...] = ()
    terms: tuple[Term, ...] = ()
    facts: tuple[Fact, ...] = ()
    portraits: tuple[Portrait, ...] = ()
    paths: tuple[LearningPath, ...] = ()


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
    catalogue: Catalogue = Catalogue()

    @property
    def modules(self) -> list[Module]:
        return [module for track in self.tracks for module in track.modules]

    @property
    def activities(self) -> list[Activity]:
        return [activity for module in self.modules for activity in module.activities]
