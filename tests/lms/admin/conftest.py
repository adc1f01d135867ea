from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client

from lms.enrolment.actions import assign_tracks
from lms.enums import DueRule, Source
from lms.models import Learner, Nudge
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


@pytest.fixture
def nudges(assigned: SimpleNamespace) -> list[Nudge]:
    """One of each fate: waiting, sent, not wanted, refused, failed so far."""

    def nudge(learner: Learner, number: int, **moments: object) -> Nudge:
        return Nudge.objects.create(
            recipient=learner, kind="welcome", occasion=f"o{number}", priority=4, planned_at=NOW, expires_on=NOW.date(), send_after=NOW,
            message_id=f"<{number}@x>", **moments,
        )  # fmt: skip

    return [
        nudge(assigned.ada, 1),
        nudge(assigned.ada, 2, sent_at=NOW),
        nudge(assigned.ben, 3, dropped_at=NOW, drop_reason="opted_out"),
        nudge(assigned.ben, 4, dropped_at=NOW, drop_reason="refused", last_error="550 unknown"),
        nudge(assigned.otto, 5, last_error="421 busy"),
    ]


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]
