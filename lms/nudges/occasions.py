"""What makes an occasion: the SQL that plans and the Python that rechecks must write it the same way; a test compares them."""

import datetime as dt

from lms.enums import NudgeKind
from lms.models import Enrolment
from lms.nudges.catalogue import Anchor, Entry

ONCE = "once"


def anchor_date(entry: Entry, enrolment: Enrolment, zone: dt.tzinfo) -> dt.date | None:
    if entry.anchor == Anchor.LAST_ACTIVITY:
        return enrolment.last_activity_at.astimezone(zone).date() if enrolment.last_activity_at else None
    value: dt.date | None = getattr(enrolment, entry.anchor.value)
    return value


def occasion_of(entry: Entry, enrolment: Enrolment, zone: dt.tzinfo) -> str:
    """The occasion that this enrolment gives rise to as it stands now; empty when it gives none."""
    if entry.kind == NudgeKind.WELCOME:
        return ONCE
    day = anchor_date(entry, enrolment, zone)
    if day is None:
        return ""
    if entry.kind == NudgeKind.IDLE:
        return f"{day:%Y-%m-%d}"
    return ".".join(part for part in (str(enrolment.pk), f"{day:%Y-%m-%d}", entry.step) if part)
