from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client

from lms.enrolment.actions import assign_tracks
from lms.enums import DueRule, Source
from lms.models import Learner
from tests.conftest import NOW

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hr(cast: SimpleNamespace) -> Client:
    """Hana's browser. She is no superuser."""
    client = Client()
    client.force_login(cast.hana.user, backend=BACKEND)
    return client


@pytest.fixture
def staff(cast: SimpleNamespace) -> Callable[..., Client]:
    """The browser of somebody who may enter the administration, with these rights and no others."""

    def enter(learner: Learner, *rights: str) -> Client:
        learner.user.is_staff = True
        learner.user.save(update_fields=["is_staff"])
        learner.user.user_permissions.set(Permission.objects.filter(codename__in=rights))
        client = Client()
        client.force_login(type(learner.user).objects.get(pk=learner.user.pk), backend=BACKEND)
        return client

    return enter


@pytest.fixture
def assigned(cast: SimpleNamespace, catalogue: SimpleNamespace) -> SimpleNamespace:
    """The cohort of Ada and Ben has the first track."""
    [outcome] = assign_tracks(
        cohort=cast.cohort,
        tracks=[catalogue.track],
        starts_on=NOW.date(),
        due_rule=DueRule.NONE,
        actor=None,
        source=Source.JOB,
        now=NOW,
    )
    cast.assignment = outcome.assignment
    return cast


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]
