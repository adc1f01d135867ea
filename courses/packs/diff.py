"""What a publish would change for learners. The publisher itself runs, in a transaction that is undone: there is one comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from courses.models import Activity, Item, Module, PackVersion, ReviewCard
from courses.packs.content import Pack
from courses.packs.impact import Reach, Touched, reach_of
from courses.packs.publisher import publish_pack
from courses.packs.rows import Changes

if TYPE_CHECKING:
    import datetime as dt

# Kinds that have a place in a track; all others stand beside the tracks.
PLACED = ("tracks", "modules", "activities", "items", "cards")
# Fields that decide what an answer earns.
SCORING = {"answer_key", "payload", "mechanic"}


@dataclass(frozen=True)
class Place:
    """Where a row stands, by ids: an activity in itself, a card in its module, a skill nowhere."""

    track: str = ""
    module: str = ""
    activity: str = ""


@dataclass(frozen=True)
class Change:
    """One row. `action` is a name of `Changes`; a renamed row has the id that it had in `was`, and may have differences as well."""

    kind: str
    id: str
    action: str
    place: Place = Place()
    was: str = ""
    differences: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """`newest` is None where the pack was never published, and then `changes` is empty: everything is new.

    `renamed` maps ids of tracks and activities to those that they have now; `newly_required` holds, by track, the activities that
    learners of today would have to do besides; `editions`, by track that learners have, the published edition and the one in the
    files. `reach` is None where nobody can count people.
    """

    newest: PackVersion | None
    is_new: bool
    changes: tuple[Change, ...] = ()
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    newly_required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    editions: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    reach: Reach | None = None

    def published_id(self, kind: str, one: str) -> str:
        """The id that a row has as long as this is not published."""
        return self.renamed.get(kind, {}).get(one, one)


@dataclass(frozen=True)
class _Standing:
    """The published pack as learners have it now."""

    tracks: Mapping[str, int]
    activities: Mapping[str, tuple[str, bool]]
    prerequisites: Mapping[str, frozenset[str]]


def compare_pack(*, pack: Pack, now: dt.datetime) -> Comparison:
    """What publishing would do. Publishes, and undoes it: afterwards nothing has been written.

    Raises `ProblemsFound` where publishing would, for instance for an id that belongs to another pack.
    """
    told: dict[str, Changes] = {}
    newest = PackVersion.objects.filter(pack__slug=pack.id).order_by("-number").first()
    with transaction.atomic():
        before = _standing(pack.id)
        publication = publish_pack(pack=pack, now=now, tell=told.__setitem__)
        prerequisites = _prerequisites(pack.id)
        places = _places(pack, told)
        transaction.set_rollback(True)
    if newest is None or not publication.is_new:
        return Comparison(newest, publication.is_new)
    renamed = {kind: {new: old for old, new in of.renamed.items()} for kind, of in told.items()}
    required = _newly_required(pack, before, renamed)
    changes = tuple(_changes(told, places, _moved_prerequisites(before.prerequisites, prerequisites, renamed["modules"])))
    editions = _editions(pack, before, renamed["tracks"])
    # Whose track is reopened is asked for all that is required, and not for what is new alone.
    raised = {track: _required(pack, track) for track, (published, wanted) in editions.items() if wanted > published}
    touched = _touched(changes, {**required, **raised}, before, renamed, now)
    return Comparison(newest, True, changes, renamed, required, editions, reach_of(touched))


def _standing(pack: str) -> _Standing:
    rows = Activity.objects.current().filter(
        module__retired_at=None, module__track__retired_at=None, module__track__pack__slug=pack
    )
    activities, tracks = {}, {}
    of_track = ("module__track__slug", "module__track__edition")
    for slug, required, track, edition in rows.values_list("slug", "required", *of_track):
        activities[slug], tracks[track] = (track, required), edition
    return _Standing(tracks, activities, _prerequisites(pack))


def _editions(pack: Pack, before: _Standing, renamed: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    known = [(track, renamed.get(track.id, track.id)) for track in pack.tracks]
    return {track.id: (before.tracks[old], track.edition) for track, old in known if old in before.tracks}


def _required(pack: Pack, track_id: str) -> tuple[str, ...]:
    modules = [module for track in pack.tracks if track.id == track_id for module in track.modules]
    return tuple(activity.id for module in modules for activity in module.activities if activity.required)


def _prerequisites(pack: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    links = Module.prerequisites.through.objects.filter(from_module__track__pack__slug=pack)
    for module, required in links.values_list("from_module__slug", "to_module__slug"):
        found[module].add(required)
    return {module: frozenset(of) for module, of in found.items()}


def _moved_prerequisites(
    before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]], renamed: Mapping[str, str]
) -> dict[str, tuple[list[str], list[str]]]:
    """By module, what had to be done before it and what would have to be, where that is not the same."""
    now_called = {old: new for new, old in renamed.items()}
    was = {now_called.get(module, module): {now_called.get(one, one) for one in of} for module, of in before.items()}
    pairs = {module: (was.get(module, set()), after.get(module, frozenset())) for module in {*was, *after}}
    return {module: (sorted(old), sorted(new)) for module, (old, new) in pairs.items() if old != new}


def _newly_required(pack: Pack, before: _Standing, renamed: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for track in pack.tracks:
        known = renamed["tracks"].get(track.id, track.id)
        required = _required(pack, track.id)
        new = tuple(one for one in required if before.activities.get(renamed["activities"].get(one, one)) != (known, True))
        if new and known in before.tracks:
            found[track.id] = new
    return found


def _places(pack: Pack, told: Mapping[str, Changes]) -> dict[tuple[str, str], Place]:
    """Where every row stands in the files; and for what is not in them any more, where it stood."""
    found: dict[tuple[str, str], Place] = {}
    for track in pack.tracks:
        found["tracks", track.id] = Place(track.id)
        for module in track.modules:
            here = Place(track.id, module.id)
            found["modules", module.id] = here
            found |= {("cards", card.id): here for card in module.cards}
            for activity in module.activities:
                inside = Place(track.id, module.id, activity.id)
                found["activities", activity.id] = inside
                found |= {("items", item.id): inside for item in activity.items}
    for kind, model, path in [
        ("modules", Module, ("track__slug", "slug")),
        ("activities", Activity, ("module__track__slug", "module__slug", "slug")),
        ("items", Item, ("activity__module__track__slug", "activity__module__slug", "activity__slug")),
        ("cards", ReviewCard, ("module__track__slug", "module__slug")),
    ]:
        rows: Any = model
        for slug, *place in rows.objects.filter(slug__in=told[kind].retired if kind in told else ()).values_list("slug", *path):
            found[kind, slug] = Place(*place)
    found |= {("tracks", slug): Place(slug) for slug in (told["tracks"].retired if "tracks" in told else ())}
    return found


def _changes(
    told: Mapping[str, Changes], places: Mapping[tuple[str, str], Place], prerequisites: Mapping[str, tuple[Any, Any]]
) -> Iterator[Change]:
    for kind, of in told.items():
        differences = dict(of.differences)
        if kind == "modules":
            for module, pair in prerequisites.items():
                if module not in (*of.added, *of.retired, *of.revived):
                    differences[module] = {**differences.get(module, {}), "prerequisites": pair}
        by_action = {
            "added": of.added,
            "revived": of.revived,
            "renamed": list(of.renamed.values()),
            "changed": [one for one in dict.fromkeys([*of.changed, *differences]) if one not in of.renamed.values()],
            "retired": of.retired,
        }
        was = {new: old for old, new in of.renamed.items()}
        for action, ids in by_action.items():
            for one in ids:
                place = places.get((kind, one), Place())
                yield Change(kind, one, action, place, was.get(one, ""), differences.get(one, {}))


def _touched(
    changes: Iterable[Change],
    required: Mapping[str, tuple[str, ...]],
    before: _Standing,
    renamed: Mapping[str, Mapping[str, str]],
    now: dt.datetime,
) -> Touched:
    def known(kind: str, one: str) -> str:
        return renamed[kind].get(one, one)

    changes = list(changes)
    placed = [change for change in changes if change.kind in PLACED]
    asked = {known("tracks", track): [known("activities", one) for one in ids] for track, ids in required.items()}
    in_track = {one for track, ids in asked.items() for one in ids if before.activities.get(one, ("", False))[0] == track}
    return Touched(
        now=now,
        tracks=frozenset(known("tracks", change.place.track) for change in placed) & frozenset(before.tracks),
        activities=frozenset(known("activities", change.place.activity) for change in placed) & frozenset(before.activities),
        required=frozenset(in_track),
        renewed=frozenset(track for track, ids in asked.items() if not in_track.issuperset(ids)),
    )
