"""Beside a lesson or a task: the words it uses, the papers it works on; and what that costs."""

import re
import uuid

import pytest
from django.urls import reverse

from courses.models import PackVersion
from lms.models import Attempt
from lms.progress import catalogue as catalogues
from lms.progress.actions import start_attempt, submit_attempt
from tests.conftest import NOW, WRONG
from tests.lms.views import explore_rows as rows

LINK = '<a class="term" href="#term-token">tokens</a>'


def mark(lesson, *terms: str) -> None:
    """As the publisher leaves it: the places marked in the text, the ids beside it."""
    for body in lesson.body.values():
        body["cards"][0]["html"] = f"<p>About {LINK}.</p>"
        body["terms"] = list(terms)
    lesson.save()


@pytest.fixture
def client(page_of, enrolled):
    return page_of(enrolled.ada)


def main_of(response) -> str:
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL).group()


def test_a_lesson_ends_with_the_definitions_of_its_words(client, catalogue) -> None:
    rows.term(catalogue, "token", "Token", "Jeton")
    rows.term(catalogue, "prompt", "Prompt")
    rows.term(catalogue, "gone", "Gone", retired_at=NOW)
    rows.term(catalogue, "unused", "Unused")
    mark(catalogue.lesson, "token", "gone", "prompt")
    response = client.get(reverse("lms:activity", args=["m1-lesson"]))
    assert [one.slug for one in response.context["page"].terms] == ["token", "prompt"]
    text = main_of(response)
    assert '<a id="use-token" class="term" href="#term-token">tokens</a>' in text
    assert re.search(r'<div id="term-token"><dt>Token</dt><dd class="prose"><p>What token means.</p>.*?href="#use-token"', text)
    assert text.index('id="words"') > text.index("lesson_done" if "lesson_done" in text else "/done/")
    assert ("Gone" in text, "Unused" in text) == (False, False)


def test_a_lesson_without_terms_has_no_such_part(client, catalogue) -> None:
    rows.term(catalogue, "token", "Token")
    assert "Words of this lesson" not in main_of(client.get(reverse("lms:activity", args=["m1-lesson"])))


def test_papers_stand_beside_every_kind_of_activity(client, catalogue) -> None:
    rows.document(catalogue)
    rows.document(catalogue, "old", retired_at=NOW)
    for activity in (catalogue.lesson, catalogue.exercise, catalogue.mission, catalogue.quiz):
        activity.documents = ["policy", "old", "no-such"]
        activity.save()
        text = main_of(client.get(reverse("lms:activity", args=[activity.slug])))
        assert ("Paper policy" in text, "<p>Text of policy.</p>" in text, "Paper old" in text) == (True, True, False)


def test_papers_of_a_task_are_there_before_and_after_the_answer_each_once(client, enrolled, catalogue) -> None:
    rows.document(catalogue)
    rows.document(catalogue, "sheet")
    catalogue.exercise.documents = ["policy"]
    catalogue.exercise.save()
    for item in catalogue.items.values():
        item.documents = ["sheet", "policy"]
        item.save()
    client.post(reverse("lms:attempt_start", args=["m1-exercise"]))
    attempt = Attempt.objects.get()
    address = reverse("lms:attempt", args=[attempt.uuid])

    def papers() -> list[str]:
        response = client.get(address)
        text = main_of(response)
        assert [text.count(f"Text of {one.slug}.") for one in response.context["page"].papers] == [1, 1]
        return [one.slug for one in response.context["page"].papers]

    assert papers() == ["policy", "sheet"]
    assert "Because." not in main_of(client.get(address))
    client.post(reverse("lms:attempt_submit", args=[attempt.uuid]), {f"{attempt.items[0]}.selected": "right"})
    assert "Because." in main_of(client.get(address))
    assert papers() == ["policy", "sheet"]


@pytest.fixture
def published(catalogue):
    PackVersion.objects.create(pack=catalogue.pack, number=1, digest=uuid.uuid4().hex, published_at=NOW)
    yield
    catalogues.forget()


@pytest.mark.parametrize(("count", "more"), [(0, 0), (1, 1), (3, 1)])
def test_words_and_papers_cost_one_query_and_none_where_there_are_none(
    count, more, client, enrolled, catalogue, published, django_assert_num_queries
) -> None:
    for number in range(3):
        rows.term(catalogue, f"term-{number}", f"Term {number}")
        rows.document(catalogue, f"paper-{number}")
    terms, papers = [f"term-{number}" for number in range(count)], [f"paper-{number}" for number in range(count)]
    mark(catalogue.lesson, *terms)
    for activity in (catalogue.lesson, catalogue.exercise):
        activity.documents = papers
        activity.save()
    attempt = start_attempt(learner=enrolled.ada, activity=catalogue.exercise, language="en", now=NOW)
    taken = reverse("lms:attempt", args=[attempt.uuid])
    client.post(reverse("lms:lesson_done", args=["m1-lesson"]))

    def costs(address: str, queries: int) -> None:
        client.get(address)
        with django_assert_num_queries(queries + more):
            assert client.get(address).status_code == 200

    costs(reverse("lms:activity", args=["m1-lesson"]), 5)
    costs(reverse("lms:activity", args=["m1-exercise"]), 6)
    costs(taken, 7)
    submit_attempt(attempt=attempt, answers={attempt.items[0]: WRONG}, now=NOW)
    costs(taken, 8)
