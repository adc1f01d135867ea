"""One's own journal: written, found, changed, taken away - by oneself alone."""

import datetime as dt

import pytest
from django.db.models import QuerySet

from courses.models import Activity
from courses.problems import ProblemsFound
from lms.journal import actions
from lms.journal.queries import entry_of_mission, my_entry, my_journal, week_marks
from lms.models import Completion, Enrolment, JournalEntry
from tests.conftest import NOW
from tests.lms.concurrency import crowd
from tests.lms.journal.test_rules import COMPLETE

__all__ = ["crowd"]

LATER = NOW + dt.timedelta(hours=2)
TODAY = NOW.date()


def write(learner, now=NOW, activity=None, **fields) -> JournalEntry:
    return actions.write_entry(learner=learner, fields={"task": "Recap", **fields}, activity=activity, now=now)


def tasks(found: QuerySet[JournalEntry]) -> list[str]:
    return [entry.task for entry in found]


@pytest.fixture
def enrolled(cast, catalogue) -> Enrolment:
    return Enrolment.objects.create(learner=cast.ada, track=catalogue.track, enrolled_at=NOW, starts_on=TODAY)


def test_a_line_is_enough_and_the_day_is_today(cast) -> None:
    entry = write(cast.ada, now=dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC))
    assert (entry.task, entry.tried_on, entry.accepted_at, entry.changed_at) == ("Recap", dt.date(2026, 3, 5), None, None)
    assert tasks(my_journal(learner=cast.ada, now=NOW)) == ["Recap"]


def test_nobody_else_finds_it(cast) -> None:
    entry = write(cast.ada)
    write(cast.ben, task="Ben's own")
    everybody = (cast.ada, cast.ben, cast.mira, cast.chloe, cast.hana, cast.otto)
    assert [my_entry(learner=one, pk=entry.pk, now=NOW) for one in everybody] == [entry, None, None, None, None, None]
    assert [tasks(my_journal(learner=one, now=NOW)) for one in everybody] == [["Recap"], ["Ben's own"], [], [], [], []]


def test_who_left_finds_nothing_any_more(cast) -> None:
    entry = write(cast.ada)
    cast.ada.left_on = TODAY
    assert (tasks(my_journal(learner=cast.ada, now=NOW)), my_entry(learner=cast.ada, pk=entry.pk, now=NOW)) == ([], None)
    cast.ada.left_on = TODAY + dt.timedelta(days=1)
    assert tasks(my_journal(learner=cast.ada, now=NOW)) == ["Recap"]


def test_the_latest_day_first(cast) -> None:
    for days, task in [(3, "c"), (1, "a"), (1, "b")]:
        write(cast.ada, task=task, tried_on=TODAY - dt.timedelta(days=days))
    assert tasks(my_journal(learner=cast.ada, now=NOW)) == ["b", "a", "c"]


def test_a_search_wants_every_word_somewhere(cast) -> None:
    write(cast.ada, task="Travel note", lesson="Name the reader first")
    write(cast.ada, task="Minutes", checked="The travel dates", asked="Summarise 100% of it")
    write(cast.ben, task="Travel plan")

    def found(search: str) -> list[str]:
        return sorted(tasks(my_journal(learner=cast.ada, now=NOW, search=search)))

    assert found("travel") == ["Minutes", "Travel note"]
    assert found("travel reader") == ["Travel note"]
    assert found("TRAVEL dates") == ["Minutes"]
    assert found("travel nonsense") == []
    assert found("%") == ["Minutes"], "a sign of the search language is a sign like any other"
    assert found("\x00") == ["Minutes", "Travel note"]


@pytest.mark.parametrize("entries", [1, 3])
def test_a_journal_is_one_query(cast, catalogue, enrolled, django_assert_num_queries, entries: int) -> None:
    missions = [
        Activity.objects.create(module=catalogue.m1, slug=f"mission-{n}", kind="mission", title=catalogue.m1.title)
        for n in range(3)
    ]
    for number in range(entries):
        write(cast.ada, activity=missions[number])
    with django_assert_num_queries(1):
        titles = [str(entry.activity.title) for entry in my_journal(learner=cast.ada, now=NOW, search="recap")]
    assert len(titles) == entries
    with django_assert_num_queries(1):
        week_marks(learner=cast.ada, now=NOW)


def test_the_week_is_the_learners_own(cast) -> None:
    for day in (dt.date(2026, 3, 1), dt.date(2026, 3, 2), dt.date(2026, 3, 4)):
        write(cast.ada, tried_on=day, task=f"on {day}")
    write(cast.ben, tried_on=dt.date(2026, 3, 3))
    found = week_marks(learner=cast.ada, now=NOW)
    assert [(mark.day.day, mark.logged, mark.today) for mark in found] == [
        (2, True, False), (3, False, False), (4, True, True), (5, False, False), (6, False, False), (7, False, False), (8, False, False),
    ]  # fmt: skip
    cast.ada.time_zone = "Pacific/Auckland"
    sunday_evening = dt.datetime(2026, 3, 8, 20, 0, tzinfo=dt.UTC)
    assert week_marks(learner=cast.ada, now=sunday_evening)[0].day == dt.date(2026, 3, 9)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"task": ""}, ["task"]),
        ({"task": "x" * 301}, ["task"]),
        ({"lesson": "x" * 2001}, ["lesson"]),
        ({"tool_class": "telepathy", "outcome": "lost"}, ["outcome", "tool_class"]),
        ({"tried_on": TODAY + dt.timedelta(days=1)}, ["tried_on"]),
        ({"tried_on": "2026-02-30"}, ["tried_on"]),
        ({"tried_on": None}, ["tried_on"]),
        ({"task": "\x00"}, ["task"]),
        ({"accepted_at": NOW}, ["accepted_at"]),
        ({"written_at": NOW}, ["written_at"]),
    ],
)
def test_what_does_not_fit_is_said_field_by_field(cast, fields: dict[str, object], where: list[str]) -> None:
    with pytest.raises(ProblemsFound) as found:
        write(cast.ada, **fields)
    assert sorted(problem.where for problem in found.value.problems) == where
    assert JournalEntry.objects.count() == 0


def test_a_nervous_finger_writes_once_and_the_same_words_another_day_are_another_try(cast) -> None:
    first = write(cast.ada)
    assert write(cast.ada, now=NOW + dt.timedelta(seconds=20)) == first
    write(cast.ada, lesson="Something more")
    write(cast.ada, now=LATER)
    write(cast.ben)
    assert JournalEntry.objects.filter(learner=cast.ada).count() == 3


def test_a_complete_evidence_form_does_the_mission(cast, catalogue, enrolled) -> None:
    draft = write(cast.ada, activity=catalogue.mission)
    assert (draft.accepted_at, Completion.objects.done().count()) == (None, 0)
    done = actions.change_entry(entry=draft, fields=COMPLETE, now=LATER)
    assert (done.accepted_at, done.changed_at) == (LATER, LATER)
    row = Completion.objects.get(learner=cast.ada, activity=catalogue.mission)
    assert row.completed_at == LATER
    enrolled.refresh_from_db()
    assert (enrolled.started_at, enrolled.last_activity_at) == (LATER, LATER)


def test_a_complete_form_is_accepted_at_once(cast, catalogue, enrolled) -> None:
    entry = actions.write_entry(learner=cast.ada, fields=COMPLETE, activity=catalogue.mission, now=NOW)
    assert entry.accepted_at == NOW
    assert entry_of_mission(learner=cast.ada, activity_id=catalogue.mission.pk, now=NOW) == entry
    assert entry_of_mission(learner=cast.ben, activity_id=catalogue.mission.pk, now=NOW) is None


def test_what_was_accepted_stays_accepted(cast, catalogue, enrolled) -> None:
    entry = actions.write_entry(learner=cast.ada, fields=COMPLETE, activity=catalogue.mission, now=NOW)
    changed = actions.change_entry(entry=entry, fields={"lesson": ""}, now=LATER)
    assert (changed.accepted_at, changed.lesson) == (NOW, "")
    actions.delete_entry(entry=changed)
    assert JournalEntry.objects.count() == 0
    assert Completion.objects.get(activity=catalogue.mission).completed_at == NOW


def test_a_mission_has_one_entry(cast, catalogue, enrolled) -> None:
    first = write(cast.ada, activity=catalogue.mission)
    again = actions.write_entry(learner=cast.ada, fields=COMPLETE, activity=catalogue.mission, now=LATER)
    assert (again.pk, again.accepted_at, JournalEntry.objects.count()) == (first.pk, LATER, 1)


def test_only_a_mission_has_evidence(cast, catalogue, enrolled) -> None:
    with pytest.raises(ProblemsFound) as found:
        write(cast.ada, activity=catalogue.quiz)
    assert [problem.code for problem in found.value.problems] == ["not-a-mission"]


def test_a_mission_of_a_track_that_one_is_not_in_is_refused_as_a_whole(cast, catalogue) -> None:
    with pytest.raises(ProblemsFound) as found:
        actions.write_entry(learner=cast.ada, fields=COMPLETE, activity=catalogue.mission, now=NOW)
    assert [problem.code for problem in found.value.problems] == ["not-enrolled"]
    assert JournalEntry.objects.count() == 0


def test_ten_tabs_write_one_entry_and_one_mission(transactional_db, cast, catalogue, crowd) -> None:
    Enrolment.objects.create(learner=cast.ada, track=catalogue.track, enrolled_at=NOW, starts_on=TODAY)
    people = crowd()
    people.at_once(
        lambda number: actions.write_entry(
            learner=cast.ada, fields=COMPLETE, activity=catalogue.mission if number % 2 else None, now=NOW
        ),
        10,
    )
    kept = people.alone(lambda: sorted(JournalEntry.objects.values_list("activity__slug", flat=True), key=str))
    assert kept == [None, "m1-mission"]
    assert people.alone(lambda: Completion.objects.done().count()) == 1
