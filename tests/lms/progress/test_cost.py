"""How many statements an answer costs."""

import pytest

from courses.models import PackVersion
from lms.progress import actions
from lms.progress.queries import attempt_of
from tests.conftest import NOW, RIGHT, WRONG


@pytest.mark.parametrize(("drawn", "response", "statements"), [(1, RIGHT, 7), (3, RIGHT, 7), (3, WRONG, 6)])
def test_submitting_costs_few_statements(
    cast, catalogue, enrol, django_assert_num_queries, drawn: int, response: dict, statements: int
) -> None:
    """Items; savepoint; attempt; enrolment; completion; enrolment complete (where it passed); release. With the page's own reading
    of the attempt that is eight at most.
    """
    enrol(cast.ada, catalogue.track)
    catalogue.quiz.draw = {"core": drawn}
    catalogue.quiz.save()
    started = actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
    with django_assert_num_queries(1):
        attempt = attempt_of(learner=cast.ada, uuid=started.uuid)
    assert attempt is not None
    with django_assert_num_queries(statements):
        actions.submit_attempt(attempt=attempt, answers=dict.fromkeys(attempt.items, response), now=NOW)
    with django_assert_num_queries(0):
        actions.submit_attempt(attempt=attempt, answers={}, now=NOW)


@pytest.mark.parametrize("earlier", [1, 3])
def test_the_other_writes_cost_a_constant_number(cast, catalogue, enrol, django_assert_num_queries, earlier: int) -> None:
    PackVersion.objects.create(pack=catalogue.pack, number=1, digest="a" * 64, published_at=NOW)
    enrol(cast.ada, catalogue.track)
    for _try in range(earlier):
        started = actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
        attempt = attempt_of(learner=cast.ada, uuid=started.uuid)
        assert attempt is not None
        actions.submit_attempt(attempt=attempt, answers=dict.fromkeys(attempt.items, WRONG), now=NOW)
    with django_assert_num_queries(10):
        started = actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
    with django_assert_num_queries(8):
        actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
    with django_assert_num_queries(4):
        actions.save_answers(attempt=started, answers={started.items[0]: RIGHT}, now=NOW)
    with django_assert_num_queries(7):
        actions.open_activity(learner=cast.ada, activity=catalogue.lesson, now=NOW)
    with django_assert_num_queries(8):
        actions.complete_lesson(learner=cast.ada, activity=catalogue.lesson, now=NOW)
