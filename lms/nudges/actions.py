"""What a person decides about their reminders."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from lms.enums import NudgeKind
from lms.mail.reasons import DropReason
from lms.models import Learner, Nudge, NudgeOptOut


@transaction.atomic
def opt_out(*, learner: Learner, kind: str, now: dt.datetime) -> bool:
    """No reminder of this kind any more (empty: none at all). False when it was so already.

    Consequences: one row, which no manager ever sees; what waits of that kind is dropped.
    """
    _row, made = NudgeOptOut.objects.get_or_create(learner=learner, kind=kind, defaults={"since": now})
    waiting = Nudge.objects.undelivered().filter(recipient=learner)
    if kind:
        waiting = waiting.filter(kind=kind)
    waiting.update(dropped_at=now, drop_reason=DropReason.OPTED_OUT, claimed_until=None)
    return made


@transaction.atomic
def opt_in(*, learner: Learner, kind: str, now: dt.datetime) -> bool:
    """Reminders of this kind again (empty: all kinds). False when nothing was switched off.

    Who had switched everything off and takes one kind back keeps the others off.
    """
    mine = NudgeOptOut.objects.filter(learner=learner)
    if not kind:
        return bool(mine.delete()[0])
    changed = bool(mine.filter(kind=kind).delete()[0])
    if mine.filter(kind="").delete()[0]:
        others = [NudgeOptOut(learner=learner, kind=other, since=now) for other in NudgeKind.values if other != kind]
        NudgeOptOut.objects.bulk_create(others, ignore_conflicts=True)
        return True
    return changed


@transaction.atomic
def choose_kinds(*, learner: Learner, wanted: Collection[str], now: dt.datetime) -> None:
    """These kinds of reminders and no others, said all at once: three statements, whatever was chosen before.

    Consequences: one row per kind that is off, which no manager ever sees; what waits of those kinds is dropped.
    """
    off = [kind for kind in NudgeKind.values if kind not in wanted]
    NudgeOptOut.objects.filter(learner=learner).exclude(kind__in=off).delete()
    NudgeOptOut.objects.bulk_create([NudgeOptOut(learner=learner, kind=kind, since=now) for kind in off], ignore_conflicts=True)
    waiting = Nudge.objects.undelivered().filter(recipient=learner, kind__in=off)
    waiting.update(dropped_at=now, drop_reason=DropReason.OPTED_OUT, claimed_until=None)


def pause(*, learner: Learner, until: dt.date | None, now: dt.datetime) -> None:
    """No reminder before that date; None ends the pause. What waits goes out after it, or is dropped when that is too late."""
    Learner.objects.filter(pk=learner.pk).update(nudges_paused_until=until)
    learner.nudges_paused_until = until
