"""Skills and domains that several packs name: one pack's content must not lose them because another one gives them up."""

from __future__ import annotations

from typing import Any

from courses.models import Item, LearningPath, Portrait, RoleLevel, Term, Track, TrainingOffer, UseCase
from courses.models import Pack as PackRow

# By kind: who points to it, by which field, and what leads from there to the row that a pack owns or retires.
_USERS: dict[str, tuple[tuple[Any, str, str, str], ...]] = {
    "skills": (
        (Track, "skill", "pack", "retired_at"),
        (RoleLevel, "skill", "role__pack", "role__retired_at"),
        (TrainingOffer, "skills", "pack", "retired_at"),
        (Term, "skill", "pack", "retired_at"),
    ),
    "domains": (
        (Item, "domain", "activity__module__track__pack", "retired_at"),
        (UseCase, "domain", "pack", "retired_at"),
        (Portrait, "domain", "pack", "retired_at"),
        (LearningPath, "domain", "pack", "retired_at"),
    ),
}


def used_by_others(kind: str, pack: PackRow, ids: set[str]) -> set[str]:
    """Which of these ids the current content of other packs still names. A query for each kind of content; none without ids."""
    if not ids:
        return set()
    used: set[str] = set()
    for model, name, owner, retired in _USERS[kind]:
        rows = model._default_manager.order_by().filter(**{f"{name}__slug__in": ids, f"{retired}__isnull": True})
        used |= set(rows.exclude(**{owner: pack}).values_list(f"{name}__slug", flat=True))
    return used
