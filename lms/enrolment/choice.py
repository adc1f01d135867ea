"""A learner's own choice of a track, beside or without what a cohort was given."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import BigIntegerField, DateField, DateTimeField, Value
from django.utils.translation import gettext_lazy as _

from courses.models import Track
from courses.problems import Problem, ProblemsFound
from lms import sql
from lms.audit.actions import record
from lms.enrolment.rules import problems_of_tracks
from lms.enrolment.settle import settle
from lms.enums import Source
from lms.models import Enrolment, EnrolmentReason, Learner
from lms.people.rules import company_day


@transaction.atomic
def enrol_self(*, learner: Learner, track: Track, now: dt.datetime) -> Enrolment:
    """A learner chooses a track: enrols them, or adds their own choice to the reasons, or brings it back from the archive."""
    today = company_day(now)
    problems = problems_of_tracks([track])
    if learner.has_left(today):
        problems.append(Problem("left", _("Somebody who has left cannot enrol.")))
    if problems:
        raise ProblemsFound(problems)
    moment = Value(now, DateTimeField())
    me = Learner.objects.filter(pk=learner.pk)
    key = Value(track.pk, BigIntegerField())
    sql.insert_select(
        Enrolment,
        ["learner", "track", "enrolled_at", "starts_on"],
        me.annotate(track=key, moment=moment, today=Value(today, DateField())).values_list("pk", "track", "moment", "today"),
    )
    mine = Enrolment.objects.filter(learner=learner, track=track)
    opened = EnrolmentReason.objects.filter(enrolment__in=mine.values("pk"), assignment__isnull=True, until__isnull=False).update(
        until=None, since=now
    )
    opened += sql.insert_select(EnrolmentReason, ["enrolment", "since"], mine.annotate(moment=moment).values_list("pk", "moment"))
    enrolment = mine.get()
    if opened:
        settle(mine, now=now)
        enrolment.refresh_from_db()
        record(actor=learner.user, verb="enrol_self", obj=enrolment, source=Source.PAGE, now=now)
    return enrolment


@transaction.atomic
def join_tracks(*, learner: Learner, tracks: Sequence[Track], now: dt.datetime) -> list[Track]:
    """A learner chooses several tracks at once: enrols them in those that they are not in, and answers these. Twice is once.

    What a cohort gave them stays as it is, without a choice of their own beside it.
    """
    taken = set(Enrolment.objects.live().filter(learner=learner, track__in=tracks).values_list("track_id", flat=True))
    joined = [track for track in tracks if track.pk not in taken]
    for track in joined:
        enrol_self(learner=learner, track=track, now=now)
    return joined


@transaction.atomic
def leave_track(*, learner: Learner, track: Track, now: dt.datetime) -> bool:
    """Take back one's own choice; False when there was none. What a cohort was given stays."""
    mine = Enrolment.objects.filter(learner=learner, track=track)
    own = EnrolmentReason.objects.filter(enrolment__in=mine.values("pk"), assignment__isnull=True, until__isnull=True)
    if not own.update(until=now):
        return False
    settle(mine, now=now)
    record(actor=learner.user, verb="leave_track", obj=mine.get(), source=Source.PAGE, now=now)
    return True
