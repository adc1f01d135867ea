"""Queue and send mails between people and about accounts. Nudges and reports have rows and rooms of their own."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives

from lms.conf import conf
from lms.mail.delivery import claim_batch, deliver_rows, drop
from lms.mail.letter import read_letter
from lms.mail.reasons import DropReason
from lms.mail.render import envelope, render_letter, speaking_to
from lms.models import Learner, Message


def mail_host() -> str:
    """The right-hand side of our Message-IDs."""
    return urlsplit(conf.BASE_URL).hostname or "localhost"


def new_message_id(prefix: str) -> str:
    return f"<{prefix}.{uuid.uuid4().hex}@{mail_host()}>"


def queue_message(*, recipient: Learner, template: str, context: Mapping[str, Any], cause: str, now: dt.datetime) -> Message:
    """One mail to one person, to leave as soon as the transaction around it is real.

    ``template`` names ``lms/mail/messages/<template>.txt`` (its blocks: ``lms.mail.letter.read_letter``), ``context`` fills it and is
    stored as JSON: plain values, no secret. Besides it the template knows ``recipient``, ``company``, ``base_url``, ``link_days``, ``today``
    and the links that ``deliver_messages`` is given. ``cause`` names the event ("help_asked:12"): the same cause queues one mail, however often
    it is asked for.

    Consequences: one row. The minute job sends it; the door may ring earlier, on commit.
    """
    row = Message(
        recipient=recipient,
        template=template,
        context=dict(context),
        cause=cause,
        queued_at=now,
        send_after=now,
        message_id=new_message_id("message"),
    )
    Message.objects.bulk_create([row], ignore_conflicts=True)
    return Message.objects.get(cause=cause)


Links = Mapping[str, Callable[[Learner], str]]


def write_message(row: Message, *, links: Links, now: dt.datetime) -> EmailMultiAlternatives:
    """The mail of one row, in its recipient's language and zone."""
    learner = row.recipient
    with speaking_to(learner):
        letter = read_letter(
            f"lms/mail/messages/{row.template}.txt",
            {
                **row.context,
                **{name: partial(link, learner) for name, link in links.items()},
                "recipient": learner,
                "company": conf.COMPANY_NAME,
                "base_url": conf.BASE_URL,
                "link_days": conf.WELCOME_LINK_DAYS,
                "today": now.astimezone(learner.zone).date(),
            },
        )
        return envelope(render_letter(letter), to=learner.email, message_id=row.message_id)


def deliver_messages(*, now: dt.datetime, limit: int = 100, links: Links | None = None) -> Counter[str]:
    """Send what waits, longest waiting first. ``links``: secrets that a template may ask for by name, made only when it does."""
    rows = claim_batch(Message, now=now, limit=limit)
    people = Learner.objects.select_related("user").in_bulk({row.recipient_id for row in rows})
    gone, inactive, ready = [], [], []
    for row in rows:
        row.recipient = people[row.recipient_id]
        if row.recipient.has_left(now.astimezone(row.recipient.zone).date()):
            gone.append(row)
        elif not row.recipient.user.is_active:
            inactive.append(row)
        else:
            ready.append(row)
    counts: Counter[str] = Counter()
    counts["dropped"] += drop(gone, reason=DropReason.LEFT, now=now)
    counts["dropped"] += drop(inactive, reason=DropReason.INACTIVE, now=now)
    return counts + deliver_rows(ready, compose=partial(write_message, links=links or {}, now=now), now=now)
