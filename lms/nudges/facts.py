"""What delivery must know about the rows it holds: read for the whole batch, in a number of queries that does not depend on it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Max, Q

from lms.calendar.queries import calendars_of
from lms.calendar.rules import ONE_DAY, WorkCalendar
from lms.conf import conf
from lms.enums import NudgeKind
from lms.mail.reasons import DropReason
from lms.models import Enrolment, Learner, Nudge, NudgeOptOut
from lms.nudges.catalogue import Entry, entry_of
from lms.nudges.occasions import anchor_date, occasion_of
from lms.nudges.rules import Facts, Limits


def limits_in_force() -> Limits:
    return Limits(
        per_day=conf.NUDGES_PER_DAY,
        gap=dt.timedelta(hours=conf.NUDGE_GAP_HOURS),
        per_week=conf.NUDGES_PER_WEEK,
        per_28_days=conf.NUDGES_PER_28_DAYS,
        windows=conf.SENDING_WINDOWS,
    )


def read_facts(rows: Sequence[Nudge], *, now: dt.datetime) -> dict[int, Facts]:
    """By primary key of the row. Sets ``recipient`` (with user) and ``enrolment`` (with track) on the rows on the way."""
    ids = {row.recipient_id for row in rows}
    people = Learner.objects.select_related("user").in_bulk(ids)
    calendars = calendars_of(ids, around=now.date())
    enrolments = Enrolment.objects.select_related("track").in_bulk({row.enrolment_id for row in rows if row.enrolment_id})
    opted_out = set(NudgeOptOut.objects.filter(learner__in=ids).values_list("learner_id", "kind"))
    sent = _sent_lately(ids, now)
    behind = _more_important(rows, now)
    last_active = dict(
        Enrolment.objects.filter(learner__in=ids).values_list("learner_id").annotate(last=Max("last_activity_at")).order_by()
    )
    open_to = set(
        Enrolment.objects.unfinished()
        .filter(learner__in=ids, starts_on__lte=now.date() + ONE_DAY)
        .values_list("learner_id", flat=True)
    )
    found = {}
    for row in rows:
        learner = row.recipient = people[row.recipient_id]
        enrolment = row.enrolment = enrolments.get(row.enrolment_id) if row.enrolment_id else None
        calendar = calendars[learner.pk]
        entry = entry_of(row.kind, row.occasion)
        personal = entry.kind == NudgeKind.WELCOME
        found[row.pk] = Facts(
            entry=entry,
            expires_on=row.expires_on,
            calendar=calendar,
            left=learner.has_left(calendar.today(now)),
            inactive=not learner.user.is_active,
            gone=(
                _welcome_gone(learner, has_track=learner.pk in open_to)
                if personal
                else _gone(row, entry, enrolment, calendar, last_active.get(learner.pk))
            ),
            opted_out=bool({(learner.pk, row.kind), (learner.pk, "")} & opted_out),
            paused_until=learner.nudges_paused_until,
            anchor=None if personal or enrolment is None else anchor_date(entry, enrolment, calendar.zone),
            starts_on=None if personal or enrolment is None else enrolment.starts_on,
            sent=sent[learner.pk],
            behind=behind.get(row.pk),
        )
    return found


def _welcome_gone(learner: Learner, *, has_track: bool) -> str:
    if learner.last_active_at is not None:
        return DropReason.STARTED
    return "" if has_track else DropReason.ARCHIVED


def _gone(row: Nudge, entry: Entry, enrolment: Enrolment | None, calendar: WorkCalendar, last_active: dt.datetime | None) -> str:
    """Why the occasion is none any more."""
    if enrolment is None or enrolment.archived_at:
        return DropReason.ARCHIVED
    if enrolment.completed_at:
        return DropReason.COMPLETED
    if entry.kind == NudgeKind.FIRST_PRACTICE and enrolment.started_at:
        return DropReason.STARTED
    if entry.kind == NudgeKind.IDLE:
        active = max((at for at in (last_active, row.recipient.last_active_at) if at), default=None)
        if active and f"{active.astimezone(calendar.zone):%Y-%m-%d}" > row.occasion:
            return DropReason.ACTIVE_AGAIN
    return "" if occasion_of(entry, enrolment, calendar.zone) == row.occasion else DropReason.DATE_MOVED


def _sent_lately(ids: set[int], now: dt.datetime) -> dict[int, list[dt.datetime]]:
    sent: dict[int, list[dt.datetime]] = defaultdict(list)
    rows = Nudge.objects.filter(recipient__in=ids, sent_at__gt=now - 28 * ONE_DAY).order_by()
    for learner_id, at in rows.values_list("recipient_id", "sent_at"):
        if at:
            sent[learner_id].append(at)
    return sent


def _more_important(rows: Sequence[Nudge], now: dt.datetime) -> dict[int, dt.datetime]:
    """A more important message of the same person is only waiting for the mail server: the less important one lets it pass."""
    waiting = Nudge.objects.undelivered().filter(
        recipient__in={row.recipient_id for row in rows}, tries__gt=0, send_after__gt=now, send_after__lte=now + ONE_DAY
    )
    found: dict[int, dt.datetime] = {}
    for recipient_id, priority, send_after in waiting.values_list("recipient_id", "priority", "send_after"):
        for row in rows:
            if row.recipient_id == recipient_id and row.priority > priority:
                found[row.pk] = max(send_after + dt.timedelta(minutes=1), found.get(row.pk, now))
    return found


def in_other_hands(rows: Sequence[Nudge], now: dt.datetime) -> set[int]:
    """Recipients for whom somebody else holds a message too (two workers took one each, at the same moment)."""
    if not rows:
        return set()
    others = Nudge.objects.undelivered().filter(
        ~Q(claim=rows[0].claim), recipient__in={row.recipient_id for row in rows}, claimed_until__gt=now
    )
    return set(others.values_list("recipient_id", flat=True))
