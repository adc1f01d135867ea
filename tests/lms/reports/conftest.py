"""A team large enough for figures, with whatever state each test wants."""

import datetime as dt
from collections.abc import Callable

import pytest

from lms.models import Assignment, Cohort, CohortMembership, Enrolment, EnrolmentReason, JournalEntry, Learner

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 4)


@pytest.fixture
def team(cast, make_learner) -> Callable[..., list[Learner]]:
    """``team(12)``: so many more people under Mira, beside Ada and Ben."""

    def make(count: int, **kwargs: object) -> list[Learner]:
        return [make_learner(f"T{number}", manager=cast.mira, department=cast.sales, **kwargs) for number in range(count)]

    return make


@pytest.fixture
def assign(cast, catalogue) -> Callable[..., Enrolment]:
    """``assign(learner, track=…, done=…)``: an enrolment because of an assignment."""
    made: dict[int, Assignment] = {}

    def assign(learner: Learner, state: str = "not_started", track: object = None) -> Enrolment:
        track = track or catalogue.track
        if track.pk not in made:
            made[track.pk] = Assignment.objects.create(
                cohort=cast.cohort, track=track, starts_on=dt.date(2026, 1, 5), created_at=NOW
            )
        moments: dict[str, object] = {
            "not_started": {},
            "on_the_way": {"started_at": NOW - dt.timedelta(days=3)},
            "late": {"started_at": NOW - dt.timedelta(days=3), "due_on": TODAY - dt.timedelta(days=1)},
            "done": {"started_at": NOW - dt.timedelta(days=3), "completed_at": NOW},
            "archived": {"archived_at": NOW},
        }[state]
        enrolment = Enrolment.objects.create(
            learner=learner, track=track, enrolled_at=NOW, starts_on=dt.date(2026, 1, 5), **moments
        )
        EnrolmentReason.objects.create(enrolment=enrolment, assignment=made[track.pk], since=NOW)
        return enrolment

    return assign


@pytest.fixture
def log_try() -> Callable[..., JournalEntry]:
    """``log_try(learner, days_ago=3, mission=activity, accepted=True)``."""

    def log_try(learner: Learner, days_ago: int = 3, mission: object = None, accepted: bool = True) -> JournalEntry:
        return JournalEntry.objects.create(
            learner=learner,
            activity=mission,
            tried_on=TODAY - dt.timedelta(days=days_ago),
            task="A try",
            written_at=NOW,
            accepted_at=NOW if accepted else None,
        )

    return log_try


@pytest.fixture
def cohort_of() -> Callable[..., Cohort]:
    def cohort_of(name: str, *learners: Learner) -> Cohort:
        cohort = Cohort.objects.create(name=name, created_at=NOW)
        CohortMembership.objects.bulk_create([CohortMembership(cohort=cohort, learner=each, since=NOW) for each in learners])
        return cohort

    return cohort_of
