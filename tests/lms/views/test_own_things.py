"""The journal, asking for help, one's own page, and stopping reminders from a mail."""

import datetime as dt

import pytest
from django.urls import reverse

from lms.enums import NudgeKind
from lms.mail.tokens import unsubscribe_token
from lms.models import HelpRequest, JournalEntry, Leave, NudgeOptOut
from tests.conftest import NOW


def test_one_line_is_a_journal_entry(page_of, cast) -> None:
    client = page_of(cast.ada)
    given = {"task": "A recap", "tried_on": "2026-03-04"}
    for _click in range(2):
        assert client.post(reverse("lms:journal_new"), given)["Location"] == reverse("lms:journal")
    entry = JournalEntry.objects.get()
    assert (entry.learner, entry.task, entry.tried_on, entry.activity) == (cast.ada, "A recap", dt.date(2026, 3, 4), None)


def test_the_journal_is_searched_changed_and_deleted(page_of, cast) -> None:
    client = page_of(cast.ada)
    for task in ("Minutes of Monday", "Travel note"):
        client.post(reverse("lms:journal_new"), {"task": task, "tried_on": "2026-03-03"})
    found = client.get(reverse("lms:journal"), {"q": "travel NOTE"})
    assert [entry.task for entry in found.context["page"]] == ["Travel note"]
    travel = JournalEntry.objects.get(task="Travel note")
    changed = client.post(reverse("lms:journal_edit", args=[travel.pk]), {"task": "Travel plan", "tried_on": "2026-03-02"})
    assert changed["Location"] == reverse("lms:journal")
    travel.refresh_from_db()
    assert (travel.task, travel.tried_on, travel.changed_at) == ("Travel plan", dt.date(2026, 3, 2), NOW)
    assert client.get(reverse("lms:journal_delete", args=[travel.pk])).status_code == 200
    assert JournalEntry.objects.count() == 2
    client.post(reverse("lms:journal_delete", args=[travel.pk]))
    assert list(JournalEntry.objects.values_list("task", flat=True)) == ["Minutes of Monday"]


@pytest.mark.parametrize("page", ["0", "999", "x", "-1"])
def test_any_page_number_is_a_page(page, page_of, cast) -> None:
    assert page_of(cast.ada).get(reverse("lms:journal"), {"page": page, "q": "\x00'\"%"}).status_code == 200


def test_asking_is_answered_on_the_page(page_of, cast) -> None:
    client = page_of(cast.ada)
    form = client.get(reverse("lms:help"), {"about": "m1-quiz"}).context["form"]
    given = {"question": "How?", "about": "m1-quiz", "token": str(form["token"].value())}
    for _click in range(2):
        assert client.post(reverse("lms:help"), given)["Location"] == reverse("lms:help")
    asked = HelpRequest.objects.get()
    assert (asked.learner, asked.champion, asked.activity.slug) == (cast.ada, cast.champion, "m1-quiz")
    page_of(cast.chloe).post(reverse("lms:champion_answer", args=[asked.pk]), {f"a{asked.pk}-answer": "Like this."})
    assert "Like this." in client.get(reverse("lms:help")).content.decode()
    assert "Like this." not in page_of(cast.ben).get(reverse("lms:help")).content.decode()


def test_an_empty_question_is_told_beside_its_field(page_of, cast) -> None:
    response = page_of(cast.ada).post(reverse("lms:help"), {"question": " ", "token": "x"})
    assert response.status_code == 422
    assert "question" in response.context["form"].errors
    assert not HelpRequest.objects.exists()


def test_working_days_and_zone(page_of, cast) -> None:
    client, address = page_of(cast.ada), reverse("lms:me_working_time")
    assert client.post(address, {"time_zone": "Europe/Brussels", "working_days": ["0", "1"]})["Location"] == reverse("lms:me")
    cast.ada.refresh_from_db()
    assert (cast.ada.time_zone, cast.ada.working_days) == ("Europe/Brussels", "01")
    for given in ({"time_zone": "Europe/Brussels"}, {"time_zone": "Nowhere", "working_days": ["0"]}, {"working_days": ["9"]}):
        assert client.post(address, given).status_code == 422
    cast.ada.refresh_from_db()
    assert (cast.ada.time_zone, cast.ada.working_days) == ("Europe/Brussels", "01")


def test_days_away_that_touch_become_one(page_of, cast) -> None:
    client, address = page_of(cast.ada), reverse("lms:me_leave_add")
    client.post(address, {"starts_on": "2026-04-01", "ends_on": "2026-04-03"})
    client.post(address, {"starts_on": "2026-04-04", "ends_on": "2026-04-05"})
    client.post(address, {"starts_on": "2026-05-01", "ends_on": "2026-05-01"})
    client.post(address, {"starts_on": "2026-05-01", "ends_on": "2026-05-01"})
    assert list(Leave.objects.values_list("learner__first_name", "starts_on", "ends_on")) == [
        ("Ada", dt.date(2026, 4, 1), dt.date(2026, 4, 5)),
        ("Ada", dt.date(2026, 5, 1), dt.date(2026, 5, 1)),
    ]
    assert client.post(address, {"starts_on": "2026-06-02", "ends_on": "2026-06-01"}).status_code == 422
    assert client.post(address, {"starts_on": "2026-06-02", "ends_on": "2036-06-01"}).status_code == 422
    assert client.post(address, {"starts_on": "yesterday"}).status_code == 422
    assert Leave.objects.count() == 2


def test_reminders_are_chosen_by_kind(page_of, cast) -> None:
    client, address = page_of(cast.ada), reverse("lms:me_reminders")
    for _click in range(2):
        client.post(address, {"kind": ["due_soon", "overdue", "made-up"]})
    off = NudgeOptOut.objects.filter(learner=cast.ada)
    assert set(off.values_list("kind", flat=True)) == set(NudgeKind.values) - {"due_soon", "overdue"}
    client.post(address, {"kind": NudgeKind.values})
    assert not off.exists()


def test_reminders_are_paused_and_go_on(page_of, cast) -> None:
    client, address = page_of(cast.ada), reverse("lms:me_pause")
    client.post(address, {"until": "2026-03-20"})
    cast.ada.refresh_from_db()
    assert cast.ada.nudges_paused_until == dt.date(2026, 3, 20)
    assert client.post(address, {"until": "2026-03-04"}).status_code == 422
    client.post(address, {"until": ""})
    cast.ada.refresh_from_db()
    assert cast.ada.nudges_paused_until is None


def stop(learner, kind: str) -> str:
    return reverse("lms:unsubscribe", args=[unsubscribe_token(learner, kind)])


def test_looking_at_the_link_stops_nothing(page_of, cast) -> None:
    response = page_of(None).get(stop(cast.ada, "idle"))
    assert (response.status_code, response.context["stopped"]) == (200, False)
    assert not NudgeOptOut.objects.exists()


def test_one_click_stops_that_kind_without_signing_in_or_a_forms_key(page_of, cast) -> None:
    client = page_of(None)
    client.handler.enforce_csrf_checks = True
    for _click in range(2):
        response = client.post(stop(cast.ada, "idle"), {"List-Unsubscribe": "One-Click"})
        assert (response.status_code, response.context["stopped"]) == (200, True)
    assert list(NudgeOptOut.objects.values_list("learner__first_name", "kind")) == [("Ada", "idle")]
    client.post(stop(cast.ada, "idle"), {"again": "1"})
    assert not NudgeOptOut.objects.exists()
    client.post(stop(cast.ada, "idle"), {"scope": "all"})
    assert list(NudgeOptOut.objects.values_list("learner__first_name", "kind")) == [("Ada", "")]


def test_the_link_speaks_the_recipients_language(page_of, cast) -> None:
    cast.ada.language = "fr"
    cast.ada.save()
    text = page_of(None).get(stop(cast.ada, "idle")).content.decode()
    assert '<html lang="fr"' in text


@pytest.mark.parametrize("token", ["forged", "1-idle.xxxx", "…", "1-idle"])
def test_a_forged_link_is_told_and_stops_nothing(token, page_of, cast) -> None:
    for method in ("get", "post"):
        response = getattr(page_of(None), method)(reverse("lms:unsubscribe", args=[token]))
        assert response.status_code == 404
        assert response.templates[0].name == "lms/public/unsubscribe_unknown.html"
    assert not NudgeOptOut.objects.exists()
