"""Two planners and two workers at the very same moment, on a database that lets them: nobody twice, nobody lost."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection, connections

from lms.models import Enrolment, Learner, Nudge
from lms.nudges.deliver import deliver_nudges
from lms.nudges.plan import plan_nudges

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
PEOPLE = 60

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: there is no very same moment"),
]


@pytest.fixture
def crowd(transactional_db, cast, catalogue, make_learner):
    """Sixty people with two tracks each, both overdue since yesterday."""
    people = [make_learner() for _ in range(PEOPLE)]
    Learner.objects.update(last_active_at=NOW - dt.timedelta(days=90))
    Enrolment.objects.bulk_create(
        Enrolment(learner=each, track=track, enrolled_at=NOW, starts_on=dt.date(2025, 5, 5), due_on=dt.date(2026, 3, 3))
        for each in people
        for track in catalogue.tracks
    )
    return people


def at_once(*work: Callable[[], object]) -> None:
    """Each in a thread and a connection of its own, released together."""
    gate = threading.Barrier(len(work))
    errors: list[BaseException] = []

    def run(one: Callable[[], object]) -> None:
        try:
            gate.wait()
            one()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_planners_write_each_occasion_once(crowd):
    at_once(*[lambda: plan_nudges(now=NOW)] * 4)
    assert Nudge.objects.count() == 2 * PEOPLE


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_workers_send_each_person_one_mail(crowd, limit):
    """Two messages wait for everybody; the gap between two is 48 hours."""
    plan_nudges(now=NOW)

    def work() -> None:
        idle = 0
        while idle < 3:  # a row that was put back is asked for again a little later
            counts = deliver_nudges(now=NOW, limit=limit)
            idle = 0 if counts else idle + 1

    at_once(*[work] * 4)
    later = NOW + dt.timedelta(minutes=5)
    while deliver_nudges(now=later):
        pass
    got = Counter(message.to[0] for message in mail.outbox)
    assert set(got) == {each.email for each in crowd}
    assert set(got.values()) == {1}
    assert Nudge.objects.delivered().count() == PEOPLE
    assert Nudge.objects.undelivered().filter(claimed_until__gt=later).count() == 0
    # The other message of each person waits for its turn.
    assert Nudge.objects.undelivered().filter(send_after__gte=NOW + dt.timedelta(hours=47)).count() == PEOPLE
