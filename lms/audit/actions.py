"""Write to the audit trail. Called by the actions of the rooms, inside their transaction."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model

from lms import sql
from lms.enums import Source
from lms.models import AuditEntry


def _entry(
    *,
    actor: Any | None,
    verb: str,
    obj: Model,
    source: Source,
    now: dt.datetime,
    reason: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> AuditEntry:
    return AuditEntry(
        at=now,
        actor=actor,
        actor_label=actor.get_username() if actor is not None else "",
        source=source,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk or ""),
        object_label=str(obj)[:254],
        reason=reason[:500],
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
    )


def record(
    *,
    actor: Any | None,
    verb: str,
    obj: Model,
    source: Source,
    now: dt.datetime,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry: ``actor`` is a user, or None for a scheduled job; ``verb`` is the name of the action that ran."""
    entry = _entry(actor=actor, verb=verb, obj=obj, source=source, now=now, reason=reason, before=before, after=after)
    entry.save(force_insert=True)
    return entry


def record_many(
    *,
    actor: Any | None,
    verb: str,
    source: Source,
    now: dt.datetime,
    entries: Iterable[tuple[Model, Mapping[str, Any] | None, Mapping[str, Any] | None]],
    reason: str = "",
) -> int:
    """Append one entry per ``(object, before, after)``, in batches; returns how many."""
    rows = [
        _entry(actor=actor, verb=verb, obj=obj, source=source, now=now, reason=reason, before=before, after=after)
        for obj, before, after in entries
    ]
    AuditEntry.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def record_rows(
    model: type[Model],
    rows: Iterable[tuple[str, Any, str, Mapping[str, Any] | None, Mapping[str, Any] | None]],
    *,
    actor: Any | None,
    source: Source,
    now: dt.datetime,
    reason: str = "",
) -> int:
    """Append one entry per ``(verb, primary key, label, before, after)`` of one kind of object, as fast as the database takes them:
    for imports, where the objects themselves are never loaded."""
    who = (actor.pk, actor.get_username()) if actor is not None else (None, "")
    return sql.insert_rows(
        AuditEntry,
        ["at", "actor", "actor_label", "source", "verb", "object_type", "object_id", "object_label", "reason", "before", "after"],
        (
            (now, *who, source, verb, model._meta.label_lower, str(key), label[:254], reason[:500], before, after)
            for verb, key, label, before, after in rows
        ),
    )
