"""Small things that lists show: chips, dates, links."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lms.enums import EnrolmentState
from lms.mail.reasons import DropReason

STATE_LOOKS = {
    EnrolmentState.LATE: "warn",
    EnrolmentState.DONE: "good",
    EnrolmentState.ON_THE_WAY: "",
    EnrolmentState.NOT_STARTED: "",
    EnrolmentState.ARCHIVED: "",
}


def chip(text: Any, look: str = "") -> SafeString:
    """A word in a pill; the word says it, the colour only helps."""
    return format_html('<span class="pa-chip{}">{}</span>', f" pa-chip--{look}" if look else "", text)


def state_chip(state: str) -> SafeString:
    known = EnrolmentState(state)
    return chip(known.label, STATE_LOOKS[known])


def drop_reason(code: str) -> str:
    try:
        return str(DropReason(code).label)
    except ValueError:
        return code


def delivery_chip(row: Any) -> SafeString:
    """What became of one message."""
    if row.sent_at:
        return chip(_("sent"), "good")
    if row.dropped_at:
        return chip(_("not sent"), "bad" if row.drop_reason in ("refused", "too_many_tries", "unwritable") else "")
    if row.last_error:
        return chip(_("failed, tried again"), "warn")
    return chip(_("waiting"))


def learner_link(site_name: str, pk: int, name: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(f"{site_name}:lms_learner_change", args=[pk]), name)
