"""About whom a report is: always in its reader's own scope."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lms.models import Cohort, Department, Learner
from lms.models.learner import LearnerQuerySet
from lms.people.rules import company_day
from lms.reports.rules import minimum


class Kind(StrEnum):
    TEAM = "team"
    COHORT = "cohort"
    DEPARTMENT = "department"
    COMPANY = "company"


@dataclass(frozen=True)
class Scope:
    """``people``: as a queryset, the reader not among them. ``filtered``: part of a group, for which ten people are asked."""

    kind: Kind
    name: str
    people: LearnerQuerySet
    filtered: bool = False

    @property
    def least(self) -> int:
        return minimum(filtered=self.filtered)


def scope_of(reader: Learner, cohort: Cohort | None, *, now: dt.datetime) -> Scope:
    """The cohort's members whom the reader may see, else the reader's team; for HR without a team, the company."""
    here = Learner.objects.active(company_day(now)).exclude(pk=reader.pk).order_by()
    everybody = sees_everybody(reader.user)
    if cohort is not None:
        members = cohort.memberships.current().values("learner")
        mine = here if everybody else here.filter(pk__in=Learner.objects.visible_to(reader.user).order_by().values("pk"))
        return Scope(Kind.COHORT, cohort.name, mine.filter(pk__in=members), filtered=not everybody)
    if everybody and not Learner.objects.reporting_to(reader).exists():
        return Scope(Kind.COMPANY, "", here)
    return Scope(Kind.TEAM, reader.department.name if reader.department else "", team_of(reader, now=now))


def team_of(reader: Learner, *, now: dt.datetime) -> LearnerQuerySet:
    """Direct and indirect reports who work here."""
    return Learner.objects.reporting_to(reader).active(company_day(now)).order_by()


def department_of(reader: Learner, *, now: dt.datetime) -> Scope | None:
    """What stands in for a team that is too small: its whole department."""
    if reader.department is None:
        return None
    within = Department.objects.within(reader.department).order_by().values("pk")
    people = Learner.objects.active(company_day(now)).filter(department__in=within).exclude(pk=reader.pk).order_by()
    return Scope(Kind.DEPARTMENT, reader.department.name, people, filtered=True)


def sees_everybody(user: Any) -> bool:
    return bool(user.is_active and user.has_perm("lms.view_learner"))
