"""The learner's own API: nobody else's rows, no key before submission, one result however often it is submitted."""

import json

import pytest
from django.urls import reverse
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from lms.enrolment.actions import assign_tracks
from lms.enums import DueRule, Source
from lms.models import Attempt, Completion, Enrolment
from tests.conftest import NOW, RIGHT, WRONG

pytestmark = pytest.mark.django_db


@pytest.fixture
def assigned(cast, catalogue):
    assign_tracks(
        cohort=cast.cohort,
        tracks=[catalogue.track],
        starts_on=NOW.date(),
        due_rule=DueRule.NONE,
        actor=None,
        source=Source.JOB,
        now=NOW,
    )
    return cast


def client_of(learner, **headers) -> APIClient:
    client = APIClient()
    token, _made = Token.objects.get_or_create(user=learner.user)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}", **headers)
    return client


def open_quiz(client, catalogue) -> dict:
    answer = client.post(reverse("lms:api:start_attempt", args=[catalogue.quiz.slug]))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_stranger_gets_a_problem_document_and_nothing_else(client):
    answer = client.get(reverse("lms:api:me"))
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 401


def test_me_says_who_i_am(assigned):
    body = client_of(assigned.ada).get(reverse("lms:api:me")).json()
    assert (body["email"], body["domain"], body["department"]) == (assigned.ada.email, "marketing", "Sales")


def test_a_user_without_a_profile_is_refused(django_user_model):
    user = django_user_model.objects.create_user("technician", password="x")
    client = APIClient()
    client.force_authenticate(user)
    assert client.get(reverse("lms:api:me")).status_code == 403


def test_my_tracks_are_mine(assigned, catalogue):
    assert [row["track"] for row in client_of(assigned.ada).get(reverse("lms:api:my_tracks")).json()] == [catalogue.track.slug]
    assert client_of(assigned.otto).get(reverse("lms:api:my_tracks")).json() == []


def test_an_open_attempt_shows_neither_key_nor_feedback(assigned, catalogue):
    body = open_quiz(client_of(assigned.ada), catalogue)
    assert body["result"] is None
    assert len(body["questions"]) == 2
    text = json.dumps(body)
    assert "correct" not in text.replace("corrected_score", "")
    assert "Because." not in text


def test_submitting_twice_gives_one_result(assigned, catalogue):
    client = client_of(assigned.ada)
    attempt = open_quiz(client, catalogue)
    url = reverse("lms:api:submit_attempt", args=[attempt["uuid"]])
    answers = {"answers": {question["id"]: RIGHT for question in attempt["questions"]}}
    first = client.post(url, answers, format="json", HTTP_IDEMPOTENCY_KEY="k-1")
    second = client.post(url, answers, format="json", HTTP_IDEMPOTENCY_KEY="k-1")
    assert (first.status_code, first.json()["score"]) == (200, 1.0)
    assert second.json() == first.json()
    assert Completion.objects.done().filter(learner=assigned.ada, activity=catalogue.quiz).count() == 1
    assert Attempt.objects.get(uuid=attempt["uuid"]).idempotency_key == "k-1"


def test_other_answers_afterwards_are_a_conflict_and_change_nothing(assigned, catalogue):
    client = client_of(assigned.ada)
    attempt = open_quiz(client, catalogue)
    url = reverse("lms:api:submit_attempt", args=[attempt["uuid"]])
    ids = [question["id"] for question in attempt["questions"]]
    client.post(url, {"answers": dict.fromkeys(ids, WRONG)}, format="json")
    again = client.post(url, {"answers": dict.fromkeys(ids, RIGHT)}, format="json")
    assert again.status_code == 409
    assert Attempt.objects.get(uuid=attempt["uuid"]).score == 0.0


def test_a_key_belongs_to_one_attempt(assigned, catalogue):
    client = client_of(assigned.ada)
    first = open_quiz(client, catalogue)
    answers = {"answers": {question["id"]: WRONG for question in first["questions"]}}
    client.post(reverse("lms:api:submit_attempt", args=[first["uuid"]]), answers, format="json", HTTP_IDEMPOTENCY_KEY="k")
    second = open_quiz(client, catalogue)
    answers = {"answers": {question["id"]: RIGHT for question in second["questions"]}}
    reused = client.post(
        reverse("lms:api:submit_attempt", args=[second["uuid"]]), answers, format="json", HTTP_IDEMPOTENCY_KEY="k"
    )
    assert reused.status_code == 409
    assert Attempt.objects.get(uuid=second["uuid"]).submitted_at is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"answers": 3}',
        '{"answers": {"nope": {}}}',
        '{"answers": {}}',
        '{"answers": {"m1-q0": "\\ud800"}}',
        '{"answers": null}',
    ],
)
def test_bad_input_is_refused_in_words_and_loses_nothing(assigned, catalogue, body):
    client = client_of(assigned.ada)
    attempt = open_quiz(client, catalogue)
    answer = client.post(reverse("lms:api:submit_attempt", args=[attempt["uuid"]]), body, content_type="application/json")
    assert answer.status_code in {400, 422}, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["problems"]
    assert Attempt.objects.get(uuid=attempt["uuid"]).submitted_at is None


def test_somebody_elses_attempt_is_not_found(assigned, catalogue):
    attempt = open_quiz(client_of(assigned.ada), catalogue)
    for learner in (assigned.ben, assigned.mira, assigned.otto, assigned.hana):
        client = client_of(learner)
        assert client.get(reverse("lms:api:attempt", args=[attempt["uuid"]])).status_code == 404
        assert (
            client.post(reverse("lms:api:submit_attempt", args=[attempt["uuid"]]), {"answers": {}}, format="json").status_code
            == 404
        )


def test_what_one_is_not_enrolled_in_cannot_be_tried(assigned, catalogue):
    answer = client_of(assigned.otto).post(reverse("lms:api:start_attempt", args=[catalogue.quiz.slug]))
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["code"] == "not-enrolled"
    assert not Attempt.objects.filter(learner=assigned.otto).exists()


def test_progress_follows(assigned, catalogue):
    client = client_of(assigned.ada)
    attempt = open_quiz(client, catalogue)
    answers = {"answers": {question["id"]: RIGHT for question in attempt["questions"]}}
    client.post(reverse("lms:api:submit_attempt", args=[attempt["uuid"]]), answers, format="json")
    body = client.get(reverse("lms:api:my_progress", args=[catalogue.track.slug])).json()
    assert (body["card"]["done"], body["card"]["required"], body["card"]["percent"]) == (1, 5, 20)
    assert Enrolment.objects.get(learner=assigned.ada, track=catalogue.track).started_at is not None
