"""Write a plan: accounts, learners, departments, sites and the reporting line, in a number of statements that does not grow with the
people (but for batches). Runs inside the transaction of ``actions.apply_directory``."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lms import sql
from lms.audit.actions import record_rows
from lms.calendar.actions import fill_non_working_days
from lms.conf import conf
from lms.enums import Source
from lms.models import Department, Learner, ReportingLine, Site
from lms.people.accounts import Accounts, Person
from lms.people.plan import FIELDS, At, Change, DirectoryPlan, Known, works_here

Progress = Callable[[int, int], None]
#: Rows between two calls of a progress callback.
STEP = 500
#: What the audit trail calls the fields that a file changes, in the order of ``FIELDS``.
_NAMES = [field.removesuffix("_id") for field in FIELDS]


class Applying:
    """One run. ``write`` answers the primary keys of the new learners."""

    def __init__(
        self,
        plan: DirectoryPlan,
        *,
        actor: Any | None,
        source: Source,
        now: dt.datetime,
        today: dt.date,
        progress: Progress | None,
    ) -> None:
        self.plan, self.actor, self.source, self.now, self.today = plan, actor, source, now, today
        self.accounts = Accounts()
        self.progress = progress
        self.total = len(plan.new) + len(plan.changes) + len(plan.missing)
        self.done = 0

    def write(self) -> list[int]:
        departments = self._make_departments()
        sites = self._make_sites()
        keys = [int(key) for key in sql.reserve_keys(Learner, len(self.plan.new))]
        people = {change.row.external_id: key for change, key in zip(self.plan.new, keys, strict=True)}
        for change in (*self.plan.new, *self.plan.changes):
            self._resolve(change.after, departments, sites, people)
        self._update()
        self._mark_missing()
        self._insert(keys)
        if self._line_changes():
            rebuild_reporting_line()
        return keys

    def _line_changes(self) -> bool:
        return any(change.after[At.MANAGER] for change in self.plan.new) or any(
            change.known and change.known.manager_id != change.after[At.MANAGER] for change in self.plan.changes
        )

    def _make_departments(self) -> dict[str, int]:
        """Level by level, so that a parent is there before its children."""
        made: dict[str, int] = {}
        above = {path: pk for pk, path in self.plan.world.departments.values()}
        levels: dict[int, list[str]] = {}
        for path in self.plan.new_departments:
            levels.setdefault(path.count("/"), []).append(path)
        for _depth, paths in sorted(levels.items()):
            rows = []
            for path in paths:
                parent, _slash, name = path.rpartition("/")
                rows.append(Department(name=name, path=path, parent_id=above.get(parent)))
            for row in Department.objects.bulk_create(rows, batch_size=500):
                made[row.path] = above[row.path] = row.pk
        return made

    def _make_sites(self) -> dict[str, int]:
        rows = [Site(name=name, country=country or conf.DEFAULT_COUNTRY) for name, country in sorted(self.plan.new_sites.items())]
        if not rows:
            return {}
        made = {row.name: row.pk for row in Site.objects.bulk_create(rows, batch_size=500)}
        fill_non_working_days(years=[self.today.year, self.today.year + 1], now=self.now)
        return made

    def _resolve(self, after: list[Any], departments: dict[str, int], sites: dict[str, int], people: dict[str, int]) -> None:
        """Put primary keys in the place of names of what has just been made."""
        for place, made in ((At.DEPARTMENT, departments), (At.SITE, sites), (At.MANAGER, people)):
            if isinstance(after[place], str):
                after[place] = made[after[place]]

    def _update(self) -> None:
        changes = self.plan.changes
        self._step_aside(changes)
        sql.update_rows(Learner, FIELDS, self._counted([known(change).pk, *change.after] for change in changes))
        self.accounts.update(self._changed_accounts(changes))
        record_rows(
            Learner,
            ((self._verb(change), known(change).pk, label(change.after), *_difference(change)) for change in changes),
            actor=self.actor,
            source=self.source,
            now=self.now,
        )

    def _step_aside(self, changes: list[Change]) -> None:
        """Addresses that go from one person to another (two who swap) would meet on the way: those are parked first."""
        held = {known(change).email for change in changes}
        moving = [change for change in changes if change.row.email in held and change.row.email != known(change).email]
        if not moving:
            return
        givers = {change.row.email for change in moving}
        parked = [change for change in changes if known(change).email in givers]
        sql.update_rows(Learner, ["email"], ((known(change).pk, f"moving-{known(change).pk}@invalid") for change in parked))
        self.accounts.update(
            (
                known(change).user_id,
                self.accounts.values(self._person(change.after), f"moving-{known(change).pk}@invalid")
                | ({self.accounts.email: f"moving-{known(change).pk}@invalid"} if self.accounts.email else {}),
            )
            for change in parked
            if known(change).username.lower() == known(change).email
        )

    def _changed_accounts(self, changes: list[Change]) -> Iterator[tuple[Any, dict[str, Any]]]:
        for change in changes:
            who = known(change)
            before, after = who.values or change.after, change.after
            was, will = works_here(before[At.LEFT], self.today), works_here(after[At.LEFT], self.today)
            if before[: At.LAST + 1] == after[: At.LAST + 1] and was == will:
                continue
            # A sign-in name that is not the address was given by the host: it stays.
            username = after[At.EMAIL] if who.username.lower() == who.email else who.username
            values = self.accounts.values(self._person(after), username)
            if "is_active" in values and was == will:
                values["is_active"] = who.is_active
            yield who.user_id, values

    def _mark_missing(self) -> None:
        missing = self.plan.missing
        if not missing:
            return
        sql.update_rows(Learner, ["left_on"], self._counted((known.pk, self.today) for known in missing))
        deactivate_accounts(known.user_id for known in missing)
        record_rows(
            Learner,
            (
                ("mark_left", known.pk, known.email, {"left_on": _plain(known.left_on)}, {"left_on": self.today.isoformat()})
                for known in missing
            ),
            actor=self.actor,
            source=self.source,
            now=self.now,
        )

    def _insert(self, keys: list[int]) -> None:
        new, adopted = self.plan.new, self.plan.adopted
        strangers = [change for change in new if change.row.external_id not in adopted]
        made = sql.reserve_keys(self.accounts.model, len(strangers))
        self.accounts.insert((self._person(change.after) for change in strangers), made, now=self.now)
        fresh = iter(made)
        users = [adopted.get(change.row.external_id) or next(fresh) for change in new]
        gone = [user for user, change in zip(users, new, strict=True) if not works_here(change.after[At.LEFT], self.today)]
        working_days = "".join(str(day) for day in sorted(conf.DEFAULT_WORKING_DAYS))
        sql.insert_rows(
            Learner,
            ["id", "user", "external_id", "working_days", "created_at", *FIELDS],
            self._counted(
                [key, user, change.row.external_id, working_days, self.now, *change.after]
                for key, user, change in zip(keys, users, new, strict=True)
            ),
        )
        sql.has_grown(Learner, len(new))
        deactivate_accounts(gone)
        record_rows(
            Learner,
            (("create_learner", key, label(change.after), None, None) for key, change in zip(keys, new, strict=True)),
            actor=self.actor,
            source=self.source,
            now=self.now,
        )

    def _person(self, values: list[Any]) -> Person:
        return Person(values[At.EMAIL], values[At.FIRST], values[At.LAST], is_active=works_here(values[At.LEFT], self.today))

    def _verb(self, change: Change) -> str:
        before = known(change).values or change.after
        was, will = works_here(before[At.LEFT], self.today), works_here(change.after[At.LEFT], self.today)
        if was == will:
            return "change_learner"
        return "return_learner" if will else "mark_left"

    def _counted(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The rows, telling the progress on the way."""
        for row in rows:
            yield row
            self.done += 1
            if self.progress and (self.done % STEP == 0 or self.done == self.total):
                self.progress(self.done, self.total)


def known(change: Change) -> Known:
    if change.known is None:
        raise ValueError("a new person has no row yet")
    return change.known


def label(values: list[Any]) -> str:
    return f"{values[At.FIRST]} {values[At.LAST]}".strip() or str(values[At.EMAIL])


def _difference(change: Change) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, old, new in zip(_NAMES, known(change).values or (), change.after, strict=True):
        if old != new:
            before[name], after[name] = _plain(old), _plain(new)
    return before, after


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def deactivate_accounts(user_ids: Iterable[Any]) -> int:
    """Nobody who left signs in, by any door."""
    accounts = Accounts()
    if "is_active" not in accounts.names:
        return 0
    return sql.update_rows(accounts.model, ["is_active"], ((user_id, False) for user_id in user_ids))


def rebuild_reporting_line() -> int:
    """Make ``ReportingLine`` the closure of everybody's manager; answers how many rows it had to change."""
    return sql.rebuild_closure(ReportingLine, edges=Learner, parent="manager", child_of=("manager", "learner"))
