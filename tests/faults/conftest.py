"""A crowd whose mails are due, and the ring that the schedule would give."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model

from lms.models import Enrolment, Learner, Nudge
from lms.nudges.plan import plan_nudges
from tests.services import Broker, Clock

#: Wednesday, 9:05 in Paris: the morning's sending hours have begun.
START = dt.datetime(2026, 3, 4, 8, 5, tzinfo=dt.UTC)


@pytest.fixture
def crowd(live_db: None, catalogue: SimpleNamespace, clock: Clock) -> Callable[[int], list[str]]:
    """``crowd(500)``: so many people whose track was due yesterday, planned. Answers their addresses."""

    def make(count: int) -> list[str]:
        clock.set(START)
        User = get_user_model()
        addresses = [f"p{number:05d}@verdane.example" for number in range(count)]
        users = User.objects.bulk_create([User(username=address, email=address) for address in addresses], batch_size=1000)
        people = Learner.objects.bulk_create(
            [
                Learner(
                    user=user, email=user.email, external_id=user.username, language="en", created_at=START, last_active_at=START
                )
                for user in users
            ],
            batch_size=1000,
        )
        Enrolment.objects.bulk_create(
            [
                Enrolment(
                    learner=each,
                    track=catalogue.track,
                    enrolled_at=START,
                    starts_on=dt.date(2025, 5, 5),
                    due_on=dt.date(2026, 3, 3),
                )
                for each in people
            ],
            batch_size=1000,
        )
        assert plan_nudges(now=START)["overdue"] == count == Nudge.objects.undelivered().count()
        return addresses

    return make


@pytest.fixture
def ring(broker: Broker) -> Callable[[str], None]:
    """``ring("deliver_nudges")``: what the schedule puts into the broker every two minutes."""
    from config.celery import app

    def ring(task: str) -> None:
        with app.connection_for_write(url=broker.url()) as connection:
            app.send_task(f"lms.tasks.{task}", connection=connection, retry=False)

    return ring
