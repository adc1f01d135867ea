"""One person by hand: made, changed, given another manager, marked as left. The account and the reporting line follow."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.problems import Problem, ProblemsFound
from lms import sql
from lms.audit.actions import record, record_many
from lms.enums import Source
from lms.models import Learner, ReportingLine
from lms.people import apply
from lms.people.accounts import Accounts, Person
from lms.people.rules import LOCK, company_day


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
        raise ProblemsFound([_account_taken(learner.email)])
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
    manager. ``ProblemsFound`` names the field."""
    sql.one_at_a_time(Learner, LOCK)
    today = company_day(now)
    learner = Learner.objects.select_related("user").get(pk=learner.pk)
    before = _stored(learner, values)
    old_email, was_here = learner.email.lower(), not learner.has_left(today)
    for name, value in values.items():
        setattr(learner, name, value)
    learner.email = learner.email.lower()
    after = _stored(learner, values)
    if before == after:
        return learner
    _validate(learner, exclude={"user"})
    _move_account(learner, old_email, was_here, today, actor)
    learner.save(update_fields=list(values))
    if "manager" in values:
        _follow_manager(learner)
    changed = [name for name in values if before[name] != after[name]]
    is_here = not learner.has_left(today)
    verb = "change_learner" if was_here == is_here else "return_learner" if is_here else "mark_left"
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
        raise ProblemsFound(problems)
    Learner.objects.filter(pk__in=[each.pk for each in leaving]).update(left_on=on)
    if on <= company_day(now):
        apply.deactivate_accounts(each.user_id for each in leaving)
    entries = [(each, {"left_on": _plain(each.left_on)}, {"left_on": on.isoformat()}) for each in leaving]
    return record_many(actor=actor, verb="mark_left", source=source, now=now, reason=reason, entries=entries)


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
            raise ProblemsFound(
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
        raise ProblemsFound(
            Problem("invalid", message, where="" if name == "__all__" else name)
            for name, messages in error.message_dict.items()
            for message in messages
        ) from error
    if learner.hired_on and learner.left_on and learner.left_on < learner.hired_on:
        raise ProblemsFound([_left_before_hired(learner, learner.left_on)])


def _stored(learner: Learner, names: Iterable[str]) -> dict[str, Any]:
    """Values as the columns hold them: a primary key for a related row."""
    fields: dict[str, Any] = {name: Learner._meta.get_field(name) for name in names}
    return {name: getattr(learner, field.attname) for name, field in fields.items()}


def _move_account(learner: Learner, old_email: str, was_here: bool, today: dt.date, actor: Any | None) -> None:
    accounts = Accounts()
    user: Any = learner.user
    is_here = not learner.has_left(today)
    username = user.get_username()
    if learner.email != old_email:
        if getattr(user, "is_superuser", False) and not getattr(actor, "is_superuser", False):
            raise ProblemsFound(
                [Problem("account_protected", _("Only an administrator changes an administrator's address."), where="email")]
            )
        if accounts.without_learner({learner.email}) or len(learner.email) > accounts.username_limit:
            raise ProblemsFound([_account_taken(learner.email)])
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
