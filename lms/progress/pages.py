"""What the learner's pages show: plain values, complete, so that a template asks the database nothing.

An open attempt is shown by ``Question``, which has no place for a key, a feedback or a why; ``Explained`` comes after submission.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from i18nfield.strings import LazyI18nString

from courses.grading import Part
from courses.models import Document, Term
from lms.enums import EnrolmentState
from lms.progress.catalogue import ActivityOutline, ModuleOutline, TrackOutline
from lms.progress.rules import Reason

# Shown on pages and in mails; translated when it is read.
Words = str | Promise


@dataclass(frozen=True)
class Step:
    """One next step, why, and how long it takes."""

    activity: ActivityOutline
    track: TrackOutline
    reason: Reason
    words: Words
    minutes: int


@dataclass(frozen=True)
class Span:
    """How far a module is."""

    module: ModuleOutline
    done: int
    required: int


@dataclass(frozen=True)
class EnrolmentCard:
    """One track of the learner, with progress over what is required now."""

    enrolment_id: int
    track: TrackOutline
    state: EnrolmentState
    percent: int
    done: int
    required: int
    minutes_left: int
    starts_on: dt.date
    due_on: dt.date | None
    completed_at: dt.datetime | None
    #: The track's modules with their progress: the piers of the bridge.
    spans: tuple[Span, ...] = ()
    #: What became required since the learner began, or finished it last (``finished_once``), and is not done.
    news: tuple[ActivityOutline, ...] = ()
    finished_once: bool = False


@dataclass(frozen=True)
class TodayPage:
    """``step`` is None when there is nothing to do; ``empty`` says why: ``no_track``, ``starts_later``, ``locked`` or ``all_done``.

    The week's marks and the champion stand on the same page and come from the rooms above: ``lms.journal.queries.week_marks`` and
    ``lms.champions.queries.champion_for``, one query each.
    """

    today: dt.date
    step: Step | None
    others: tuple[Step, ...]
    enrolments: tuple[EnrolmentCard, ...]
    empty: str = ""


@dataclass(frozen=True)
class MyTracks:
    """The learner's own tracks, and those that may be joined."""

    mine: tuple[EnrolmentCard, ...]
    open_to_me: tuple[TrackOutline, ...]


@dataclass(frozen=True)
class MissingPrerequisite:
    """A module to finish first, and how far it is."""

    module: ModuleOutline
    track: TrackOutline
    done: int
    required: int


@dataclass(frozen=True)
class ActivityLine:
    """``state``: ``done``, ``open`` (begun), ``retry`` (tried, not there yet) or ``new``."""

    activity: ActivityOutline
    state: str
    best_score: float | None
    completed_at: dt.datetime | None
    next: bool = False


@dataclass(frozen=True)
class ModuleLine:
    module: ModuleOutline
    goals: tuple[str, ...]
    activities: tuple[ActivityLine, ...]
    done: int
    required: int
    percent: int
    complete: bool
    missing: tuple[MissingPrerequisite, ...]

    @property
    def locked(self) -> bool:
        """Nothing is locked that is done, whatever was asked for first since then."""
        return bool(self.missing) and not self.complete


@dataclass(frozen=True)
class TrackPage:
    """``card`` is None when the learner is not enrolled; the page then offers to join."""

    track: TrackOutline
    card: EnrolmentCard | None
    modules: tuple[ModuleLine, ...]
    step: Step | None
    hard_prerequisites: bool


@dataclass(frozen=True)
class AttemptLine:
    uuid: UUID
    number: int
    submitted_at: dt.datetime
    score: float
    corrected_score: float | None
    passed: bool


@dataclass(frozen=True)
class ActivityPage:
    """One activity as its reader meets it. ``may_open`` is False where prerequisites are missing and were not overridden;
    ``may_override`` then says whether a warning is enough."""

    activity: ActivityOutline
    line: ActivityLine
    module: ModuleLine
    track: TrackOutline
    enrolled: bool
    missing: tuple[MissingPrerequisite, ...]
    may_open: bool
    may_override: bool
    body: Mapping[str, Any]
    #: Missions: the variant written for the learner's domain, HTML; empty when there is none.
    variant: str
    pass_mark: float
    questions: int
    attempts: tuple[AttemptLine, ...]
    open_attempt: UUID | None
    next: ActivityOutline | None
    #: Lessons: the glossary's terms that its text links to, in the order of the text.
    terms: tuple[Term, ...] = ()
    #: The data room's documents that stand beside it.
    papers: tuple[Document, ...] = ()


@dataclass(frozen=True)
class Question:
    """An item of an open attempt: what may be seen before it is submitted, shuffled for this attempt, and the draft."""

    slug: str
    mechanic: str
    payload: Mapping[str, Any]
    prompt: str
    brief: str
    document: str
    parts: Mapping[str, str]
    answer: Any


@dataclass(frozen=True)
class ExplainedPart:
    part: Part
    text: str
    feedback: str


@dataclass(frozen=True)
class Explained:
    """An item of a submitted attempt: the question, what was answered, and the result part by part."""

    question: Question
    score: float
    passed: bool
    parts: tuple[ExplainedPart, ...]
    notes: tuple[Words, ...]
    why: str
    #: What was asked for, in the shape of ``courses.grading``: the attempt is over, so it may be shown.
    key: Mapping[str, Any]


@dataclass(frozen=True)
class AttemptPage:
    """``questions`` while it is open, ``explained`` once it is submitted; never both."""

    uuid: UUID
    number: int
    activity_slug: str
    title: LazyI18nString
    kind: str
    #: None once the activity is no longer part of the catalogue; the attempt can still be read.
    module: ModuleOutline | None
    track: TrackOutline | None
    #: Exercises: what to do, the same for every variant, HTML.
    prompt: str
    pass_mark: float
    submitted_at: dt.datetime | None
    score: float | None
    corrected_score: float | None
    passed: bool
    questions: tuple[Question, ...] = ()
    explained: tuple[Explained, ...] = ()
    #: The module's activities, for the line of dots above the task.
    trail: tuple[ActivityLine, ...] = ()
    next: ActivityOutline | None = None
    #: The data room's documents that stand beside the task, before and after the answer.
    papers: tuple[Document, ...] = ()


@dataclass(frozen=True)
class ProgressRow:
    """One enrolment in a list, an export or the API."""

    enrolment_id: int
    learner_id: int
    external_id: str
    name: str
    track_slug: str
    track_title: str
    state: EnrolmentState
    percent: int
    enrolled_at: dt.datetime
    due_on: dt.date | None
    started_at: dt.datetime | None
    last_activity_at: dt.datetime | None
    completed_at: dt.datetime | None
