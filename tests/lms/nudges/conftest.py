"""Enrolments in states of their own choice, and a shorthand for one working day after another."""

import datetime as dt
from collections.abc import Callable

import pytest

from lms.models import Enrolment, Learner


@pytest.fixture
def enrol(catalogue, now) -> Callable[..., Enrolment]:
    """``enrol(learner, starts_on=…)``: in the first track, since long ago unless the test says otherwise."""

    def enrol(learner: Learner, **kwargs: object) -> Enrolment:
        defaults = {"track": catalogue.track, "enrolled_at": now - dt.timedelta(days=300), "starts_on": dt.date(2025, 5, 5)}
        return Enrolment.objects.create(learner=learner, **{**defaults, **kwargs})

    return enrol


@pytest.fixture
def active(cast, now) -> None:
    """Everybody has been here before: nobody is to be welcomed."""
    Learner.objects.update(last_active_at=now - dt.timedelta(days=100))
