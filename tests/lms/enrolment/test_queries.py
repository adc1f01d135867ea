"""States, reasons and previews against plain Python that decides the same."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.calendar.rules import WorkCalendar
from lms.enrolment.actions import add_members, add_members_by_email, assign_tracks, enrol_self, withdraw_assignment
from lms.enrolment.queries import assignment_preview, reasons_of, with_state
from lms.enrolment.rules import DueTerms, base_date, due_date, problems_of_terms, state_of
from lms.enums import DueRule, EnrolmentState, Source
from lms.models import Cohort, Enrolment, Learner
from tests.conftest import NOW

TODAY = dt.date(2026, 3, 4)
HR = {"actor": None, "source": Source.ADMIN, "now": NOW}
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))


@pytest.mark.django_db
def test_the_state_of_a_queryset_is_the_state_of_each_row(catalogue, make_learner):
    moments = [None, NOW]
    due = [None, TODAY - dt.timedelta(days=1), TODAY, TODAY + dt.timedelta(days=1)]
    rows = [
        Enrolment(
            learner=make_learner(), track=catalogue.track, enrolled_at=NOW, starts_on=TODAY,
            started_at=started, completed_at=completed, archived_at=archived, due_on=due_on,
        )
        for started, completed, archived, due_on in itertools.product(moments, moments, moments, due)
    ]  # fmt: skip
    Enrolment.objects.bulk_create(rows)
    found = list(with_state(Enrolment.objects.all(), today=TODAY))
    expected = {
        row.pk: state_of(
            today=TODAY,
            started_at=row.started_at,
            completed_at=row.completed_at,
            archived_at=row.archived_at,
            due_on=row.due_on,
        )
        for row in found
    }
    assert {row.pk: row.state for row in found} == expected
    assert set(expected.values()) == set(EnrolmentState)
    assert with_state(Enrolment.objects.all(), today=TODAY).filter(state=EnrolmentState.LATE).count() == 2


@pytest.mark.django_db
def test_the_reason_that_decides_the_date_comes_first(cast, catalogue, django_assert_num_queries):
    autumn = Cohort.objects.create(name="Autumn", created_at=NOW)
    add_members(cohort=autumn, learners=[cast.ada], **HR)
    for cohort, due_on in ((cast.cohort, dt.date(2026, 6, 30)), (autumn, dt.date(2026, 4, 30))):
        assign_tracks(cohort=cohort, tracks=[catalogue.track], starts_on=TODAY, due_rule=DueRule.DATE, due_on=due_on, **HR)
    enrol_self(learner=cast.ada, track=catalogue.track, now=NOW)
    ada, ben = (Enrolment.objects.get(learner=each) for each in (cast.ada, cast.ben))
    with django_assert_num_queries(1):
        found = reasons_of([ada.pk, ben.pk])
    assert {key: [(each.cohort, each.due_on, each.decides) for each in reasons] for key, reasons in found.items()} == {
        ada.pk: [("Autumn", dt.date(2026, 4, 30), True), ("Spring", dt.date(2026, 6, 30), False), ("", None, False)],
        ben.pk: [("Spring", dt.date(2026, 6, 30), True)],
    }


@pytest.mark.django_db
def test_the_preview_says_what_then_happens(cast, catalogue, make_learner):
    add_members(cohort=cast.cohort, learners=[cast.chloe, cast.otto], **HR)
    add_members_by_email(cohort=cast.cohort, emails=["zoe@verdane.example"], **HR)
    Learner.objects.filter(pk=cast.otto.pk).update(left_on=TODAY)
    enrol_self(learner=cast.ada, track=catalogue.track, now=NOW)
    [old] = assign_tracks(cohort=cast.cohort, tracks=[catalogue.other_track], starts_on=TODAY, due_rule=DueRule.NONE, **HR)
    withdraw_assignment(assignment=old.assignment, reason="", **HR)
    enrol_self(learner=cast.ben, track=catalogue.other_track, now=NOW)
    tracks = [catalogue.track, catalogue.other_track]

    expected = assignment_preview(cohorts=[cast.cohort], tracks=tracks, starts_on=dt.date(2026, 3, 7), now=NOW)
    assert (expected.people, expected.left, expected.invited, expected.first_mail_on) == (3, 1, 1, dt.date(2026, 3, 9))
    assert (expected.enrolled_new, expected.already, expected.revived) == (2, 2, 2)

    outcomes = assign_tracks(cohort=cast.cohort, tracks=tracks, starts_on=dt.date(2026, 3, 7), due_rule=DueRule.NONE, **HR)
    assert tuple(sum(getattr(each, name) for each in outcomes) for name in ("enrolled", "already", "revived")) == (2, 2, 2)


@pytest.mark.django_db
def test_somebody_in_two_cohorts_is_one_person(cast, catalogue):
    autumn = Cohort.objects.create(name="Autumn", created_at=NOW)
    add_members(cohort=autumn, learners=[cast.ada, cast.otto], **HR)
    expected = assignment_preview(cohorts=[cast.cohort, autumn], tracks=[catalogue.track], starts_on=TODAY, now=NOW)
    assert (expected.people, expected.enrolled_new) == (3, 3)


@given(DAYS, st.integers(0, 400), st.frozensets(st.integers(0, 6), min_size=1), st.frozensets(DAYS, max_size=20))
def test_a_due_date_is_the_first_worked_day_from_the_counted_one_on(base, days, weekdays, holidays):
    calendar = WorkCalendar(zone=dt.UTC, weekdays=weekdays, holidays=holidays)
    due = due_date(base, days, calendar)
    counted = base + dt.timedelta(days=days)
    assert due >= counted
    assert due.weekday() in weekdays
    assert due not in holidays
    between = [counted + dt.timedelta(days=n) for n in range((due - counted).days)]
    assert all(day.weekday() not in weekdays or day in holidays for day in between)


@given(st.sampled_from(DueRule), DAYS, DAYS, st.none() | DAYS)
def test_days_are_never_counted_from_before_the_start(rule, starts_on, joined_on, hired_on):
    assert base_date(rule, starts_on=starts_on, joined_on=joined_on, hired_on=hired_on) >= starts_on


@given(st.sampled_from(DueRule), st.none() | DAYS, st.none() | st.integers(-5, 5000), DAYS)
def test_terms_without_problems_are_terms_that_the_table_takes(rule, on, days, starts_on):
    fine = not problems_of_terms(DueTerms(rule=rule, on=on, days=days), starts_on=starts_on)
    if rule == DueRule.DATE:
        assert fine == (on is not None and on >= starts_on)
    elif rule == DueRule.NONE:
        assert fine
    else:
        assert fine == (days is not None and 0 <= days <= 3660)
