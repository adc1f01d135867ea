"""Enrolments as the enrolment room leaves them, so that these tests say only what they are about."""

import datetime as dt
from collections.abc import Callable

import pytest

from courses.models import Track
from lms.models import Enrolment, Learner
from tests.conftest import NOW

Enrol = Callable[..., Enrolment]


@pytest.fixture
def enrol(db) -> Enrol:
    def make(learner: Learner, track: Track, **fields: object) -> Enrolment:
        given = {"enrolled_at": NOW - dt.timedelta(days=10), "starts_on": NOW.date() - dt.timedelta(days=7), **fields}
        return Enrolment.objects.create(learner=learner, track=track, **given)

    return make
