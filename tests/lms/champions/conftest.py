"""Champions beside Chloé, and an attempt that can be contested."""

import datetime as dt
from collections.abc import Callable

import pytest

from courses.models import Activity
from lms.models import Attempt, Champion, Enrolment, Learner
from lms.progress import actions as progress
from lms.progress.queries import attempt_of
from tests.conftest import NOW, WRONG

Coach = Callable[..., Champion]


@pytest.fixture
def coach(db) -> Coach:
    """Makes a learner a champion who serves."""

    def make(learner: Learner, **terms: object) -> Champion:
        given = {
            "domain": learner.domain, "languages": ["en"], "capacity": 10, "consented_on": dt.date(2026, 1, 5),
            "manager_agreed_on": dt.date(2026, 1, 6), "starts_on": dt.date(2026, 1, 7), **terms,
        }  # fmt: skip
        return Champion.objects.create(learner=learner, **given)

    return make


@pytest.fixture
def failed(catalogue) -> Callable[[Learner], Attempt]:
    """A learner's submitted attempt at the quiz, all of it wrong."""

    def make(learner: Learner, activity: Activity = catalogue.quiz) -> Attempt:
        Enrolment.objects.get_or_create(
            learner=learner, track=activity.module.track, defaults={"enrolled_at": NOW, "starts_on": NOW.date()}
        )
        started = progress.start_attempt(learner=learner, activity=activity, language="en", now=NOW)
        attempt = attempt_of(learner=learner, uuid=started.uuid)
        assert attempt is not None
        return progress.submit_attempt(attempt=attempt, answers=dict.fromkeys(attempt.items, WRONG), now=NOW)

    return make
