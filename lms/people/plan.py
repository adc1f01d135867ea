"""Compare a directory file with the people that are here: what would change, and what contradicts. Reads, never writes.

The number of queries is constant. Everything is decided on the state after the import: the file laid over the database.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from courses.models import Domain
from courses.problems import Problem
from lms.models import Department, Learner, Site
from lms.people.accounts import Accounts
from lms.people.columns import fold
from lms.people.directory import DirectoryFile, DirectoryRow

#: Fields of a learner that a file may change, in the order of ``Known.values``.
FIELDS = (
    "email", "first_name", "last_name", "department_id", "manager_id", "domain_id", "site_id", "job_title", "language", "time_zone",
    "hired_on", "left_on", "attributes",
)  # fmt: skip


class At:
    """Where a field stands in such a row of values."""

    EMAIL, FIRST, LAST, DEPARTMENT, MANAGER, DOMAIN, SITE, JOB, LANGUAGE, ZONE, HIRED, LEFT, ATTRIBUTES = range(len(FIELDS))


@dataclass(slots=True)
class Known:
    """Somebody who is here already, as light as a hundred thousand of them need. ``values``: only for those in the file."""

    pk: int
    user_id: Any
    external_id: str
    email: str
    manager_id: int | None
    left_on: dt.date | None
    values: list[Any] | None = None
    username: str = ""
    is_active: bool = True
    is_superuser: bool = False
    #: Somebody who has signed in chooses language and time zone themselves; the directory no longer does.
    has_signed_in: bool = False


@dataclass(slots=True)
class Change:
    """Somebody in the file: who they are here (None: new), and every field as it will be."""

    row: DirectoryRow
    known: Known | None
    after: list[Any]


@dataclass
class World:
    """What the database holds, read once."""

    known: dict[str, Known]
    departments: dict[str, tuple[int, str]]
    sites: dict[str, tuple[int, str, str]]
    domains: dict[str, int]


@dataclass
class DirectoryPlan:
    """What applying the file would do. Nothing may be applied while there are ``problems``.

    A department, site or manager that does not exist yet stands in ``after`` as its path, name or external id: a text in the place of
    a primary key.
    """

    world: World
    new: list[Change] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    #: Here, but not in a complete file: they have left.
    missing: list[Known] = field(default_factory=list)
    #: New person's external id -> the account that is there already and becomes theirs.
    adopted: dict[str, Any] = field(default_factory=dict)
    #: Name -> country.
    new_sites: dict[str, str] = field(default_factory=dict)
    new_departments: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    #: Figures for people: see ``compare.summarise``.
    summary: dict[str, Any] = field(default_factory=dict)


def read_world(file: DirectoryFile, accounts: Accounts) -> World:
    """Everybody who is here, and the names that a file may use: five queries."""
    wanted = {row.external_id for row in file.rows}
    domains: dict[str, int] = {}
    # Retired ones first, so that a current domain of the same name takes its place.
    for domain in Domain.objects.order_by(F("retired_at").desc(nulls_last=True), "-position", "-pk"):
        texts = domain.name.data
        names = texts.values() if isinstance(texts, dict) else [str(texts)]
        domains |= {fold(str(each)): domain.pk for each in (*names, domain.slug) if each}
    departments = {fold_path(path): (pk, path) for pk, path in Department.objects.order_by("pk").values_list("pk", "path")}
    sites = {fold(name): (pk, name, country) for pk, name, country in Site.objects.values_list("pk", "name", "country")}
    return World(
        known={each.external_id: each for each in _everybody(wanted, accounts)},
        departments=departments,
        sites=sites,
        domains=domains,
    )


def fold_path(path: str) -> str:
    """Two spellings of one department's path are the same department."""
    return "/".join(fold(part) for part in path.split("/"))


def _everybody(wanted: set[str], accounts: Accounts) -> Iterator[Known]:
    flags = [f"user__{name}" for name in ("is_active", "is_superuser", "last_login") if name in accounts.names]
    columns = ["pk", "user_id", "external_id", *FIELDS, f"user__{accounts.username}", *flags]
    for pk, user_id, external_id, *rest in Learner.objects.order_by().values_list(*columns).iterator(chunk_size=5000):
        values = rest[: len(FIELDS)]
        known = Known(pk, user_id, external_id, values[At.EMAIL].lower(), values[At.MANAGER], values[At.LEFT])
        if external_id in wanted:
            known.values = values
            known.username = str(rest[len(FIELDS)])
            given = dict(zip(flags, rest[len(FIELDS) + 1 :], strict=True))
            known.is_active = given.get("user__is_active", True)
            known.is_superuser = given.get("user__is_superuser", False)
            known.has_signed_in = given.get("user__last_login") is not None
        yield known


def works_here(left_on: dt.date | None, today: dt.date) -> bool:
    return left_on is None or left_on > today
