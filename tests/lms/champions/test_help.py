"""Asking, answering, and who sees what."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser, Permission

from courses.problems import ProblemsFound
from lms.champions import actions
from lms.champions.queries import answerable, champion_for, desk, leads_desk, my_requests, serving_champion
from lms.enums import Source
from lms.models import AuditEntry, Champion, HelpRequest, Message
from tests.conftest import NOW
from tests.lms.champions.conftest import Coach
from tests.lms.concurrency import crowd

__all__ = ["crowd"]

LATER = NOW + dt.timedelta(hours=3)
FRIDAY = dt.datetime(2026, 3, 6, 10, 0, tzinfo=dt.UTC)


def ask(learner, question="How do I keep our tone?", now=NOW, **kwargs) -> HelpRequest:
    return actions.ask_help(learner=learner, question=question, token=kwargs.pop("token", uuid.uuid4()), now=now, **kwargs)


def answer(request, user, words="Give it two sentences of ours.", now=LATER) -> HelpRequest:
    return actions.answer_help(request=request, answer=words, actor=user, source=Source.PAGE, now=now)


def codes(found: pytest.ExceptionInfo[ProblemsFound]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in found.value.problems]


def mails() -> set[tuple[str, str]]:
    return {(message.template, message.recipient.first_name) for message in Message.objects.select_related("recipient")}


def test_a_question_reaches_the_champion_who_fits_with_a_promise_and_a_mail(cast, catalogue) -> None:
    request = ask(cast.ada, activity=catalogue.quiz, now=FRIDAY)
    assert (request.champion, request.answer_due_on) == (cast.champion, dt.date(2026, 3, 10)), "two working days: Tuesday"
    cast.champion.refresh_from_db()
    assert cast.champion.last_asked_at == FRIDAY
    message = Message.objects.get()
    assert (message.recipient, message.template, message.context, message.cause) == (
        cast.chloe, "champions/asked", {"help_request": request.pk}, f"help:{request.pk}:asked",
    )  # fmt: skip
    (shown,) = desk(champion=cast.champion, now=FRIDAY).requests
    assert (shown.asker, shown.question, str(shown.activity), shown.late) == (
        "Ada Test",
        "How do I keep our tone?",
        str(catalogue.quiz.title),
        False,
    )
    assert [one.late for one in desk(champion=cast.champion, now=FRIDAY + dt.timedelta(days=5)).requests] == [True]


def test_a_double_click_asks_once(cast) -> None:
    token = uuid.uuid4()
    first, again = ask(cast.ada, token=token), ask(cast.ada, token=token, now=LATER)
    assert first == again
    assert (HelpRequest.objects.count(), Message.objects.count()) == (1, 1)


def test_somebody_elses_form_asks_nothing(cast) -> None:
    token = uuid.uuid4()
    ask(cast.ada, token=token)
    with pytest.raises(ProblemsFound) as found:
        ask(cast.otto, token=token)
    assert codes(found) == [("token", "")]
    assert HelpRequest.objects.get().learner == cast.ada


@pytest.mark.parametrize(("question", "code"), [("", "empty"), (" \n\x00 ", "empty"), ("x" * 4001, "too-long")])
def test_a_question_is_a_few_words(cast, question: str, code: str) -> None:
    with pytest.raises(ProblemsFound) as found:
        ask(cast.ada, question=question)
    assert codes(found) == [(code, "question")]
    assert HelpRequest.objects.count() == 0


def test_without_a_champion_who_fits_it_waits_for_the_leads(cast) -> None:
    request = ask(cast.chloe)
    assert (request.champion, Message.objects.count()) == (None, 0)
    assert [one.pk for one in leads_desk(now=NOW).requests] == [request.pk]
    assert desk(champion=cast.champion, now=NOW).requests == ()


def test_what_lies_with_somebody_who_stops_goes_to_the_leads_by_itself(cast) -> None:
    request = ask(cast.ada)
    assert leads_desk(now=NOW).requests == ()
    last_day = NOW.date() + dt.timedelta(days=1)
    actions.end_champion(
        champion=cast.champion, on=last_day, actor=cast.hana.user, source=Source.ADMIN, now=NOW, reason="New job"
    )
    assert leads_desk(now=NOW).requests == ()
    tomorrow = NOW + dt.timedelta(days=1)
    assert [one.pk for one in leads_desk(now=tomorrow).requests] == [request.pk]
    assert list(answerable(user=cast.chloe.user, now=tomorrow)) == []
    assert champion_for(learner=cast.ada, now=tomorrow) is None
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.reason, entry.before["ends_on"], entry.after["ends_on"]) == (
        "end_champion", cast.hana.user, "New job", None, "2026-03-05",
    )  # fmt: skip


def test_a_full_desk_takes_no_more(cast, coach: Coach) -> None:
    Champion.objects.filter(pk=cast.champion.pk).update(capacity=2)
    second = coach(cast.hana, domain=None)
    chosen = [ask(cast.ada).champion for _number in range(4)]
    assert chosen == [cast.champion, cast.champion, second, second]
    answer(HelpRequest.objects.filter(champion=cast.champion).first(), cast.chloe.user)
    assert ask(cast.ada).champion == cast.champion


def test_only_who_was_asked_and_the_leads_may_answer(cast, coach: Coach) -> None:
    coach(cast.ben)
    HelpRequest.objects.all().delete()
    Champion.objects.filter(learner=cast.ben).update(last_asked_at=NOW)
    request = ask(cast.ada)
    assert request.champion == cast.champion
    cast.hana.user.user_permissions.add(Permission.objects.get(codename="lead_champions"))
    lead = type(cast.hana.user).objects.get(pk=cast.hana.user.pk)
    may = {
        who: list(answerable(user=user, now=NOW))
        for who, user in {
            "chloe": cast.chloe.user, "ben": cast.ben.user, "ada": cast.ada.user, "mira": cast.mira.user, "otto": cast.otto.user,
            "lead": lead, "nobody": AnonymousUser(),
        }.items()
    }  # fmt: skip
    assert may == {"chloe": [request], "ben": [], "ada": [], "mira": [], "otto": [], "lead": [request], "nobody": []}


def test_nobody_answers_their_own_question(cast) -> None:
    cast.ada.user.user_permissions.add(Permission.objects.get(codename="lead_champions"))
    lead = type(cast.ada.user).objects.get(pk=cast.ada.user.pk)
    ask(cast.ada)
    theirs = ask(cast.ben)
    assert list(answerable(user=lead, now=NOW)) == [theirs]


def test_an_answer_is_given_once_and_mailed_to_the_asker(cast) -> None:
    request = answer(ask(cast.ada), cast.chloe.user)
    assert (request.answered_at, request.answered_by, request.answer) == (
        LATER,
        cast.chloe.user,
        "Give it two sentences of ours.",
    )
    again = answer(request, cast.chloe.user, now=LATER + dt.timedelta(minutes=1))
    assert again.answered_at == LATER
    with pytest.raises(ProblemsFound) as found:
        answer(request, cast.hana.user, "Another answer.")
    assert codes(found) == [("answered", "")]
    assert HelpRequest.objects.get().answer == "Give it two sentences of ours."
    assert mails() == {("champions/asked", "Chloé"), ("champions/answered", "Ada")}
    assert desk(champion=cast.champion, now=LATER).requests == ()
    assert list(my_requests(learner=cast.ada)) == [request]
    assert AuditEntry.objects.count() == 0, "what two people write to one another is no business of an audit trail"


def test_what_was_withdrawn_is_not_answered(cast) -> None:
    request = actions.withdraw_help(request=ask(cast.ada), now=LATER)
    assert (request.withdrawn_at, desk(champion=cast.champion, now=NOW).requests) == (LATER, ())
    with pytest.raises(ProblemsFound) as found:
        answer(request, cast.chloe.user)
    assert codes(found) == [("withdrawn", "")]
    done = answer(ask(cast.ada), cast.chloe.user)
    assert actions.withdraw_help(request=done, now=LATER).withdrawn_at is None


def test_ones_questions_are_ones_own(cast) -> None:
    mine, theirs = ask(cast.ada), ask(cast.ben)
    assert list(my_requests(learner=cast.ada)) == [mine]
    assert list(my_requests(learner=cast.ben)) == [theirs]
    assert list(my_requests(learner=cast.otto)) == []


@pytest.mark.parametrize("questions", [1, 3])
def test_a_desk_costs_two_queries_without_a_contest(cast, django_assert_num_queries, questions: int) -> None:
    for _number in range(questions):
        ask(cast.ada)
    champion = serving_champion(learner=cast.chloe, now=NOW)
    assert champion is not None
    with django_assert_num_queries(2):
        assert desk(champion=champion, now=NOW).open == questions
    with django_assert_num_queries(2):
        assert leads_desk(now=NOW).open == 0


def test_only_who_serves_has_a_desk(cast) -> None:
    assert [serving_champion(learner=one, now=NOW) for one in (cast.ada, cast.chloe)] == [None, cast.champion]


def test_the_last_place_is_given_once(transactional_db, cast, crowd) -> None:
    Champion.objects.filter(pk=cast.champion.pk).update(capacity=3)
    people = crowd()
    people.at_once(lambda number: ask(cast.ada if number % 2 else cast.ben), 12)
    assert people.alone(lambda: HelpRequest.objects.filter(champion=cast.champion).count()) == 3
    assert people.alone(lambda: HelpRequest.objects.filter(champion=None).count()) == 9


def test_a_nervous_finger_asks_once(transactional_db, cast, crowd) -> None:
    token = uuid.uuid4()
    people = crowd()
    asked = people.at_once(lambda _number: ask(cast.ada, token=token).pk, 12)
    assert (len(set(asked)), people.alone(HelpRequest.objects.count), people.alone(Message.objects.count)) == (1, 1, 1)
