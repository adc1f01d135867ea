"""Where one learner stands in the catalogue: completions laid over the outline. Put together once per page, then only read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import get_language

from courses.models import ActivityKind
from courses.problems import fill_lazily
from lms.conf import conf
from lms.enrolment.rules import state_of
from lms.progress import rules
from lms.progress.catalogue import ActivityOutline, Catalogue, ModuleOutline, TrackOutline
from lms.progress.pages import ActivityLine, EnrolmentCard, MissingPrerequisite, ModuleLine, Span, Step, Words

long_date = lazy(lambda day: date_format(day, "l j F"), str)


def in_language(texts: Mapping[str, Any] | None) -> Any:
    """Out of texts by language: the reader's, else the company's, else any; an empty mapping when there is none."""
    if not texts:
        return {}
    for language in (get_language() or "", conf.DEFAULT_LANGUAGE):
        for code in (language, language.split("-")[0]):
            if code in texts:
                return texts[code]
    return next(iter(texts.values()))


class Mark(NamedTuple):
    """One completion, as pages need it."""

    activity_id: int
    opened_at: dt.datetime
    completed_at: dt.datetime | None
    best_score: float | None
    overrode_prerequisites: bool


class Enrolled(NamedTuple):
    """One live enrolment, as pages need it; ``version`` names the catalogue that was newest when it was read."""

    pk: int
    learner_id: int
    track_id: int
    enrolled_at: dt.datetime
    starts_on: dt.date
    due_on: dt.date | None
    started_at: dt.datetime | None
    last_activity_at: dt.datetime | None
    completed_at: dt.datetime | None
    earlier_completed_at: dt.datetime | None
    version: int | None


@dataclass(frozen=True)
class Standing:
    catalogue: Catalogue
    marks: Mapping[int, Mark]

    @cached_property
    def done(self) -> frozenset[int]:
        return frozenset(mark.activity_id for mark in self.marks.values() if mark.completed_at)

    def missing(self, module: ModuleOutline) -> tuple[MissingPrerequisite, ...]:
        """What stands before this module, whether or not the learner went on all the same."""
        if not module.prerequisite_ids:
            return ()
        known = self.catalogue.modules
        required = {pk: known[pk].required_ids for pk in module.prerequisite_ids if pk in known}
        return tuple(
            MissingPrerequisite(
                module=known[one.module_id],
                track=self.catalogue.tracks[known[one.module_id].track_id],
                done=one.done,
                required=one.required,
            )
            for one in rules.missing_prerequisites(required, self.done)
        )

    def overridden(self, module: ModuleOutline) -> bool:
        """The learner was warned once and went on; one warning per module is enough."""
        if conf.HARD_PREREQUISITES:
            return False
        return any(self.marks[one.pk].overrode_prerequisites for one in module.activities if one.pk in self.marks)

    def line(self, activity: ActivityOutline, *, next_id: int | None = None) -> ActivityLine:
        mark = self.marks.get(activity.pk)
        if mark is None:
            state = "new"
        elif mark.completed_at:
            state = "done"
        else:
            state = "open" if mark.best_score is None else "retry"
        return ActivityLine(
            activity=activity,
            state=state,
            best_score=mark.best_score if mark else None,
            completed_at=mark.completed_at if mark else None,
            next=activity.pk == next_id,
        )

    def module_line(self, module: ModuleOutline, *, next_id: int | None = None) -> ModuleLine:
        done = len(module.required_ids & self.done)
        required = len(module.required_ids)
        return ModuleLine(
            module=module,
            goals=tuple(in_language(module.goals) or ()),
            activities=tuple(self.line(activity, next_id=next_id) for activity in module.activities),
            done=done,
            required=required,
            percent=rules.percent(done, required),
            complete=rules.is_complete(self.done, module.required_ids),
            missing=self.missing(module),
        )

    def news(self, enrolment: Enrolled, track: TrackOutline) -> tuple[ActivityOutline, ...]:
        """What became required since the learner finished the track last, or began it, and is not done."""
        known = enrolment.completed_at or enrolment.earlier_completed_at or enrolment.enrolled_at
        return tuple(one for one in track.added if one.required_since and one.required_since > known and one.pk not in self.done)

    def card(self, enrolment: Enrolled, track: TrackOutline, *, today: dt.date) -> EnrolmentCard:
        done = len(track.required_ids & self.done)
        required = len(track.required_ids)
        left = sum(one.minutes for one in track.activities if one.required and one.pk not in self.done)
        return EnrolmentCard(
            enrolment_id=enrolment.pk,
            track=track,
            state=state_of(
                today=today,
                started_at=enrolment.started_at,
                completed_at=enrolment.completed_at,
                archived_at=None,
                due_on=enrolment.due_on,
            ),
            percent=rules.percent(done, required),
            done=done,
            required=required,
            minutes_left=left,
            starts_on=enrolment.starts_on,
            due_on=enrolment.due_on,
            completed_at=enrolment.completed_at,
            spans=tuple(Span(module, len(module.required_ids & self.done), len(module.required_ids)) for module in track.modules),
            news=self.news(enrolment, track),
            finished_once=bool(enrolment.completed_at or enrolment.earlier_completed_at),
        )

    def ahead(self, enrolment: Enrolled, track: TrackOutline, *, locked_too: bool = False) -> rules.TrackAhead:
        """What is left in a track, for the choice of the next step. ``locked_too``: nothing anywhere is free, so that the first locked
        module explains itself and lets the learner decide; not where the company made prerequisites hard.
        """
        locked = {module.pk: bool(self.missing(module)) and not self.overridden(module) for module in track.modules}
        done = self.done
        left = [one for one in track.activities if one.pk not in done]
        if locked_too and not conf.HARD_PREREQUISITES:
            locked = dict.fromkeys(locked, False)
        ahead = []
        new = self.news(enrolment, track) if enrolment.earlier_completed_at else ()
        graded = ActivityKind.graded()
        for one in left:
            mark = self.marks.get(one.pk)
            ahead.append(
                rules.Doable(
                    activity_id=one.pk,
                    mission=one.kind == ActivityKind.MISSION,
                    graded=one.kind in graded,
                    required=one.required,
                    locked=locked[one.module_id],
                    opened_at=mark.opened_at if mark else None,
                    tried=mark is not None and mark.best_score is not None,
                    new=one in new,
                )
            )
        free = next((one.activity_id for one in ahead if one.required and not one.locked), None)
        coming = self.catalogue.modules[self.catalogue.activities[free].module_id] if free else None
        return rules.TrackAhead(
            track_id=track.pk,
            position=track.position,
            due_on=enrolment.due_on,
            last_activity_at=enrolment.last_activity_at,
            ahead=tuple(ahead),
            untouched=not any(one.pk in self.marks for one in track.activities),
            begun=coming is not None and not done.isdisjoint(coming.required_ids),
            place=coming.place if coming else rules.NOT_RECOMMENDED,
        )

    def step(self, suggestion: rules.Suggestion, due_on: dt.date | None) -> Step:
        activity = self.catalogue.activities[suggestion.activity_id]
        words: Words = suggestion.reason.label
        if suggestion.reason in {rules.Reason.LATE, rules.Reason.DUE_SOON}:
            words = fill_lazily(words, {"due": long_date(due_on)})
        return Step(
            activity=activity,
            track=self.catalogue.tracks[suggestion.track_id],
            reason=suggestion.reason,
            words=words,
            minutes=activity.minutes,
        )

    def after(self, activity: ActivityOutline) -> ActivityOutline | None:
        """What follows in the track's order and is not done yet."""
        track = self.catalogue.tracks[activity.track_id]
        here = [one.pk for one in track.activities].index(activity.pk)
        return next((one for one in track.activities[here + 1 :] if one.pk not in self.done), None)
