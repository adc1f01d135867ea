"""What a publication asks of those who had begun or finished already: since when an activity is required, and which tracks it reopens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from courses.models import Activity, Track
from courses.models import Pack as PackRow
from courses.packs.content import Pack
from courses.problems import Problem


class _Published(NamedTuple):
    track_id: int
    required: bool
    is_retired: bool


@dataclass(frozen=True)
class Before:
    """The tracks and activities of a pack as they were published, by id; read before a publication writes."""

    editions: Mapping[str, int]
    #: Primary keys of the tracks that learners had: not those that were retired.
    current: Collection[int]
    activities: Mapping[str, _Published]

    @classmethod
    def read(cls, row: PackRow) -> Before:
        tracks = list(Track.objects.filter(pack=row).values_list("pk", "slug", "edition", "retired_at"))
        rows = Activity.objects.filter(module__track__pack=row).order_by()
        return cls(
            {slug: edition for _pk, slug, edition, _retired in tracks},
            frozenset(pk for pk, _slug, _edition, retired in tracks if retired is None),
            {
                slug: _Published(track_id, required, retired is not None)
                for slug, track_id, required, retired in rows.values_list("slug", "module__track_id", "required", "retired_at")
            },
        )

    def edition_of(self, one: str, was: str | None) -> int | None:
        """None for a track that was never published. Where both ids are published, `was` stays in a file that is renamed already."""
        return self.editions.get(one, self.editions.get(was) if was else None)

    def problems(self, pack: Pack) -> list[Problem]:
        found = []
        for track in pack.tracks:
            published = self.edition_of(track.id, track.was)
            if published is not None and track.edition < published:
                params = {"edition": track.edition, "published": published}
                message = _("Edition %(edition)s is lower than the published one, %(published)s.")
                hint = _("Write edition: %(published)s, or a higher one.")
                found.append(Problem("edition-lower", message, hint, f"tracks/{track.id}.yaml", params=params))
        return found

    def note(self, pack: Pack, keys: Mapping[str, Mapping[str, int]], now: dt.datetime) -> None:
        """After the rows are written: what is required from now on says so, and a track whose edition was raised is reopened.

        Two statements at most, and none where neither happened. A track that comes back as a whole asks nothing anew.
        """
        fresh = [
            keys["activities"][activity.id]
            for track in pack.tracks
            for module in track.modules
            for activity in module.activities
            if activity.required and self._asks(activity.id, activity.was, keys["tracks"][track.id])
        ]
        if fresh:
            Activity.objects.filter(pk__in=fresh).update(required_since=now)
        raised = [
            keys["tracks"][track.id]
            for track in pack.tracks
            if (published := self.edition_of(track.id, track.was)) is not None and track.edition > published
        ]
        if raised:
            Track.objects.filter(pk__in=raised).update(reopened_at=now)

    def _asks(self, one: str, was: str | None, track_id: int) -> bool:
        if track_id not in self.current:
            return False
        known = self.activities.get(one) or (self.activities.get(was) if was else None)
        return known != _Published(track_id, True, False)
