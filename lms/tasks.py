"""Every timed job, on one page: who it is for, when it runs, when it stops.

The rows are the truth and the broker is a doorbell: a task carries no data but a number of rows to take, and asks the database what
there is to do. So every task may run twice, run in two places, be killed, or be lost with the whole broker; the next ring finds what is
left. A message that was not taken before the next ring expires, so that a slow hour piles nothing up.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import Task, shared_task
from celery.schedules import crontab
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from courses.problems import ProblemsFound
from lms import clock
from lms.calendar.actions import fill_non_working_days
from lms.champions.actions import end_for_leavers
from lms.enrolment.actions import admit_invited, enrol_everybody
from lms.enums import Source
from lms.mail import actions as mail_room
from lms.models import DirectoryImport, Message, Nudge, Report
from lms.nudges import deliver as nudge_delivery
from lms.nudges import plan as nudge_plan
from lms.people.actions import apply_directory, deactivate_leavers
from lms.people.tokens import password_link
from lms.progress.actions import reopen_enrolments, settle_enrolments
from lms.reports import actions as report_room

log = logging.getLogger(__name__)

#: Rows that one message asks for. At least one message per 100 people would be too much traffic; this is fewer.
CHUNK = 150
#: Messages that one ring sends at most; the next ring brings more.
MOST_CHUNKS = 400
#: Two minutes of work at most, then the lease is over and somebody else may take the rows.
SHORT = {"acks_late": True, "reject_on_worker_lost": True, "ignore_result": True, "soft_time_limit": 110, "time_limit": 120}
LONG = {**SHORT, "soft_time_limit": 840, "time_limit": 900}

MINUTE = 60.0


def every(seconds: float, task: str) -> dict[str, Any]:
    return {"task": f"lms.tasks.{task}", "schedule": seconds, "options": {"expires": seconds}}


def nightly(hour: int, minute: int, task: str) -> dict[str, Any]:
    """By UTC: no job of the night depends on a local hour, and so none is skipped or doubled when clocks change."""
    return {"task": f"lms.tasks.{task}", "schedule": crontab(hour=hour, minute=minute), "options": {"expires": 6 * 3600}}


SCHEDULE: dict[str, dict[str, Any]] = {
    "deliver messages": every(MINUTE, "deliver_messages"),
    "plan nudges": every(5 * MINUTE, "plan_nudges"),
    "deliver nudges": every(2 * MINUTE, "deliver_nudges"),
    "build reports": every(5 * MINUTE, "build_reports"),
    "deliver reports": every(2 * MINUTE, "deliver_reports"),
    "reconcile enrolments": nightly(1, 30, "reconcile_enrolments"),
    "fill calendar": nightly(2, 10, "fill_calendar"),
    "clean sessions": nightly(3, 10, "clean_sessions"),
}


def ring(task: Task, *args: Any) -> None:
    """Ask for a task as soon as the transaction around us is real. A door that rings in vain has lost nothing: the schedule rings too."""

    def ask() -> None:
        try:
            task.apply_async(args=args)
        except (OperationalError, OSError) as error:
            log.warning("%s was not rung, the schedule will: %s", task.name, error)

    transaction.on_commit(ask)


def _share_out(waiting: QuerySet[Any], chunk: Task) -> None:
    """One message per so many waiting rows, for as many workers as there are; the first share is done right here."""
    count = waiting[: CHUNK * MOST_CHUNKS].count()
    for _ in range(1, -(-count // CHUNK)):
        chunk.apply_async(expires=2 * MINUTE)
    if count:
        chunk()


# Mails


@shared_task(**SHORT)
def deliver_messages() -> None:
    """Who: whoever a colleague or the sign-in page wrote to. When: every minute, and when a door rings. Stops: sent, refused for good,
    or the person has left. Not capped, not held back: a person is waiting for it.
    """
    _share_out(Message.objects.claimable(clock.now()), deliver_some_messages)


@shared_task(**SHORT)
def deliver_some_messages() -> None:
    """One share of ``deliver_messages``."""
    now = clock.now()
    mail_room.deliver_messages(now=now, limit=CHUNK, links={"password_link": partial(password_link, now=now)})


@shared_task(**LONG)
def plan_nudges() -> None:
    """Who: learners, by lms/nudges/catalogue.py. When: every five minutes; what is due gets a row, once per occasion. Stops: the occasion
    is past its expiry, the track is done or archived, the person has left.
    """
    nudge_plan.plan_nudges(now=clock.now())


@shared_task(**SHORT)
def deliver_nudges() -> None:
    """Who: learners with a planned nudge. When: every two minutes; each goes out in its recipient's sending hours, under all limits.
    Stops: sent, dropped with a reason, expired.
    """
    _share_out(Nudge.objects.claimable(clock.now()), deliver_some_nudges)


@shared_task(**SHORT)
def deliver_some_nudges() -> None:
    """One share of ``deliver_nudges``."""
    nudge_delivery.deliver_nudges(now=clock.now(), limit=CHUNK)


# Reports


@shared_task(**LONG)
def build_reports() -> None:
    """Who: managers and HR with a subscription. When: every five minutes; a report is built once its due moment in the recipient's zone
    has passed, one per period. Stops: paused, or the recipient has left.
    """
    report_room.build_due_reports(now=clock.now())


@shared_task(**SHORT)
def deliver_reports() -> None:
    """Who: the recipients of built reports. When: every two minutes. Stops: sent, refused for good, paused, or the recipient has left."""
    _share_out(Report.objects.claimable(clock.now()), deliver_some_reports)


@shared_task(**SHORT)
def deliver_some_reports() -> None:
    """One share of ``deliver_reports``."""
    report_room.deliver_reports(now=clock.now(), limit=CHUNK)


# The night


@shared_task(**LONG)
def reconcile_enrolments() -> None:
    """Who: members of cohorts with assignments, and people invited by address. When: every night. What: whoever joined is enrolled, reasons
    that ended are closed, due dates follow the calendar; a track whose edition was raised is open again for who had finished it and has
    something left; one in which nothing required is left is complete; whoever left the company by now cannot sign in any more and serves
    as champion no longer. Stops: nothing to put right.
    """
    now = clock.now()
    deactivate_leavers(now=now)
    admit_invited(now=now)
    enrol_everybody(now=now)
    reopen_enrolments(now=now)
    settle_enrolments(now=now)
    end_for_leavers(now=now)


@shared_task(**SHORT)
def fill_calendar() -> None:
    """Who: sites. When: every night. What: public holidays of this year and the two after it, where a site has none yet."""
    now = clock.now()
    fill_non_working_days(years=range(now.year, now.year + 3), now=now)


@shared_task(**SHORT)
def clean_sessions() -> None:
    """Who: signed-in browsers. When: every night. What: sessions that have run out are deleted."""
    call_command("clearsessions")


# Asked for by a door


def progress_key(import_id: int) -> str:
    """Where the progress of an import stands in the cache while it runs: ``(rows done, rows to do)``."""
    return f"lms.directory_import.{import_id}"


@shared_task(**LONG)
def apply_directory_import(import_id: int, actor_id: int | None, confirm_leavers: bool = False) -> None:
    """Who: HR, from the import's page. When: once, right after the button. What: the checked file is applied, all or nothing; then whoever
    was invited by address joins. Stops: applied, or refused with the problems written on the import. A second message finds it applied.
    """
    found = DirectoryImport.objects.get(pk=import_id)
    if found.applied_at:
        return
    actor = get_user_model()._default_manager.filter(pk=actor_id).first() if actor_id else None
    key = progress_key(import_id)
    say: Callable[[int, int], None] = lambda done, total: cache.set(key, (done, total), timeout=3600)  # noqa: E731
    now = clock.now()
    try:
        apply_directory(
            directory_import=found, actor=actor, source=Source.ADMIN, now=now, confirm_leavers=confirm_leavers, progress=say
        )
    except ProblemsFound as error:
        log.info("import %s was refused: %s", import_id, error)
        return
    finally:
        cache.delete(key)
    admit_invited(now=now, actor=actor, source=Source.ADMIN)
    # A site that the file brought has no public holidays yet.
    fill_non_working_days(years=range(now.year, now.year + 3), now=now)
