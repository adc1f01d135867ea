"""What counts as done, and that it counts once."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.test import override_settings
from django.utils import translation

from courses.models import Activity, Item
from courses.problems import ProblemsFound
from lms.models import Attempt, Completion, Enrolment
from lms.progress import actions
from lms.progress.queries import attempt_of
from tests.conftest import NOW, RIGHT, WRONG
from tests.lms.progress.conftest import Enrol

LATER = NOW + dt.timedelta(hours=1)


def codes(found: pytest.ExceptionInfo[ProblemsFound]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in found.value.problems]


def completions(learner: object) -> set[tuple[str, bool, float | None]]:
    rows = Completion.objects.filter(learner=learner).select_related("activity")
    return {(row.activity.slug, row.completed_at is not None, row.best_score) for row in rows}


def attempt_at(activity: Activity, learner: object, now: dt.datetime = NOW) -> Attempt:
    started = actions.start_attempt(learner=learner, activity=activity, language="en", now=now)
    attempt = attempt_of(learner=learner, uuid=started.uuid)
    assert attempt is not None
    return attempt


def all_of(attempt: Attempt, response: dict[str, object]) -> dict[str, object]:
    return dict.fromkeys(attempt.items, response)


@pytest.fixture
def ada(cast, catalogue, enrol: Enrol) -> SimpleNamespace:
    return SimpleNamespace(learner=cast.ada, enrolment=enrol(cast.ada, catalogue.track))


def test_opening_starts_the_enrolment_once_and_remembers_the_last_activity(ada, catalogue) -> None:
    actions.open_activity(learner=ada.learner, activity=catalogue.lesson, now=NOW)
    actions.open_activity(learner=ada.learner, activity=catalogue.lesson, now=LATER)
    ada.enrolment.refresh_from_db()
    assert (ada.enrolment.started_at, ada.enrolment.last_activity_at, ada.enrolment.completed_at) == (NOW, LATER, None)
    ada.learner.refresh_from_db()
    assert ada.learner.last_active_at == LATER
    row = Completion.objects.get(learner=ada.learner)
    assert (row.opened_at, row.completed_at, row.overrode_prerequisites) == (LATER, None, False)


def test_a_lesson_is_done_by_its_button_and_only_once(ada, catalogue) -> None:
    first = actions.complete_lesson(learner=ada.learner, activity=catalogue.lesson, now=NOW)
    again = actions.complete_lesson(learner=ada.learner, activity=catalogue.lesson, now=LATER)
    assert (first.completed_at, again.completed_at, again.pk) == (NOW, NOW, first.pk)
    assert completions(ada.learner) == {("m1-lesson", True, None)}


def test_only_the_right_kind_is_done_by_a_button(ada, catalogue) -> None:
    for act, wrong in (
        (actions.complete_lesson, catalogue.quiz),
        (actions.complete_lesson, catalogue.mission),
        (actions.record_mission, catalogue.lesson),
    ):
        with pytest.raises(ProblemsFound):
            act(learner=ada.learner, activity=wrong, now=NOW)
    with pytest.raises(ProblemsFound) as found:
        actions.start_attempt(learner=ada.learner, activity=catalogue.lesson, language="en", now=NOW)
    assert codes(found) == [("not-graded", "")]
    assert completions(ada.learner) == set()


def test_who_is_not_enrolled_or_archived_does_nothing(cast, catalogue, enrol) -> None:
    enrol(cast.ben, catalogue.track, archived_at=NOW)
    enrol(cast.otto, catalogue.other_track)
    for learner in (cast.ben, cast.otto):
        for act in (
            lambda one: actions.open_activity(learner=one, activity=catalogue.lesson, now=NOW),
            lambda one: actions.complete_lesson(learner=one, activity=catalogue.lesson, now=NOW),
            lambda one: actions.record_mission(learner=one, activity=catalogue.mission, now=NOW),
            lambda one: actions.start_attempt(learner=one, activity=catalogue.quiz, language="en", now=NOW),
        ):
            with pytest.raises(ProblemsFound) as found:
                act(learner)
            assert codes(found) == [("not-enrolled", "")]
    assert (Completion.objects.count(), Attempt.objects.count()) == (0, 0)


def test_a_locked_module_says_what_is_missing_and_can_be_opened_all_the_same(ada, catalogue) -> None:
    actions.complete_lesson(learner=ada.learner, activity=catalogue.lesson, now=NOW)
    with pytest.raises(ProblemsFound) as found:
        actions.open_activity(learner=ada.learner, activity=catalogue.m2_lesson, now=NOW)
    (problem,) = found.value.problems
    with translation.override("en"):
        assert (problem.code, problem.where, str(problem.message)) == ("prerequisite", "m1", "“m1” comes first: 1 of 4 done.")
    assert completions(ada.learner) == {("m1-lesson", True, None)}
    opened = actions.open_activity(learner=ada.learner, activity=catalogue.m2_lesson, now=NOW, override=True)
    assert opened.overrode_prerequisites
    done = actions.complete_lesson(learner=ada.learner, activity=catalogue.m2_lesson, now=LATER)
    assert (done.completed_at, done.overrode_prerequisites) == (LATER, True), "one warning is enough, and it stays noted"


def test_hard_prerequisites_cannot_be_overridden(ada, catalogue) -> None:
    with override_settings(LMS={"HARD_PREREQUISITES": True}):
        for override in (False, True):
            with pytest.raises(ProblemsFound) as found:
                actions.open_activity(learner=ada.learner, activity=catalogue.m2_lesson, now=NOW, override=override)
            assert codes(found) == [("prerequisite", "m1")]
    assert completions(ada.learner) == set()


def test_hard_prerequisites_hold_for_what_was_overridden_before_they_were_hard(ada, catalogue) -> None:
    sibling = Activity.objects.create(module=catalogue.m2, slug="m2-more", kind="lesson", position=1, title=catalogue.m2.title)
    actions.open_activity(learner=ada.learner, activity=catalogue.m2_lesson, now=NOW, override=True)
    with override_settings(LMS={"HARD_PREREQUISITES": True}), pytest.raises(ProblemsFound):
        actions.open_activity(learner=ada.learner, activity=sibling, now=NOW, override=True)
    assert actions.open_activity(learner=ada.learner, activity=sibling, now=NOW).overrode_prerequisites


def test_a_retired_activity_is_not_done_any_more(ada, catalogue) -> None:
    Activity.objects.filter(pk=catalogue.lesson.pk).update(retired_at=NOW)
    with pytest.raises(ProblemsFound) as found:
        actions.complete_lesson(learner=ada.learner, activity=catalogue.lesson, now=NOW)
    assert codes(found) == [("retired", "")]


def test_an_attempt_is_drawn_once_and_found_again(ada, catalogue) -> None:
    first = actions.start_attempt(learner=ada.learner, activity=catalogue.quiz, language="fr", now=NOW)
    again = actions.start_attempt(learner=ada.learner, activity=catalogue.quiz, language="en", now=LATER)
    assert (again.pk, again.items, again.language, again.number, again.started_at) == (first.pk, first.items, "fr", 1, NOW)
    assert len(first.items) == 2
    assert completions(ada.learner) == {("m1-quiz", False, None)}


def test_a_new_attempt_brings_questions_that_were_not_seen(ada, catalogue) -> None:
    seen: list[str] = []
    for _number in range(2):
        attempt = attempt_at(catalogue.quiz, ada.learner)
        actions.submit_attempt(attempt=attempt, answers=all_of(attempt, WRONG), now=NOW)
        seen += attempt.items
    assert sorted(seen) == ["m1-q0", "m1-q1", "m1-q2", "m1-q3"]
    third = attempt_at(catalogue.quiz, ada.learner)
    assert (third.number, sorted(third.items)) == (3, sorted(seen[:2]))


def test_an_exercise_comes_in_the_own_domain_and_then_in_another_variant(ada, cast, catalogue, enrol) -> None:
    enrol(cast.otto, catalogue.track)
    first = attempt_at(catalogue.exercise, ada.learner)
    assert first.items == ["m1-exercise-marketing"]
    assert attempt_at(catalogue.exercise, cast.otto).items == ["m1-exercise-any"]
    actions.submit_attempt(attempt=first, answers=all_of(first, WRONG), now=NOW)
    assert attempt_at(catalogue.exercise, ada.learner).items == ["m1-exercise-any"]


def test_an_activity_without_questions_cannot_be_tried(ada, catalogue) -> None:
    Item.objects.filter(activity=catalogue.quiz).update(retired_at=NOW)
    with pytest.raises(ProblemsFound) as found:
        actions.start_attempt(learner=ada.learner, activity=catalogue.quiz, language="en", now=NOW)
    assert codes(found) == [("no-items", "")]
    assert completions(ada.learner) == set()


def test_the_pass_mark_decides_and_the_best_attempt_counts(ada, catalogue) -> None:
    first = attempt_at(catalogue.quiz, ada.learner)
    half = {first.items[0]: RIGHT, first.items[1]: WRONG}
    assert actions.submit_attempt(attempt=first, answers=half, now=NOW).score == 0.5
    assert completions(ada.learner) == {("m1-quiz", False, 0.5)}
    second = attempt_at(catalogue.quiz, ada.learner)
    actions.submit_attempt(attempt=second, answers=all_of(second, RIGHT), now=LATER)
    third = attempt_at(catalogue.quiz, ada.learner)
    actions.submit_attempt(attempt=third, answers=all_of(third, WRONG), now=LATER)
    row = Completion.objects.get(learner=ada.learner)
    assert (row.completed_at, row.best_score) == (LATER, 1.0)
    assert list(Attempt.objects.order_by("number").values_list("number", "score")) == [(1, 0.5), (2, 1.0), (3, 0.0)]


def test_a_score_at_the_pass_mark_passes(ada, catalogue) -> None:
    attempt = attempt_at(catalogue.quiz, ada.learner)
    # Seven parts out of ten, which floats make a hair less.
    heavy, light = 2.961, 1.2690000000000001
    Item.objects.filter(slug=attempt.items[0]).update(weight=heavy)
    Item.objects.filter(slug=attempt.items[1]).update(weight=light)
    actions.submit_attempt(attempt=attempt, answers={attempt.items[0]: RIGHT, attempt.items[1]: WRONG}, now=NOW)
    assert attempt.score is not None
    assert 0.69 < attempt.score < 0.7
    assert completions(ada.learner) == {("m1-quiz", True, attempt.score)}


def test_items_count_by_their_weight(ada, catalogue) -> None:
    attempt = attempt_at(catalogue.quiz, ada.learner)
    Item.objects.filter(slug=attempt.items[0]).update(weight=3)
    actions.submit_attempt(attempt=attempt, answers={attempt.items[0]: RIGHT, attempt.items[1]: WRONG}, now=NOW)
    assert attempt.score == 0.75
    assert {slug: found["score"] for slug, found in attempt.result.items()} == {attempt.items[0]: 1.0, attempt.items[1]: 0.0}
    assert attempt.result[attempt.items[1]] == {
        "score": 0.0,
        "passed": False,
        "parts": [
            {"id": "wrong", "score": 0.0, "weight": 1.0, "verdict": "extra", "feedback": "wrong"},
            {"id": "right", "score": 0.0, "weight": 1.0, "verdict": "missed", "feedback": "right"},
        ],
        "feedback": [],
    }


def test_submitting_again_gives_the_first_result(ada, catalogue) -> None:
    attempt = attempt_at(catalogue.quiz, ada.learner)
    stale = attempt_of(learner=ada.learner, uuid=attempt.uuid)
    assert stale is not None
    actions.submit_attempt(attempt=attempt, answers=all_of(attempt, WRONG), now=NOW)
    for one in (attempt, stale):
        again = actions.submit_attempt(attempt=one, answers=all_of(one, RIGHT), now=LATER)
        assert (again.score, again.submitted_at, again.answers) == (0.0, NOW, all_of(one, WRONG))
        assert again.result == attempt.result
    assert completions(ada.learner) == {("m1-quiz", False, 0.0)}
    ada.enrolment.refresh_from_db()
    assert ada.enrolment.last_activity_at == NOW


def test_a_clients_key_submits_one_attempt_only(ada, catalogue) -> None:
    first, other = attempt_at(catalogue.quiz, ada.learner), attempt_at(catalogue.exercise, ada.learner)
    actions.submit_attempt(attempt=first, answers=all_of(first, RIGHT), now=NOW, idempotency_key="k-1")
    assert actions.submit_attempt(attempt=first, answers={}, now=LATER, idempotency_key="k-1").submitted_at == NOW
    with pytest.raises(ProblemsFound) as found:
        actions.submit_attempt(attempt=other, answers=all_of(other, RIGHT), now=NOW, idempotency_key="k-1")
    assert codes(found) == [("key-used", "Idempotency-Key")]
    assert set(Attempt.objects.values_list("idempotency_key", "score")) == {("k-1", 1.0), ("", None)}
    assert completions(ada.learner) == {("m1-quiz", True, 1.0), ("m1-exercise", False, None)}


def test_every_question_wants_an_answer(ada, catalogue) -> None:
    attempt = attempt_at(catalogue.quiz, ada.learner)
    one, two = attempt.items
    with pytest.raises(ProblemsFound) as found:
        actions.submit_attempt(attempt=attempt, answers=lambda items: {items[0].slug: RIGHT}, now=NOW)
    assert codes(found) == [("missing", two)]
    actions.submit_attempt(attempt=attempt, answers={two: RIGHT}, now=NOW)
    assert (attempt.score, attempt.answers) == (1.0, {one: RIGHT, two: RIGHT})


def test_what_does_not_fit_is_no_attempt_and_loses_nothing(ada, catalogue) -> None:
    attempt = attempt_at(catalogue.quiz, ada.learner)
    one, two = attempt.items
    actions.save_answers(attempt=attempt, answers={one: RIGHT}, now=NOW)
    with pytest.raises(ProblemsFound) as found:
        actions.submit_attempt(attempt=attempt, answers={two: {"selected": ["nonsense"]}}, now=NOW)
    assert codes(found) == [("unknown-id", f"{two}.selected")]
    fresh = attempt_of(learner=ada.learner, uuid=attempt.uuid)
    assert fresh is not None
    kept = {one: RIGHT, two: {"selected": ["nonsense"]}}
    assert (fresh.submitted_at, fresh.score, fresh.answers) == (None, None, kept)
    assert actions.submit_attempt(attempt=fresh, answers={two: RIGHT}, now=NOW).score == 1.0


@pytest.mark.parametrize(
    "given",
    [None, [], "x", 7, {"m1-q0": float("nan")}, {"m1-q0": "\x00"}, {"m1-q0": "\ud800"}, {"m1-q0": {1, 2}}, {"m1-q0": "x" * 200_000},
     {"other": 1}, {7: 1}],
)  # fmt: skip
def test_whatever_arrives_is_refused_in_words(ada, catalogue, given: object) -> None:
    attempt = attempt_at(catalogue.quiz, ada.learner)
    deep: list[object] = []
    for _level in range(100_000):
        deep = [deep]
    for answers in (given, {attempt.items[0]: deep}):
        for act in (actions.save_answers, actions.submit_attempt):
            with pytest.raises(ProblemsFound) as found:
                act(attempt=attempt, answers=answers, now=NOW)
            assert found.value.problems[0].message
    assert Attempt.objects.filter(answers={}, submitted_at=None).count() == 1


def test_drafts_of_two_tabs_are_kept_side_by_side(ada, catalogue) -> None:
    tab = attempt_at(catalogue.quiz, ada.learner)
    other_tab = attempt_of(learner=ada.learner, uuid=tab.uuid)
    assert other_tab is not None
    one, two = tab.items
    actions.save_answers(attempt=tab, answers={one: WRONG}, now=NOW)
    saved = actions.save_answers(attempt=other_tab, answers={two: {"anything": ["as", "given"]}}, now=NOW)
    assert saved.answers == {one: WRONG, two: {"anything": ["as", "given"]}}
    actions.save_answers(attempt=tab, answers={one: RIGHT}, now=NOW)
    assert Attempt.objects.get().answers == {one: RIGHT, two: {"anything": ["as", "given"]}}


def test_a_draft_after_the_submission_changes_nothing(ada, catalogue) -> None:
    tab = attempt_at(catalogue.quiz, ada.learner)
    other_tab = attempt_of(learner=ada.learner, uuid=tab.uuid)
    assert other_tab is not None
    actions.submit_attempt(attempt=tab, answers=all_of(tab, RIGHT), now=NOW)
    late = actions.save_answers(attempt=other_tab, answers=all_of(tab, WRONG), now=LATER)
    assert (late.score, late.answers, Attempt.objects.get().answers) == (1.0, all_of(tab, RIGHT), all_of(tab, RIGHT))


def finish_m1(learner: object, catalogue: SimpleNamespace, now: dt.datetime) -> None:
    actions.complete_lesson(learner=learner, activity=catalogue.lesson, now=now)
    actions.record_mission(learner=learner, activity=catalogue.mission, now=now)
    for activity in (catalogue.exercise, catalogue.quiz):
        attempt = attempt_at(activity, learner, now)
        actions.submit_attempt(attempt=attempt, answers=all_of(attempt, RIGHT), now=now)


def test_an_enrolment_is_complete_when_all_that_is_required_is_done_and_stays_so(ada, catalogue) -> None:
    finish_m1(ada.learner, catalogue, NOW)
    ada.enrolment.refresh_from_db()
    assert ada.enrolment.completed_at is None
    actions.complete_lesson(learner=ada.learner, activity=catalogue.m2_lesson, now=LATER)
    ada.enrolment.refresh_from_db()
    assert ada.enrolment.completed_at == LATER
    new = Activity.objects.create(module=catalogue.m2, slug="m2-new", kind="lesson", position=9, title=catalogue.m2.title)
    actions.complete_lesson(learner=ada.learner, activity=new, now=LATER + dt.timedelta(days=1))
    ada.enrolment.refresh_from_db()
    assert ada.enrolment.completed_at == LATER


def test_optional_and_retired_activities_do_not_stand_in_the_way(ada, catalogue) -> None:
    Activity.objects.create(
        module=catalogue.m1, slug="aside", kind="lesson", position=9, title=catalogue.m1.title, required=False
    )
    Activity.objects.filter(pk=catalogue.m2_lesson.pk).update(retired_at=NOW)
    finish_m1(ada.learner, catalogue, NOW)
    ada.enrolment.refresh_from_db()
    assert ada.enrolment.completed_at == NOW


def test_a_shorter_catalogue_completes_who_had_done_the_rest(ada, cast, catalogue, enrol) -> None:
    idle = enrol(cast.ben, catalogue.track)
    finish_m1(ada.learner, catalogue, NOW)
    assert actions.settle_enrolments(now=NOW) == 0
    Activity.objects.filter(pk=catalogue.m2_lesson.pk).update(required=False)
    assert actions.settle_enrolments(now=LATER) == 1
    assert actions.settle_enrolments(now=LATER + dt.timedelta(days=1)) == 0
    ada.enrolment.refresh_from_db()
    idle.refresh_from_db()
    assert (ada.enrolment.completed_at, idle.completed_at) == (LATER, None)


def test_a_track_that_requires_nothing_is_never_complete(ada, catalogue) -> None:
    Activity.objects.update(required=False)
    actions.complete_lesson(learner=ada.learner, activity=catalogue.lesson, now=NOW)
    assert actions.settle_enrolments(now=NOW) == 0
    ada.enrolment.refresh_from_db()
    assert ada.enrolment.completed_at is None


def test_a_mission_counts_although_its_module_was_locked(ada, catalogue) -> None:
    late = Activity.objects.create(module=catalogue.m2, slug="m2-mission", kind="mission", position=3, title=catalogue.m2.title)
    done = actions.record_mission(learner=ada.learner, activity=late, now=NOW)
    assert (done.completed_at, done.overrode_prerequisites) == (NOW, True)


def test_a_corrected_score_stands_beside_and_completes_at_the_mark(ada, catalogue) -> None:
    attempt = attempt_at(catalogue.quiz, ada.learner)
    actions.submit_attempt(attempt=attempt, answers={attempt.items[0]: RIGHT, attempt.items[1]: WRONG}, now=NOW)
    actions.record_correction(attempt=attempt, corrected_score=0.6, now=LATER)
    assert completions(ada.learner) == {("m1-quiz", False, 0.6)}
    actions.record_correction(attempt=attempt, corrected_score=0.8, now=LATER)
    stored = Attempt.objects.get()
    assert (stored.score, stored.corrected_score, stored.submitted_at) == (0.5, 0.8, NOW)
    row = Completion.objects.get()
    assert (row.completed_at, row.best_score) == (LATER, 0.8)


def test_a_corrected_score_can_complete_the_track(ada, catalogue) -> None:
    Activity.objects.exclude(pk=catalogue.quiz.pk).update(required=False)
    attempt = attempt_at(catalogue.quiz, ada.learner)
    actions.submit_attempt(attempt=attempt, answers=all_of(attempt, WRONG), now=NOW)
    actions.record_correction(attempt=attempt, corrected_score=1.0, now=LATER)
    assert Enrolment.objects.get().completed_at == LATER


def test_nobody_has_somebody_elses_attempt(ada, cast, catalogue) -> None:
    attempt = attempt_at(catalogue.quiz, ada.learner)
    assert [attempt_of(learner=one, uuid=attempt.uuid) for one in (cast.ben, cast.mira, cast.chloe, cast.hana, cast.otto)] == [
        None
    ] * 5
