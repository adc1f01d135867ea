"""Who is in a cohort: put in by hand or by address, taken out, let in when the account appears."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from courses.problems import Problem, ProblemsFound
from lms import sql
from lms.audit.actions import record
from lms.enrolment.enrol import LOCK, enrol
from lms.enrolment.rules import require_open
from lms.enrolment.settle import settle
from lms.enums import Source
from lms.models import Assignment, Cohort, CohortInvitation, CohortMembership, Enrolment, EnrolmentReason, Learner
from lms.people.rules import company_day

#: Learners as a queryset, or their primary keys, or themselves.
Learners = QuerySet[Learner, Any] | Iterable[int | Learner]


@dataclass(frozen=True)
class Added:
    """What became of a list of addresses."""

    joined: int
    invited: int
    already: int


@transaction.atomic
def add_members(*, cohort: Cohort, learners: Learners, actor: Any | None, source: Source, now: dt.datetime) -> int:
    """Put people into a cohort and enrol them in what it learns; answers how many joined. Somebody who left the company does not."""
    require_open(cohort)
    joined = _join(cohort, learners, now=now)
    if joined:
        record(actor=actor, verb="add_members", obj=cohort, source=source, now=now, after={"joined": joined})
    return joined


@transaction.atomic
def add_members_by_email(*, cohort: Cohort, emails: Iterable[str], actor: Any | None, source: Source, now: dt.datetime) -> Added:
    """The same by address. Who has no account yet is invited, and joins when the directory brings the account (``admit_invited``).

    An address that cannot be one is refused with its line, and nobody is added.
    """
    require_open(cohort)
    wanted, problems = _addresses(emails)
    if problems:
        raise ProblemsFound(problems)
    joined = 0
    known: set[str] = set()
    for batch in sql.batches(wanted):
        found = dict(Learner.objects.annotate(address=Lower("email")).filter(address__in=batch).values_list("address", "pk"))
        joined += _join(cohort, found.values(), now=now)
        known |= found.keys()
    strangers = [CohortInvitation(cohort=cohort, email=email, invited_at=now) for email in wanted if email not in known]
    before = cohort.invitations.count()
    CohortInvitation.objects.bulk_create(strangers, batch_size=1000, ignore_conflicts=True)
    invited = cohort.invitations.count() - before
    if joined or invited:
        after = {"joined": joined, "invited": invited}
        record(actor=actor, verb="add_members_by_email", obj=cohort, source=source, now=now, after=after)
    return Added(joined=joined, invited=invited, already=len(wanted) - joined - invited)


@transaction.atomic
def remove_members(
    *, cohort: Cohort, learners: Learners, actor: Any | None, source: Source, now: dt.datetime, reason: str = ""
) -> int:
    """Take people out of a cohort; answers how many. Closes the reasons that came from it: an enrolment without another reason is
    archived, with its progress."""
    sql.one_at_a_time(Enrolment, LOCK)
    gone = 0
    for chosen in _chosen(learners):
        here = list(cohort.memberships.current().filter(learner__in=chosen.values("pk")).values_list("learner_id", flat=True))
        cohort.memberships.current().filter(learner__in=chosen.values("pk")).update(until=now)
        reasons = EnrolmentReason.objects.filter(
            assignment__cohort=cohort, enrolment__learner__in=chosen.values("pk"), until__isnull=True
        )
        gone += len(here)
        if reasons.update(until=now):
            settle(Enrolment.objects.filter(reasons__assignment__cohort=cohort, learner__in=chosen.values("pk")), now=now)
    if gone:
        record(actor=actor, verb="remove_members", obj=cohort, source=source, now=now, reason=reason, before={"members": gone})
    return gone


@transaction.atomic
def admit_invited(*, now: dt.datetime, actor: Any | None = None, source: Source = Source.JOB) -> int:
    """Let in whoever was invited by address and has an account now; answers how many joined. Run after every directory import."""
    sql.one_at_a_time(Enrolment, LOCK)
    address = Learner.objects.active(company_day(now)).annotate(address=Lower("email")).filter(address=OuterRef("email"))
    waiting = CohortInvitation.objects.filter(Exists(address), joined_at__isnull=True, cohort__archived_at__isnull=True)
    cohorts = list(Cohort.objects.filter(pk__in=waiting.values("cohort")))
    if not cohorts:
        return 0
    joined = sql.insert_select(
        CohortMembership,
        ["cohort", "learner", "since"],
        waiting.annotate(person=Subquery(address.values("pk")[:1]), moment=Value(now, DateTimeField())).values_list(
            "cohort_id", "person", "moment"
        ),
    )
    waiting.update(joined_at=now)
    enrol(Assignment.objects.current().filter(cohort__in=cohorts), now=now, joined_at=now)
    for cohort in cohorts:
        record(actor=actor, verb="admit_invited", obj=cohort, source=source, now=now)
    return joined


def _chosen(learners: Learners) -> Iterator[QuerySet[Learner, Any]]:
    if isinstance(learners, QuerySet):
        yield learners.order_by() if not learners.query.is_sliced else learners
        return
    keys = sorted({each.pk if isinstance(each, Learner) else each for each in learners})
    for batch in sql.batches(keys):
        yield Learner.objects.filter(pk__in=batch)


def _join(cohort: Cohort, learners: Learners, *, now: dt.datetime) -> int:
    sql.one_at_a_time(Enrolment, LOCK)
    works_here = Learner.objects.active(company_day(now))
    joined = sum(
        sql.insert_select(
            CohortMembership,
            ["cohort", "learner", "since"],
            works_here.filter(pk__in=chosen.values("pk"))
            .annotate(into=Value(cohort.pk, BigIntegerField()), moment=Value(now, DateTimeField()))
            .values_list("into", "pk", "moment"),
        )
        for chosen in _chosen(learners)
    )
    sql.has_grown(CohortMembership, joined)
    if joined:
        enrol(Assignment.objects.current().filter(cohort=cohort), now=now, joined_at=now)
    return joined


def _addresses(emails: Iterable[str]) -> tuple[list[str], list[Problem]]:
    """Addresses in lower case, each once, in order; and what cannot be one, with its line."""
    wanted: dict[str, None] = {}
    problems = []
    for line, raw in enumerate(emails, start=1):
        address = raw.strip().lower()
        if not address:
            continue
        try:
            validate_email(address)
        except ValidationError:
            problems.append(
                Problem("email_invalid", _("“%(value)s” is not an e-mail address."), where=str(line), params={"value": raw[:100]})
            )
        wanted[address] = None
    return list(wanted), problems
