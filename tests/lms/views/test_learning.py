"""Learning in the browser, without a script: read, answer, see why, do it at work."""

import datetime as dt

from django.urls import reverse

from lms.models import Attempt, Completion, Contest, Enrolment, JournalEntry
from lms.progress.actions import open_activity, start_attempt, submit_attempt
from tests.conftest import NOW, RIGHT, WRONG


def done(learner) -> set[str]:
    return set(Completion.objects.done().filter(learner=learner).values_list("activity__slug", flat=True))


def test_a_lesson_is_done_by_its_button_and_leads_on(page_of, enrolled, catalogue) -> None:
    client = page_of(enrolled.ada)
    text = client.get(reverse("lms:activity", args=["m1-lesson"])).content.decode()
    assert "<p>Card one.</p>" in text
    for _click in range(2):
        response = client.post(reverse("lms:lesson_done", args=["m1-lesson"]))
        assert (response.status_code, response["Location"]) == (302, reverse("lms:activity", args=["m1-exercise"]))
    assert done(enrolled.ada) == {"m1-lesson"}


def test_reading_opens_and_completes_nothing_else(page_of, enrolled) -> None:
    page_of(enrolled.ada).get(reverse("lms:activity", args=["m1-lesson"]))
    assert list(Completion.objects.values_list("learner__first_name", "activity__slug", "completed_at")) == [
        ("Ada", "m1-lesson", None)
    ]


def test_an_exercise_from_start_to_result(page_of, enrolled, catalogue) -> None:
    client = page_of(enrolled.ada)
    started = client.post(reverse("lms:attempt_start", args=["m1-exercise"]))
    attempt = Attempt.objects.get()
    assert started["Location"] == reverse("lms:attempt", args=[attempt.uuid])
    assert client.post(reverse("lms:attempt_start", args=["m1-exercise"]))["Location"] == started["Location"]
    slug = attempt.items[0]
    saved = client.post(reverse("lms:attempt_save", args=[attempt.uuid]), {f"{slug}.selected": "wrong"})
    assert saved["Location"] == started["Location"]
    again = client.get(started["Location"]).content.decode()
    assert 'value="wrong" checked' in again
    assert "Because." not in again  # the why waits for the answer
    for _click in range(2):
        sent = client.post(reverse("lms:attempt_submit", args=[attempt.uuid]), {f"{slug}.selected": "right"})
        assert sent["Location"] == started["Location"]
    result = client.get(started["Location"]).content.decode()
    assert "Because." in result
    assert "100%" in result
    assert done(enrolled.ada) == {"m1-exercise"}


def test_the_second_submission_changes_nothing(page_of, enrolled, catalogue) -> None:
    client = page_of(enrolled.ada)
    client.post(reverse("lms:attempt_start", args=["m1-exercise"]))
    attempt = Attempt.objects.get()
    address = reverse("lms:attempt_submit", args=[attempt.uuid])
    client.post(address, {f"{attempt.items[0]}.selected": "wrong"})
    client.post(address, {f"{attempt.items[0]}.selected": "right"})
    attempt.refresh_from_db()
    assert attempt.score == 0
    assert done(enrolled.ada) == set()


def test_an_incomplete_answer_is_told_beside_its_question_and_kept(page_of, enrolled) -> None:
    client = page_of(enrolled.ada)
    client.post(reverse("lms:attempt_start", args=["m1-quiz"]))
    attempt = Attempt.objects.get()
    first, second = attempt.items
    response = client.post(reverse("lms:attempt_submit", args=[attempt.uuid]), {f"{first}.selected": "right"})
    text = response.content.decode()
    assert response.status_code == 422
    about_second = text[text.index(f'id="{second}"') :]
    assert "Choose one answer." in about_second
    assert "Choose one answer." not in text[: text.index(f'id="{second}"')]
    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    assert attempt.answers[first] == RIGHT


def test_a_draft_saved_in_the_background_answers_in_a_line(page_of, enrolled) -> None:
    client = page_of(enrolled.ada)
    client.post(reverse("lms:attempt_start", args=["m1-exercise"]))
    attempt = Attempt.objects.get()
    address = reverse("lms:attempt_save", args=[attempt.uuid])
    response = client.post(address, {f"{attempt.items[0]}.selected": "other"}, headers={"HX-Request": "true"})
    assert (response.status_code, response.content.decode().strip()) == (200, "Kept at 10:00.")
    attempt.refresh_from_db()
    assert attempt.answers == {attempt.items[0]: {"selected": ["other"]}}


def test_a_draft_after_the_result_changes_nothing(page_of, enrolled, catalogue) -> None:
    attempt = start_attempt(learner=enrolled.ada, activity=catalogue.exercise, language="en", now=NOW)
    submit_attempt(attempt=attempt, answers={attempt.items[0]: WRONG}, now=NOW)
    response = page_of(enrolled.ada).post(
        reverse("lms:attempt_save", args=[attempt.uuid]), {f"{attempt.items[0]}.selected": "right"}
    )
    assert response.status_code == 302
    attempt.refresh_from_db()
    assert (attempt.answers, attempt.score) == ({attempt.items[0]: WRONG}, 0)


def test_a_locked_module_says_what_comes_first_and_may_be_opened_all_the_same(page_of, enrolled) -> None:
    client = page_of(enrolled.ada)
    address = reverse("lms:activity", args=["m2-lesson"])
    text = client.get(address).content.decode()
    assert "“m1”: 0 of 4 done." in text
    assert "Card one." not in text
    assert client.post(reverse("lms:lesson_done", args=["m2-lesson"]))["Location"] == address
    assert done(enrolled.ada) == set()
    client.post(reverse("lms:activity_open", args=["m2-lesson"]))
    assert "Card one." in client.get(address).content.decode()
    assert Completion.objects.get(learner=enrolled.ada).overrode_prerequisites is True


def test_where_prerequisites_are_hard_nothing_opens(page_of, enrolled, settings) -> None:
    settings.LMS = {**settings.LMS, "HARD_PREREQUISITES": True}
    client = page_of(enrolled.ada)
    client.post(reverse("lms:activity_open", args=["m2-lesson"]))
    text = client.get(reverse("lms:activity", args=["m2-lesson"])).content.decode()
    assert "Card one." not in text
    assert reverse("lms:activity_open", args=["m2-lesson"]) not in text
    assert not Completion.objects.exists()


def test_a_track_that_one_is_not_in_is_joined_first(page_of, cast, catalogue) -> None:
    client = page_of(cast.ada)
    text = client.get(reverse("lms:activity", args=["n1-lesson"])).content.decode()
    assert "Card one." not in text
    assert reverse("lms:track_join", args=["critical-evaluation"]) in text
    assert client.post(reverse("lms:attempt_start", args=["m1-quiz"])).status_code == 302
    assert not Attempt.objects.exists()
    for _click in range(2):
        assert client.post(reverse("lms:track_join", args=["critical-evaluation"]))["Location"] == reverse(
            "lms:track", args=["critical-evaluation"]
        )
    assert list(Enrolment.objects.values_list("learner__first_name", "track__slug")) == [("Ada", "critical-evaluation")]
    client.post(reverse("lms:track_leave", args=["critical-evaluation"]))
    assert Enrolment.objects.get().archived_at == NOW


EVIDENCE = {
    "tried_on": "2026-03-04", "task": "A recap", "tool_class": "approved", "data_colour": "green", "checked": "The dates",
    "outcome": "edited", "minutes_before": "from_15", "minutes_after": "from_5", "lesson": "Say who reads it",
}  # fmt: skip


def test_a_mission_is_done_when_its_evidence_is_complete(page_of, enrolled) -> None:
    client = page_of(enrolled.ada)
    page = client.get(reverse("lms:activity", args=["m1-mission"])).content.decode()
    assert "Try it." in page
    assert "A post." in page  # Ada works in marketing
    address = reverse("lms:mission_evidence", args=["m1-mission"])
    half = client.post(address, {"task": "A recap", "tried_on": "2026-03-04"})
    assert half["Location"] == reverse("lms:activity", args=["m1-mission"])
    assert done(enrolled.ada) == set()
    assert [str(label) for label in client.get(half["Location"]).context["missing"]] == [
        "With what?",
        "What colour was the data?",
        "What did you check, and how?",
        "What became of the result?",
        "Time it used to take",
        "Time it took, checks included",
        "One thing to remember",
    ]
    for _click in range(2):
        assert client.post(address, EVIDENCE)["Location"] == reverse("lms:track", args=["prompt-engineering"])
    assert done(enrolled.ada) == {"m1-mission"}
    assert JournalEntry.objects.get().accepted_at == NOW


def test_evidence_in_error_stands_beside_its_field(page_of, enrolled) -> None:
    response = page_of(enrolled.ada).post(
        reverse("lms:mission_evidence", args=["m1-mission"]), {**EVIDENCE, "task": "", "tried_on": "2026-03-04"}
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["task"]
    future = page_of(enrolled.ada).post(
        reverse("lms:mission_evidence", args=["m1-mission"]), {**EVIDENCE, "tried_on": "2026-03-05"}
    )
    assert future.status_code == 422
    assert list(future.context["form"].errors) == ["tried_on"]
    assert not JournalEntry.objects.exists()


def test_a_score_is_contested_with_consent_in_the_same_step(page_of, enrolled, catalogue) -> None:
    attempt = start_attempt(learner=enrolled.ada, activity=catalogue.exercise, language="en", now=NOW)
    submit_attempt(attempt=attempt, answers={attempt.items[0]: WRONG}, now=NOW)
    client, address = page_of(enrolled.ada), reverse("lms:contest", args=[attempt.uuid])
    without = client.post(address, {"words": "I disagree"})
    assert (without.status_code, list(without.context["contest_form"].errors)) == (422, ["consent"])
    assert not Contest.objects.exists()
    for _click in range(2):
        client.post(address, {"words": "I disagree", "consent": "on"})
    contest = Contest.objects.get()
    assert (contest.champion, contest.words) == (enrolled.champion, "I disagree")
    decide = page_of(enrolled.chloe).post(
        reverse("lms:champion_decide", args=[contest.pk]),
        {f"d{contest.pk}-granted": "yes", f"d{contest.pk}-corrected_score": "80", f"d{contest.pk}-reason": "It was arguable"},
    )
    assert decide["Location"] == reverse("lms:champion_desk")
    text = client.get(reverse("lms:attempt", args=[attempt.uuid])).content.decode()
    assert "Corrected to 80%" in text
    assert "It was arguable" in text
    assert done(enrolled.ada) == {"m1-exercise"}


def test_today_brings_one_back_to_where_one_was(page_of, enrolled, catalogue) -> None:
    client = page_of(enrolled.ada)
    first = client.get(reverse("lms:today"))
    assert first.context["page"].step.activity.slug == "m1-lesson"
    assert "Good morning, Ada." in first.content.decode()
    open_activity(learner=enrolled.ada, activity=catalogue.quiz, now=NOW + dt.timedelta(minutes=1))
    assert client.get(reverse("lms:today")).context["page"].step.activity.slug == "m1-quiz"
