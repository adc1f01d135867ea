"""Writes one kind of published row: what is new or changed in one statement, what is gone retired in another.

Rows are found by the author's id, or by the id that they had before (`was`). Nothing is ever deleted: people's progress
hangs on these rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from courses.models.base import Published
from courses.problems import Problem

BATCH = 500

Row = TypeVar("Row", bound=Published)


@dataclass(frozen=True)
class Wanted:
    """A row as the files want it. `fields` are the model's own, apart from slug and retirement."""

    id: str
    fields: Mapping[str, Any]
    was: str | None = None


@dataclass
class Changes:
    """Ids by what became of them; `renamed` maps old to new."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    revived: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # By id and field, what a changed row was and is to be. For whoever listens; no field, so that a version does not keep it.
        self.differences: dict[str, dict[str, tuple[Any, Any]]] = {}

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.renamed or self.revived or self.retired)


def write_rows(
    rows: QuerySet[Row],
    wanted: Iterable[Wanted],
    *,
    ours: Callable[[Row], bool],
    shared: bool,
    now: dt.datetime,
    problems: list[Problem],
) -> tuple[dict[str, int], Changes]:
    """Brings the rows of one model to what is wanted; returns primary keys by id, and what changed.

    `rows` holds every row of this pack and every row that an id of the pack names; `ours` says which are this pack's. A row of
    another pack is left as it is where the kind is `shared` between packs (only a retired one is brought back), and is a problem otherwise.
    """
    wanted = list(wanted)
    existing = {row.slug: row for row in rows}
    changes = Changes()
    writing: list[Wanted] = []
    for one in wanted:
        row = existing.get(one.id)
        old = existing.get(one.was) if one.was else None
        if old is not None and ours(old) and old.retired_at is None:
            if row is not None:
                message = _("“%(id)s” was “%(was)s”, but another one of that name has been published already.")
                problems.append(
                    Problem("id-taken", message, _("Choose another id."), one.id, params={"id": one.id, "was": one.was})
                )
                continue
            changes.renamed[old.slug] = one.id
            row = old
        if row is None:
            changes.added.append(one.id)
            writing.append(one)
        elif not ours(row) and not (shared and row.retired_at):
            if not shared:
                message = _("The id “%(id)s” belongs to another pack.")
                problems.append(Problem("id-of-another-pack", message, _("Choose another id."), one.id, params={"id": one.id}))
        elif row.retired_at is not None:
            changes.revived.append(one.id)
            writing.append(one)
        elif different := _differences(row, one):
            changes.changed.append(one.id)
            changes.differences[one.id] = different
            writing.append(one)
    kept = {one.id for one in wanted} | set(changes.renamed)
    gone = [row for row in existing.values() if row.slug not in kept and row.retired_at is None and ours(row)]
    changes.retired = [row.slug for row in gone]
    if not problems:
        _write(rows.model, existing, writing, gone, changes, now)
    keys = rows.model._default_manager.filter(slug__in=[one.id for one in wanted]).values_list("slug", "pk")
    return dict(keys), changes


def _write(
    model: type[Row], existing: dict[str, Row], writing: list[Wanted], gone: list[Row], changes: Changes, now: dt.datetime
) -> None:
    manager = model._default_manager
    renamed = [existing[old] for old in changes.renamed]
    for row in renamed:
        row.slug = changes.renamed[row.slug]
    manager.bulk_update(renamed, ["slug"], batch_size=BATCH)
    if writing:
        names = list(writing[0].fields)
        manager.bulk_create(
            [model(slug=one.id, retired_at=None, **one.fields) for one in writing],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["slug"],
            update_fields=[*names, "retired_at"],
        )
    if gone:
        manager.filter(pk__in=[row.pk for row in gone]).update(retired_at=now)


def _differences(row: Published, wanted: Wanted) -> dict[str, tuple[Any, Any]]:
    pairs = {name: (_plain(getattr(row, name)), _plain(value)) for name, value in wanted.fields.items()}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def _plain(value: Any) -> Any:
    return dict(value.data) if isinstance(value, LazyI18nString) and isinstance(value.data, dict) else value
