import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client

from lms.models import Enrolment, Learner
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page_of(db) -> Callable[[Learner | None], Client]:
    """A browser in which somebody is signed in; nobody, for None."""

    def open_for(learner: Learner | None) -> Client:
        client = Client()
        if learner is not None:
            client.force_login(learner.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_for


@pytest.fixture
def enrolled(cast: SimpleNamespace, catalogue: SimpleNamespace) -> SimpleNamespace:
    """Ada, Ben and Otto are in the first track."""
    rows = [
        Enrolment(learner=one, track=catalogue.track, enrolled_at=NOW, starts_on=dt.date(2026, 3, 2))
        for one in (cast.ada, cast.ben, cast.otto)
    ]
    Enrolment.objects.bulk_create(rows)
    return cast
