"""What the learner's pages say, at how many queries; and what they must not say."""

import datetime as dt
import pickle

import pytest
from django.test import override_settings
from django.utils import translation

from courses.models import Activity, Item, LearningPath, PackVersion, Track
from lms.enums import EnrolmentState
from lms.models import Attempt
from lms.progress import actions
from lms.progress import catalogue as catalogues
from lms.progress.attempts import attempt_page
from lms.progress.queries import activity_page, attempt_of, my_tracks, next_steps_of, today_page, track_page
from lms.progress.rules import Reason
from tests.conftest import NOW, RIGHT, WRONG
from tests.lms.progress.conftest import Enrol

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def published(catalogue) -> PackVersion:
    return PackVersion.objects.create(pack=catalogue.pack, number=1, digest="a" * 64, published_at=NOW)


def titles(page) -> list[tuple[str, str]]:
    return [(step.activity.slug, step.reason.value) for step in (page.step, *page.others) if step]


def submitted(learner, activity, response=RIGHT, now=NOW) -> Attempt:
    attempt = attempt_of(
        learner=learner, uuid=actions.start_attempt(learner=learner, activity=activity, language="en", now=now).uuid
    )
    assert attempt is not None
    return actions.submit_attempt(attempt=attempt, answers=dict.fromkeys(attempt.items, response), now=now)


def test_today_offers_one_step_and_two_others(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track, due_on=TODAY + 3 * DAY)
    enrol(cast.ada, catalogue.other_track)
    enrol(cast.ben, catalogue.track)
    page = today_page(learner=cast.ada, now=NOW)
    assert titles(page) == [("m1-lesson", "due_soon"), ("n1-lesson", "first"), ("m1-exercise", "due_soon")]
    assert page.step is not None
    assert (str(page.step.words), page.step.minutes) == ("This track is due on Saturday 7 March.", 5)
    assert [
        (card.track.slug, card.state, card.percent, card.done, card.required, card.minutes_left) for card in page.enrolments
    ] == [
        ("prompt-engineering", EnrolmentState.NOT_STARTED, 0, 0, 5, 25),
        ("critical-evaluation", EnrolmentState.NOT_STARTED, 0, 0, 1, 5),
    ]


def test_today_says_why_there_is_nothing_to_do(cast, catalogue, enrol: Enrol) -> None:
    assert (today_page(learner=cast.ada, now=NOW).empty, today_page(learner=cast.ada, now=NOW).step) == ("no_track", None)
    enrol(cast.ada, catalogue.other_track, starts_on=TODAY + DAY)
    page = today_page(learner=cast.ada, now=NOW)
    assert (page.empty, page.step, len(page.enrolments)) == ("starts_later", None, 1)
    assert titles(today_page(learner=cast.ada, now=NOW + DAY)) == [("n1-lesson", "first")]
    actions.complete_lesson(learner=cast.ada, activity=catalogue.n1_lesson, now=NOW)
    page = today_page(learner=cast.ada, now=NOW + DAY)
    assert (page.empty, page.step, page.enrolments[0].percent, page.enrolments[0].state) == (
        "all_done",
        None,
        100,
        EnrolmentState.DONE,
    )


def test_an_archived_track_is_not_shown(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track, archived_at=NOW)
    assert today_page(learner=cast.ada, now=NOW).empty == "no_track"


def test_the_day_is_the_learners(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track, due_on=TODAY)
    late_evening = dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC)
    assert today_page(learner=cast.ada, now=late_evening).enrolments[0].state == EnrolmentState.LATE
    cast.ada.time_zone = "America/Montreal"
    assert today_page(learner=cast.ada, now=late_evening).enrolments[0].state == EnrolmentState.NOT_STARTED


def test_a_step_follows_what_was_left_open(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track)
    actions.complete_lesson(learner=cast.ada, activity=catalogue.lesson, now=NOW)
    assert titles(today_page(learner=cast.ada, now=NOW))[0] == ("m1-exercise", "next")
    actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
    assert titles(today_page(learner=cast.ada, now=NOW))[0] == ("m1-quiz", "resume")
    actions.open_activity(learner=cast.ada, activity=catalogue.exercise, now=NOW + DAY)
    assert titles(today_page(learner=cast.ada, now=NOW))[0] == ("m1-exercise", "resume")
    submitted(cast.ada, catalogue.quiz, WRONG)
    assert titles(today_page(learner=cast.ada, now=NOW))[0] == ("m1-quiz", "retry")
    actions.open_activity(learner=cast.ada, activity=catalogue.mission, now=NOW)
    assert titles(today_page(learner=cast.ada, now=NOW)) == [
        ("m1-mission", "mission_started"), ("m1-quiz", "retry"), ("m1-exercise", "resume"),
    ]  # fmt: skip


def test_a_locked_module_is_not_suggested_unless_nothing_else_is_left(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track)
    catalogue.m2.prerequisites.set([catalogue.n1])
    Activity.objects.filter(module=catalogue.m1).update(required=False)
    assert titles(today_page(learner=cast.ada, now=NOW)) == [("m2-lesson", "first")]
    with override_settings(LMS={"HARD_PREREQUISITES": True}):
        page = today_page(learner=cast.ada, now=NOW)
    assert (page.step, page.empty) == (None, "locked")
    # What the lock waits for is free in another track of hers: that comes first, and the locked module is not offered at all.
    enrol(cast.ada, catalogue.other_track)
    assert [slug for slug, _reason in titles(today_page(learner=cast.ada, now=NOW))] == ["n1-lesson"]


@pytest.mark.parametrize("tracks", [1, 3])
def test_today_costs_two_queries(cast, catalogue, enrol, published, django_assert_num_queries, tracks: int) -> None:
    third = Track.objects.create(pack=catalogue.pack, slug="third", skill=catalogue.skills[2], title=catalogue.track.title)
    for track in (catalogue.track, catalogue.other_track, third)[:tracks]:
        enrol(cast.ada, track)
    submitted(cast.ada, catalogue.quiz)
    today_page(learner=cast.ada, now=NOW)
    with django_assert_num_queries(2):
        page = today_page(learner=cast.ada, now=NOW)
    assert len(page.enrolments) == tracks


def test_the_catalogue_is_held_until_the_next_version(cast, catalogue, enrol, published, django_assert_num_queries) -> None:
    enrol(cast.ada, catalogue.track)
    assert len(catalogues.current().activities) == 6
    catalogue.lesson.retired_at = NOW
    catalogue.lesson.save()
    with django_assert_num_queries(1):
        assert len(catalogues.current().activities) == 6, "nothing was published"
    PackVersion.objects.create(pack=catalogue.pack, number=2, digest="b" * 64, published_at=NOW)
    with django_assert_num_queries(6):
        assert len(catalogues.current().activities) == 5
    assert today_page(learner=cast.ada, now=NOW).enrolments[0].required == 4


def test_the_path_for_everybody_orders_tracks_that_are_equally_urgent(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track)
    enrol(cast.ada, catalogue.other_track)
    step = {"title": {"en": "Week 1", "fr": "Semaine 1"}, "note": None}
    path = {"title": "Path", "summary": "…", "pack": catalogue.pack}
    own = catalogue.domains["marketing"]
    catalogue.m2.level = 3
    catalogue.m2.save()
    LearningPath.objects.create(slug="guides", steps=[{**step, "modules": ["m2", "m1"]}], **path)
    LearningPath.objects.create(slug="own", domain=own, steps=[{**step, "modules": ["m1"]}], **path)
    LearningPath.objects.create(slug="all", position=1, steps=[{**step, "modules": ["n1"]}, {**step, "modules": ["m1"]}], **path)
    assert titles(today_page(learner=cast.ada, now=NOW))[:2] == [("n1-lesson", "first"), ("m1-lesson", "first")]
    actions.complete_lesson(learner=cast.ada, activity=catalogue.lesson, now=NOW)
    assert titles(today_page(learner=cast.ada, now=NOW))[:2] == [("m1-exercise", "next"), ("n1-lesson", "first")], "begun first"


def test_my_tracks_are_those_taken_and_those_that_may_be(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track)
    enrol(cast.ben, catalogue.other_track)
    page = my_tracks(learner=cast.ada, now=NOW)
    assert [card.track.slug for card in page.mine] == ["prompt-engineering"]
    assert [track.slug for track in page.open_to_me] == ["critical-evaluation"]
    assert [track.slug for track in my_tracks(learner=cast.otto, now=NOW).open_to_me] == [
        "prompt-engineering",
        "critical-evaluation",
    ]


def test_a_track_shows_its_modules_and_what_is_locked_and_why(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track)
    actions.complete_lesson(learner=cast.ada, activity=catalogue.lesson, now=NOW)
    submitted(cast.ada, catalogue.quiz, WRONG)
    page = track_page(learner=cast.ada, track_slug="prompt-engineering", now=NOW)
    assert page is not None
    assert page.card is not None
    first, second = page.modules
    assert [(line.activity.slug, line.state, line.next) for line in first.activities] == [
        ("m1-lesson", "done", False), ("m1-exercise", "new", False), ("m1-mission", "new", False), ("m1-quiz", "retry", True),
    ]  # fmt: skip
    assert (first.percent, first.complete, first.locked, first.goals) == (25, False, False, ("do it",))
    assert [(one.module.slug, one.done, one.required) for one in second.missing] == [("m1", 1, 4)]
    assert page.card.percent == 20
    for stranger in (cast.ben, cast.otto):
        unknown = track_page(learner=stranger, track_slug="prompt-engineering", now=NOW)
        assert unknown is not None
        assert (unknown.card, unknown.step, unknown.modules[0].done) == (None, None, 0)
    assert track_page(learner=cast.ada, track_slug="nonsense", now=NOW) is None


def test_a_module_that_is_done_is_not_called_locked(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track)
    last = Activity.objects.get(slug="m2-lesson")
    actions.open_activity(learner=cast.ada, activity=last, now=NOW, override=True)
    actions.complete_lesson(learner=cast.ada, activity=last, now=NOW)
    page = track_page(learner=cast.ada, track_slug="prompt-engineering", now=NOW)
    assert page is not None
    second = page.modules[1]
    assert (second.complete, [one.module.slug for one in second.missing], second.locked) == (True, ["m1"], False)


def test_an_activity_says_whether_it_may_be_opened(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track)

    def gate(learner=cast.ada, slug="m2-lesson"):
        page = activity_page(learner=learner, activity_slug=slug, now=NOW)
        return page and (page.enrolled, page.may_open, page.may_override, [one.module.slug for one in page.missing])

    assert gate(slug="m1-lesson") == (True, True, False, [])
    assert gate() == (True, False, True, ["m1"])
    assert gate(cast.otto) == (False, False, False, ["m1"])
    assert gate(slug="nonsense") is None
    with override_settings(LMS={"HARD_PREREQUISITES": True}):
        assert gate() == (True, False, False, ["m1"])
    actions.open_activity(learner=cast.ada, activity=catalogue.m2_lesson, now=NOW, override=True)
    assert gate() == (True, True, False, [])


def test_an_activity_is_written_in_the_readers_language_and_for_their_domain(cast, catalogue, enrol: Enrol) -> None:
    enrol(cast.ada, catalogue.track)
    catalogue.mission.body["fr"]["variants"]["marketing"] = "<p>Une annonce.</p>"
    catalogue.mission.save()
    page = activity_page(learner=cast.ada, activity_slug="m1-mission", now=NOW)
    assert page is not None
    assert (page.body["brief"], page.variant, page.next and page.next.slug) == ("<p>Try it.</p>", "<p>A post.</p>", "m1-quiz")
    with translation.override("fr"):
        french = activity_page(learner=cast.ada, activity_slug="m1-mission", now=NOW)
    assert french is not None
    assert french.variant == "<p>Une annonce.</p>"
    other = activity_page(learner=cast.otto, activity_slug="m1-mission", now=NOW)
    assert other is not None
    assert other.variant == ""


@pytest.mark.parametrize("tries", [1, 3])
def test_an_activity_costs_three_queries(cast, catalogue, enrol, published, django_assert_num_queries, tries: int) -> None:
    enrol(cast.ada, catalogue.track)
    for _try in range(tries):
        submitted(cast.ada, catalogue.quiz, WRONG)
    actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
    with django_assert_num_queries(3):
        page = activity_page(learner=cast.ada, activity_slug="m1-quiz", now=NOW)
    assert page is not None
    assert [(line.number, line.score, line.passed) for line in page.attempts] == [
        (number + 1, 0.0, False) for number in range(tries)
    ]
    assert (page.questions, page.open_attempt) == (2, Attempt.objects.get(submitted_at=None).uuid)


SECRETS = ["SECRET-KEY", "SECRET-WHY", "SECRET-FEEDBACK"]


@pytest.fixture
def secretive(catalogue):
    """Whatever explains the result carries a mark that must not be found before submission."""
    for item in Item.objects.all():
        item.answer_key = {"correct": ["right"], "note": "SECRET-KEY"}
        for texts in item.texts.values():
            texts["why"] = "SECRET-WHY"
            texts["feedback"] = {"right": "SECRET-FEEDBACK", "wrong": "SECRET-FEEDBACK"}
        item.save()
    return catalogue


@pytest.mark.parametrize("kind", ["quiz", "exercise"])
def test_an_open_attempt_carries_no_key_no_feedback_and_no_why(cast, secretive, enrol, kind: str) -> None:
    enrol(cast.ada, secretive.track)
    activity = getattr(secretive, kind)
    started = actions.start_attempt(learner=cast.ada, activity=activity, language="en", now=NOW)
    attempt = attempt_of(learner=cast.ada, uuid=started.uuid)
    assert attempt is not None
    actions.save_answers(attempt=attempt, answers={attempt.items[0]: WRONG}, now=NOW)
    pages = [
        attempt_page(attempt=attempt),
        activity_page(learner=cast.ada, activity_slug=activity.slug, now=NOW),
        track_page(learner=cast.ada, track_slug=secretive.track.slug, now=NOW),
        today_page(learner=cast.ada, now=NOW),
    ]
    for page in pages:
        # What is reachable from the page, however deep, and not only what its repr shows.
        seen = repr(page).encode() + pickle.dumps(page)
        assert [secret for secret in [*SECRETS, "answer_key"] if secret.encode() in seen] == []
    assert pages[0].explained == ()
    assert [(one.slug, one.answer) for one in pages[0].questions] == [
        (slug, WRONG if slug == attempt.items[0] else None) for slug in attempt.items
    ]
    actions.submit_attempt(attempt=attempt, answers=dict.fromkeys(attempt.items, WRONG), now=NOW)
    assert [secret for secret in SECRETS if secret in repr(attempt_page(attempt=attempt))] == SECRETS


def test_a_submitted_attempt_is_explained_part_by_part(cast, catalogue, enrol) -> None:
    enrol(cast.ada, catalogue.track)
    attempt = submitted(cast.ada, catalogue.exercise, WRONG)
    page = attempt_page(attempt=attempt)
    assert (page.questions, page.score, page.passed, page.prompt, page.next and page.next.slug) == (
        (), 0.0, False, "<p>Choose.</p>", "m1-mission",
    )  # fmt: skip
    (explained,) = page.explained
    assert [(one.part.id, one.part.verdict, one.text, one.feedback) for one in explained.parts] == [
        ("wrong", "extra", "Wrong", "No."), ("right", "missed", "Right", "Yes."),
    ]  # fmt: skip
    assert (explained.why, explained.question.answer, explained.key) == ("<p>Because.</p>", WRONG, {"correct": ["right"]})


def test_choices_are_shown_in_the_order_of_the_attempt(cast, catalogue, enrol) -> None:
    enrol(cast.ada, catalogue.track)
    orders = set()
    for _number in range(12):
        started = actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
        attempt = attempt_of(learner=cast.ada, uuid=started.uuid)
        assert attempt is not None
        first, again = attempt_page(attempt=attempt), attempt_page(attempt=attempt)
        assert first == again
        orders |= {tuple(option["id"] for option in one.payload["options"]) for one in first.questions}
        actions.submit_attempt(attempt=attempt, answers=dict.fromkeys(attempt.items, WRONG), now=NOW)
    assert len(orders) == 6


@pytest.mark.parametrize("drawn", [1, 3])
def test_an_attempt_costs_three_queries(cast, catalogue, enrol, published, django_assert_num_queries, drawn: int) -> None:
    Activity.objects.filter(pk=catalogue.quiz.pk).update(draw={"core": drawn})
    catalogue.quiz.refresh_from_db()
    enrol(cast.ada, catalogue.track)
    for over in (False, True):
        started = actions.start_attempt(learner=cast.ada, activity=catalogue.quiz, language="en", now=NOW)
        attempt = attempt_of(learner=cast.ada, uuid=started.uuid)
        assert attempt is not None
        if over:
            actions.submit_attempt(attempt=attempt, answers=dict.fromkeys(attempt.items, WRONG), now=NOW)
        with django_assert_num_queries(3):
            page = attempt_page(attempt=attempt)
        assert len(page.questions) + len(page.explained) == drawn


def test_an_attempt_at_something_retired_can_still_be_read(cast, catalogue, enrol) -> None:
    enrol(cast.ada, catalogue.track)
    attempt = submitted(cast.ada, catalogue.exercise)
    Activity.objects.filter(pk=catalogue.exercise.pk).update(retired_at=NOW)
    Item.objects.filter(activity=catalogue.exercise).update(retired_at=NOW)
    page = attempt_page(attempt=attempt)
    assert (page.module, page.next, page.score, len(page.explained)) == (None, None, 1.0, 1)


def test_one_next_step_for_many_people(cast, catalogue, enrol, published, django_assert_num_queries) -> None:
    for learner in (cast.ada, cast.ben, cast.otto):
        enrol(learner, catalogue.track)
    enrol(cast.chloe, catalogue.track, completed_at=NOW)
    enrol(cast.mira, catalogue.track, archived_at=NOW)
    actions.complete_lesson(learner=cast.ben, activity=catalogue.lesson, now=NOW)
    catalogues.current()
    everybody = [one.pk for one in (cast.ada, cast.ben, cast.otto, cast.chloe, cast.mira, cast.hana)]
    for ids in (everybody[:1], everybody):
        with django_assert_num_queries(2):
            found = next_steps_of(ids, now=NOW, today=TODAY)
    assert {pk: (step.activity.slug, step.reason) for pk, step in found.items()} == {
        cast.ada.pk: ("m1-lesson", Reason.FIRST), cast.ben.pk: ("m1-exercise", Reason.NEXT), cast.otto.pk: ("m1-lesson", Reason.FIRST),
    }  # fmt: skip
