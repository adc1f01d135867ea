"""A contested score: consent, that one attempt, one decision, a corrected score beside."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission

from courses.problems import ProblemsFound
from lms.champions import actions
from lms.champions.queries import decidable, desk, leads_desk, my_contest, serving_champion
from lms.enums import Source
from lms.models import Attempt, AuditEntry, Champion, Completion, Contest, Message
from lms.progress.attempts import attempt_page
from tests.conftest import NOW, WRONG
from tests.lms.concurrency import crowd

__all__ = ["crowd"]

LATER = NOW + dt.timedelta(hours=3)


def contest(attempt, words="The second one depends on the country.", consent=True) -> Contest:
    return actions.contest_score(attempt=attempt, words=words, consent=consent, now=NOW)


def decide(found, user, granted=True, score=0.8, reason="You are right about Belgium.", now=LATER) -> Contest:
    return actions.decide_contest(
        contest=found, granted=granted, reason=reason, corrected_score=score, actor=user, source=Source.PAGE, now=now
    )


def codes(found: pytest.ExceptionInfo[ProblemsFound]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in found.value.problems]


def test_a_contest_shows_that_attempt_and_no_other(cast, failed) -> None:
    hidden, shown = failed(cast.ada), failed(cast.ada)
    failed(cast.ben)
    made = contest(shown)
    assert (made.champion, made.answer_due_on, made.consented_at) == (cast.champion, dt.date(2026, 3, 6), NOW)
    (line,) = desk(champion=cast.champion, now=NOW).contests
    assert (line.asker, line.words, line.score, line.pass_mark) == (
        "Ada Test",
        "The second one depends on the country.",
        0.0,
        0.7,
    )
    assert [(one.question.slug, one.question.answer) for one in line.explained] == [(slug, WRONG) for slug in shown.items]
    assert not {one.question.slug for one in line.explained} & set(hidden.items)
    message = Message.objects.get()
    assert (message.recipient, message.template, message.context, message.cause) == (
        cast.chloe, "champions/asked", {"contest": made.pk}, f"contest:{made.pk}:asked",
    )  # fmt: skip


def test_without_consent_or_words_nothing_is_shown(cast, failed) -> None:
    attempt = failed(cast.ada)
    with pytest.raises(ProblemsFound) as found:
        contest(attempt, consent=False, words=" ")
    assert codes(found) == [("consent", "consent"), ("empty", "words")]
    assert Contest.objects.count() == 0


def test_an_open_attempt_cannot_be_contested(cast, failed, catalogue) -> None:
    attempt = failed(cast.ada)
    attempt.submitted_at = None
    with pytest.raises(ProblemsFound) as found:
        contest(attempt)
    assert codes(found) == [("open", "")]


def test_contesting_again_changes_nothing(cast, failed) -> None:
    attempt = failed(cast.ada)
    first = contest(attempt)
    assert contest(attempt, words="Other words") == first
    assert (Contest.objects.get().words, Message.objects.count()) == ("The second one depends on the country.", 1)
    assert (my_contest(attempt=attempt), my_contest(attempt=failed(cast.ben))) == (first, None)


def test_a_champion_does_not_judge_their_own_attempt(cast, failed) -> None:
    made = contest(failed(cast.chloe))
    assert made.champion is None
    assert [one.pk for one in leads_desk(now=NOW).contests] == [made.pk]
    cast.chloe.user.user_permissions.add(Permission.objects.get(codename="lead_champions"))
    cast.hana.user.user_permissions.add(Permission.objects.get(codename="lead_champions"))
    for person, may in ((cast.chloe, []), (cast.hana, [made])):
        user = type(person.user).objects.get(pk=person.user.pk)
        assert list(decidable(user=user, now=NOW)) == may


def test_only_who_was_asked_and_the_leads_may_decide(cast, failed) -> None:
    made = contest(failed(cast.ada))
    may = {
        one.first_name: list(decidable(user=one.user, now=NOW))
        for one in (cast.ada, cast.ben, cast.mira, cast.chloe, cast.hana, cast.otto)
    }
    assert may == {"Ada": [], "Ben": [], "Mira": [], "Chloé": [made], "Hana": [made], "Otto": []}, "HR leads the champions"


def test_a_granted_contest_puts_a_better_score_beside_and_completes(cast, failed) -> None:
    attempt = failed(cast.ada)
    before = Attempt.objects.filter(pk=attempt.pk).values().get()
    made = decide(contest(attempt), cast.chloe.user)
    assert (made.granted, made.decided_at, made.decided_by, made.reason) == (
        True, LATER, cast.chloe.user, "You are right about Belgium.",
    )  # fmt: skip
    assert Attempt.objects.filter(pk=attempt.pk).values().get() == {**before, "corrected_score": 0.8}
    row = Completion.objects.get(learner=cast.ada)
    assert (row.completed_at, row.best_score) == (LATER, 0.8)
    page = attempt_page(attempt=attempt)
    assert (page.score, page.corrected_score, page.passed) == (0.0, 0.8, True)
    answer = Message.objects.get(template="champions/contest_decided")
    assert (answer.recipient, answer.context) == (cast.ada, {"contest": made.pk, "attempt": str(attempt.uuid)})
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.after, entry.reason) == ("decide_contest", cast.chloe.user, {"granted": True}, "")


def test_a_score_below_the_mark_completes_nothing(cast, failed) -> None:
    decide(contest(failed(cast.ada)), cast.chloe.user, score=0.5)
    row = Completion.objects.get(learner=cast.ada)
    assert (row.completed_at, row.best_score) == (None, 0.5)


def test_a_refusal_changes_no_score(cast, failed) -> None:
    attempt = failed(cast.ada)
    made = decide(contest(attempt), cast.chloe.user, granted=False, score=None)
    assert (made.granted, Attempt.objects.get().corrected_score) == (False, None)
    assert Message.objects.filter(template="champions/contest_decided").count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"score": None}, ("corrected-score", "corrected_score")),
        ({"score": 0.0}, ("corrected-score", "corrected_score")),
        ({"score": 1.01}, ("corrected-score", "corrected_score")),
        ({"score": float("nan")}, ("corrected-score", "corrected_score")),
        ({"granted": False, "score": 0.9}, ("corrected-score", "corrected_score")),
        ({"reason": "  "}, ("empty", "reason")),
    ],
)
def test_a_decision_has_a_reason_and_means_what_it_says(cast, failed, given: dict, code: tuple[str, str]) -> None:
    made = contest(failed(cast.ada))
    with pytest.raises(ProblemsFound) as found:
        decide(made, cast.chloe.user, **given)
    assert codes(found) == [code]
    assert Contest.objects.get().decided_at is None


def test_a_contest_is_decided_once(cast, failed) -> None:
    made = contest(failed(cast.ada))
    stale = Contest.objects.get(pk=made.pk)
    decide(made, cast.chloe.user)
    assert decide(stale, cast.chloe.user, now=LATER + dt.timedelta(hours=1)).decided_at == LATER, "the same click again"
    with pytest.raises(ProblemsFound) as found:
        decide(stale, cast.hana.user, granted=False, score=None)
    assert codes(found) == [("decided", "")]
    assert (Contest.objects.get().granted, AuditEntry.objects.count(), Attempt.objects.get().corrected_score) == (True, 1, 0.8)


@pytest.mark.parametrize("contests", [1, 3])
def test_a_desk_costs_three_queries(cast, failed, django_assert_num_queries, contests: int) -> None:
    for learner in (cast.ada, cast.ben, cast.mira)[:contests]:
        contest(failed(learner))
    champion = serving_champion(learner=cast.chloe, now=NOW)
    assert champion is not None
    with django_assert_num_queries(3):
        found = desk(champion=champion, now=NOW)
    assert len(found.contests) == contests
    assert all(len(one.explained) == 2 for one in found.contests)


def test_two_deciders_at_once_make_one_decision(transactional_db, cast, failed, crowd) -> None:
    made = contest(failed(cast.ada))
    people = crowd()

    def act(number: int) -> bool:
        granted = bool(number % 2)
        try:
            decide(made.__class__.objects.get(pk=made.pk), cast.chloe.user, granted=granted, score=0.8 if granted else None)
        except ProblemsFound:
            return False
        return True

    people.at_once(act, 10)
    granted = people.alone(lambda: Contest.objects.get().granted)
    assert people.alone(lambda: Attempt.objects.get().corrected_score) == (0.8 if granted else None)
    assert people.alone(AuditEntry.objects.count) == 1


def test_a_full_desk_passes_a_contest_on(cast, failed) -> None:
    Champion.objects.filter(pk=cast.champion.pk).update(capacity=1)
    assert [contest(failed(one)).champion for one in (cast.ada, cast.ben)] == [cast.champion, None]
