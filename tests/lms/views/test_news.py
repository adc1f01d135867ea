"""What is new in a track, as its page and its card say it: the exact words, in both languages."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from courses.models import Activity, PackVersion, Track
from lms.models import AuditEntry, Completion, Enrolment, EnrolmentReason
from lms.progress import catalogue as catalogues
from lms.tasks import reconcile_enrolments
from tests.conftest import NOW

DAY = dt.timedelta(days=1)
BEGAN, FINISHED, RAISED = NOW - 20 * DAY, NOW - 10 * DAY, NOW - 2 * DAY


@pytest.fixture
def new(catalogue, cast) -> Iterator[Activity]:
    """Ada had finished everything, Ben has only begun; since then a lesson has been added to the second module."""
    everything = list(Activity.objects.filter(module__track=catalogue.track))
    for learner, finished in ((cast.ada, FINISHED), (cast.ben, None)):
        enrolment = Enrolment.objects.create(
            learner=learner, track=catalogue.track, enrolled_at=BEGAN, starts_on=BEGAN.date(), started_at=BEGAN,
            last_activity_at=BEGAN, completed_at=finished, due_on=FINISHED.date(),
        )  # fmt: skip
        EnrolmentReason.objects.create(enrolment=enrolment, since=BEGAN, due_on=FINISHED.date())
        Completion.objects.bulk_create(
            Completion(learner=learner, activity=one, opened_at=BEGAN, completed_at=BEGAN)
            for one in (everything if finished else [])
        )
    title = {"en": "The new rule", "fr": "La nouvelle règle"}
    added = Activity.objects.create(
        module=catalogue.m2,
        slug="m2-new",
        kind="lesson",
        position=9,
        title=type(catalogue.m2.title)(title),
        required_since=RAISED,
    )
    Track.objects.filter(pk=catalogue.track.pk).update(edition=2, reopened_at=RAISED)
    PackVersion.objects.create(pack=catalogue.pack, number=1, digest=uuid.uuid4().hex, published_at=RAISED)
    yield added
    catalogues.forget()


@pytest.fixture
def said(page_of, catalogue):
    def read(learner, name: str, language: str = "en") -> str:
        learner.language = language
        learner.save()
        address = reverse(f"lms:{name}", args=[catalogue.track.slug] if name == "track" else [])
        text = strip_tags(page_of(learner).get(address).content.decode())
        return re.sub(r"\s+", " ", text)

    return read


@pytest.mark.parametrize("name", ["track", "tracks"])
def test_who_had_begun_and_who_had_finished(name: str, new: Activity, cast, said) -> None:
    assert "New since you finished The new rule, required since Monday 2 March" in said(cast.ada, name)
    assert "New since you began The new rule, required since Monday 2 March" in said(cast.ben, name)
    assert "Nouveau depuis que vous avez terminé La nouvelle règle, obligatoire depuis lundi 2 mars" in said(cast.ada, name, "fr")
    assert "Nouveau depuis que vous avez commencé La nouvelle règle, obligatoire depuis lundi 2 mars" in said(
        cast.ben, name, "fr"
    )


def test_of_yesterday(new: Activity, cast, said) -> None:
    Activity.objects.filter(pk=new.pk).update(required_since=NOW - DAY)
    assert "The new rule, required since yesterday" in said(cast.ada, "track")
    assert "La nouvelle règle, obligatoire depuis hier" in said(cast.ada, "track", "fr")


@pytest.mark.parametrize("name", ["track", "tracks"])
def test_nothing_is_new_once_it_is_done_nor_to_who_came_later(name: str, new: Activity, cast, said) -> None:
    Completion.objects.create(learner=cast.ada, activity=new, opened_at=NOW, completed_at=NOW)
    Enrolment.objects.filter(learner=cast.ben).update(enrolled_at=RAISED)
    assert "New since" not in said(cast.ada, name)
    assert "New since" not in said(cast.ben, name)


def test_the_night_opens_it_again_and_today_says_why(new: Activity, cast, said) -> None:
    assert "New in this track." not in said(cast.ada, "today")
    assert "done New since you finished" in said(cast.ada, "tracks")
    reconcile_enrolments()
    reconcile_enrolments()
    assert AuditEntry.objects.filter(verb="reopen_enrolments").count() == 1
    today = said(cast.ada, "today")
    assert "The new rule" in today
    assert "New in this track." in today
    assert "Nouveau dans ce parcours." in said(cast.ada, "today", "fr")
    page = said(cast.ada, "track")
    # Its due date had passed while she was finished: it is not held against her, as a badge or as a reason.
    assert "was due" not in page
    assert "Your own choice" in page
    assert ", due" not in page
    assert "New since you finished The new rule" in page
    # Ben never finished: his date holds.
    assert "was due Sunday 22 February" in said(cast.ben, "track")


def test_the_trail_says_it_in_words(new: Activity, page_of, cast, admin_client) -> None:
    reconcile_enrolments()
    shown = admin_client.get(reverse("admin:lms_auditentry_changelist")).content.decode()
    assert "reopened a track for those who had finished it" in shown


@pytest.mark.parametrize(("name", "queries"), [("today", 7), ("tracks", 5), ("track", 6)])
def test_news_cost_no_query(name: str, queries: int, new: Activity, cast, catalogue, page_of, django_assert_num_queries) -> None:
    reconcile_enrolments()
    client = page_of(cast.ada)
    address = reverse(f"lms:{name}", args=[catalogue.track.slug] if name == "track" else [])
    client.get(address)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
