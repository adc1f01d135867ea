"""Rows that join two published rows, brought to what the files want in three statements: read, delete, insert."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from courses.packs.rows import BATCH


def write_links(found: QuerySet[Any], columns: tuple[str, ...], wanted: Iterable[tuple[int, ...]]) -> set[int]:
    """Keeps what is wanted already, deletes the rest of `found`, and inserts what is missing.

    `columns` are the fields that make a link, the row that it belongs to first; each of `wanted` has their values. Returns the
    keys of the rows whose links have changed.
    """
    wanted = set(wanted)
    existing = {values[:-1]: values[-1] for values in found.values_list(*columns, "pk")}
    gone = [key for values, key in existing.items() if values not in wanted]
    missing = sorted(wanted - set(existing))
    if gone:
        found.model._default_manager.filter(pk__in=gone).delete()
    found.model._default_manager.bulk_create(
        [found.model(**dict(zip(columns, values, strict=True))) for values in missing], batch_size=BATCH
    )
    return {values[0] for values in [*missing, *(values for values in existing if values not in wanted)]}
