"""Make the plan: the file laid over the database, person by person, and everything that contradicts."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.models import Domain
from courses.problems import Problem
from lms.conf import conf
from lms.people import contradictions
from lms.people.accounts import Accounts
from lms.people.columns import fold
from lms.people.directory import DirectoryFile, DirectoryRow
from lms.people.examples import changed_people
from lms.people.plan import At, Change, DirectoryPlan, Known, fold_path, read_world, works_here
from lms.people.rules import is_mass_leaving

#: Names shown beside a figure of the preview.
EXAMPLES = 20


def plan_directory(file: DirectoryFile, *, full: bool, today: dt.date) -> DirectoryPlan:
    """Decide what the file would do; a constant number of queries. Problems come in the order of the file's lines."""
    accounts = Accounts()
    plan = DirectoryPlan(world=read_world(file, accounts), problems=list(file.problems))
    in_file = {row.external_id for row in file.rows}
    if full and file.rows:
        plan.missing = [
            known for known in plan.world.known.values() if known.external_id not in in_file and works_here(known.left_on, today)
        ]
    managers = contradictions.resolve_managers(file, plan)
    resolver = _Resolver(file, plan)
    for row in file.rows:
        if not row.external_id or not row.email:
            continue
        known = plan.world.known.get(row.external_id)
        after = resolver.values_of(row, known, managers.get(row.external_id, ""), today)
        change = Change(row, known, after)
        if known is None:
            plan.new.append(change)
        elif after == known.values:
            plan.unchanged += 1
        else:
            plan.changes.append(change)
    plan.new_departments = sorted(resolver.new_departments.values())
    plan.new_sites = resolver.new_sites
    contradictions.find(file, plan, managers, accounts, today)
    plan.problems.sort(key=_line)
    plan.summary = summarise(file, plan, full=full, today=today)
    return plan


def _line(problem: Problem) -> int:
    digits = "".join(c if c.isdigit() else " " for c in problem.where).split()
    return int(digits[0]) if digits else 0


class _Resolver:
    """Turns the words of a row into values as the database holds them; each word is looked up once."""

    def __init__(self, file: DirectoryFile, plan: DirectoryPlan) -> None:
        self.file, self.plan, self.world = file, plan, plan.world
        self.given = set(file.columns)
        self.departments: dict[str, int | str | None] = {"": None}
        self.sites: dict[str, int | str | None] = {"": None}
        self.domains: dict[str, int | None] = {"": None}
        #: (site, country) pairs of the file that have been compared.
        self.compared: set[tuple[str, str]] = set()
        #: Folded -> as first written in the file.
        self.new_departments: dict[str, str] = {}
        self.new_sites: dict[str, str] = {}
        self.countries: dict[str, tuple[str, int]] = {}
        self.by_pk = {known.pk: known for known in plan.world.known.values()} if "manager" in self.given else {}

    def values_of(self, row: DirectoryRow, known: Known | None, manager: str, today: dt.date) -> list[Any]:
        values: list[Any] = (
            list(known.values)
            if known and known.values
            else [row.email, "", "", None, None, None, None, "", conf.DEFAULT_LANGUAGE, conf.TIME_ZONE, None, None, {}]
        )
        values[At.EMAIL] = row.email
        given = self.given
        if "first_name" in given:
            values[At.FIRST] = row.first_name
        if "last_name" in given:
            values[At.LAST] = row.last_name
        if "job_title" in given:
            values[At.JOB] = row.job_title
        if "department" in given:
            values[At.DEPARTMENT] = self.department(row.department)
        if "manager" in given:
            boss = self.world.known.get(manager)
            values[At.MANAGER] = boss.pk if boss else manager or None
        if "domain" in given:
            values[At.DOMAIN] = self.domain(row)
        if "site" in given:
            values[At.SITE] = self.site(row)
        if "hired_on" in given:
            values[At.HIRED] = row.hired_on
        if not (known and known.has_signed_in):
            values[At.LANGUAGE] = row.language or values[At.LANGUAGE]
            values[At.ZONE] = row.time_zone or values[At.ZONE]
        if "left_on" in given:
            values[At.LEFT] = row.left_on
        elif not works_here(values[At.LEFT], today):
            # Who is in the file works here (again).
            values[At.LEFT] = None
        if values[At.ATTRIBUTES] or "" in row.attributes.values():
            merged = {**values[At.ATTRIBUTES], **row.attributes}
            values[At.ATTRIBUTES] = {key: value for key, value in merged.items() if value != ""}
        else:
            values[At.ATTRIBUTES] = row.attributes
        return values

    def department(self, path: str) -> int | str | None:
        if path not in self.departments:
            folded = fold_path(path)
            found = self.world.departments.get(folded)
            self.departments[path] = found[0] if found else self._new_department(path)
        return self.departments[path]

    def _new_department(self, path: str) -> str:
        """Note the path and those above it that do not exist; two spellings become one, the first."""
        parts = path.split("/")
        above = ""
        for depth in range(1, len(parts) + 1):
            folded = fold_path("/".join(parts[:depth]))
            found = self.world.departments.get(folded)
            written = f"{above}/{parts[depth - 1]}" if above else parts[depth - 1]
            above = found[1] if found else self.new_departments.setdefault(folded, written)
        return above

    def domain(self, row: DirectoryRow) -> int | None:
        if row.domain not in self.domains:
            self.domains[row.domain] = self.world.domains.get(fold(row.domain))
        found = self.domains[row.domain]
        if found is None and row.domain:
            self.plan.problems.append(
                Problem(
                    "domain_unknown",
                    _("“%(value)s” is not a known business domain."),
                    _("Write one of: %(known)s; or leave it empty."),
                    self.file.where(row.line, "domain"),
                    params={"value": row.domain[:60], "known": self.known_domains},
                )
            )
        return found

    @cached_property
    def known_domains(self) -> str:
        return ", ".join(Domain.objects.current().values_list("slug", flat=True))

    def site(self, row: DirectoryRow) -> int | str | None:
        if row.site not in self.sites:
            found = self.world.sites.get(fold(row.site))
            self.sites[row.site] = found[0] if found else self._same_new_site(row.site)
        if row.country and (row.site, row.country) not in self.compared:
            self._compare_country(row)
        return self.sites[row.site]

    def _same_new_site(self, name: str) -> str:
        for other in self.new_sites:
            if fold(other) == fold(name):
                return other
        self.new_sites[name] = ""
        return name

    def _compare_country(self, row: DirectoryRow) -> None:
        """Once for each site and country that stand together: a contradiction is told at its first line."""
        self.compared.add((row.site, row.country))
        chosen = self.sites[row.site]
        if chosen is None:
            return
        if isinstance(chosen, int):
            country = self.world.sites[fold(row.site)][2]
            if country != row.country:
                self.plan.warnings.append(
                    Problem(
                        "site_country_kept",
                        _("The site “%(site)s” stays in %(kept)s; the file says %(given)s."),
                        _("Change the site itself if it has moved."),
                        self.file.where(row.line, "country"),
                        params={"site": row.site, "kept": country, "given": row.country},
                    )
                )
            return
        country, line = self.countries.setdefault(chosen, (row.country, row.line))
        self.new_sites[chosen] = country
        if country != row.country:
            self.plan.problems.append(
                Problem(
                    "site_in_two_countries",
                    _("The site “%(site)s” is in %(first)s on line %(line)s and in %(second)s here."),
                    _("One site is in one country; give the other one another name."),
                    self.file.where(row.line, "country"),
                    params={"site": row.site, "first": country, "second": row.country, "line": line},
                )
            )


def summarise(file: DirectoryFile, plan: DirectoryPlan, *, full: bool, today: dt.date) -> dict[str, Any]:
    """The figures of the preview.

    ``changed`` counts everybody in the file whose data differ; ``moved``, ``returning`` and part of ``leaving`` are among them.
    ``needs_confirmation``: so many would leave that somebody has to say yes.
    """
    moved = returning = 0
    leaving = [known.email for known in plan.missing]
    for change in plan.changes:
        before = change.known.values if change.known and change.known.values else change.after
        moved += any(before[place] != change.after[place] for place in (At.DEPARTMENT, At.MANAGER, At.SITE))
        was, will = works_here(before[At.LEFT], today), works_here(change.after[At.LEFT], today)
        returning += will and not was
        if was and not will:
            leaving.append(change.row.email)
    working = sum(works_here(known.left_on, today) for known in plan.world.known.values())
    return {
        "total": len(file.rows),
        "new": len(plan.new),
        "changed": len(plan.changes),
        "unchanged": plan.unchanged,
        "moved": moved,
        "leaving": len(leaving),
        "returning": returning,
        "working": working,
        "linked": len(plan.adopted),
        "new_departments": plan.new_departments,
        "new_sites": sorted(plan.new_sites),
        "columns": file.columns,
        "extra_columns": list(file.extra_columns),
        "examples": {
            "new": [change.row.email for change in plan.new[:EXAMPLES]],
            "leaving": leaving[:EXAMPLES],
            "changed": changed_people(plan, EXAMPLES),
        },
        "needs_confirmation": full and is_mass_leaving(len(leaving), working),
        "warnings": [warning.as_dict() for warning in plan.warnings],
    }
