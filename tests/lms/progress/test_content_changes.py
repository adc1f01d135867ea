"""What people have begun or done while the content changes under them: nothing of it is lost."""

import datetime as dt
from pathlib import Path

import pytest

from courses.grading import best_response
from courses.models import Activity, Item, Track
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from lms.models import Attempt, Completion, Learner
from lms.progress.actions import start_attempt, submit_attempt
from lms.progress.attempts import attempt_page
from lms.progress.queries import attempt_of
from tests.courses.packs.small import FILES, write
from tests.lms.progress.conftest import Enrol

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
QUIZ = "modules/m1/quiz.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written = write(tmp_path, FILES)
    publish_pack(pack=read_pack(written), now=NOW)
    return written


@pytest.fixture
def ada(folder: Path, make_learner, enrol: Enrol) -> Learner:
    learner = make_learner("Ada")
    enrol(learner, Track.objects.get())
    return learner


def begun(learner: Learner) -> Attempt:
    started = start_attempt(learner=learner, activity=Activity.objects.get(slug="m1-quiz"), language="en", now=NOW)
    return again(started)


def again(attempt: Attempt) -> Attempt:
    found = attempt_of(learner=attempt.learner, uuid=attempt.uuid)
    assert found is not None
    return found


def best_answers(attempt: Attempt) -> dict[str, object]:
    items = Item.objects.filter(slug__in=attempt.items)
    return {item.slug: best_response(item.mechanic, item.payload, item.answer_key) for item in items}


def publish(folder: Path, name: str, *pairs: tuple[str, str]) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    (folder / name).write_text(text, encoding="utf-8")
    assert publish_pack(pack=read_pack(folder), now=NOW).is_new


RENAMED = [("id: m1-q-one\n", "id: m1-q-first\n    was: m1-q-one\n"), ("id: m1-q-two\n", "id: m1-q-second\n    was: m1-q-two\n")]


def test_an_attempt_under_way_goes_on_with_questions_that_were_renamed(folder: Path, ada: Learner) -> None:
    attempt = begun(ada)
    publish(folder, QUIZ, *RENAMED)
    attempt = again(attempt)
    assert len(attempt_page(attempt=attempt).questions) == 1
    submitted = submit_attempt(attempt=attempt, answers=best_answers(attempt), now=NOW)
    assert submitted.score == 1
    assert Completion.objects.get(learner=ada).completed_at == NOW


def test_an_attempt_handed_in_is_still_explained_when_its_questions_were_renamed(folder: Path, ada: Learner) -> None:
    attempt = begun(ada)
    submit_attempt(attempt=attempt, answers=best_answers(attempt), now=NOW)
    publish(folder, QUIZ, *RENAMED)
    explained = attempt_page(attempt=again(attempt)).explained
    assert [(one.question.slug, one.score) for one in explained] == [(attempt.items[0], 1)]
    assert [item for item in begun(ada).items if item in ("m1-q-one", "m1-q-two")] == []


def test_a_renamed_activity_keeps_what_was_done_in_it(folder: Path, ada: Learner) -> None:
    attempt = begun(ada)
    submit_attempt(attempt=attempt, answers=best_answers(attempt), now=NOW)
    publish(folder, "modules/m1/module.yaml", ("id: m1-quiz", "id: m1-test, was: m1-quiz"))
    assert Completion.objects.get(learner=ada).activity.slug == "m1-test"
    assert len(attempt_page(attempt=again(attempt)).explained) == 1


def test_a_new_key_leaves_the_score_of_an_attempt_handed_in_and_grades_the_one_under_way(folder: Path, ada: Learner) -> None:
    first = begun(ada)
    submit_attempt(attempt=first, answers=best_answers(first), now=NOW)
    second = begun(ada)
    before = best_answers(second)
    publish(folder, QUIZ, ("correct: [b]", "correct: [a]"), ("{x: yes, y: no}", "{x: no, y: yes}"))
    assert again(first).score == 1
    assert submit_attempt(attempt=again(second), answers=before, now=NOW).score == 0
    assert Completion.objects.get(learner=ada).best_score == 1
