"""Ledgers, the trail, exports, and what a long list costs."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.admin.paging import MOST_COUNTED, AtLeast, CappedPaginator
from lms.admin.sheets import harmless
from lms.audit.actions import record
from lms.enums import Source
from lms.models import Assignment, AuditEntry, Champion, Cohort, Enrolment, Learner, Leave, Message, Nudge
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


# Ledgers


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {1, 2, 3, 4, 5}), ("state=waiting", {1, 5}), ("state=sent", {2}), ("state=dropped", {3, 4}), ("state=failing", {5}),
        ("state=refused", {4}), ("why=opted_out", {3}), ("kind=idle", set()), ("q=otto", {5}), ("q=E00003", {1, 2}),
    ],
)  # fmt: skip
def test_the_ledger_says_what_went_and_what_did_not(hr, nudges, query, numbers):
    nudges[0].recipient.__class__.objects.filter(pk=nudges[0].recipient_id).update(external_id="E00003")
    shown = hr.get(f"{reverse('admin:lms_nudge_changelist')}?{query}")
    assert {int(row.occasion[1:]) for row in shown.context["cl"].result_list} == numbers


def test_the_ledger_gives_the_reason_in_words(hr, nudges):
    html = hr.get(reverse("admin:lms_nudge_changelist")).content.decode()
    for words in ("does not want these reminders", "refused by the mail server", "421 busy"):
        assert words in html


def test_the_words_of_a_mail_between_two_people_are_not_shown(hr, cast):
    row = Message.objects.create(
        recipient=cast.ada,
        template="champions/answered",
        context={"answer": "PRIVATE WORDS"},
        cause="c",
        queued_at=NOW,
        send_after=NOW,
        message_id="<m@x>",
    )
    html = hr.get(reverse("admin:lms_message_change", args=[row.pk])).content.decode()
    assert "a champion answered" in html
    assert "PRIVATE WORDS" not in html


# The trail and exports


def cells(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_an_export_says_what_it_holds_and_is_itself_recorded(hr, assigned):
    Learner.objects.filter(pk=assigned.ada.pk).update(last_name='=HYPERLINK("http://x")')
    url = f"{reverse('admin:lms_enrolment_export')}?state=not_started&q=ada"
    shown = hr.get(url)
    assert (shown.context["count"], shown.context["filtered"]) == (1, True)
    assert not AuditEntry.objects.filter(verb="export_enrolments").exists()
    answer = hr.post(url)
    rows = cells(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="enrolments-2026-03-04.csv"'
    assert rows[0][:3] == ["external id", "last name", "first name"]
    assert [row[1:3] for row in rows[1:]] == [['\'=HYPERLINK("http://x")', "Ada"]]
    entry = AuditEntry.objects.get(verb="export_enrolments")
    assert (entry.actor, entry.after, entry.object_label) == (
        assigned.hana.user,
        {"rows": 1, "state": "not_started", "search": "ada"},
        "enrolments",
    )


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "  =x"])
def test_no_cell_is_run_by_a_spreadsheet(value):
    assert harmless(value) == f"'{value}"


def test_plain_cells_stay_as_they_are():
    assert [harmless(value) for value in ("a=b", "", None, 3, dt.date(2026, 3, 4))] == ["a=b", "", "", 3, dt.date(2026, 3, 4)]


def test_the_trail_is_exported_in_words(hr, assigned):
    rows = cells(hr.post(reverse("admin:lms_auditentry_export")))
    assert rows[0][3] == "did what"
    assert ["assigned a track", "assignment"] in [row[3:5] for row in rows]


def test_the_trail_is_searched_and_shows_what_changed(hr, cast):
    entry = record(
        actor=cast.hana.user,
        verb="change_learner",
        obj=cast.ada,
        source=Source.ADMIN,
        now=NOW,
        reason="moved",
        before={"job_title": "Clerk"},
        after={"job_title": "Lead"},
    )
    record(actor=None, verb="admit_invited", obj=cast.cohort, source=Source.JOB, now=NOW)
    shown = hr.get(f"{reverse('admin:lms_auditentry_changelist')}?q=moved")
    assert list(shown.context["cl"].result_list) == [entry]
    html = hr.get(reverse("admin:lms_auditentry_change", args=[entry.pk])).content.decode()
    assert "job title" in html
    assert "<ins>Lead</ins>" in html


# Long lists


def test_counting_stops_where_nobody_turns_pages(db):
    assert str(AtLeast(10_000)) == "10000+"
    Cohort.objects.bulk_create([Cohort(name=f"c{n}", created_at=NOW) for n in range(30)])
    assert CappedPaginator(Cohort.objects.all(), 20).count == 30
    assert CappedPaginator(list(range(7)), 5).count == 7
    assert MOST_COUNTED == 10_000


@pytest.mark.parametrize(
    ("model", "queries"),
    [
        ("learner", 10),
        ("enrolment", 10),
        ("nudge", 7),
        ("cohort", 7),
        ("assignment", 8),
        ("champion", 8),
        ("department", 7),
        ("leave", 9),
    ],
)
def test_a_list_costs_the_same_for_one_row_and_for_many(
    hr, assigned, make_learner, django_assert_max_num_queries, model, queries
):
    def fill(rounds: int) -> None:
        for _number in range(rounds):
            one = make_learner("More", manager=assigned.mira, department=assigned.sales)
            start = NOW.date()
            Enrolment.objects.create(learner=one, track=assigned.assignment.track, enrolled_at=NOW, starts_on=start)
            Nudge.objects.create(
                recipient=one,
                kind="welcome",
                occasion="o",
                priority=4,
                planned_at=NOW,
                expires_on=start,
                send_after=NOW,
                message_id=f"<{one.pk}>",
            )
            cohort = Cohort.objects.create(name=f"More {one.pk}", created_at=NOW)
            Assignment.objects.create(cohort=cohort, track=assigned.assignment.track, starts_on=start, created_at=NOW)
            Champion.objects.create(learner=one, languages=["en"], consented_on=start, starts_on=start)
            Leave.objects.create(learner=one, starts_on=start, ends_on=start)

    url = reverse(f"admin:lms_{model}_changelist")
    fill(1)
    with CaptureQueriesContext(
        connection,
    ) as first:
        hr.get(url)
    fill(3)
    with CaptureQueriesContext(connection) as second:
        hr.get(url)
    assert (len(first), len(second)) == (queries, queries)
