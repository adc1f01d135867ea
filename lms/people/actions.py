"""Change who works here. Keyed on the external id; nobody is ever deleted. Enrolling new members of cohorts is the next room's work
(``lms.enrolment.actions.admit_invited``), called by the door."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courses.problems import Problem, ProblemError
from lms import sql
from lms.audit.actions import record, record_many
from lms.conf import conf
from lms.enums import Source
from lms.models import DirectoryImport, Learner, ReportingLine
from lms.people import apply
from lms.people.accounts import Accounts, Person
from lms.people.compare import plan_directory
from lms.people.directory import MEGABYTE, read_directory
from lms.people.plan import DirectoryPlan
from lms.people.rules import company_day

#: The lock of whoever changes accounts and reporting lines, so that two changes never make a loop that neither made alone.
LOCK = 2
Progress = Callable[[int, int], None]


# The directory file


@transaction.atomic
def upload_directory(
    *, content: bytes, file_name: str, full: bool, actor: Any | None, source: Source, now: dt.datetime
) -> DirectoryImport:
    """Keep a file for its preview. The same person's earlier files that were not applied are emptied: personal data do not pile up."""
    if len(content) > conf.IMPORT_MAX_MEGABYTES * MEGABYTE:
        raise ProblemError(read_directory(content, file_name).problems)
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

    Raises ``ProblemError`` and changes nobody when the file has problems, was applied before, or would make too many people leave
    without ``confirm_leavers``.
    """
    DirectoryImport.objects.filter(pk=directory_import.pk).update(started_at=now, failed_at=None)
    try:
        with transaction.atomic():
            return _apply(
                directory_import, actor=actor, source=source, now=now, confirm_leavers=confirm_leavers, progress=progress
            )
    except ProblemError as error:
        _note_failure(directory_import, error.problems, now)
        raise
    except IntegrityError as error:
        problem = Problem(
            "changed_meanwhile",
            _("Somebody else changed the same people meanwhile; nothing was applied."),
            _("Check the file again."),
        )
        _note_failure(directory_import, [problem], now)
        raise ProblemError([problem]) from error
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
        raise ProblemError([Problem("applied_before", _("This file was applied already."), _("Upload it again to check it."))])
    plan = _plan(current, now)
    problems = list(plan.problems)
    if not problems and plan.summary["needs_confirmation"] and not confirm_leavers:
        problems = [_many_leavers(plan)]
    if problems:
        raise ProblemError(problems)
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
        raise ProblemError([Problem("content_gone", _("The content of this file is no longer kept."), _("Upload it again."))])
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


# One person


@transaction.atomic
def create_learner(
    *, values: Mapping[str, Any], actor: Any | None, source: Source, now: dt.datetime, reason: str = ""
) -> Learner:
    """Add one person by hand, with an account that has no password yet. ``values``: fields of ``Learner`` by name."""
    sql.one_at_a_time(Learner, LOCK)
    learner = Learner(created_at=now, **dict(values))
    learner.email = learner.email.lower()
    accounts = Accounts()
    if accounts.without_learner({learner.email}) or len(learner.email) > accounts.username_limit:
        raise ProblemError([_account_taken(learner.email)])
    _validate(learner, exclude={"user"})
    [key] = sql.reserve_keys(accounts.model, 1)
    accounts.insert([_person_of(learner, company_day(now))], [key], now=now)
    learner.user_id = key
    learner.save(force_insert=True)
    _follow_manager(learner)
    record(actor=actor, verb="create_learner", obj=learner, source=source, now=now, reason=reason)
    return learner


@transaction.atomic
def change_learner(
    *, learner: Learner, values: Mapping[str, Any], actor: Any | None, source: Source, now: dt.datetime, reason: str = ""
) -> Learner:
    """Change fields of one person; the account follows the address, the names and the day of leaving, and the reporting line the
    manager. ``ProblemError`` names the field."""
    sql.one_at_a_time(Learner, LOCK)
    today = company_day(now)
    learner = Learner.objects.select_related("user").get(pk=learner.pk)
    before = {name: getattr(learner, Learner._meta.get_field(name).attname) for name in values}
    old_email, was_here = learner.email.lower(), not learner.has_left(today)
    for name, value in values.items():
        setattr(learner, name, value)
    learner.email = learner.email.lower()
    after = {name: getattr(learner, Learner._meta.get_field(name).attname) for name in values}
    if before == after:
        return learner
    _validate(learner, exclude={"user"})
    _move_account(learner, old_email, was_here, today, actor)
    learner.save(update_fields=list(values))
    if "manager" in values:
        _follow_manager(learner)
    changed = [name for name in values if before[name] != after[name]]
    is_here = not learner.has_left(today)
    verb = "change_learner" if was_here == is_here else "return" if is_here else "leave"
    record(
        actor=actor, verb=verb, obj=learner, source=source, now=now, reason=reason,
        before={name: _plain(before[name]) for name in changed}, after={name: _plain(after[name]) for name in changed},
    )  # fmt: skip
    return learner


def set_manager(
    *, learner: Learner, manager: Learner | None, actor: Any | None, source: Source, now: dt.datetime, reason: str = ""
) -> Learner:
    """Give somebody another manager; a loop in the reporting line is refused."""
    return change_learner(learner=learner, values={"manager": manager}, actor=actor, source=source, now=now, reason=reason)


@transaction.atomic
def mark_left(
    *, learners: Iterable[Learner], on: dt.date, actor: Any | None, source: Source, now: dt.datetime, reason: str = ""
) -> int:
    """Note the day from which people no longer work here; answers for how many that is news. From that day on they cannot sign in
    (``deactivate_leavers`` sees to a day in the future), and hear nothing more; their history stays."""
    chosen = Learner.objects.filter(pk__in=[learner.pk for learner in learners]).exclude(left_on=on).select_related("user")
    leaving = list(chosen)
    if problems := [_left_before_hired(each, on) for each in leaving if each.hired_on and on < each.hired_on]:
        raise ProblemError(problems)
    Learner.objects.filter(pk__in=[each.pk for each in leaving]).update(left_on=on)
    if on <= company_day(now):
        apply.deactivate_accounts(each.user_id for each in leaving)
    entries = [(each, {"left_on": _plain(each.left_on)}, {"left_on": on.isoformat()}) for each in leaving]
    return record_many(actor=actor, verb="leave", source=source, now=now, reason=reason, entries=entries)


@transaction.atomic
def deactivate_leavers(*, now: dt.datetime) -> int:
    """Close the accounts of those whose last day has come; run every night. Answers how many accounts were still open."""
    accounts = Accounts()
    if "is_active" not in accounts.names:
        return 0
    gone = Learner.objects.left(company_day(now)).values("user")
    return accounts.model._default_manager.filter(pk__in=gone, is_active=True).update(is_active=False)


def rebuild_reporting_line(*, now: dt.datetime | None = None) -> int:
    """Make the stored reporting line agree with everybody's manager; answers how many of its rows were wrong."""
    with transaction.atomic():
        sql.one_at_a_time(Learner, LOCK)
        return apply.rebuild_reporting_line()


def _validate(learner: Learner, *, exclude: set[str]) -> None:
    if learner.pk and learner.manager_id:
        below = ReportingLine.objects.filter(manager=learner, learner=learner.manager_id)
        if learner.manager_id == learner.pk or below.exists():
            raise ProblemError(
                [
                    Problem(
                        "manager_loop",
                        _("This manager reports to this person, directly or indirectly."),
                        _("Choose another one."),
                        "manager",
                    )
                ]
            )
    try:
        learner.full_clean(exclude=exclude)
    except ValidationError as error:
        raise ProblemError(
            Problem("invalid", message, where="" if name == "__all__" else name)
            for name, messages in error.message_dict.items()
            for message in messages
        ) from error
    if learner.hired_on and learner.left_on and learner.left_on < learner.hired_on:
        raise ProblemError([_left_before_hired(learner, learner.left_on)])


def _move_account(learner: Learner, old_email: str, was_here: bool, today: dt.date, actor: Any | None) -> None:
    accounts = Accounts()
    user: Any = learner.user
    is_here = not learner.has_left(today)
    username = user.get_username()
    if learner.email != old_email:
        if getattr(user, "is_superuser", False) and not getattr(actor, "is_superuser", False):
            raise ProblemError(
                [Problem("account_protected", _("Only an administrator changes an administrator's address."), where="email")]
            )
        if accounts.without_learner({learner.email}) or len(learner.email) > accounts.username_limit:
            raise ProblemError([_account_taken(learner.email)])
        if username.lower() == old_email:
            username = learner.email
    values = accounts.values(_person_of(learner, today), username)
    if "is_active" in values and was_here == is_here:
        values["is_active"] = user.is_active
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=list(values))


def _follow_manager(learner: Learner) -> None:
    """Rebuild the lines of one person and of everybody below them: what ``rebuild_reporting_line`` does for all, for a few rows."""
    below = list(ReportingLine.objects.filter(manager=learner).values_list("learner_id", "depth"))
    moved = [(learner.pk, 0), *below]
    ReportingLine.objects.filter(learner__in=[key for key, _depth in moved]).exclude(
        manager__in=[key for key, _depth in moved]
    ).delete()
    if learner.manager_id is None:
        return
    above = [(learner.manager_id, 1)]
    above += [
        (key, depth + 1)
        for key, depth in ReportingLine.objects.filter(learner=learner.manager_id).values_list("manager_id", "depth")
    ]
    ReportingLine.objects.bulk_create(
        [ReportingLine(manager_id=boss, learner_id=key, depth=up + down) for boss, up in above for key, down in moved],
        batch_size=1000,
    )


def _person_of(learner: Learner, today: dt.date) -> Person:
    return Person(learner.email, learner.first_name, learner.last_name, is_active=not learner.has_left(today))


def _left_before_hired(learner: Learner, left: dt.date) -> Problem:
    return Problem(
        "left_before_hired",
        _("%(name)s: left on %(left)s, before being hired on %(hired)s."),
        _("Correct one of the two dates."),
        "left_on",
        params={"name": learner.full_name, "left": left.isoformat(), "hired": _plain(learner.hired_on)},
    )


def _account_taken(email: str) -> Problem:
    return Problem(
        "account_taken",
        _("“%(value)s” is the sign-in name of an account that belongs to somebody else."),
        _("Ask your administrator to rename or link that account."),
        "email",
        params={"value": email},
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
