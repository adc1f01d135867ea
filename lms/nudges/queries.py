"""Reads: which reminders a person gets, and the ledger of what was sent and what was not."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from lms.mail.reasons import label
from lms.models import Learner, Nudge, NudgeOptOut
from lms.nudges.catalogue import CATALOGUE


@dataclass(frozen=True)
class Choice:
    """A kind of reminder as the person's page shows it. ``when``: one sentence per line of the catalogue."""

    kind: str
    name: Promise | str
    category: Promise | str
    when: tuple[Promise, ...]
    on: bool


def choices_of(learner: Learner) -> list[Choice]:
    """Every kind, with whether this person gets it: one query."""
    off = set(NudgeOptOut.objects.filter(learner=learner).values_list("kind", flat=True))
    kinds = dict.fromkeys(entry.kind for entry in CATALOGUE)
    found = []
    for kind in kinds:
        lines = [entry for entry in CATALOGUE if entry.kind == kind]
        when = tuple(line.when for line in lines)
        found.append(Choice(kind.value, kind.label, lines[0].category.label, when, not {kind.value, ""} & off))
    return found


def ledger() -> QuerySet[Nudge]:
    """For HR: newest first, with the people. Who opted out is nobody's business but HR's own ledger and the person's page."""
    return Nudge.objects.select_related("recipient", "enrolment__track").order_by("-planned_at", "-pk")


def outcome(nudge: Nudge) -> str:
    """``sent``, ``dropped`` or ``waiting``."""
    return "sent" if nudge.sent_at else "dropped" if nudge.dropped_at else "waiting"


def why_not(nudge: Nudge) -> str:
    """The reason of a drop in words; empty for others."""
    return label(nudge.drop_reason) if nudge.dropped_at else ""


def totals(*, since: dt.datetime) -> dict[str, int]:
    """What the machine did lately, for the home page of the admin: one query."""
    return Nudge.objects.filter(planned_at__gte=since).aggregate(
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        dropped=Count("pk", filter=Q(dropped_at__isnull=False)),
        waiting=Count("pk", filter=Q(sent_at__isnull=True, dropped_at__isnull=True)),
    )
