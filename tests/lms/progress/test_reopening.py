"""An author raises the edition of a track: who had finished has the new part to do, and nothing else becomes undone."""

import datetime as dt
from pathlib import Path

import pytest

from courses.models import Activity, Track
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from lms.enrolment.actions import add_members, assign_tracks, enrol_everybody
from lms.enrolment.queries import reasons_of, with_state
from lms.enums import DueRule, EnrolmentState, NudgeKind, Source
from lms.models import AuditEntry, Cohort, Completion, Enrolment, EnrolmentReason, Learner, Nudge
from lms.nudges.plan import plan_nudges
from lms.progress.actions import complete_lesson, reopen_enrolments, settle_enrolments
from lms.progress.queries import today_page, track_page
from tests.courses.packs.small import FILES, write
from tests.lms.concurrency import crowd
from tests.lms.progress.conftest import Enrol

__all__ = ["crowd"]

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
PUBLISHED = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
BEGAN = PUBLISHED + DAY
FINISHED = PUBLISHED + 7 * DAY
#: The second version.
RAISED = PUBLISHED + 30 * DAY
NIGHT = RAISED + dt.timedelta(hours=16, minutes=30)
MODULE, TRACK = "modules/m2/module.yaml", "tracks/prompting.yaml"
LESSON = '  - {id: m2-lesson, kind: lesson, title: {en: "Read", fr: "Lire"}, minutes: 5, file: text}\n'
NEW = '  - {id: m2-new, kind: lesson, title: {en: "The new rule", fr: "La nouvelle règle"}, minutes: 5, file: new}\n'
NEWER = NEW.replace("m2-new", "m2-newer").replace("The new rule", "Newer still").replace("La nouvelle règle", "Plus récent")


def publish(folder: Path, now: dt.datetime, *, edition: int = 1, extra: str = "") -> None:
    """The small pack with its second module as `extra` says, where only lessons are required."""
    lines = FILES["modules/m1/module.yaml"].splitlines(keepends=True)
    first = [line.replace("minutes: 5,", "minutes: 5, required: false,") if "kind: quiz" in line else line for line in lines]
    first = [line.replace("minutes: 5,", "minutes: 5, required: false,") if "kind: exercise" in line else line for line in first]
    first = [line.replace("minutes: 15,", "minutes: 15, required: false,") for line in first]
    files = {
        **FILES,
        "modules/m1/module.yaml": "".join(first),
        MODULE: FILES[MODULE].replace("file: text}", "file: text}\n" + extra) if extra else FILES[MODULE],
        TRACK: FILES[TRACK].replace("modules:", f"edition: {edition}\nmodules:"),
    }
    if extra:
        files |= {f"modules/m2/new.{code}.md": "Text.\n" for code in ("en", "fr")}
    assert publish_pack(pack=read_pack(write(folder, files)), now=now).is_new


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish(tmp_path, PUBLISHED)
    return tmp_path


def finish(learner: Learner, now: dt.datetime = FINISHED, *others: str) -> None:
    for slug in ("m1-lesson", "m2-lesson", *others):
        complete_lesson(learner=learner, activity=Activity.objects.get(slug=slug), now=now)


def begin(learner: Learner, enrol: Enrol) -> None:
    """By own choice."""
    enrolment = enrol(learner, Track.objects.get(), enrolled_at=BEGAN, starts_on=BEGAN.date())
    EnrolmentReason.objects.create(enrolment=enrolment, since=BEGAN)


def moments(learner: Learner) -> tuple[dt.datetime | None, dt.datetime | None, dt.datetime | None]:
    return Enrolment.objects.values_list("completed_at", "reopened_at", "earlier_completed_at").get(learner=learner)


def assign(learner: Learner, due_on: dt.date) -> None:
    cohort = Cohort.objects.create(name=f"Due {due_on}", created_at=BEGAN)
    add_members(cohort=cohort, learners=[learner], actor=None, source=Source.ADMIN, now=BEGAN)
    assign_tracks(
        cohort=cohort, tracks=Track.objects.all(), starts_on=BEGAN.date(), due_rule=DueRule.DATE, due_on=due_on,
        actor=None, source=Source.ADMIN, now=BEGAN,
    )  # fmt: skip


def trail() -> list[tuple[str, str, object]]:
    return list(AuditEntry.objects.filter(verb="reopen_enrolments").values_list("source", "object_label", "after"))


@pytest.fixture
def ada(folder: Path, make_learner, enrol: Enrol) -> Learner:
    """She has finished the first edition; Ben is on his way."""
    ada, ben = make_learner("Ada"), make_learner("Ben")
    for learner in (ada, ben):
        begin(learner, enrol)
    finish(ada)
    complete_lesson(learner=ben, activity=Activity.objects.get(slug="m1-lesson"), now=FINISHED)
    assert moments(ada) == (FINISHED, None, None)
    return ada


def test_a_raised_edition_opens_it_again_once_and_keeps_what_was_done(folder: Path, ada: Learner) -> None:
    done = list(Completion.objects.order_by("pk").values())
    publish(folder, RAISED, edition=2, extra=NEW)
    assert reopen_enrolments(now=NIGHT) == 1
    assert moments(ada) == (None, NIGHT, FINISHED)
    assert list(Completion.objects.order_by("pk").values()) == done
    assert [Enrolment.objects.get(learner__first_name="Ben").reopened_at] == [None]
    assert trail() == [("job", "Prompting", {"edition": 2, "enrolments": 1})]
    assert settle_enrolments(now=NIGHT) == 0
    assert reopen_enrolments(now=NIGHT + DAY) == 0
    assert (moments(ada), len(trail())) == ((None, NIGHT, FINISHED), 1)


def test_it_is_complete_anew_when_the_rest_is_done_and_stays_so(folder: Path, ada: Learner) -> None:
    publish(folder, RAISED, edition=2, extra=NEW)
    reopen_enrolments(now=NIGHT)
    complete_lesson(learner=ada, activity=Activity.objects.get(slug="m2-new"), now=NIGHT + DAY)
    assert moments(ada) == (NIGHT + DAY, NIGHT, FINISHED)
    assert reopen_enrolments(now=NIGHT + 2 * DAY) == 0
    publish(folder, NIGHT + 3 * DAY, edition=3, extra=NEW + NEWER)
    assert reopen_enrolments(now=NIGHT + 4 * DAY) == 1
    assert moments(ada) == (None, NIGHT + 4 * DAY, NIGHT + DAY)


def test_nothing_else_reopens(folder: Path, ada: Learner) -> None:
    publish(folder, RAISED, extra=NEW)
    assert reopen_enrolments(now=NIGHT) == 0
    assert moments(ada) == (FINISHED, None, None)
    assert trail() == []


def test_who_has_done_it_all_already_stays_finished(folder: Path, ada: Learner) -> None:
    publish(folder, RAISED - DAY, extra=NEW)
    complete_lesson(learner=ada, activity=Activity.objects.get(slug="m2-new"), now=RAISED - DAY)
    publish(folder, RAISED, edition=2, extra=NEW)
    assert reopen_enrolments(now=NIGHT) == 0
    assert moments(ada) == (FINISHED, None, None)


def test_a_later_requirement_without_a_raise_asks_nothing_of_them(folder: Path, ada: Learner) -> None:
    publish(folder, RAISED, edition=2, extra=NEW)
    complete_lesson(learner=ada, activity=Activity.objects.get(slug="m2-new"), now=RAISED)
    publish(folder, RAISED + DAY, edition=2, extra=NEW + NEWER)
    assert reopen_enrolments(now=NIGHT + DAY) == 0
    assert moments(ada) == (FINISHED, None, None)


def test_who_finished_the_new_edition_before_the_night_is_not_asked(folder: Path, ada: Learner) -> None:
    """Ben was on his way: he finishes the second edition as it is."""
    ben = Learner.objects.get(first_name="Ben")
    publish(folder, RAISED, edition=2, extra=NEW)
    finish(ben, RAISED + dt.timedelta(hours=1), "m2-new")
    assert reopen_enrolments(now=NIGHT) == 1
    assert moments(ben) == (RAISED + dt.timedelta(hours=1), None, None)


def test_what_was_taken_out_meanwhile_is_not_waited_for(folder: Path, ada: Learner) -> None:
    publish(folder, RAISED, edition=2, extra=NEW)
    publish(folder, RAISED + DAY, edition=2, extra=NEW.replace("minutes: 5,", "minutes: 5, required: false,"))
    assert reopen_enrolments(now=NIGHT + DAY) == 0


def test_neither_leavers_nor_archived_enrolments_until_they_come_back(folder: Path, ada: Learner) -> None:
    publish(folder, RAISED, edition=2, extra=NEW)
    Learner.objects.filter(pk=ada.pk).update(left_on=NIGHT.date())
    assert reopen_enrolments(now=NIGHT) == 0
    Learner.objects.filter(pk=ada.pk).update(left_on=None)
    Enrolment.objects.filter(learner=ada).update(archived_at=NIGHT)
    assert reopen_enrolments(now=NIGHT) == 0
    assert moments(ada) == (FINISHED, None, None)
    Enrolment.objects.filter(learner=ada).update(archived_at=None)
    assert reopen_enrolments(now=NIGHT + DAY) == 1


@pytest.mark.parametrize(
    ("passed", "still_to_come", "due"),
    [
        (NIGHT.date() - DAY, None, None),
        (NIGHT.date() - DAY, NIGHT.date() + 9 * DAY, NIGHT.date() + 9 * DAY),
        (None, NIGHT.date(), NIGHT.date()),
    ],
)
def test_a_due_date_that_had_passed_is_not_held_against_them(
    folder: Path, ada: Learner, passed: dt.date | None, still_to_come: dt.date | None, due: dt.date | None
) -> None:
    enrolment = Enrolment.objects.get(learner=ada)
    for day in filter(None, (passed, still_to_come)):
        assign(ada, day)
    assert Enrolment.objects.get(learner=ada).due_on == (passed or still_to_come)
    publish(folder, RAISED, edition=2, extra=NEW)
    reopen_enrolments(now=NIGHT)
    enrol_everybody(now=NIGHT)
    assert Enrolment.objects.get(learner=ada).due_on == due
    late = with_state(Enrolment.objects.filter(learner=ada), today=NIGHT.date()).get()
    assert late.state == EnrolmentState.ON_THE_WAY
    assert [one.due_on for one in reasons_of([enrolment.pk])[enrolment.pk] if one.decides] == ([due] if due else [])
    assert all(one.due_on in (None, due) for one in reasons_of([enrolment.pk])[enrolment.pk])
    for day in range(30):
        plan_nudges(now=NIGHT + day * DAY, only=[NudgeKind.OVERDUE, NudgeKind.DUE_SOON])
    assert {nudge.occasion.split(".")[1] for nudge in Nudge.objects.filter(recipient=ada)} == ({str(due)} if due else set())


def test_nobody_is_asked_twice_by_two_workers(folder: Path, transactional_db, make_learner, enrol: Enrol, crowd) -> None:
    people = [make_learner(f"P{number}") for number in range(12)]
    for learner in people:
        begin(learner, enrol)
        finish(learner)
    publish(folder, RAISED, edition=2, extra=NEW)
    workers = crowd()
    counts = workers.at_once(lambda number: reopen_enrolments(now=NIGHT + number * dt.timedelta(seconds=1)), 6)
    assert sorted(counts) == [0, 0, 0, 0, 0, 12]
    rows = workers.alone(lambda: set(Enrolment.objects.values_list("completed_at", "earlier_completed_at")))
    assert rows == {(None, FINISHED)}
    assert workers.alone(lambda: [after for _source, _label, after in trail()]) == [{"edition": 2, "enrolments": 12}]


@pytest.mark.parametrize("people", [1, 4])
def test_it_costs_the_same_for_one_person_and_for_many(
    folder: Path, make_learner, enrol: Enrol, django_assert_max_num_queries, django_assert_num_queries, people: int
) -> None:
    with django_assert_num_queries(1):
        assert reopen_enrolments(now=NIGHT) == 0
    for _number in range(people):
        learner = make_learner()
        begin(learner, enrol)
        finish(learner)
    publish(folder, RAISED, edition=2, extra=NEW)
    # Tracks; savepoint, lock (PostgreSQL), enrolments, due dates, trail, release.
    with django_assert_max_num_queries(7):
        assert reopen_enrolments(now=NIGHT) == people


def test_today_says_that_it_is_new_where_the_track_was_finished(folder: Path, ada: Learner) -> None:
    ben = Learner.objects.get(first_name="Ben")
    complete_lesson(learner=ben, activity=Activity.objects.get(slug="m1-lesson"), now=FINISHED)
    publish(folder, RAISED, edition=2, extra=NEW)
    assert today_page(learner=ada, now=RAISED).step is None
    reopen_enrolments(now=NIGHT)
    step = today_page(learner=ada, now=NIGHT).step
    assert step is not None
    assert (step.activity.slug, str(step.words)) == ("m2-new", "New in this track.")
    # Ben had not finished: to him it is the next step, after what comes before it.
    theirs = today_page(learner=ben, now=NIGHT)
    assert [one.activity.slug for one in (theirs.step, *theirs.others) if one] == ["m2-lesson", "m2-new"]
    assert "New in this track." not in [str(one.words) for one in (theirs.step, *theirs.others) if one]


def test_what_is_new_is_counted_from_the_last_time_that_one_knew_it_all(folder: Path, ada: Learner) -> None:
    def news(learner: Learner, now: dt.datetime) -> tuple[list[str], bool]:
        page = track_page(learner=learner, track_slug="prompting", now=now)
        assert page is not None
        assert page.card is not None
        return [one.slug for one in page.card.news], page.card.finished_once

    ben = Learner.objects.get(first_name="Ben")
    assert (news(ada, FINISHED), news(ben, FINISHED)) == (([], True), ([], False))
    publish(folder, RAISED, extra=NEW)
    # The edition was not raised: she stays finished, and is told all the same.
    assert (news(ada, RAISED), news(ben, RAISED)) == ((["m2-new"], True), (["m2-new"], False))
    publish(folder, RAISED + DAY, edition=2, extra=NEW + NEWER)
    reopen_enrolments(now=NIGHT + DAY)
    assert news(ada, NIGHT + DAY) == (["m2-new", "m2-newer"], True)
    complete_lesson(learner=ada, activity=Activity.objects.get(slug="m2-new"), now=NIGHT + DAY)
    assert news(ada, NIGHT + DAY) == (["m2-newer"], True)
    complete_lesson(learner=ada, activity=Activity.objects.get(slug="m2-newer"), now=NIGHT + DAY)
    assert news(ada, NIGHT + DAY) == ([], True)
