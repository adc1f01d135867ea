"""Send what was planned, the most important first, after asking again whether it should be sent at all.

One person gets one message at a time: a batch holds at most one row per recipient, and a row whose recipient is in another worker's
hands is put back. What may not go out yet waits inside its expiry; what never may is dropped, and the ledger says why.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef

from lms.mail.delivery import claim_rows, deliver_rows, drop, put_off
from lms.mail.reasons import DropReason
from lms.models import Nudge
from lms.nudges.emails import write_nudge
from lms.nudges.facts import in_other_hands, limits_in_force, read_facts
from lms.nudges.plan import plan_nudges
from lms.nudges.rules import decide
from lms.people.rules import company_day
from lms.progress.queries import next_steps_of
from lms.sql import batches

#: A row whose recipient is in another worker's hands is asked for again after that.
MOMENT = dt.timedelta(seconds=10)
PREVIEW_BATCH = 1000


def deliver_nudges(*, now: dt.datetime, limit: int = 100, only: Collection[str] | None = None) -> Counter[str]:
    """Take up to ``limit`` rows that are due and deal with each. Answers how many were ``sent``, ``dropped``, told to ``wait``,
    ``put_off`` by the mail server or ``put_back``; nothing at all: nothing was due.

    Consequences: mails at the mail server; the rows' moments. Safe to run twice, in two places, and to be killed.
    """
    rows = _claim(now=now, limit=limit, only=only)
    counts: Counter[str] = Counter()
    if not rows:
        return counts
    taken = in_other_hands(rows, now)
    counts["put_back"] += put_off([row for row in rows if row.recipient_id in taken], until=now + MOMENT)
    rows = [row for row in rows if row.recipient_id not in taken]
    facts, limits = read_facts(rows, now=now), limits_in_force()
    ready: list[Nudge] = []
    dropped: dict[str, list[Nudge]] = {}
    waiting: dict[dt.datetime, list[Nudge]] = {}
    for row in rows:
        decision = decide(facts[row.pk], now=now, limits=limits)
        if decision.drop:
            dropped.setdefault(decision.drop, []).append(row)
        elif decision.until:
            waiting.setdefault(decision.until, []).append(row)
        else:
            ready.append(row)
    steps = next_steps_of([row.recipient_id for row in ready], now=now, today=company_day(now)) if ready else {}
    for row in ready:
        if row.recipient_id not in steps:
            dropped.setdefault(DropReason.NOTHING_TO_DO, []).append(row)
    for reason, some in dropped.items():
        counts["dropped"] += drop(some, reason=reason, now=now)
    for until, some in waiting.items():
        counts["wait"] += put_off(some, until=until)

    def compose(row: Nudge) -> EmailMultiAlternatives:
        return write_nudge(row, step=steps[row.recipient_id], now=now)

    return counts + deliver_rows([row for row in ready if row.recipient_id in steps], compose=compose, now=now)


def _claim(*, now: dt.datetime, limit: int, only: Collection[str] | None) -> list[Nudge]:
    in_hand = Nudge.objects.undelivered().filter(recipient=OuterRef("recipient"), claimed_until__gt=now)
    rows = Nudge.objects.filter(~Exists(in_hand)).order_by("priority", "send_after", "pk")
    if only:
        rows = rows.filter(kind__in=only)
    return claim_rows(rows, now=now, limit=limit, one_per="recipient_id")


def deliver_all_nudges(*, now: dt.datetime, only: Collection[str] | None = None) -> Counter[str]:
    """Everything that is due now, batch after batch, until nothing is left to claim."""
    total: Counter[str] = Counter()
    while counts := deliver_nudges(now=now, only=only):
        total += counts
        if set(counts) == {"put_back"}:  # the mail server is away, or others are at it
            break
    return total


def preview_nudges(*, now: dt.datetime, only: Collection[str] | None = None) -> Counter[str]:
    """What a run would do now: how many rows would be planned, then ``sent``, dropped (by reason) or told to ``wait``. Nothing is kept."""
    counts: Counter[str] = Counter()
    with transaction.atomic():
        counts["planned"] = sum(plan_nudges(now=now, only=only).values())
        rows = Nudge.objects.claimable(now).order_by("priority", "send_after", "pk")
        if only:
            rows = rows.filter(kind__in=only)
        limits, seen = limits_in_force(), set[int]()
        for some in batches(rows.iterator(), PREVIEW_BATCH):
            facts = read_facts(some, now=now)
            for row in some:
                decision = decide(facts[row.pk], now=now, limits=limits)
                if decision.drop:
                    counts[decision.drop] += 1
                elif decision.until or row.recipient_id in seen:
                    counts["wait"] += 1
                else:
                    counts["sent"] += 1
                    seen.add(row.recipient_id)
        transaction.set_rollback(True)
    return counts


def handle_one_nudge(*, now: dt.datetime) -> bool:
    """One row, so that a test takes one step; False when nothing is due."""
    return bool(deliver_nudges(now=now, limit=1))
