"""The manager's pages show the stored report, to its reader and to HR, and what they say about people is what people can read too."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from lms.enums import Source
from lms.models import Report
from lms.reports.actions import build_due_reports, subscribe
from tests.conftest import NOW


@pytest.fixture
def report(cast, make_learner) -> Report:
    """Mira's team has six people; one report about February was built on the first working day of March, Dana's too."""
    for name in ("Cleo", "Dora", "Emil", "Fay"):
        make_learner(name, manager=cast.mira, department=cast.sales, domain=cast.ada.domain, site=cast.site)
    for manager in (cast.mira, cast.omar):
        subscribe(
            recipient=manager, cohort=None, cadence="monthly", hour=8, language="", actor=cast.hana.user, source=Source.ADMIN,
            now=NOW - dt.timedelta(days=20),
        )  # fmt: skip
    assert build_due_reports(now=NOW)["built"] == 2
    return Report.objects.get(recipient=cast.mira)


def test_a_report_is_read_by_its_reader_and_by_hr(page_of, cast, report) -> None:
    cast.hana.user.user_permissions.add(Permission.objects.get(codename="view_report"))
    address = reverse("lms:report", args=[report.pk])
    seen = {
        one.first_name: page_of(one).get(address).status_code
        for one in (cast.mira, cast.dana, cast.ada, cast.chloe, cast.hana, cast.omar, cast.otto)
    }
    assert seen == {"Mira": 200, "Dana": 404, "Ada": 404, "Chloé": 404, "Hana": 200, "Omar": 404, "Otto": 404}
    assert page_of(None).get(address).status_code == 302


def test_the_team_page_is_for_those_who_lead(page_of, cast, report) -> None:
    seen = {
        one.first_name: page_of(one).get(reverse("lms:team")).status_code
        for one in (cast.mira, cast.dana, cast.ada, cast.chloe, cast.omar, cast.otto)
    }
    assert seen == {"Mira": 200, "Dana": 200, "Ada": 404, "Chloé": 404, "Omar": 200, "Otto": 404}


def test_the_team_page_shows_the_report_that_was_sent(page_of, cast, report) -> None:
    team = page_of(cast.mira).get(reverse("lms:team"))
    page = page_of(cast.mira).get(reverse("lms:report", args=[report.pk]))
    assert team.context["reading"] == page.context["reading"]
    assert team.context["people"] == 6
    assert reverse("lms:report", args=[report.pk]) in team.content.decode()
    assert str(Report.objects.get(recipient=cast.omar).pk) not in [str(one.pk) for one, _period in team.context["lines"]]


def test_names_of_colleagues_are_nowhere_unless_switched_on(page_of, cast, report) -> None:
    for who, name in ((cast.mira, "team"), (cast.ada, "me_manager_view")):
        text = page_of(who).get(reverse(f"lms:{name}")).content.decode()
        assert [one for one in ("Ben Test", "Cleo Test", "Otto Test") if one in text] == []


def test_the_employee_reads_what_the_manager_reads(page_of, cast, report) -> None:
    team = page_of(cast.mira).get(reverse("lms:team")).context["reading"]
    own = page_of(cast.ada).get(reverse("lms:me_manager_view")).context["seen"]
    assert (own.page.headline, own.page.facts, own.page.tracks) == (team.headline, team.facts, team.tracks)
    assert own.own == ()
    nobody = page_of(cast.dana).get(reverse("lms:me_manager_view")).context["seen"]
    assert (nobody.manager, nobody.page) == (None, None)


@pytest.mark.parametrize("reports", [1, 3])
def test_query_counts(reports, page_of, cast, report, django_assert_num_queries) -> None:
    for number in range(1, reports):
        report.pk = None
        report.period_start = dt.date(2026, 2 - 1, number)
        report.message_id = f"<{number}@test>"
        report.save(force_insert=True)
    client = page_of(cast.mira)
    with django_assert_num_queries(7):
        client.get(reverse("lms:team"))
    client = page_of(cast.ada)
    with django_assert_num_queries(6):
        client.get(reverse("lms:me_manager_view"))
