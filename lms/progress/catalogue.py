"""The published catalogue as one value: the same for everybody, read once per published version.

Every page of a learner needs the tracks, their modules and activities; their texts and keys it does not need. So this holds the
outline alone, in this process, under the newest published version: publishing makes a new version, and every process notices at its
next read. While nothing was published (rows made by hand, in a test) it is read afresh each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Prefetch, Subquery
from i18nfield.strings import LazyI18nString

from courses.models import Activity, ActivityKind, LearningPath, Module, PackVersion, Track
from lms.progress.rules import NOT_RECOMMENDED


@dataclass(frozen=True)
class ActivityOutline:
    pk: int
    slug: str
    title: LazyI18nString
    kind: ActivityKind
    minutes: int
    required: bool
    module_id: int
    track_id: int
    #: When it became required, in a track that was published before.
    required_since: dt.datetime | None = None


@dataclass(frozen=True)
class ModuleOutline:
    pk: int
    slug: str
    title: LazyI18nString
    summary: LazyI18nString
    goals: Mapping[str, list[str]]
    level: int
    track_id: int
    prerequisite_ids: tuple[int, ...]
    activities: tuple[ActivityOutline, ...]
    #: Where the path that is recommended to everybody has it.
    place: int = NOT_RECOMMENDED

    @cached_property
    def required_ids(self) -> frozenset[int]:
        return frozenset(activity.pk for activity in self.activities if activity.required)

    @cached_property
    def minutes(self) -> int:
        """Of what is required."""
        return sum(activity.minutes for activity in self.activities if activity.required)


@dataclass(frozen=True)
class TrackOutline:
    pk: int
    slug: str
    title: LazyI18nString
    summary: LazyI18nString
    skill_slug: str
    skill_name: LazyI18nString
    position: int
    modules: tuple[ModuleOutline, ...]

    @cached_property
    def activities(self) -> tuple[ActivityOutline, ...]:
        return tuple(activity for module in self.modules for activity in module.activities)

    @cached_property
    def required_ids(self) -> frozenset[int]:
        return frozenset(activity.pk for activity in self.activities if activity.required)

    @cached_property
    def added(self) -> tuple[ActivityOutline, ...]:
        """What is required and was not from the beginning."""
        return tuple(activity for activity in self.activities if activity.required and activity.required_since)

    @cached_property
    def minutes(self) -> int:
        """Of what is required."""
        return sum(activity.minutes for activity in self.activities if activity.required)


@dataclass(frozen=True)
class Catalogue:
    tracks: Mapping[int, TrackOutline]
    modules: Mapping[int, ModuleOutline]
    activities: Mapping[int, ActivityOutline]

    @cached_property
    def modules_by_slug(self) -> Mapping[str, ModuleOutline]:
        """Roles, paths and the like name modules by their ids."""
        return {module.slug: module for module in self.modules.values()}

    def track_named(self, slug: str) -> TrackOutline | None:
        return next((track for track in self.tracks.values() if track.slug == slug), None)


# The version that this process holds, and its outline. Assigned whole, so that threads never see half of it.
_held: tuple[int, Catalogue] | None = None


def newest_version() -> Subquery:
    """For an annotation: names the newest published version, so that a page's own query also says whether what we hold is current."""
    return Subquery(PackVersion.objects.order_by("-pk").values("pk")[:1])


def current_version() -> int | None:
    return PackVersion.objects.order_by("-pk").values_list("pk", flat=True).first()


def current(version: int | None = None) -> Catalogue:
    """The catalogue of that version (else: of the newest one): from this process when it holds it, else read in a few queries."""
    global _held
    version = version or current_version()
    held = _held
    if version is not None and held is not None and held[0] == version:
        return held[1]
    catalogue = _read()
    if version is not None:
        _held = (version, catalogue)
    return catalogue


def forget() -> None:
    """For tests, where a rolled-back database may publish the same version again."""
    global _held
    _held = None


def _read() -> Catalogue:
    tracks = list(Track.objects.current().select_related("skill").order_by("position", "pk"))
    required = Prefetch("prerequisites", Module.objects.current().only("pk"), to_attr="current_prerequisites")
    modules_of: dict[int, list[ModuleOutline]] = {track.pk: [] for track in tracks}
    activities_of: dict[int, list[ActivityOutline]] = {}
    found = Activity.objects.current().filter(module__retired_at=None, module__track__retired_at=None).defer("body", "draw")
    for activity in found.order_by("position", "pk").annotate(track_pk=F("module__track_id")):
        activities_of.setdefault(activity.module_id, []).append(
            ActivityOutline(
                pk=activity.pk,
                slug=activity.slug,
                title=activity.title,
                kind=ActivityKind(activity.kind),
                minutes=activity.minutes,
                required=activity.required,
                module_id=activity.module_id,
                track_id=activity.track_pk,
                required_since=activity.required_since,
            )
        )
    modules_now = list(
        Module.objects.current().filter(track__retired_at=None).order_by("position", "pk").prefetch_related(required)
    )
    places = _places({module.slug: module.level for module in modules_now})
    for module in modules_now:
        # A version that is published between two of these queries is read whole at the next page; this one must not stumble over it.
        modules_of.setdefault(module.track_id, []).append(
            ModuleOutline(
                pk=module.pk,
                slug=module.slug,
                title=module.title,
                summary=module.summary,
                goals=module.goals,
                level=module.level,
                track_id=module.track_id,
                prerequisite_ids=tuple(one.pk for one in module.current_prerequisites),
                activities=tuple(activities_of.get(module.pk, ())),
                place=places.get(module.slug, NOT_RECOMMENDED),
            )
        )
    outlines = [
        TrackOutline(
            pk=track.pk,
            slug=track.slug,
            title=track.title,
            summary=track.summary,
            skill_slug=track.skill.slug,
            skill_name=track.skill.name,
            position=position,
            modules=tuple(modules_of[track.pk]),
        )
        for position, track in enumerate(tracks)
    ]
    modules = {module.pk: module for outline in outlines for module in outline.modules}
    activities = {activity.pk: activity for module in modules.values() for activity in module.activities}
    return Catalogue({outline.pk: outline for outline in outlines}, modules, activities)


def _places(level_of: Mapping[str, int]) -> dict[str, int]:
    """Modules by their place in the easiest path for everybody; those for a domain or for champions are advice, and change no order here."""
    found = LearningPath.objects.current().filter(domain=None).order_by("position", "pk").values_list("steps", flat=True)
    paths = [list(dict.fromkeys(slug for step in steps for slug in step["modules"] if slug in level_of)) for steps in found]
    first = min(filter(None, paths), key=lambda slugs: max(level_of[slug] for slug in slugs), default=[])
    return {slug: place for place, slug in enumerate(first)}
