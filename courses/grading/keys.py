"""What every mechanic's check of a key shares: shapes, and what is found wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from courses.shapes import explain

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Path = tuple[str | int, ...]

# Far beyond what a page can show; keeps what is reckoned over pairs quick.
MOST_ENTRIES = 100

PartId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=80)]
Weight = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]


class Shape(BaseModel):
    """A part of a payload or key. Unknown names are refused: a misspelt one would be ignored in silence."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Entry(Shape):
    id: PartId


@dataclass(frozen=True)
class KeyFault:
    """What is wrong with a payload or a key, and where: `path` begins with "payload" or "key"."""

    code: str
    message: StrOrPromise
    path: Path
    hint: StrOrPromise = ""
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


def shape_faults(part: str, model: type[Shape], value: Any) -> list[KeyFault]:
    try:
        model.model_validate(value)
    except ValidationError as error:
        found = []
        for detail in error.errors(include_url=False, include_input=False):
            said = explain(detail)
            found.append(KeyFault(said.code, said.message, (part, *detail["loc"]), said.hint, said.params))
        return found
    return []


def repeated_ids(entries: Iterable[Mapping[str, Any]], path: Path) -> list[KeyFault]:
    """Ids that a list of the payload uses more than once."""
    counted = Counter(entry["id"] for entry in entries)
    return [
        KeyFault("id-twice", _("The id “%(id)s” is used twice."), path, _("Give each entry its own id."), {"id": one})
        for one, times in counted.items()
        if times > 1
    ]


def unknown_ids(ids: Iterable[str], known: Iterable[str], path: Path) -> list[KeyFault]:
    """Ids in the key that the payload does not have; `path` is where they are, each is added to it."""
    known = set(known)
    return [
        KeyFault(
            "unknown-id",
            _("“%(id)s” is not in the payload."),
            (*path, one),
            _("Check the spelling, or add it there."),
            {"id": one},
        )
        for one in ids
        if one not in known
    ]


def missing_ids(ids: Iterable[str], given: Iterable[str], path: Path) -> list[KeyFault]:
    """Ids of the payload that the key must speak of and does not."""
    given = set(given)
    return [
        KeyFault("missing-id", _("The key says nothing about “%(id)s”."), path, _("Add it to the key."), {"id": one})
        for one in ids
        if one not in given
    ]
