"""What cannot be true at once in the state after an import: one address for two people, a loop in the reporting line …"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.problems import Problem
from lms.people.accounts import Accounts
from lms.people.directory import DirectoryFile
from lms.people.plan import At, DirectoryPlan, works_here
from lms.people.rules import cycles, repeated


def resolve_managers(file: DirectoryFile, plan: DirectoryPlan) -> dict[str, str]:
    """External id of everybody in the file -> external id of their manager; an unknown manager is a problem.

    A manager is looked for in the file and among the people who are here, by external id, then by the address after the import.
    """
    if "manager" not in file.columns:
        return {}
    by_email = {known.email: known.external_id for known in plan.world.known.values() if known.values is None}
    by_email |= {row.email: row.external_id for row in file.rows}
    in_file = {row.external_id for row in file.rows}
    found: dict[str, str] = {}
    for row in file.rows:
        if not row.manager:
            continue
        boss = row.manager if row.manager in in_file or row.manager in plan.world.known else by_email.get(row.manager, "")
        if not boss:
            plan.problems.append(
                Problem(
                    "manager_unknown",
                    _("The manager “%(value)s” is neither in the file nor in the directory."),
                    _("Write the external id or the e-mail address of somebody who is."),
                    file.where(row.line, "manager"),
                    params={"value": row.manager[:60]},
                )
            )
        elif boss == row.external_id:
            plan.problems.append(
                Problem(
                    "own_manager",
                    _("This person is their own manager."),
                    _("Leave it empty at the top."),
                    file.where(row.line, "manager"),
                )
            )
        else:
            found[row.external_id] = boss
    return found


def find(file: DirectoryFile, plan: DirectoryPlan, managers: dict[str, str], accounts: Accounts, today: dt.date) -> None:
    """Add every contradiction to the plan's problems, and what is only worth a look to its warnings."""
    _find_repeated(file, plan)
    _find_taken_addresses(file, plan)
    _find_wrong_dates(file, plan)
    _find_accounts(file, plan, accounts)
    if "manager" in file.columns:
        _find_cycles(file, plan, managers)
        _find_managers_who_left(file, plan, managers, today)


def _find_repeated(file: DirectoryFile, plan: DirectoryPlan) -> None:
    for line, value, earlier in repeated((row.line, row.external_id) for row in file.rows):
        plan.problems.append(
            Problem(
                "external_id_twice",
                _("The external id “%(value)s” stands on line %(earlier)s already."),
                _("Everybody has an id of their own; remove one of the lines."),
                file.where(line, "external_id"),
                params={"value": value, "earlier": earlier},
            )
        )
    for line, value, earlier in repeated((row.line, row.email) for row in file.rows):
        plan.problems.append(
            Problem(
                "email_twice",
                _("The address “%(value)s” stands on line %(earlier)s already."),
                _("Two people cannot share an address."),
                file.where(line, "email"),
                params={"value": value, "earlier": earlier},
            )
        )


def _find_taken_addresses(file: DirectoryFile, plan: DirectoryPlan) -> None:
    # Whoever is in the file gets the address that the file says; only the others keep theirs.
    keepers = {known.email: known for known in plan.world.known.values() if known.values is None}
    for row in file.rows:
        owner = keepers.get(row.email)
        if owner is None or owner.external_id == row.external_id:
            continue
        hint = (
            _("That person left on %(left)s. If it is the same person, write that external id.")
            if owner.left_on
            else _("If it is the same person, write that external id; otherwise correct the address.")
        )
        plan.problems.append(
            Problem(
                "email_taken",
                _("The address “%(value)s” belongs to the external id “%(owner)s”."),
                hint,
                file.where(row.line, "email"),
                params={"value": row.email, "owner": owner.external_id, "left": owner.left_on},
            )
        )


def _find_wrong_dates(file: DirectoryFile, plan: DirectoryPlan) -> None:
    for change in (*plan.new, *plan.changes):
        hired, left = change.after[At.HIRED], change.after[At.LEFT]
        if hired and left and left < hired:
            plan.problems.append(
                Problem(
                    "left_before_hired",
                    _("Left on %(left)s, before being hired on %(hired)s."),
                    _("Correct one of the two dates."),
                    file.where(change.row.line, "left_on" if "left_on" in file.columns else "hired_on"),
                    params={"left": left.isoformat(), "hired": hired.isoformat()},
                )
            )


def _find_cycles(file: DirectoryFile, plan: DirectoryPlan, managers: dict[str, str]) -> None:
    by_pk = {known.pk: known.external_id for known in plan.world.known.values()}
    line_up = {
        known.external_id: by_pk[known.manager_id]
        for known in plan.world.known.values()
        if known.values is None and known.manager_id in by_pk
    }
    line_up |= managers
    lines = {row.external_id: row.line for row in file.rows}
    for loop in cycles(line_up):
        members = [person for person in loop if person in lines]
        plan.problems.append(
            Problem(
                "manager_loop",
                _("These people report to each other in a circle: %(loop)s."),
                _("Correct the manager of one of them."),
                file.where(min(lines[person] for person in members), "manager") if members else "",
                params={"loop": " → ".join([*loop[:8], "…"] if len(loop) > 8 else [*loop, loop[0]])},
            )
        )


def _find_managers_who_left(file: DirectoryFile, plan: DirectoryPlan, managers: dict[str, str], today: dt.date) -> None:
    gone = {known.external_id for known in plan.missing}
    gone |= {
        known.external_id for known in plan.world.known.values() if known.values is None and not works_here(known.left_on, today)
    }
    gone |= {change.row.external_id for change in (*plan.new, *plan.changes) if not works_here(change.after[At.LEFT], today)}
    for row in file.rows:
        if managers.get(row.external_id) in gone:
            plan.warnings.append(
                Problem(
                    "manager_left",
                    _("The manager “%(value)s” has left the company."),
                    _("Nobody receives this team's report until another manager is named."),
                    file.where(row.line, "manager"),
                    params={"value": row.manager},
                )
            )


def _find_accounts(file: DirectoryFile, plan: DirectoryPlan, accounts: Accounts) -> None:
    """Whose account is it? An account of the host project with the same address becomes the new person's, if that is safe."""
    newcomers = {change.row.email: change.row for change in plan.new}
    renamed = {
        change.row.email: change.row
        for change in plan.changes
        if change.known and change.known.values and change.known.values[At.EMAIL].lower() != change.row.email
    }
    for change in plan.changes:
        if change.known and change.known.is_superuser and change.row.email in renamed:
            plan.problems.append(_protected(file, change.row))
    for email, row in {**newcomers, **renamed}.items():
        if len(email) > accounts.username_limit:
            plan.problems.append(
                Problem(
                    "email_too_long",
                    _("The address “%(value)s” is too long for an account."),
                    _("At most %(most)s characters."),
                    file.where(row.line, "email"),
                    params={"value": email, "most": accounts.username_limit},
                )
            )
    for email, found in accounts.without_learner({*newcomers, *renamed}).items():
        row = newcomers.get(email) or renamed[email]
        problem = _problem_of_account(file, row, email, found, is_new=email in newcomers)
        if problem:
            plan.problems.append(problem)
        else:
            plan.adopted[row.external_id] = found[0].pk


def _problem_of_account(file: DirectoryFile, row: Any, email: str, found: list[Any], *, is_new: bool) -> Problem | None:
    [account, *others] = found
    if account.is_superuser:
        return _protected(file, row)
    if others or not is_new or (account.email and account.email != email):
        return Problem(
            "account_taken",
            _("“%(value)s” is the sign-in name of an account that belongs to somebody else."),
            _("Ask your administrator to rename or link that account."),
            file.where(row.line, "email"),
            params={"value": email},
        )
    return None


def _protected(file: DirectoryFile, row: Any) -> Problem:
    return Problem(
        "account_protected",
        _("“%(value)s” concerns an administrator's account."),
        _("A file cannot take it over or change its address; an administrator does that by hand."),
        file.where(row.line, "email"),
        params={"value": row.email},
    )
