"""Pure decisions about progress: how far, what is locked, what comes next. Values in, verdict out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courses.grading.result import reaches

#: A due date this near (calendar days) makes a track urgent.
DUE_SOON_DAYS = 7
MOST_STEPS = 3
#: The place of a module that the recommended path does not name: after all those that it names.
NOT_RECOMMENDED = 1_000_000


def percent(done_required: int, required: int) -> int:
    """Whole per cent of what is required now, rounded down: 100 only when all of it is done, never more.

    A track that requires nothing cannot be finished: 0.
    """
    if required <= 0:
        return 0
    return 100 * min(max(done_required, 0), required) // required


def is_complete(done: Collection[int], required: Collection[int]) -> bool:
    return bool(required) and set(required) <= set(done)


def passes(score: float, pass_mark: float) -> bool:
    return reaches(score, pass_mark)


@dataclass(frozen=True)
class Missing:
    """A prerequisite that is not done, and how far it is."""

    module_id: int
    done: int
    required: int


def missing_prerequisites(required_of: Mapping[int, Collection[int]], done: Collection[int]) -> tuple[Missing, ...]:
    """What stands before a module: ``required_of`` maps each prerequisite to the activities that it requires now."""
    finished = set(done)
    return tuple(
        Missing(module_id, len(finished.intersection(required)), len(required))
        for module_id, required in required_of.items()
        if not finished.issuperset(required)
    )


def unlocked(required_of: Mapping[int, Collection[int]], done: Collection[int]) -> bool:
    return not missing_prerequisites(required_of, done)


class Reason(TextChoices):
    """Why this is the next step."""

    MISSION_STARTED = "mission_started", _("You began this mission: note what it gave.")
    RETRY = "retry", _("Your last try was not quite there. A new one brings other material.")
    LATE = "late", _("This track was due on %(due)s.")
    DUE_SOON = "due_soon", _("This track is due on %(due)s.")
    RESUME = "resume", _("You stopped here last time.")
    NEW = "new", _("New in this track.")
    FIRST = "first", _("The first step of this track.")
    NEXT = "next", _("The next step of this track.")
    LATER = "later", _("Further on in this track.")


class Doable(NamedTuple):
    """An activity that is not done, as the choice of the next step needs it. There are many of them on every page."""

    activity_id: int
    mission: bool = False
    graded: bool = False
    required: bool = True
    locked: bool = False
    opened_at: dt.datetime | None = None
    #: Submitted at least once, below the pass mark.
    tried: bool = False
    #: Required only since the learner had finished the track.
    new: bool = False


@dataclass(frozen=True)
class TrackAhead:
    """A track that the learner is in and has not finished; ``ahead`` in the track's order."""

    track_id: int
    position: int
    due_on: dt.date | None
    last_activity_at: dt.datetime | None
    ahead: tuple[Doable, ...]
    untouched: bool = False
    #: Something of the module that comes next here is done already.
    begun: bool = False
    #: Where the recommended path has that module; what it leaves out comes after all that it names.
    place: int = NOT_RECOMMENDED


@dataclass(frozen=True)
class Suggestion:
    activity_id: int
    track_id: int
    reason: Reason


def _urgency(track: TrackAhead, today: dt.date) -> tuple[int, dt.date]:
    if track.due_on is None:
        return (3, dt.date.max)
    if track.due_on < today:
        return (0, track.due_on)
    if track.due_on <= today + dt.timedelta(days=DUE_SOON_DAYS):
        return (1, track.due_on)
    return (2, track.due_on)


def _turn(track: TrackAhead) -> tuple[float, bool, int, float, int]:
    """Between tracks that are equally urgent: where one stopped in the middle of something, then the module that one has begun, then what
    the recommended path has first, then the track left alone longest.
    """
    opened = [one.opened_at.timestamp() for one in track.ahead if one.opened_at and not one.locked]
    resting = track.last_activity_at.timestamp() if track.last_activity_at else 0.0
    return (-max(opened, default=0.0), not track.begun, track.place, resting, track.position)


def _in_order(track: TrackAhead) -> list[Doable]:
    """What can be done now in this track: the last thing opened first, then what is required, in the author's order."""
    free = [one for one in track.ahead if one.required and not one.locked]
    opened = [one for one in free if one.opened_at]
    last = max(opened, key=lambda one: one.opened_at or dt.datetime.min.replace(tzinfo=dt.UTC), default=None)
    return ([last] if last else []) + [one for one in free if one is not last]


def _reason(track: TrackAhead, one: Doable, today: dt.date, *, later: bool) -> Reason:
    urgency, _due = _urgency(track, today)
    if urgency == 0:
        return Reason.LATE
    if urgency == 1:
        return Reason.DUE_SOON
    if one.opened_at:
        return Reason.RESUME
    if one.new:
        return Reason.NEW
    if later:
        return Reason.LATER
    return Reason.FIRST if track.untouched else Reason.NEXT


def _follows(before: Iterable[Doable]) -> bool:
    """Something else that was not begun comes before it: there is one next step in a track."""
    return any(not one.opened_at for one in before)


def next_steps(tracks: Iterable[TrackAhead], *, today: dt.date, limit: int = MOST_STEPS) -> tuple[Suggestion, ...]:
    """The next thing to do, and what else would do: at most ``limit``, each once, each with its reason.

    A mission that was begun comes first, then a try to repeat, then the tracks by due date; tracks that are equally urgent take
    turns. Nothing locked, optional or done is ever suggested.
    """
    ordered = sorted(tracks, key=lambda track: (*_urgency(track, today), *_turn(track)))
    queues = [(track, _in_order(track)) for track in ordered]
    return _first_of_each(_suggested(queues, today), limit)


def _suggested(queues: Sequence[tuple[TrackAhead, list[Doable]]], today: dt.date) -> Iterator[Suggestion]:
    for track, one in _begun(queues, missions=True):
        yield Suggestion(one.activity_id, track.track_id, Reason.MISSION_STARTED)
    for track, one in _begun(queues, missions=False):
        yield Suggestion(one.activity_id, track.track_id, Reason.RETRY)
    for place in range(max((len(queue) for _track, queue in queues), default=0)):
        for track, queue in queues:
            if place < len(queue):
                one = queue[place]
                yield Suggestion(one.activity_id, track.track_id, _reason(track, one, today, later=_follows(queue[:place])))


def _begun(queues: Sequence[tuple[TrackAhead, list[Doable]]], *, missions: bool) -> list[tuple[TrackAhead, Doable]]:
    """What was begun first waits longest."""
    begun = [
        (track, one)
        for track, queue in queues
        for one in queue
        if (one.mission and one.opened_at is not None if missions else one.graded and one.tried)
    ]
    return sorted(begun, key=lambda pair: pair[1].opened_at.timestamp() if pair[1].opened_at else 0.0)


def _first_of_each(found: Iterable[Suggestion], limit: int) -> tuple[Suggestion, ...]:
    kept: dict[int, Suggestion] = {}
    for suggestion in found:
        if len(kept) == limit:
            break
        kept.setdefault(suggestion.activity_id, suggestion)
    return tuple(kept.values())


def next_step(tracks: Iterable[TrackAhead], *, today: dt.date) -> Suggestion | None:
    return next(iter(next_steps(tracks, today=today, limit=1)), None)
