"""Two people press the same button at the same moment."""

import pytest

from lms.enrolment.actions import add_members, assign_tracks, enrol_self
from lms.enums import DueRule, Source
from lms.models import Assignment, CohortMembership, Enrolment, EnrolmentReason
from tests.conftest import NOW
from tests.lms.concurrency import crowd

__all__ = ["crowd"]
pytestmark = pytest.mark.django_db(transaction=True)
HR = {"actor": None, "source": Source.ADMIN, "now": NOW}


def test_assigning_at_once_is_assigning_once(cast, catalogue, crowd):
    threads = crowd()

    def assign(_number: int) -> int:
        [outcome] = assign_tracks(
            cohort=cast.cohort, tracks=[catalogue.track], starts_on=NOW.date(), due_rule=DueRule.AFTER_START, due_days=5, **HR
        )
        return outcome.enrolled

    assert sorted(threads.at_once(assign, 6)) == [0, 0, 0, 0, 0, 2]
    counts = threads.alone(lambda: (Assignment.objects.count(), Enrolment.objects.count(), EnrolmentReason.objects.count()))
    assert counts == (1, 2, 2)


def test_joining_and_choosing_at_once_is_once(cast, catalogue, crowd):
    assign_tracks(cohort=cast.cohort, tracks=[catalogue.track], starts_on=NOW.date(), due_rule=DueRule.NONE, **HR)
    threads = crowd()

    def join_or_choose(number: int) -> int:
        if number % 2:
            return add_members(cohort=cast.cohort, learners=[cast.otto], **HR)
        enrol_self(learner=cast.otto, track=catalogue.track, now=NOW)
        return 0

    assert sum(threads.at_once(join_or_choose, 8)) == 1

    def counts() -> tuple[int, int, int]:
        return (
            CohortMembership.objects.filter(learner=cast.otto).count(),
            Enrolment.objects.live().filter(learner=cast.otto).count(),
            EnrolmentReason.objects.filter(enrolment__learner=cast.otto, until__isnull=True).count(),
        )

    assert threads.alone(counts) == (1, 1, 2)
