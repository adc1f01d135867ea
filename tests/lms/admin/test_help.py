"""Champions named and ended; the leads' desk answers what nobody else does."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from lms.champions.actions import ask_help, contest_score
from lms.models import Attempt, AuditEntry, Champion, Contest, HelpRequest, Message
from tests.conftest import NOW
from tests.lms.admin.conftest import messages_of

pytestmark = pytest.mark.django_db

DESK = "/admin/lms/champion/desk/"


def terms(**changes: object) -> dict[str, object]:
    return {
        "domain": "", "department": "", "consented_on": "2026-03-02", "manager_agreed_on": "2026-03-03", "hours_per_week": "2", "capacity": "5",
        "languages": ["fr", "en"], "starts_on": "2026-03-04", "ends_on": "", **changes,
    }  # fmt: skip


def test_a_champion_is_named_with_consent_and_agreement(hr, cast):
    answer = hr.post(reverse("admin:lms_champion_add"), terms(learner=cast.ben.pk), follow=True)
    assert messages_of(answer) == ["Ben Test is a champion. Learners whom they fit see them from their first day on."]
    ben = Champion.objects.get(learner=cast.ben)
    assert (ben.capacity, ben.languages, ben.consented_on) == (5, ["en", "fr"], dt.date(2026, 3, 2))
    assert AuditEntry.objects.get(verb="name_champion").actor == cast.hana.user
    assert list(Champion.objects.active(NOW.date()).filter(learner=cast.ben)) == [ben]


def test_without_the_managers_agreement_nobody_is_sent_to_them(hr, cast):
    answer = hr.post(reverse("admin:lms_champion_add"), terms(learner=cast.ben.pk, manager_agreed_on=""), follow=True)
    assert messages_of(answer) == ["Ben Test is named, and serves once their manager has agreed to the time."]
    assert not Champion.objects.active(NOW.date()).filter(learner=cast.ben).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("consented_on", ""),
        ("languages", []),
        ("languages", ["xx"]),
        ("capacity", "0"),
        ("hours_per_week", "-1"),
        ("learner", "9" * 40),
        ("ends_on", "2026-03-01"),
    ],
)
def test_what_is_wrong_is_said(hr, cast, field, value):
    answer = hr.post(reverse("admin:lms_champion_add"), terms(**{"learner": cast.ben.pk, field: value}))
    assert answer.status_code == 422
    assert not Champion.objects.filter(learner=cast.ben).exists()


def test_changing_and_ending(hr, cast):
    hr.post(reverse("admin:lms_champion_change", args=[cast.champion.pk]), terms(domain=cast.ada.domain_id, capacity="7"))
    cast.champion.refresh_from_db()
    assert cast.champion.capacity == 7
    hr.post(reverse("admin:lms_champion_end", args=[cast.champion.pk]), {"on": "2026-03-09", "reason": "new role"})
    cast.champion.refresh_from_db()
    assert cast.champion.ends_on == dt.date(2026, 3, 9)
    assert AuditEntry.objects.get(verb="end_champion").reason == "new role"
    before = hr.post(reverse("admin:lms_champion_end", args=[cast.champion.pk]), {"on": "2020-01-01", "reason": ""})
    assert before.status_code == 422


def ask(learner, question="Help?", days=0) -> HelpRequest:
    return ask_help(learner=learner, question=question, token=uuid.uuid4(), now=NOW - dt.timedelta(days=days))


def test_the_desk_holds_what_nobody_else_answers(hr, cast):
    near = ask(cast.ada, "Chloé will answer this")
    far = ask(cast.otto, "Nobody speaks of operations")
    late = ask(cast.ben, "Asked long ago", days=20)
    assert (near.champion, late.champion, far.champion) == (cast.champion, cast.champion, cast.champion)
    HelpRequest.objects.filter(pk=far.pk).update(champion=None)
    html = hr.get(DESK).content.decode()
    assert "Nobody speaks of operations" in html
    assert "Asked long ago" in html
    assert "Chloé will answer this" not in html


def test_an_answer_goes_out_once(hr, cast):
    asked = ask(cast.otto)
    url = reverse("admin:lms_champion_answer", args=[asked.pk])
    assert hr.post(url, {"answer": " "}).status_code == 422
    assert messages_of(hr.post(url, {"answer": "Try it on paper."}, follow=True)) == ["Your answer is on its way to Otto Test."]
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("Try it on paper.", cast.hana.user)
    assert messages_of(hr.post(url, {"answer": "Another."}, follow=True))[-1] == "This one is settled already."
    assert Message.objects.filter(template="champions/answered").count() == 1
    assert hr.get(url).status_code == 404


def test_ones_own_question_is_for_somebody_else(hr, cast):
    asked = ask(cast.hana)
    assert hr.get(reverse("admin:lms_champion_answer", args=[asked.pk])).status_code == 404


@pytest.fixture
def contest(cast, catalogue):
    attempt = Attempt.objects.create(
        learner=cast.otto, activity=catalogue.quiz, number=1, language="en", items=["m1-q0"], answers={"m1-q0": {"selected": ["wrong"]}},
        result={"m1-q0": {"score": 0.0, "passed": False, "parts": [], "feedback": []}}, started_at=NOW, submitted_at=NOW, score=0.5,
    )  # fmt: skip
    return contest_score(attempt=attempt, words="The question was unclear", consent=True, now=NOW)


def test_a_contested_score_is_decided_with_a_reason(hr, cast, contest):
    url = reverse("admin:lms_champion_decide", args=[contest.pk])
    shown = hr.get(url).content.decode()
    assert "The question was unclear" in shown
    assert "The score of this attempt is 50 %." in shown
    for wrong in (
        {"granted": "yes", "percent": "40", "reason": "ok"},
        {"granted": "yes", "percent": "", "reason": "ok"},
        {"granted": "yes", "percent": "80", "reason": ""},
    ):
        assert hr.post(url, wrong).status_code == 422
    hr.post(url, {"granted": "yes", "percent": "80", "reason": "You are right"})
    contest.refresh_from_db()
    contest.attempt.refresh_from_db()
    assert (contest.granted, contest.reason, contest.attempt.score, contest.attempt.corrected_score) == (
        True,
        "You are right",
        0.5,
        0.8,
    )
    entry = AuditEntry.objects.get(verb="decide_contest")
    assert entry.after == {"granted": True}


def test_a_refusal_changes_no_score(hr, cast, contest):
    hr.post(
        reverse("admin:lms_champion_decide", args=[contest.pk]), {"granted": "no", "percent": "80", "reason": "The key is right"}
    )
    assert Contest.objects.get().granted is False
    assert Attempt.objects.get().corrected_score is None
