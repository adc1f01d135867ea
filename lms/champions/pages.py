"""What the champions' pages show. A champion sees what was shared with them and nothing else of anybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from i18nfield.strings import LazyI18nString

from lms.progress.pages import Explained


@dataclass(frozen=True)
class ChampionCard:
    """The champion whom a learner may turn to."""

    champion_id: int
    name: str
    initials: str
    domain: LazyI18nString | None
    department: str
    languages: tuple[str, ...]
    #: The promise: working days to a first answer.
    answer_days: int


@dataclass(frozen=True)
class DeskRequest:
    """A question: the asker's name, the question, and the title of the activity it is about."""

    pk: int
    asker: str
    question: str
    activity: LazyI18nString | None
    asked_at: dt.datetime
    answer_due_on: dt.date
    late: bool


@dataclass(frozen=True)
class DeskContest:
    """A contested score: the learner's words and that one attempt, which the learner consented to show."""

    pk: int
    asker: str
    words: str
    activity: LazyI18nString
    score: float
    pass_mark: float
    submitted_at: dt.datetime | None
    consented_at: dt.datetime
    answer_due_on: dt.date
    late: bool
    explained: tuple[Explained, ...]


@dataclass(frozen=True)
class Desk:
    requests: tuple[DeskRequest, ...]
    contests: tuple[DeskContest, ...]
    #: None on the leads' desk.
    capacity: int | None

    @property
    def open(self) -> int:
        return len(self.requests) + len(self.contests)


@dataclass(frozen=True)
class Coverage:
    """How a set of learners is covered. Covered: somebody else who serves today shares the domain or the department, and the language."""

    people: int
    covered: int
    champions: int
    #: Names of the domains of uncovered people, the largest group first.
    uncovered_domains: tuple[Any, ...]

    @property
    def people_per_champion(self) -> float | None:
        return self.people / self.champions if self.champions else None
