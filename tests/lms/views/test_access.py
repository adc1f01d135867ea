"""Who may open what. Everybody's own pages; somebody else's address is a 404; a stranger is sent to sign in."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from lms.champions.actions import ask_help, contest_score
from lms.journal.actions import write_entry
from lms.models import JournalEntry, Leave
from lms.progress.actions import start_attempt, submit_attempt
from tests.conftest import NOW, WRONG

OPEN_TO_ALL = ["sign_in", "password_lost", "password_asked", "privacy_notice", "accessibility", "offline", "healthz"]
OF_A_LEARNER = ["today", "tracks", "explore", "explore_roles", "journal", "journal_new", "help", "me"]


@pytest.mark.parametrize("name", OPEN_TO_ALL)
def test_open_to_everybody(name, page_of) -> None:
    assert page_of(None).get(reverse(f"lms:{name}")).status_code == 200


@pytest.mark.parametrize("name", [*OF_A_LEARNER, "champion_desk"])
def test_a_stranger_signs_in_first(name, page_of) -> None:
    address = reverse(f"lms:{name}")
    response = page_of(None).get(address)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('lms:sign_in')}?next={address}")


@pytest.mark.parametrize("name", OF_A_LEARNER)
def test_an_account_without_a_profile_is_told_so(name, page_of, django_user_model) -> None:
    client = page_of(None)
    client.force_login(django_user_model.objects.create_user("technician"), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse(f"lms:{name}"))
    assert response.status_code == 403
    assert response.templates[0].name == "lms/public/no_profile.html"


def test_somebody_who_left_learns_no_more(page_of, cast) -> None:
    cast.ada.left_on = dt.date(2026, 3, 4)
    cast.ada.save()
    assert page_of(cast.ada).get(reverse("lms:today")).status_code == 403


def test_an_attempt_is_its_learners_own(page_of, enrolled, catalogue) -> None:
    attempt = start_attempt(learner=enrolled.ada, activity=catalogue.exercise, language="en", now=NOW)
    seen = {
        one.first_name: page_of(one).get(reverse("lms:attempt", args=[attempt.uuid])).status_code
        for one in (enrolled.ada, enrolled.ben, enrolled.mira, enrolled.chloe, enrolled.hana, enrolled.otto)
    }
    assert seen == {"Ada": 200, "Ben": 404, "Mira": 404, "Chloé": 404, "Hana": 404, "Otto": 404}
    for door in ("attempt_save", "attempt_submit", "contest"):
        assert page_of(enrolled.ben).post(reverse(f"lms:{door}", args=[attempt.uuid])).status_code == 404
    attempt.refresh_from_db()
    assert (attempt.answers, attempt.submitted_at) == ({}, None)


def test_a_journal_is_its_learners_own(page_of, cast) -> None:
    entry = write_entry(learner=cast.ada, fields={"task": "Ada’s own words"}, now=NOW)
    for name in ("journal_edit", "journal_delete"):
        seen = {
            one.first_name: page_of(one).get(reverse(f"lms:{name}", args=[entry.pk])).status_code
            for one in (cast.ada, cast.ben, cast.mira, cast.hana, cast.otto)
        }
        assert seen == {"Ada": 200, "Ben": 404, "Mira": 404, "Hana": 404, "Otto": 404}
        assert page_of(cast.mira).post(reverse(f"lms:{name}", args=[entry.pk]), {"task": "x"}).status_code == 404
    assert list(JournalEntry.objects.values_list("task", flat=True)) == ["Ada’s own words"]
    assert "Ada’s own words" not in page_of(cast.mira).get(reverse("lms:journal")).content.decode()


def test_the_desk_is_for_champions_and_leads(page_of, cast) -> None:
    asked = ask_help(learner=cast.ada, question="What Ada asked", token=uuid.uuid4(), now=NOW)
    assert asked.champion == cast.champion
    seen = {
        one.first_name: page_of(one).get(reverse("lms:champion_desk")).status_code
        for one in (cast.ada, cast.ben, cast.mira, cast.chloe, cast.otto)
    }
    assert seen == {"Ada": 404, "Ben": 404, "Mira": 404, "Chloé": 200, "Otto": 404}
    assert "What Ada asked" in page_of(cast.chloe).get(reverse("lms:champion_desk")).content.decode()
    answer = {f"a{asked.pk}-answer": "No"}
    assert page_of(cast.ben).post(reverse("lms:champion_answer", args=[asked.pk]), answer).status_code == 404
    assert page_of(cast.ada).post(reverse("lms:champion_answer", args=[asked.pk]), answer).status_code == 404
    asked.refresh_from_db()
    assert asked.answer == ""


def test_a_contest_shows_the_champion_that_attempt_alone(page_of, enrolled, catalogue) -> None:
    attempt = start_attempt(learner=enrolled.ada, activity=catalogue.exercise, language="en", now=NOW)
    submit_attempt(attempt=attempt, answers={attempt.items[0]: WRONG}, now=NOW)
    contest = contest_score(attempt=attempt, words="I disagree", consent=True, now=NOW)
    text = page_of(enrolled.chloe).get(reverse("lms:champion_desk")).content.decode()
    assert "I disagree" in text
    assert page_of(enrolled.chloe).get(reverse("lms:attempt", args=[attempt.uuid])).status_code == 404
    decision = {f"d{contest.pk}-granted": "no", f"d{contest.pk}-reason": "It stands"}
    assert page_of(enrolled.otto).post(reverse("lms:champion_decide", args=[contest.pk]), decision).status_code == 404
    contest.refresh_from_db()
    assert contest.decided_at is None


def test_a_question_is_withdrawn_by_its_asker_alone(page_of, cast) -> None:
    asked = ask_help(learner=cast.ada, question="What?", token=uuid.uuid4(), now=NOW)
    address = reverse("lms:help_withdraw", args=[asked.token])
    assert page_of(cast.ben).post(address).status_code == 404
    assert page_of(cast.ada).post(address).status_code == 302
    asked.refresh_from_db()
    assert asked.withdrawn_at == NOW


def test_a_leave_is_removed_by_its_own_learner_alone(page_of, cast) -> None:
    leave = Leave.objects.create(learner=cast.ada, starts_on=dt.date(2026, 4, 1), ends_on=dt.date(2026, 4, 2))
    address = reverse("lms:me_leave_remove", args=[leave.pk])
    assert page_of(cast.ben).post(address).status_code == 404
    assert Leave.objects.filter(pk=leave.pk).exists()
    assert page_of(cast.ada).post(address).status_code == 302
    assert not Leave.objects.filter(pk=leave.pk).exists()


@pytest.mark.parametrize("name", ["track", "activity"])
def test_an_unknown_address_is_ours(name, page_of, cast) -> None:
    response = page_of(cast.ada).get(reverse(f"lms:{name}", args=["nothing-here"]))
    assert response.status_code == 404
    assert response.templates[0].name == "lms/public/not_found.html"


WRITES = {
    "track_join": ["critical-evaluation"], "track_leave": ["prompt-engineering"], "activity_open": ["m2-lesson"], "lesson_done": ["m1-lesson"],
    "mission_evidence": ["m1-mission"], "attempt_start": ["m1-exercise"], "attempt_save": [uuid.UUID(int=1)], "attempt_submit": [uuid.UUID(int=1)],
    "contest": [uuid.UUID(int=1)], "help_withdraw": [uuid.UUID(int=1)], "me_working_time": [], "me_leave_add": [], "me_leave_remove": [1],
    "me_reminders": [], "me_pause": [], "champion_answer": [1], "champion_decide": [1], "sign_out": [], "set_language": [], "set_theme": [],
}  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_what_writes_is_never_a_get(name, page_of, enrolled) -> None:
    assert page_of(enrolled.ada).get(reverse(f"lms:{name}", args=WRITES[name])).status_code == 405


@pytest.mark.parametrize("name", WRITES)
def test_what_writes_asks_for_the_forms_key(name, page_of, enrolled) -> None:
    client = page_of(enrolled.ada)
    client.handler.enforce_csrf_checks = True
    response = client.post(reverse(f"lms:{name}", args=WRITES[name]))
    assert response.status_code == 403
