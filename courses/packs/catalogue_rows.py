"""How what stands beside the tracks becomes rows: the model of each kind, what it points to, and what it is joined with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from i18nfield.fields import I18nFieldMixin
from i18nfield.strings import LazyI18nString

from courses.models import (
    Document,
    Fact,
    LearningPath,
    Portrait,
    Role,
    RoleLevel,
    Sector,
    Term,
    TrainingOffer,
    UseCase,
)
from courses.models import Pack as PackRow
from courses.packs.content import Catalogue
from courses.packs.links import write_links
from courses.packs.rows import Wanted

# Keys of published rows by kind and id.
Keys = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Kind:
    """`points` maps fields to the kind that their ids are of, `joins` does so for many-to-many fields."""

    name: str
    model: Any
    points: Mapping[str, str] = field(default_factory=dict)
    joins: Mapping[str, str] = field(default_factory=dict)


# In the order in which they can be written: a portrait points to a role, a role is joined with sectors.
CATALOGUE_KINDS = (
    Kind("sectors", Sector),
    Kind("documents", Document),
    Kind("roles", Role, joins={"sectors": "sectors"}),
    Kind("offers", TrainingOffer, joins={"skills": "skills"}),
    Kind("use_cases", UseCase, points={"domain": "domains"}, joins={"sectors": "sectors"}),
    Kind("terms", Term, points={"skill": "skills"}),
    Kind("facts", Fact),
    Kind("portraits", Portrait, points={"domain": "domains", "role": "roles"}),
    Kind("paths", LearningPath, points={"domain": "domains"}),
)
# What is written another way than into a column of the row itself.
_NOT_COLUMNS = {"id", "was", "levels"}


def catalogue_rows(kind: Kind, catalogue: Catalogue, pack: PackRow, keys: Keys) -> list[Wanted]:
    """The rows of one kind. The fields of `content` are named as those of the models."""
    return [
        Wanted(one.id, {"position": position, "pack_id": pack.pk, **dict(_columns(kind, one, keys))}, one.was)
        for position, one in enumerate(getattr(catalogue, kind.name))
    ]


def _columns(kind: Kind, one: Any, keys: Keys) -> Iterator[tuple[str, Any]]:
    for name in (of.name for of in fields(one)):
        value = getattr(one, name)
        if name in kind.points:
            yield f"{name}_id", keys[kind.points[name]][value] if value else None
        elif name not in _NOT_COLUMNS and name not in kind.joins:
            by_language = isinstance(kind.model._meta.get_field(name), I18nFieldMixin)
            # A text that is empty in a language is not kept for it.
            yield name, LazyI18nString({code: text for code, text in value.items() if text}) if by_language else value


def write_joins(kind: Kind, catalogue: Catalogue, pack: PackRow, keys: Keys) -> set[int]:
    """What the rows of a kind are joined with, and the levels that roles ask for; returns the keys of rows where it changed.

    What a retired row was joined with stays as it was.
    """
    entries = getattr(catalogue, kind.name)
    own = keys[kind.name]
    changed: set[int] = set()
    for name, target in kind.joins.items():
        joined = kind.model._meta.get_field(name)
        columns = (f"{joined.m2m_field_name()}_id", f"{joined.m2m_reverse_field_name()}_id")
        wanted = [(own[one.id], keys[target][other]) for one in entries for other in getattr(one, name)]
        changed |= _write(joined.remote_field.through, columns, pack, wanted)
    if kind.model is Role:
        levels = [(own[one.id], keys["skills"][skill], level) for one in entries for skill, level in one.levels.items()]
        changed |= _write(RoleLevel, ("role_id", "skill_id", "level"), pack, levels)
    return changed


def _write(model: Any, columns: tuple[str, ...], pack: PackRow, wanted: Iterable[tuple[int, ...]]) -> set[int]:
    owner = columns[0].removesuffix("_id")
    found = model._default_manager.filter(**{f"{owner}__pack": pack, f"{owner}__retired_at__isnull": True})
    return write_links(found, columns, wanted)
