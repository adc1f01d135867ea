"""How much a page asks of the database: the same for one row and for three."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from courses.models import PackVersion
from lms.champions.actions import ask_help
from lms.journal.actions import write_entry
from lms.models import Enrolment, Leave
from lms.progress import catalogue as catalogues
from lms.progress.actions import start_attempt, submit_attempt
from tests.conftest import NOW, WRONG


@pytest.fixture(autouse=True)
def _published(catalogue) -> None:
    """As in production: a version is published, so that the catalogue is held by the process."""
    PackVersion.objects.create(pack=catalogue.pack, number=1, digest=uuid.uuid4().hex, published_at=NOW)
    yield
    catalogues.forget()


def count(page_of, learner, address, django_assert_num_queries, queries) -> None:
    client = page_of(learner)
    client.get(address)  # the process reads the catalogue once
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_today(rows, page_of, cast, catalogue, django_assert_num_queries) -> None:
    tracks = [catalogue.track, catalogue.other_track][:rows]
    Enrolment.objects.bulk_create(
        Enrolment(learner=cast.ada, track=track, enrolled_at=NOW, starts_on=dt.date(2026, 3, 2)) for track in tracks
    )
    for number in range(rows):
        write_entry(learner=cast.ada, fields={"task": str(number)}, now=NOW)
    count(page_of, cast.ada, reverse("lms:today"), django_assert_num_queries, 7)


@pytest.mark.parametrize("rows", [1, 3])
def test_tracks(rows, page_of, cast, catalogue, django_assert_num_queries) -> None:
    tracks = [catalogue.track, catalogue.other_track][:rows]
    Enrolment.objects.bulk_create(
        Enrolment(learner=cast.ada, track=track, enrolled_at=NOW, starts_on=dt.date(2026, 3, 2)) for track in tracks
    )
    count(page_of, cast.ada, reverse("lms:tracks"), django_assert_num_queries, 5)
    count(page_of, cast.ada, reverse("lms:track", args=[catalogue.track.slug]), django_assert_num_queries, 6)


@pytest.mark.parametrize("rows", [1, 3])
def test_an_activity_with_its_tries(rows, page_of, enrolled, catalogue, django_assert_num_queries) -> None:
    for _number in range(rows):
        attempt = start_attempt(learner=enrolled.ada, activity=catalogue.exercise, language="en", now=NOW)
        submit_attempt(attempt=attempt, answers={attempt.items[0]: WRONG}, now=NOW)
    count(page_of, enrolled.ada, reverse("lms:activity", args=["m1-exercise"]), django_assert_num_queries, 6)
    count(page_of, enrolled.ada, reverse("lms:attempt", args=[attempt.uuid]), django_assert_num_queries, 8)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_journal(rows, page_of, cast, django_assert_num_queries) -> None:
    for number in range(rows):
        write_entry(learner=cast.ada, fields={"task": str(number)}, now=NOW)
    count(page_of, cast.ada, reverse("lms:journal"), django_assert_num_queries, 5)


@pytest.mark.parametrize("rows", [1, 3])
def test_help_and_the_desk(rows, page_of, cast, django_assert_num_queries) -> None:
    for number in range(rows):
        ask_help(learner=cast.ada, question=str(number), token=uuid.uuid4(), now=NOW)
    count(page_of, cast.ada, reverse("lms:help"), django_assert_num_queries, 5)
    count(page_of, cast.chloe, reverse("lms:champion_desk"), django_assert_num_queries, 8)


@pytest.mark.parametrize("rows", [1, 3])
def test_me(rows, page_of, cast, django_assert_num_queries) -> None:
    for number in range(rows):
        day = dt.date(2026, 4, 1) + dt.timedelta(days=10 * number)
        Leave.objects.create(learner=cast.ada, starts_on=day, ends_on=day)
    count(page_of, cast.ada, reverse("lms:me"), django_assert_num_queries, 5)
