"""Who is in a cohort: by hand, by address before having an account, by one's own choice; and the night's run that puts things right."""

import datetime as dt

import pytest

from courses.problems import ProblemsFound
from lms.enrolment.actions import (
    Added,
    Reconciled,
    add_members,
    add_members_by_email,
    admit_invited,
    assign_tracks,
    enrol_everybody,
    enrol_self,
    leave_track,
    remove_members,
    withdraw_assignment,
)
from lms.enums import DueRule, Source
from lms.models import (
    Assignment,
    AuditEntry,
    Cohort,
    CohortInvitation,
    CohortMembership,
    Enrolment,
    EnrolmentReason,
    Learner,
    NonWorkingDay,
)
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 4)
HR = {"actor": None, "source": Source.ADMIN, "now": NOW}


def assign(cohort, track, **kwargs):
    [outcome] = assign_tracks(cohort=cohort, tracks=[track], **{"starts_on": TODAY, "due_rule": DueRule.NONE, **HR, **kwargs})
    return outcome.assignment


def live() -> set[tuple[str, str]]:
    return set(Enrolment.objects.live().values_list("learner__first_name", "track__slug"))


def test_members_join_once_and_learn_what_the_cohort_learns(cast, catalogue):
    assign(cast.cohort, catalogue.track)
    everybody = Learner.objects.filter(first_name__in=["Ada", "Chloé", "Otto"])
    assert add_members(cohort=cast.cohort, learners=everybody, **HR) == 2
    assert add_members(cohort=cast.cohort, learners=everybody, **HR) == 0
    assert add_members(cohort=cast.cohort, learners=[cast.otto.pk, cast.mira], **HR) == 1
    assert live() == {(name, catalogue.track.slug) for name in ("Ada", "Ben", "Chloé", "Otto", "Mira")}
    assert list(AuditEntry.objects.filter(verb="add_members").values_list("after", flat=True)) == [{"joined": 1}, {"joined": 2}]


def test_somebody_who_left_does_not_join_and_an_archived_cohort_takes_nobody(cast):
    cast.otto.left_on = TODAY
    cast.otto.save()
    assert add_members(cohort=cast.cohort, learners=[cast.otto], **HR) == 0
    cast.cohort.archived_at = NOW
    with pytest.raises(ProblemsFound) as refused:
        add_members(cohort=cast.cohort, learners=[cast.mira], **HR)
    assert [problem.code for problem in refused.value.problems] == ["cohort_archived"]


def test_by_address_known_people_join_and_strangers_are_invited(cast, catalogue, make_learner):
    assign(cast.cohort, catalogue.track)
    addresses = [cast.otto.email.upper(), cast.ada.email, "zoe@verdane.example", " Zoe@verdane.example ", ""]
    assert add_members_by_email(cohort=cast.cohort, emails=addresses, **HR) == Added(joined=1, invited=1, already=1)
    assert add_members_by_email(cohort=cast.cohort, emails=addresses, **HR) == Added(joined=0, invited=0, already=3)
    assert admit_invited(now=NOW) == 0

    make_learner("Zoé", email="Zoe@Verdane.example")
    later = NOW + dt.timedelta(days=1)
    assert admit_invited(now=later) == 1
    assert admit_invited(now=later) == 0
    assert ("Zoé", catalogue.track.slug) in live()
    assert CohortInvitation.objects.get().joined_at == later


def test_addresses_that_are_none_are_told_by_their_line(cast):
    with pytest.raises(ProblemsFound) as refused:
        add_members_by_email(cohort=cast.cohort, emails=["zoe@verdane.example", "zoe", "", "@"], **HR)
    assert [(problem.code, problem.where) for problem in refused.value.problems] == [
        ("email_invalid", "2"),
        ("email_invalid", "4"),
    ]
    assert not CohortInvitation.objects.exists()


def test_an_invited_person_who_has_left_is_not_admitted(cast, make_learner):
    add_members_by_email(cohort=cast.cohort, emails=["zoe@verdane.example"], **HR)
    make_learner("Zoé", email="zoe@verdane.example", left_on=TODAY)
    assert admit_invited(now=NOW) == 0
    assert CohortInvitation.objects.get().joined_at is None


def test_removing_twice_is_once(cast, catalogue):
    assign(cast.cohort, catalogue.track)
    assert remove_members(cohort=cast.cohort, learners=Learner.objects.all(), **HR) == 2
    assert remove_members(cohort=cast.cohort, learners=Learner.objects.all(), **HR) == 0
    assert live() == set()
    assert cast.cohort.memberships.past().count() == 2


def test_ones_own_choice(cast, catalogue):
    first = enrol_self(learner=cast.otto, track=catalogue.track, now=NOW)
    again = enrol_self(learner=cast.otto, track=catalogue.track, now=NOW + dt.timedelta(hours=1))
    assert (first.pk, first.starts_on, first.due_on) == (again.pk, TODAY, None)
    assert EnrolmentReason.objects.get().assignment is None
    assert AuditEntry.objects.filter(verb="enrol_self").count() == 1

    assert leave_track(learner=cast.otto, track=catalogue.track, now=NOW) is True
    assert leave_track(learner=cast.otto, track=catalogue.track, now=NOW) is False
    assert live() == set()

    back = enrol_self(learner=cast.otto, track=catalogue.track, now=NOW + dt.timedelta(days=3))
    assert (back.pk, back.archived_at, back.starts_on) == (first.pk, None, dt.date(2026, 3, 7))
    assert EnrolmentReason.objects.count() == 1


def test_a_choice_survives_the_assignment_and_the_other_way_round(cast, catalogue):
    assignment = assign(cast.cohort, catalogue.track, due_rule=DueRule.AFTER_START, due_days=30)
    enrol_self(learner=cast.ada, track=catalogue.track, now=NOW)
    withdraw_assignment(assignment=assignment, reason="Postponed", **HR)
    assert live() == {("Ada", catalogue.track.slug)}
    assert Enrolment.objects.get(learner=cast.ada).due_on is None

    enrol_self(learner=cast.ben, track=catalogue.other_track, now=NOW)
    assign(cast.cohort, catalogue.other_track)
    assert leave_track(learner=cast.ben, track=catalogue.other_track, now=NOW) is True
    assert ("Ben", catalogue.other_track.slug) in live()


def test_a_leaver_or_a_retired_track_is_refused(cast, catalogue):
    catalogue.track.retired_at = NOW
    cast.ada.left_on = TODAY
    with pytest.raises(ProblemsFound) as refused:
        enrol_self(learner=cast.ada, track=catalogue.track, now=NOW)
    assert [problem.code for problem in refused.value.problems] == ["track_retired", "left"]
    assert not Enrolment.objects.exists()


def test_a_quiet_night_changes_nothing(cast, catalogue):
    assign(cast.cohort, catalogue.track, due_rule=DueRule.AFTER_START, due_days=30)
    enrol_self(learner=cast.otto, track=catalogue.track, now=NOW)
    before = [list(model.objects.order_by("pk").values_list()) for model in (Enrolment, EnrolmentReason, CohortMembership)]
    assert enrol_everybody(now=NOW + dt.timedelta(days=1)) == Reconciled(0, 0, 0, 0, 0)
    assert [
        list(model.objects.order_by("pk").values_list()) for model in (Enrolment, EnrolmentReason, CohortMembership)
    ] == before


def test_the_night_puts_right_what_went_past_the_actions(cast, catalogue, make_learner):
    """Rows written by hand, a holiday added, a hiring date corrected, an invitation whose account appeared."""
    first = assign(cast.cohort, catalogue.track, due_rule=DueRule.AFTER_START, due_days=12)
    second = assign(cast.cohort, catalogue.other_track)
    add_members_by_email(cohort=cast.cohort, emails=["zoe@verdane.example"], **HR)
    assert Enrolment.objects.get(learner=cast.ben, track=catalogue.track).due_on == dt.date(2026, 3, 16)

    make_learner("Zoé", email="zoe@verdane.example")
    CohortMembership.objects.create(cohort=cast.cohort, learner=cast.otto, since=NOW)
    cast.cohort.memberships.filter(learner=cast.ada).update(until=NOW)
    Assignment.objects.filter(pk=second.pk).update(withdrawn_at=NOW)
    NonWorkingDay.objects.create(site=cast.site, date=dt.date(2026, 3, 16), name="Company day")
    later = NOW + dt.timedelta(days=1)

    # Ada's reasons and everybody's reason of the second track close; Ben, Otto and Zoé have the first one, and only Ben works in Lyon.
    assert enrol_everybody(now=later) == Reconciled(admitted=1, enrolled=1, reasons_opened=1, reasons_closed=3, due_changed=1)
    assert live() == {("Ben", first.track.slug), ("Otto", first.track.slug), ("Zoé", first.track.slug)}
    assert Enrolment.objects.get(learner=cast.ben, track=catalogue.track).due_on == dt.date(2026, 3, 17)
    assert enrol_everybody(now=later) == Reconciled(0, 0, 0, 0, 0)


def test_the_nights_statements_do_not_grow(cast, catalogue, make_learner, connection_log):
    def cost(count: int) -> int:
        for number in range(count):
            cohort = Cohort.objects.create(name=f"{count}-{number}", created_at=NOW)
            CohortMembership.objects.create(cohort=cohort, learner=make_learner("Pat"), since=NOW)
            Assignment.objects.create(
                cohort=cohort,
                track=catalogue.track,
                starts_on=TODAY,
                due_rule=DueRule.AFTER_START,
                due_days=number + 1,
                created_at=NOW,
            )
        with connection_log() as log:
            assert enrol_everybody(now=NOW).enrolled == count
        return len(log)

    assert cost(2) == cost(20)
