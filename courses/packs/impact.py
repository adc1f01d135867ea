"""How many people a publish would touch. The catalogue knows nothing about people: whoever does, registers here and is asked.

`impact_providers` are asked in order and their numbers are added up; with none, no numbers are told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

ImpactProvider = Callable[["Touched"], "Reach"]

impact_providers: list[ImpactProvider] = []


@dataclass(frozen=True)
class Touched:
    """What a publish would touch, by the ids that are published now.

    `required` are activities that would become required in their track, or everything required in it where its edition is raised;
    `renewed` are tracks that would get a required activity which is not in them yet. `now` is the moment to count people at.
    """

    now: dt.datetime

    tracks: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    renewed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TrackReach:
    """People in a track: enrolled, of these those who have completed it, and of these those who have not done all that it would require."""

    enrolled: int = 0
    completed: int = 0
    asked_again: int = 0


@dataclass(frozen=True)
class ActivityReach:
    """Of an activity: people who have done it, attempts handed in, attempts under way."""

    done: int = 0
    attempts: int = 0
    under_way: int = 0


@dataclass(frozen=True)
class Reach:
    tracks: Mapping[str, TrackReach] = field(default_factory=dict)
    activities: Mapping[str, ActivityReach] = field(default_factory=dict)


def register_impact_provider(provider: ImpactProvider) -> None:
    """For an app that knows people, in its `ready`. Registering the same one again changes nothing."""
    if provider not in impact_providers:
        impact_providers.append(provider)


def reach_of(touched: Touched) -> Reach | None:
    """The numbers of all providers together; None where nobody can tell."""
    if not impact_providers:
        return None
    tracks: dict[str, TrackReach] = {}
    activities: dict[str, ActivityReach] = {}
    for provider in impact_providers:
        told = provider(touched)
        for slug, track in told.tracks.items():
            old = tracks.get(slug, TrackReach())
            tracks[slug] = TrackReach(
                old.enrolled + track.enrolled, old.completed + track.completed, old.asked_again + track.asked_again
            )
        for slug, activity in told.activities.items():
            of = activities.get(slug, ActivityReach())
            activities[slug] = ActivityReach(
                of.done + activity.done, of.attempts + activity.attempts, of.under_way + activity.under_way
            )
    return Reach(tracks, activities)
