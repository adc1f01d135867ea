"""Subscribe, build, send."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.problems import Problem, ProblemsFound
from lms.audit.actions import record
from lms.calendar.queries import calendars_of
from lms.calendar.rules import WorkCalendar
from lms.conf import conf
from lms.enums import Cadence, Source
from lms.mail.actions import new_message_id
from lms.mail.delivery import claim_rows, deliver_rows, drop
from lms.mail.reasons import DropReason
from lms.mail.render import language_of
from lms.models import Cohort, Learner, Report, ReportSubscription
from lms.people.rules import company_day
from lms.reports.emails import write_report
from lms.reports.figures import build_figures
from lms.reports.schedule import due_after, period_before, put_off_to
from lms.reports.scope import sees_everybody
from lms.reports.starters import starter_for

log = logging.getLogger(__name__)


# Subscriptions


@transaction.atomic
def subscribe(
    *,
    recipient: Learner,
    cohort: Cohort | None,
    cadence: str,
    hour: int,
    language: str,
    actor: Any | None,
    source: Source,
    now: dt.datetime,
) -> ReportSubscription:
    """Somebody is to get a report, from the next period on. In order: refused when it is there already or makes no sense; the row with
    its first due moment; an audit entry.
    """
    _check(recipient, cadence=cadence, hour=hour, language=language, now=now)
    row = ReportSubscription(
        recipient=recipient,
        cohort=cohort,
        cadence=cadence,
        hour=hour,
        language=language,
        next_due_at=due_after(cadence, hour, _calendar(recipient, now), now),
        created_by=actor,
        created_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ProblemsFound(
            [Problem("subscribed", _("This person already receives this report this often."), where="recipient")]
        ) from error
    record(actor=actor, verb="subscribe", obj=row, source=source, now=now, after=_terms(row))
    return row


@transaction.atomic
def change_subscription(
    *,
    subscription: ReportSubscription,
    cadence: str,
    hour: int,
    language: str,
    actor: Any | None,
    source: Source,
    now: dt.datetime,
) -> ReportSubscription:
    """Another rhythm, hour or language. In order: checked; the next due moment counted anew; an audit entry with before and after."""
    _check(subscription.recipient, cadence=cadence, hour=hour, language=language, now=now)
    before = _terms(subscription)
    subscription.cadence, subscription.hour, subscription.language = cadence, hour, language
    subscription.next_due_at = due_after(cadence, hour, _calendar(subscription.recipient, now), now)
    try:
        with transaction.atomic():
            subscription.save(update_fields=["cadence", "hour", "language", "next_due_at"])
    except IntegrityError as error:
        raise ProblemsFound(
            [Problem("subscribed", _("This person already receives this report this often."), where="cadence")]
        ) from error
    record(
        actor=actor,
        verb="change_subscription",
        obj=subscription,
        source=source,
        now=now,
        before=before,
        after=_terms(subscription),
    )
    return subscription


@transaction.atomic
def pause_subscription(*, subscription: ReportSubscription, actor: Any | None, source: Source, now: dt.datetime) -> bool:
    """No report until it is resumed. In order: paused; what waits to be sent is dropped; an audit entry. False: it was paused already."""
    if not ReportSubscription.objects.filter(pk=subscription.pk, paused_at__isnull=True).update(paused_at=now):
        return False
    subscription.paused_at = now
    waiting = Report.objects.undelivered().filter(subscription=subscription)
    waiting.update(dropped_at=now, drop_reason=DropReason.PAUSED, claimed_until=None)
    record(actor=actor, verb="pause_subscription", obj=subscription, source=source, now=now)
    return True


@transaction.atomic
def resume_subscription(*, subscription: ReportSubscription, actor: Any | None, source: Source, now: dt.datetime) -> bool:
    """Reports again, from the next period on: nothing that was missed comes after. False: it was not paused."""
    due = due_after(subscription.cadence, subscription.hour, _calendar(subscription.recipient, now), now)
    found = ReportSubscription.objects.filter(pk=subscription.pk, paused_at__isnull=False)
    if not found.update(paused_at=None, next_due_at=due):
        return False
    subscription.paused_at, subscription.next_due_at = None, due
    record(actor=actor, verb="resume_subscription", obj=subscription, source=source, now=now)
    return True


# Building


def build_due_reports(*, now: dt.datetime, only: Collection[str] | None = None, dry_run: bool = False) -> Counter[str]:
    """Build what is due: one report per subscription and period, in its recipient's own scope, frozen. Answers how many were ``built``,
    ``put_off`` (the recipient is away) or ``failed``. ``only``: these e-mail addresses. ``dry_run``: nothing is kept.

    Each one is a transaction of its own: the due moment is moved on by a conditional UPDATE, and only who moved it builds. What was missed
    while the machine was down is built once, about the last period that is over.
    """
    counts: Counter[str] = Counter()
    today = company_day(now)
    due = (
        ReportSubscription.objects.due(now)
        .filter(recipient__in=Learner.objects.active(today), recipient__user__is_active=True)
        .order_by("next_due_at", "pk")
    )
    if only:
        due = due.filter(recipient__email__in=list(only))
    keys = list(due.values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        rows = ReportSubscription.objects.select_related("recipient__user", "recipient__department", "cohort").in_bulk(
            keys[start : start + 500]
        )
        calendars = calendars_of({row.recipient_id for row in rows.values()}, around=today)
        for row in rows.values():
            try:
                with transaction.atomic():
                    counts[_build(row, calendars[row.recipient_id], now=now)] += 1
                    if dry_run:
                        transaction.set_rollback(True)
            except Exception:  # one report that cannot be built must not stop the others
                log.exception("report of subscription %s could not be built", row.pk)
                counts["failed"] += 1
    return counts


def _build(row: ReportSubscription, calendar: WorkCalendar, *, now: dt.datetime) -> str:
    away_until = put_off_to(calendar, row.hour, now)
    next_due = away_until or due_after(row.cadence, row.hour, calendar, now)
    mine = ReportSubscription.objects.due(now).filter(pk=row.pk).update(next_due_at=next_due)
    if not mine:
        return "taken"
    if away_until:
        return "put_off"
    report = _freeze(row, row.recipient, now=now)
    Report.objects.bulk_create([report], ignore_conflicts=True)  # a period is reported once, whatever happens to due moments
    return "built"


def _freeze(row: ReportSubscription, reader: Learner, *, now: dt.datetime, sample: bool = False) -> Report:
    period = period_before(row.cadence, now)
    before = (
        Report.objects.filter(subscription=row, sample=False, period_start__lt=period.start)
        .order_by("-period_start")
        .values_list("figures", flat=True)
        .first()
    )
    figures = build_figures(row.recipient, row.cohort, now=now, before=before)
    figures |= {"starter": starter_for(period), "cadence": row.cadence}
    return Report(
        subscription=row,
        recipient=reader,
        period_start=period.start,
        period_end=period.end,
        built_at=now,
        language=row.language or language_of(reader),
        figures=figures,
        sample=sample,
        send_after=now,
        message_id=new_message_id("report"),
    )


@transaction.atomic
def send_sample(*, subscription: ReportSubscription, actor: Any, now: dt.datetime) -> Report:
    """ "Send me a sample now": what the subscription's recipient would get today goes to the one who asks.

    Only to somebody who may see everybody, or to the recipient: a sample is no way round a scope. In order: checked; the report, outside
    the schedule; an audit entry. It is sent like any report.
    """
    reader = Learner.objects.select_related("user").filter(user=actor).first()
    if reader is None:
        raise ProblemsFound([Problem("no_profile", _("Your account has no profile here, and so no address for a sample."))])
    if reader != subscription.recipient and not sees_everybody(actor):
        raise ProblemsFound([Problem("scope", _("You may not see the people whom this report is about."))])
    report = _freeze(subscription, reader, now=now, sample=True)
    report.save(force_insert=True)
    record(actor=actor, verb="send_sample", obj=subscription, source=Source.ADMIN, now=now)
    return report


# Sending


def deliver_reports(*, now: dt.datetime, limit: int = 100, only: Collection[str] | None = None) -> Counter[str]:
    """Send built reports, oldest first, to those who are still here. ``only``: these e-mail addresses."""
    waiting = Report.objects.order_by("send_after", "pk")
    rows = claim_rows(waiting.filter(recipient__email__in=list(only)) if only else waiting, now=now, limit=limit)
    people = Learner.objects.select_related("user", "department").in_bulk({row.recipient_id for row in rows})
    subscriptions = ReportSubscription.objects.select_related("cohort").in_bulk({row.subscription_id for row in rows})
    dropped: dict[str, list[Report]] = {}
    ready = []
    for row in rows:
        reader = row.recipient = people[row.recipient_id]
        row.subscription = subscriptions[row.subscription_id]
        if reader.has_left(now.astimezone(reader.zone).date()):
            dropped.setdefault(DropReason.LEFT, []).append(row)
        elif not reader.user.is_active:
            dropped.setdefault(DropReason.INACTIVE, []).append(row)
        elif row.subscription.paused_at and not row.sample:
            dropped.setdefault(DropReason.PAUSED, []).append(row)
        else:
            ready.append(row)
    counts: Counter[str] = Counter()
    for reason, some in dropped.items():
        counts["dropped"] += drop(some, reason=reason, now=now)
    return counts + deliver_rows(ready, compose=write_report, now=now)


def deliver_all_reports(*, now: dt.datetime, only: Collection[str] | None = None) -> Counter[str]:
    """Everything that waits, batch after batch."""
    total: Counter[str] = Counter()
    while counts := deliver_reports(now=now, only=only):
        total += counts
        if set(counts) == {"put_back"}:
            break
    return total


def _calendar(recipient: Learner, now: dt.datetime) -> WorkCalendar:
    return calendars_of([recipient.pk], around=now.date())[recipient.pk]


def _check(recipient: Learner, *, cadence: str, hour: int, language: str, now: dt.datetime) -> None:
    problems = []
    if recipient.has_left(company_day(now)):
        problems.append(Problem("left", _("This person has left."), where="recipient"))
    if cadence not in Cadence.values:
        problems.append(Problem("cadence", _("Choose how often: every week, month or quarter."), where="cadence"))
    if not 0 <= hour <= 23:
        problems.append(Problem("hour", _("Give an hour from 0 to 23."), where="hour"))
    if language and language not in conf.LANGUAGES:
        problems.append(Problem("language", _("Choose one of the languages offered."), where="language"))
    if problems:
        raise ProblemsFound(problems)


def _terms(row: ReportSubscription) -> dict[str, Any]:
    return {
        "cohort": row.cohort.name if row.cohort else "",
        "cadence": row.cadence,
        "hour": row.hour,
        "language": row.language,
        "next_due_at": row.next_due_at.isoformat(),
    }
