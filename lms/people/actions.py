"""Change who works here. Keyed on the external id; nobody is ever deleted. Enrolling new members of cohorts is the next room's work
(``lms.enrolment.actions.admit_invited``), called by the door. What is done to one person by hand stands in ``person.py``; callers
import it from here."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courses.problems import Problem, ProblemsFound
from lms import sql
from lms.audit.actions import record
from lms.conf import conf
from lms.enums import Source
from lms.models import DirectoryImport, Learner
from lms.people import apply
from lms.people.compare import plan_directory
from lms.people.directory import MEGABYTE, read_directory
from lms.people.person import (
    change_learner,
    create_learner,
    deactivate_leavers,
    mark_left,
    rebuild_reporting_line,
    set_manager,
)
from lms.people.plan import DirectoryPlan
from lms.people.rules import LOCK, company_day

Progress = Callable[[int, int], None]

__all__ = [
    "apply_directory",
    "change_learner",
    "create_learner",
    "deactivate_leavers",
    "mark_left",
    "preview_directory",
    "rebuild_reporting_line",
    "set_manager",
    "upload_directory",
]


# The directory file


@transaction.atomic
def upload_directory(
    *, content: bytes, file_name: str, full: bool, actor: Any | None, source: Source, now: dt.datetime
) -> DirectoryImport:
    """Keep a file for its preview. The same person's earlier files that were not applied are emptied: personal data do not pile up."""
    if len(content) > conf.IMPORT_MAX_MEGABYTES * MEGABYTE:
        raise ProblemsFound(read_directory(content, file_name).problems)
    waiting = DirectoryImport.objects.filter(uploaded_by=actor, applied_at__isnull=True, started_at__isnull=True)
    waiting.update(content=None)
    kept = DirectoryImport.objects.create(
        uploaded_by=actor,
        file_name=file_name.replace("\\", "/").rpartition("/")[2][-255:],
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        full=full,
        uploaded_at=now,
    )
    record(actor=actor, verb="upload_directory", obj=kept, source=source, now=now, after={"full": full, "sha256": kept.digest})
    return kept


def preview_directory(*, directory_import: DirectoryImport, now: dt.datetime) -> DirectoryImport:
    """Say what applying would do: fills ``summary`` (see ``compare.summarise``) and ``problems``. Changes nobody."""
    plan = _plan(directory_import, now)
    directory_import.summary = plan.summary
    directory_import.problems = [problem.as_dict() for problem in plan.problems]
    directory_import.total_rows = plan.summary["total"]
    directory_import.previewed_at = now
    directory_import.save(update_fields=["summary", "problems", "total_rows", "previewed_at"])
    return directory_import


def apply_directory(
    *,
    directory_import: DirectoryImport,
    actor: Any | None,
    source: Source,
    now: dt.datetime,
    confirm_leavers: bool = False,
    progress: Progress | None = None,
) -> DirectoryImport:
    """Do what the file says, all or nothing. ``progress`` is called with (rows done, rows to do) from inside the transaction.

    In order: the file is compared again with the people of this moment; departments and sites are made; people are changed, moved,
    marked as left or back; new ones are made with accounts that have no password yet; the reporting line is rebuilt; the audit trail
    gets a line for each person and one for the file; the file's content is thrown away. ``new_learner_ids`` of the answer names who is new.

    Raises ``ProblemsFound`` and changes nobody when the file has problems, was applied before, or would make too many people leave
    without ``confirm_leavers``.
    """
    DirectoryImport.objects.filter(pk=directory_import.pk).update(started_at=now, failed_at=None)
    try:
        with transaction.atomic():
            return _apply(
                directory_import, actor=actor, source=source, now=now, confirm_leavers=confirm_leavers, progress=progress
            )
    except ProblemsFound as error:
        _note_failure(directory_import, error.problems, now)
        raise
    except IntegrityError as error:
        problem = Problem(
            "changed_meanwhile",
            _("Somebody else changed the same people meanwhile; nothing was applied."),
            _("Check the file again."),
        )
        _note_failure(directory_import, [problem], now)
        raise ProblemsFound([problem]) from error
    except BaseException:
        DirectoryImport.objects.filter(pk=directory_import.pk).update(failed_at=now)
        raise


def _apply(
    directory_import: DirectoryImport,
    *,
    actor: Any | None,
    source: Source,
    now: dt.datetime,
    confirm_leavers: bool,
    progress: Progress | None,
) -> DirectoryImport:
    sql.one_at_a_time(Learner, LOCK)
    current = DirectoryImport.objects.select_for_update().get(pk=directory_import.pk)
    if current.applied_at:
        raise ProblemsFound([Problem("applied_before", _("This file was applied already."), _("Upload it again to check it."))])
    plan = _plan(current, now)
    problems = list(plan.problems)
    if not problems and plan.summary["needs_confirmation"] and not confirm_leavers:
        problems = [_many_leavers(plan)]
    if problems:
        raise ProblemsFound(problems)
    run = apply.Applying(plan, actor=actor, source=source, now=now, today=company_day(now), progress=progress)
    current.new_learner_ids = run.write()
    current.summary, current.problems = plan.summary, []
    current.total_rows = current.done_rows = plan.summary["total"]
    current.applied_at, current.content = now, None
    current.save(update_fields=["summary", "problems", "total_rows", "done_rows", "applied_at", "content"])
    counts = {key: value for key, value in plan.summary.items() if isinstance(value, int)}
    record(actor=actor, verb="apply_directory", obj=current, source=source, now=now, after=counts)
    return current


def _plan(directory_import: DirectoryImport, now: dt.datetime) -> DirectoryPlan:
    if directory_import.content is None:
        raise ProblemsFound([Problem("content_gone", _("The content of this file is no longer kept."), _("Upload it again."))])
    file = read_directory(bytes(directory_import.content), directory_import.file_name)
    return plan_directory(file, full=directory_import.full, today=company_day(now))


def _many_leavers(plan: DirectoryPlan) -> Problem:
    return Problem(
        "many_leavers",
        _("%(leaving)s of %(working)s people would be marked as left."),
        _("If the file really is complete, confirm it."),
        params={"leaving": plan.summary["leaving"], "working": plan.summary["working"]},
    )


def _note_failure(directory_import: DirectoryImport, problems: Iterable[Problem], now: dt.datetime) -> None:
    DirectoryImport.objects.filter(pk=directory_import.pk, applied_at__isnull=True).update(
        failed_at=now, problems=[problem.as_dict() for problem in problems]
    )
