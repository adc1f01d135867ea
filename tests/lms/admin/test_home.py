"""The front page: four steps at first, then what needs a hand."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Fact
from lms.models import Cohort, DirectoryImport, Enrolment, Learner
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_at_first_it_shows_four_steps(hr, cast):
    Cohort.objects.all().delete()
    html = hr.get("/admin/").content.decode()
    assert "Four steps to the first report" in html
    assert (
        html.index("Import your people")
        < html.index("Make a cohort")
        < html.index("Assign a track")
        < html.index("Send a report")
    )
    assert html.count('aria-current="step"') == 1


def test_it_says_what_needs_a_hand_and_leads_there(hr, assigned, nudges):
    Enrolment.objects.update(due_on=dt.date(2026, 3, 1))
    DirectoryImport.objects.create(file_name="a.csv", content=b"x", uploaded_at=NOW, previewed_at=NOW)
    Learner.objects.filter(pk=assigned.omar.pk).update(left_on=NOW.date())
    Cohort.objects.create(name="Idle", created_at=NOW).memberships.create(learner=assigned.otto, since=NOW)
    html = hr.get("/admin/").content.decode()
    for words in (
        "directory file is checked and waits to be applied", "enrolments are past their due date", "reminder could not be delivered",
        "cohort has people and no track", "person reports to somebody who has left",
    ):  # fmt: skip
        assert words in html
    shown = hr.get("/admin/lms/learner/?manager=gone")
    assert [one.first_name for one in shown.context["cl"].result_list] == ["Otto"]


def test_it_names_facts_that_nobody_has_looked_at_for_too_long(hr, catalogue):
    dates = {"as_of": dt.date(2025, 1, 1), "pack": catalogue.pack, "statement": "…", "source": "A study"}
    Fact.objects.create(slug="old", title="Old", review_after=NOW.date() - dt.timedelta(days=1), **dates)
    Fact.objects.create(slug="fresh", title="Fresh", review_after=NOW.date(), **dates)
    html = hr.get("/admin/").content.decode()
    assert "fact in the lessons is due for review" in html
    shown = hr.get("/admin/courses/fact/?review=due")
    assert [one.slug for one in shown.context["cl"].result_list] == ["old"]


def test_when_nothing_waits_it_says_so(hr, assigned):
    assert "Nothing waits for you" in hr.get("/admin/").content.decode()


def test_it_costs_the_same_whatever_there_is(hr, assigned, nudges, make_learner):
    with CaptureQueriesContext(connection) as first:
        hr.get("/admin/")
    for _number in range(3):
        make_learner("More", manager=assigned.mira)
    with CaptureQueriesContext(connection) as second:
        hr.get("/admin/")
    assert len(first) == len(second) <= 30


def test_whoever_may_see_nobody_sees_no_figures(staff, cast):
    html = staff(cast.omar, "view_site").get("/admin/").content.decode()
    assert "What needs you today" not in html
    assert "At a glance" not in html


def test_it_stands_on_the_applications_own_page_too(hr, assigned):
    """A host's plain front page is left alone; there it is found under the application's name."""
    html = hr.get("/admin/lms/").content.decode()
    assert html.count("What needs you today") == 1
    assert "/admin/lms/cohort/" in html
