"""What my manager sees: the same as the manager, and one's own line."""

import datetime as dt

import pytest
from django.utils import translation

from lms.enums import Source
from lms.models import Report
from lms.privacy.queries import what_my_manager_sees
from lms.reports.actions import build_due_reports, subscribe
from lms.reports.queries import team_page
from lms.reports.words import report_page
from tests.lms.reports.conftest import assign, log_try, team  # noqa: F401 - fixtures

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
APRIL = dt.datetime(2026, 4, 1, 6, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def large_team(cast, team, assign):  # noqa: F811
    people = [cast.ada, cast.ben, *team(18)]
    for number, learner in enumerate(people):
        assign(learner, "done" if number < 8 else "on_the_way")
    subscribe(recipient=cast.mira, cohort=None, cadence="monthly", hour=8, language="", actor=None, source=Source.ADMIN, now=NOW)
    return people


def test_after_a_report_it_is_that_report_word_for_word(cast, large_team):
    build_due_reports(now=APRIL)
    view = what_my_manager_sees(learner=cast.ada, now=APRIL)
    assert (view.manager, view.report, view.subscribed) == (cast.mira, Report.objects.get(), True)
    assert view.page == report_page(Report.objects.get())
    assert view.own == ()
    assert len(view.never) >= 5


def test_before_the_first_report_it_is_what_it_would_say_today(cast, large_team):
    view = what_my_manager_sees(learner=cast.ada, now=NOW)
    assert view.report is None
    assert view.page == team_page(cast.mira, now=NOW)[0]
    assert [line.value for line in view.page.tracks] == ["40%"]


def test_ones_own_line_and_nobody_elses(cast, large_team, settings):
    settings.LMS = {**settings.LMS, "REPORT_NAMED_STATES": True}
    for build in (False, True):
        if build:
            build_due_reports(now=APRIL)
        view = what_my_manager_sees(learner=cast.ada, now=APRIL)
        assert [(line.learner_id, line.track, line.state) for line in view.own] == [(cast.ada.pk, "prompt-engineering", "done")]
        assert view.page.named == ()
    assert len(report_page(Report.objects.get()).named) == len(large_team)


def test_somebody_without_a_manager(cast):
    view = what_my_manager_sees(learner=cast.dana, now=NOW)
    assert (view.manager, view.page, view.subscribed, view.own) == (None, None, False, ())


def test_a_manager_who_left_sees_nothing(cast):
    cast.mira.left_on = NOW.date()
    cast.mira.save()
    assert what_my_manager_sees(learner=cast.ada, now=NOW).manager is None


def test_a_small_team_says_why_there_is_nothing(cast):
    view = what_my_manager_sees(learner=cast.otto, now=NOW)
    assert view.subscribed is False
    assert view.page.empty is True
    assert "5 people" in view.page.note
