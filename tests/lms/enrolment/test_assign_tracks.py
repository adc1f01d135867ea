"""Assigning tracks to cohorts: who is enrolled, because of what, until when."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.problems import ProblemsFound
from lms.calendar.actions import fill_non_working_days
from lms.calendar.queries import calendars_of
from lms.enrolment.actions import (
    add_members,
    assign_tracks,
    change_assignment,
    remove_members,
    withdraw_assignment,
)
from lms.enrolment.rules import base_date, due_date
from lms.enums import DueRule, Source
from lms.models import Assignment, AuditEntry, Cohort, CohortMembership, Enrolment, EnrolmentReason, NonWorkingDay, Site
from lms.people.rules import company_day
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
MARCH_2 = dt.date(2026, 3, 2)
TODAY = dt.date(2026, 3, 4)


def assign(cohort, *tracks, starts_on=TODAY, due_rule=DueRule.NONE, now=NOW, actor=None, **kwargs):
    return assign_tracks(
        cohort=cohort, tracks=tracks, starts_on=starts_on, due_rule=due_rule, actor=actor, source=Source.ADMIN, now=now, **kwargs
    )


def people_in(track, **kwargs) -> set[str]:
    return set(Enrolment.objects.live().filter(track=track, **kwargs).values_list("learner__first_name", flat=True))


def due_dates() -> dict[str, dt.date | None]:
    return dict(Enrolment.objects.values_list("learner__first_name", "due_on"))


def snapshot() -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in (Enrolment, EnrolmentReason, Assignment, AuditEntry)]


def test_every_member_is_enrolled_because_of_the_assignment(cast, catalogue):
    [outcome] = assign(cast.cohort, catalogue.track, actor=cast.hana.user)

    assert (outcome.enrolled, outcome.already, outcome.revived) == (2, 0, 0)
    assert people_in(catalogue.track) == {"Ada", "Ben"}
    assert set(EnrolmentReason.objects.values_list("enrolment__learner__first_name", "assignment_id", "until")) == {
        ("Ada", outcome.assignment.pk, None),
        ("Ben", outcome.assignment.pk, None),
    }
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_id, entry.after) == (
        "assign_tracks",
        cast.hana.user_id,
        {"enrolled": 2, "already": 0, "revived": 0},
    )


def test_twice_is_once(cast, catalogue):
    assign(cast.cohort, catalogue.track, catalogue.other_track)
    before = snapshot()

    outcomes = assign(cast.cohort, catalogue.track, catalogue.other_track, now=NOW + dt.timedelta(hours=1))

    assert [(o.enrolled, o.already, o.revived) for o in outcomes] == [(0, 2, 0), (0, 2, 0)]
    assert snapshot() == before


def test_other_terms_for_the_same_track_are_refused(cast, catalogue):
    assign(cast.cohort, catalogue.track)
    with pytest.raises(ProblemsFound) as refused:
        assign(cast.cohort, catalogue.track, due_rule=DueRule.AFTER_START, due_days=10)
    assert [(p.code, p.where) for p in refused.value.problems] == [("assigned_differently", "tracks")]


@pytest.mark.parametrize(
    ("kwargs", "code", "where"),
    [
        ({"due_rule": DueRule.DATE}, "due_date_missing", "due_on"),
        ({"due_rule": DueRule.DATE, "due_on": dt.date(2026, 3, 3)}, "due_before_start", "due_on"),
        ({"due_rule": DueRule.AFTER_START}, "due_days_missing", "due_days"),
        ({"due_rule": DueRule.AFTER_JOINING, "due_days": -1}, "due_days_missing", "due_days"),
    ],
)
def test_impossible_terms_are_refused_and_nothing_is_written(cast, catalogue, kwargs, code, where):
    with pytest.raises(ProblemsFound) as refused:
        assign(cast.cohort, catalogue.track, **kwargs)
    assert [(p.code, p.where) for p in refused.value.problems] == [(code, where)]
    assert not Assignment.objects.exists()


def test_retired_tracks_archived_cohorts_and_no_track_at_all_are_refused(cast, catalogue):
    catalogue.other_track.retired_at = NOW
    archived = Cohort.objects.create(name="Old", created_at=NOW, archived_at=NOW)
    found = []
    for call in (
        lambda: assign(cast.cohort, catalogue.other_track),
        lambda: assign(archived, catalogue.track),
        lambda: assign(cast.cohort),
    ):
        with pytest.raises(ProblemsFound) as refused:
            call()
        found += [p.code for p in refused.value.problems]
    assert found == ["track_retired", "cohort_archived", "no_track"]


def test_somebody_who_has_left_is_not_enrolled_but_somebody_who_will_leave_is(cast, catalogue):
    cast.ada.left_on = TODAY
    cast.ada.save()
    cast.ben.left_on = TODAY + dt.timedelta(days=1)
    cast.ben.save()
    [outcome] = assign(cast.cohort, catalogue.track)
    assert (outcome.enrolled, outcome.already) == (1, 0)
    assert people_in(catalogue.track) == {"Ben"}


def test_a_typed_date_is_that_date(cast, catalogue):
    sunday = dt.date(2026, 3, 29)
    assign(cast.cohort, catalogue.track, due_rule=DueRule.DATE, due_on=sunday)
    assert due_dates() == {"Ada": sunday, "Ben": sunday}


def test_counted_dates_move_to_the_next_day_that_the_person_works(cast, catalogue):
    # 4 March + 10 days is Saturday 14 March; the Monday after it is a holiday in Lyon, and Ben does not work on Tuesdays.
    NonWorkingDay.objects.create(site=cast.site, date=dt.date(2026, 3, 16), name="Company day")
    cast.ben.working_days = "0234"
    cast.ben.save()
    assign(cast.cohort, catalogue.track, due_rule=DueRule.AFTER_START, due_days=10)
    assert due_dates() == {"Ada": dt.date(2026, 3, 17), "Ben": dt.date(2026, 3, 18)}
    assert set(EnrolmentReason.objects.values_list("due_on", flat=True)) == {dt.date(2026, 3, 17), dt.date(2026, 3, 18)}


def test_days_after_hiring_count_from_the_start_for_those_hired_before(cast, catalogue):
    cast.ben.hired_on = dt.date(2026, 3, 9)
    cast.ben.save()
    cast.ada.hired_on = None
    cast.ada.save()
    assign(cast.cohort, catalogue.track, due_rule=DueRule.AFTER_HIRING, due_days=7)
    assert due_dates() == {"Ada": dt.date(2026, 3, 11), "Ben": dt.date(2026, 3, 16)}


def test_days_after_joining_count_from_the_day_in_the_company_zone(cast, catalogue):
    cast.cohort.memberships.filter(learner=cast.ben).update(since=dt.datetime(2026, 3, 9, 23, 30, tzinfo=dt.UTC))
    assign(cast.cohort, catalogue.track, due_rule=DueRule.AFTER_JOINING, due_days=7)
    # In Paris it was the 10th already.
    assert due_dates() == {"Ada": dt.date(2026, 3, 11), "Ben": dt.date(2026, 3, 17)}


def test_the_earliest_due_date_applies_and_the_other_comes_back_when_its_reason_goes(cast, catalogue, make_learner):
    other = Cohort.objects.create(name="Autumn", created_at=NOW)
    add_members(cohort=other, learners=[cast.ada, cast.otto], actor=None, source=Source.ADMIN, now=NOW)
    assign(cast.cohort, catalogue.track, due_rule=DueRule.DATE, due_on=dt.date(2026, 6, 30))
    [outcome] = assign(other, catalogue.track, due_rule=DueRule.DATE, due_on=dt.date(2026, 4, 30))

    assert (outcome.enrolled, outcome.already, outcome.revived) == (1, 1, 0)
    assert due_dates() == {"Ada": dt.date(2026, 4, 30), "Ben": dt.date(2026, 6, 30), "Otto": dt.date(2026, 4, 30)}

    assert withdraw_assignment(assignment=outcome.assignment, reason="", actor=None, source=Source.ADMIN, now=NOW) == 2
    assert due_dates() == {"Ada": dt.date(2026, 6, 30), "Ben": dt.date(2026, 6, 30), "Otto": None}
    assert people_in(catalogue.track) == {"Ada", "Ben"}


def test_leaving_archives_with_progress_and_coming_back_revives_it(cast, catalogue):
    assign(cast.cohort, catalogue.track, due_rule=DueRule.AFTER_JOINING, due_days=7)
    Enrolment.objects.filter(learner=cast.ada).update(started_at=NOW)
    later, back = NOW + dt.timedelta(days=1), NOW + dt.timedelta(days=14)

    assert remove_members(cohort=cast.cohort, learners=[cast.ada], actor=None, source=Source.ADMIN, now=later) == 1
    gone = Enrolment.objects.get(learner=cast.ada)
    assert (gone.archived_at, gone.due_on, gone.started_at) == (later, None, NOW)
    assert people_in(catalogue.track) == {"Ben"}

    assert add_members(cohort=cast.cohort, learners=[cast.ada], actor=None, source=Source.ADMIN, now=back) == 1
    again = Enrolment.objects.get(learner=cast.ada)
    assert (again.pk, again.archived_at, again.started_at) == (gone.pk, None, NOW)
    assert (again.starts_on, again.due_on) == (dt.date(2026, 3, 18), dt.date(2026, 3, 25))
    assert EnrolmentReason.objects.filter(enrolment=again).count() == 1
    assert cast.cohort.memberships.filter(learner=cast.ada).count() == 2


def test_assigning_again_after_a_withdrawal_revives(cast, catalogue):
    [first] = assign(cast.cohort, catalogue.track)
    withdraw_assignment(assignment=first.assignment, reason="Too early", actor=None, source=Source.ADMIN, now=NOW)
    assert people_in(catalogue.track) == set()
    [second] = assign(cast.cohort, catalogue.track)
    assert (second.enrolled, second.already, second.revived) == (0, 0, 2)
    assert second.assignment.pk != first.assignment.pk
    assert people_in(catalogue.track) == {"Ada", "Ben"}
    assert withdraw_assignment(assignment=first.assignment, reason="", actor=None, source=Source.ADMIN, now=NOW) == 0


def test_who_joins_later_starts_on_that_day(cast, catalogue):
    assign(cast.cohort, catalogue.track, starts_on=MARCH_2, due_rule=DueRule.AFTER_START, due_days=30)
    joined_at = NOW + dt.timedelta(days=5)
    assert add_members(cohort=cast.cohort, learners=[cast.ben, cast.otto], actor=None, source=Source.ADMIN, now=joined_at) == 1
    enrolment = Enrolment.objects.get(learner=cast.otto)
    assert (enrolment.starts_on, enrolment.due_on) == (dt.date(2026, 3, 9), dt.date(2026, 4, 1))


def test_changing_the_terms_moves_start_and_due_date_of_everybody(cast, catalogue):
    [outcome] = assign(cast.cohort, catalogue.track, starts_on=dt.date(2026, 3, 9), due_rule=DueRule.AFTER_START, due_days=7)
    assert due_dates() == {"Ada": dt.date(2026, 3, 16), "Ben": dt.date(2026, 3, 16)}
    change_assignment(
        assignment=outcome.assignment,
        starts_on=dt.date(2026, 3, 11),
        due_rule=DueRule.DATE,
        due_on=dt.date(2026, 5, 1),
        actor=None,
        source=Source.ADMIN,
        now=NOW,
    )
    assert set(Enrolment.objects.values_list("starts_on", "due_on")) == {(dt.date(2026, 3, 11), dt.date(2026, 5, 1))}
    assert AuditEntry.objects.filter(verb="change_assignment").count() == 1


@pytest.mark.parametrize("rule", [DueRule.NONE, DueRule.AFTER_HIRING])
def test_any_cohort_takes_the_same_statements(catalogue, make_learner, django_assert_num_queries, rule, connection_log):
    def cost(name: str, size: int) -> int:
        cohort = Cohort.objects.create(name=name, created_at=NOW)
        people = [make_learner(name, hired_on=dt.date(2026, 3, 1) + dt.timedelta(days=n)) for n in range(size)]
        add_members(cohort=cohort, learners=people, actor=None, source=Source.ADMIN, now=NOW)
        days = {"due_days": 30} if rule != DueRule.NONE else {}
        with connection_log() as log:
            assign(cohort, catalogue.track, catalogue.other_track, due_rule=rule, **days)
        assert Enrolment.objects.filter(learner__memberships__cohort=cohort).count() == 2 * size
        return len(log)

    assert cost("Small", 2) == cost("Large", 60)


def test_states_of_time_are_aware(cast, catalogue):
    assign(cast.cohort, catalogue.track)
    assert {timezone.is_aware(moment) for moment in Enrolment.objects.values_list("enrolled_at", flat=True)} == {True}
    assert set(Enrolment.objects.values_list("enrolled_at", flat=True)) == {NOW}


@pytest.mark.parametrize("rule", [DueRule.AFTER_START, DueRule.AFTER_JOINING, DueRule.AFTER_HIRING])
def test_the_statement_decides_every_due_date_as_the_rule_does(cast, catalogue, make_learner, rule):
    """What the database looks up is what ``rules`` says for each person alone."""
    other = Site.objects.create(name="Gent", country="BE")
    fill_non_working_days(years=[2026], now=NOW)
    days = [None, dt.date(2025, 1, 1), dt.date(2026, 3, 4), dt.date(2026, 3, 20), dt.date(2026, 4, 1)]
    people = [
        make_learner("Pat", site=site, working_days=working, hired_on=hired)
        for site in (cast.site, other, None)
        for working in ("01234", "024", "56", "")
        for hired in days
    ]
    cohort = Cohort.objects.create(name="Many", created_at=NOW)
    for number, person in enumerate(people):
        since = NOW + dt.timedelta(days=number % 40 - 20)
        CohortMembership.objects.create(cohort=cohort, learner=person, since=since)
    [outcome] = assign(cohort, catalogue.track, due_rule=rule, due_days=27)
    assert outcome.enrolled == len(people)

    calendars = calendars_of([person.pk for person in people], around=TODAY)
    rows = Enrolment.objects.filter(learner__in=people).values_list(
        "learner_id", "due_on", "learner__hired_on", "learner__memberships__since"
    )
    expected = {
        pk: due_date(base_date(rule, starts_on=TODAY, joined_on=company_day(since), hired_on=hired_on), 27, calendars[pk])
        for pk, _due, hired_on, since in rows
    }
    assert {pk: due for pk, due, *_rest in rows} == expected
    assert len(set(expected.values())) >= 3
