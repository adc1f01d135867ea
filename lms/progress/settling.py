"""When an enrolment is complete, and when one that was complete is open again. Set-based: for one learner and for everybody alike."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from courses.models import Activity, Track
from lms import sql
from lms.audit.actions import record
from lms.enrolment.enrol import LOCK
from lms.enrolment.settle import settle as settle_reasons
from lms.enums import Source
from lms.models import Completion, Enrolment, Learner
from lms.people.rules import company_day
from lms.progress import catalogue as catalogues


def settle(enrolments: QuerySet[Enrolment], now: dt.datetime) -> int:
    """Complete, where everything required now is done. Runs after the enrolment was locked, so that of two activities finished at
    the same moment the second one sees the first.
    """
    required = _required()
    return enrolments.filter(Exists(required), ~Exists(_left(required)), completed_at=None).update(completed_at=now)


def settle_enrolments(*, now: dt.datetime) -> int:
    """Completes the enrolments in which nothing required is left although no activity said so: the catalogue became shorter, or the
    track was assigned to somebody who had done it all before. One statement per track; answers how many.
    """
    catalogue = catalogues.current()
    return sum(
        settle(Enrolment.objects.filter(track=track.pk, started_at__isnull=False), now) for track in catalogue.tracks.values()
    )


def reopen_enrolments(*, now: dt.datetime) -> int:
    """Opens again, for those who had finished, the tracks whose author raised the edition (``Track.reopened_at``). For each track, in
    one transaction and in this order:

    1. enrolments that were completed before then are open again where something is not done that was required then: the earlier
       moment is kept, what was done stays done. Neither those who have done it all nor those who have left, nor archived enrolments;
    2. a due date that has passed is not held against them any more (``lms.enrolment.settle``);
    3. the audit trail has one line with their number.

    What became required after the raise asks nothing of those who had finished. Whoever does the rest completes the track anew.
    Answers how many. Twice is once, and two at once wait for one another: a reopened enrolment is not a completed one.
    """
    tracks = Track.objects.current().filter(reopened_at__isnull=False).order_by("pk")
    return sum(_reopen(track, now) for track in tracks)


@transaction.atomic
def _reopen(track: Track, now: dt.datetime) -> int:
    sql.one_at_a_time(Enrolment, LOCK)
    asked = _required().filter(Q(required_since=None) | Q(required_since__lte=track.reopened_at))
    reopened = (
        Enrolment.objects.live()
        .filter(Exists(_left(asked)), track=track, completed_at__lt=track.reopened_at)
        # Not joined: two workers that meet at a row must both look at its own columns again.
        .filter(learner__in=Learner.objects.active(company_day(now)).order_by().values("pk"))
        .update(earlier_completed_at=F("completed_at"), reopened_at=now, completed_at=None)
    )
    if reopened:
        settle_reasons(Enrolment.objects.filter(track=track, reopened_at=now), now=now)
        after = {"edition": track.edition, "enrolments": reopened}
        record(actor=None, verb="reopen_enrolments", obj=track, source=Source.JOB, now=now, after=after)
    return reopened


def _required() -> QuerySet[Activity]:
    """What the track of an enrolment requires now."""
    return Activity.objects.current().filter(required=True, module__retired_at=None, module__track=OuterRef("track")).order_by()


def _left(required: QuerySet[Activity]) -> QuerySet[Activity, Any]:
    """Of these, what the enrolment's learner has not done."""
    done = Completion.objects.done().filter(learner=OuterRef(OuterRef("learner")), activity=OuterRef("pk"))
    return required.filter(~Exists(done))
