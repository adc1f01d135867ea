"""Fifty tabs, one result. On PostgreSQL and on SQLite."""

from collections import Counter

import pytest

from courses.models import Activity
from lms.models import Attempt, Completion, Enrolment
from lms.progress import actions
from lms.progress.queries import attempt_of
from tests.conftest import NOW, RIGHT, WRONG
from tests.lms.concurrency import crowd

__all__ = ["crowd"]

TABS = 50


@pytest.fixture
def world(transactional_db, cast, catalogue, enrol):
    enrol(cast.ada, catalogue.track)
    return cast, catalogue


def test_fifty_submissions_of_one_attempt_give_one_score_and_one_completion(world, crowd) -> None:
    cast, catalogue = world
    Activity.objects.exclude(pk=catalogue.quiz.pk).update(required=False)
    started = actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
    tabs = [attempt_of(learner=cast.ada, uuid=started.uuid) for _tab in range(TABS)]
    people = crowd()

    def submit(number: int) -> tuple[float | None, object, object, object]:
        tab = tabs[number]
        assert tab is not None
        # Every second tab has other answers: whichever comes first decides, for all.
        response = RIGHT if number % 2 else WRONG
        done = actions.submit_attempt(attempt=tab, answers=dict.fromkeys(tab.items, response), now=NOW)
        return done.score, done.submitted_at, done.answers, done.result

    answers = people.at_once(submit, TABS)
    assert all(answer == answers[0] for answer in answers)
    score = answers[0][0]
    stored = people.alone(lambda: list(Attempt.objects.values_list("score", "submitted_at", "answers", "result")))
    assert stored == [answers[0]]
    rows = people.alone(lambda: list(Completion.objects.values_list("best_score", "completed_at")))
    assert rows == [(score, NOW if score == 1.0 else None)]
    enrolment = people.alone(lambda: Enrolment.objects.get())
    assert enrolment.completed_at == (NOW if score == 1.0 else None)


def test_fifty_starts_make_one_attempt(world, crowd) -> None:
    cast, catalogue = world
    people = crowd()
    started = people.at_once(
        lambda _number: actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW).uuid, TABS
    )
    assert people.alone(lambda: list(Attempt.objects.values_list("uuid", flat=True))) == [started[0]]
    assert set(started) == {started[0]}
    assert people.alone(Completion.objects.count) == 1


def test_the_last_two_activities_done_at_the_same_moment_complete_the_track(world, crowd) -> None:
    cast, catalogue = world
    lessons = [catalogue.lesson]
    Activity.objects.exclude(pk=catalogue.lesson.pk).update(required=False)
    for number in range(7):
        lessons.append(
            Activity.objects.create(
                module=catalogue.m1, slug=f"more-{number}", kind="lesson", position=10 + number, title=catalogue.m1.title
            )
        )
    people = crowd()
    people.at_once(lambda number: actions.complete_lesson(learner=cast.ada, activity=lessons[number], now=NOW), len(lessons))
    assert people.alone(lambda: Enrolment.objects.get().completed_at) == NOW


def test_drafts_of_many_tabs_lose_nothing(world, crowd) -> None:
    cast, catalogue = world
    Activity.objects.filter(pk=catalogue.quiz.pk).update(draw={})
    catalogue.quiz.refresh_from_db()
    started = actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
    tabs = [attempt_of(learner=cast.ada, uuid=started.uuid) for _item in started.items]
    people = crowd()

    def save(number: int) -> None:
        tab = tabs[number]
        assert tab is not None
        actions.save_answers(attempt=tab, answers={started.items[number]: {"draft": number}}, now=NOW)

    people.at_once(save, len(tabs))
    kept = people.alone(lambda: Attempt.objects.get().answers)
    assert kept == {slug: {"draft": number} for number, slug in enumerate(started.items)}


def test_submitting_and_starting_again_at_once_leaves_one_open_attempt(world, crowd) -> None:
    cast, catalogue = world
    started = actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
    first = attempt_of(learner=cast.ada, uuid=started.uuid)
    assert first is not None
    people = crowd()

    def act(number: int) -> str:
        if number == 0:
            actions.submit_attempt(attempt=first, answers=dict.fromkeys(first.items, WRONG), now=NOW)
            return "submitted"
        actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
        return "started"

    assert Counter(people.at_once(act, 20)) == {"submitted": 1, "started": 19}
    numbers = people.alone(lambda: list(Attempt.objects.order_by("number").values_list("number", "submitted_at")))
    assert numbers in ([(1, NOW)], [(1, NOW), (2, None)])
