"""Objects -> rows: one transaction, one numbered version; the same files again change nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from i18nfield.strings import LazyI18nString

from courses.models import Activity, Domain, Item, Module, PackVersion, ReviewCard, Skill, Track
from courses.models import Pack as PackRow
from courses.packs.catalogue_rows import CATALOGUE_KINDS, Kind, catalogue_rows, write_joins
from courses.packs.content import Graded, Named, Pack
from courses.packs.editions import Before
from courses.packs.links import write_links
from courses.packs.rows import Changes, Wanted, write_rows
from courses.packs.shared import used_by_others
from courses.problems import Problem, ProblemsFound

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from courses.models.base import Published

KINDS = (
    *("skills", "domains", "tracks", "modules", "activities", "items", "cards"),
    *(kind.name for kind in CATALOGUE_KINDS),
)


@dataclass(frozen=True)
class Publication:
    """What a publishing did. `is_new` is false where the newest version already was these files; then nothing was written."""

    version: PackVersion
    is_new: bool
    changes: Mapping[str, Changes]


def publish_pack(
    *, pack: Pack, now: dt.datetime, by: AbstractBaseUser | None = None, tell: Callable[[str, Changes], None] | None = None
) -> Publication:
    """Publishes a pack. In order, in one transaction:

    1. the pack's row is made or brought up to date, and locked against another publishing;
    2. where its newest version has the same digest, nothing else happens;
    3. skills, domains, tracks, modules, activities, items and review cards are written, a fixed number of statements for each
       kind; what the files no longer have is retired, what comes back is revived, `was` renames in place (an item that has
       another id is another item);
    4. what is required from now on says since when, and tracks whose edition was raised are reopened;
    5. prerequisites follow;
    6. what stands beside the tracks is written in the same way, kind by kind, each with what it is joined with;
    7. a version with the next number keeps the digest and the summary of changes.

    Raises `ProblemsFound`, and writes nothing, where an id belongs to another pack or an edition went down. `tell` hears of each kind as
    it is done.
    """
    with transaction.atomic():
        row = _lock(pack)
        newest = row.versions.order_by("-number").first()
        if newest is not None and newest.digest == pack.digest:
            return Publication(newest, False, {})
        changes = _Publishing(pack, row, now, tell).run()
        version = PackVersion.objects.create(
            pack=row,
            number=newest.number + 1 if newest else 1,
            digest=pack.digest,
            published_at=now,
            published_by_id=by.pk if by else None,
            changes={kind: asdict(of) for kind, of in changes.items() if of},
        )
    return Publication(version, True, changes)


def _lock(pack: Pack) -> PackRow:
    said = {"title": LazyI18nString(pack.title), "languages": list(pack.languages), "licence": pack.licence}
    PackRow.objects.bulk_create([PackRow(slug=pack.id, **said)], ignore_conflicts=True)
    row = PackRow.objects.select_for_update().get(slug=pack.id)
    newest = row.versions.order_by("-number").first()
    if newest is None or newest.digest != pack.digest:
        for name, value in said.items():
            setattr(row, name, value)
        row.save(update_fields=list(said))
    return row


class _Publishing:
    """One run: the rows of a kind are written once those that they point to have their keys."""

    def __init__(self, pack: Pack, row: PackRow, now: dt.datetime, tell: Callable[[str, Changes], None] | None) -> None:
        self.pack, self.row, self.now, self.tell = pack, row, now, tell
        self.keys: dict[str, dict[str, int]] = {}
        self.changes: dict[str, Changes] = {}
        self.problems: list[Problem] = []

    def run(self) -> dict[str, Changes]:
        before = Before.read(self.row)
        if problems := before.problems(self.pack):
            raise ProblemsFound(problems)
        self._write_shared("skills", Skill.objects.all(), self.pack.skills)
        self._write_shared("domains", Domain.objects.all(), self.pack.domains)
        self._write("tracks", Track.objects.all(), "pack", self._tracks())
        self._write("modules", Module.objects.select_related("track"), "track__pack", self._modules())
        self._write("activities", Activity.objects.select_related("module__track"), "module__track__pack", self._activities())
        self._write(
            "items", Item.objects.select_related("activity__module__track"), "activity__module__track__pack", self._items()
        )
        self._write("cards", ReviewCard.objects.select_related("module__track"), "module__track__pack", self._cards())
        before.note(self.pack, self.keys, self.now)
        self._link_prerequisites()
        for kind in CATALOGUE_KINDS:
            wanted = catalogue_rows(kind, self.pack.catalogue, self.row, self.keys)
            self._write(kind.name, kind.model.objects.all(), "pack", wanted, joins=partial(self._join, kind))
        return self.changes

    def _write_shared(self, kind: str, rows: QuerySet[Any], named: Iterable[Named]) -> None:
        """Skills and domains may be those of another pack too: only the pack that brought one changes or retires it.

        It is not retired as long as another pack names it; and who names one that is retired brings it back.
        """
        own: set[str] = set()
        for changes in self.row.versions.order_by("number").values_list("changes", flat=True):
            of = changes.get(kind, {})
            own |= {*of.get("added", ()), *of.get("revived", ()), *of.get("renamed", {}).values()}
        wanted = [
            Wanted(
                one.id,
                {"position": position, "name": LazyI18nString(one.name), "description": LazyI18nString(one.description)},
                one.was,
            )
            for position, one in enumerate(named)
        ]
        named_here = {one.id for one in wanted} | {one.was for one in wanted if one.was}
        own -= used_by_others(kind, self.row, own - named_here)
        self._run(kind, rows, lambda row: row.slug in own, True, wanted)

    def _write(
        self, kind: str, rows: QuerySet[Any], path: str, wanted: list[Wanted], joins: Callable[[], None] | None = None
    ) -> None:
        def ours(row: Published) -> bool:
            owner: Any = row
            for name in path.split("__")[:-1]:
                owner = getattr(owner, name)
            return bool(owner.pack_id == self.row.pk)

        names = {one.id for one in wanted} | {one.was for one in wanted if one.was}
        self._run(kind, rows.filter(Q(**{path: self.row}) | Q(slug__in=names)), ours, False, wanted, joins)

    def _run(
        self,
        kind: str,
        rows: QuerySet[Any],
        ours: Callable[[Any], bool],
        shared: bool,
        wanted: list[Wanted],
        joins: Callable[[], None] | None = None,
    ) -> None:
        self.keys[kind], self.changes[kind] = write_rows(
            rows, wanted, ours=ours, shared=shared, now=self.now, problems=self.problems
        )
        if self.problems:
            raise ProblemsFound(self.problems)
        if joins:
            joins()
        if self.tell:
            self.tell(kind, self.changes[kind])

    def _join(self, kind: Kind) -> None:
        """A row that is joined with something else now has changed, even where its own columns have not."""
        changes, joined = self.changes[kind.name], write_joins(kind, self.pack.catalogue, self.row, self.keys)
        told = {*changes.added, *changes.changed, *changes.renamed.values(), *changes.revived}
        changes.changed += [one for one, key in self.keys[kind.name].items() if key in joined and one not in told]

    def _tracks(self) -> list[Wanted]:
        return [
            Wanted(
                track.id,
                {
                    "position": position,
                    "pack_id": self.row.pk,
                    "skill_id": self.keys["skills"][track.skill],
                    "title": LazyI18nString(track.title),
                    "summary": LazyI18nString(track.summary),
                    "edition": track.edition,
                },
                track.was,
            )
            for position, track in enumerate(self.pack.tracks)
        ]

    def _modules(self) -> list[Wanted]:
        return [
            Wanted(
                module.id,
                {
                    "position": position,
                    "track_id": self.keys["tracks"][track.id],
                    "title": LazyI18nString(module.title),
                    "summary": LazyI18nString(module.summary),
                    "goals": module.goals,
                    "level": module.level,
                },
                module.was,
            )
            for track in self.pack.tracks
            for position, module in enumerate(track.modules)
        ]

    def _activities(self) -> list[Wanted]:
        return [
            Wanted(
                activity.id,
                {
                    "position": position,
                    "module_id": self.keys["modules"][module.id],
                    "kind": activity.kind,
                    "title": LazyI18nString(activity.title),
                    "minutes": activity.minutes,
                    "required": activity.required,
                    "pass_mark": Decimal(str(activity.pass_mark)).quantize(Decimal("0.01")),
                    "body": activity.body,
                    "draw": activity.draw,
                    "documents": list(activity.documents),
                },
                activity.was,
            )
            for module in self.pack.modules
            for position, activity in enumerate(module.activities)
        ]

    def _items(self) -> list[Wanted]:
        return [
            Wanted(
                item.id,
                {
                    **_graded(item, position),
                    "activity_id": self.keys["activities"][activity.id],
                    "domain_id": self.keys["domains"][item.domain] if item.domain else None,
                    "group": item.group,
                    "weight": item.weight,
                    "documents": list(item.documents),
                },
                # Not renamed in place: attempts name their questions by id, and must find what was asked.
            )
            for activity in self.pack.activities
            for position, item in enumerate(activity.items)
        ]

    def _cards(self) -> list[Wanted]:
        return [
            Wanted(card.id, {**_graded(card, position), "module_id": self.keys["modules"][module.id]}, card.was)
            for module in self.pack.modules
            for position, card in enumerate(module.cards)
        ]

    def _link_prerequisites(self) -> None:
        link, keys = Module.prerequisites.through, self.keys["modules"]
        wanted = {(keys[module.id], keys[required]) for module in self.pack.modules for required in module.prerequisites}
        found = link.objects.filter(from_module__track__pack=self.row)
        write_links(found, ("from_module_id", "to_module_id"), wanted)


def _graded(item: Graded, position: int) -> dict[str, Any]:
    return {"position": position, "mechanic": item.mechanic, "payload": item.payload, "answer_key": item.key, "texts": item.texts}
