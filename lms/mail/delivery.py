"""Claim rows, hand their mails to the server, remember what became of each.

Every change of a row's moments is a conditional UPDATE on our own claim: a worker that was too slow, and whose lease ran out, changes
nothing any more. A row is marked sent right after the server's 250, each in its own transaction; so a killed process repeats at most the
one mail it had in its hands, with the same Message-ID.
"""

import datetime as dt
import logging
import smtplib
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import BadHeaderError
from django.db import connections, router, transaction
from django.db.models import F, QuerySet

from lms.conf import conf
from lms.mail.reasons import DropReason
from lms.models.delivery import Delivery

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Delivery)

#: Wait before the next try, doubled each time, never longer than this.
FIRST_BACK_OFF = dt.timedelta(minutes=2)
LONGEST_BACK_OFF = dt.timedelta(hours=24)
#: The mail server cannot be reached: everybody waits this long, and no try is counted.
SERVER_PAUSE = dt.timedelta(minutes=2)


def back_off(tries: int) -> dt.timedelta:
    return min(FIRST_BACK_OFF * 2 ** max(tries - 1, 0), LONGEST_BACK_OFF)


def claim_rows(candidates: QuerySet[Row], *, now: dt.datetime, limit: int, one_per: str = "pk") -> list[Row]:
    """Take up to ``limit`` of the candidates into our hands, in their order, until the lease runs out. ``one_per``: a field of which
    each value is taken once, for example one row per recipient.

    Two workers at once get different rows: PostgreSQL passes over rows that another one is just taking, and the UPDATE asks again
    whether the row is still free.
    """
    model = candidates.model
    claim = uuid.uuid4()
    until = now + dt.timedelta(seconds=conf.CLAIM_LEASE_SECONDS)
    with transaction.atomic(durable=True):
        chosen = candidates.claimable(now)  # type: ignore[attr-defined]
        if connections[router.db_for_write(model)].features.has_select_for_update_skip_locked:
            chosen = chosen.select_for_update(skip_locked=True, of=("self",))
        firsts: dict[Any, Any] = {}
        for key, value in chosen.values_list("pk", one_per)[:limit]:
            firsts.setdefault(value, key)
        keys = list(firsts.values())
        free = model._default_manager.filter(pk__in=keys).claimable(now)  # type: ignore[attr-defined]
        free.update(claim=claim, claimed_until=until)
    rows = {row.pk: row for row in model._default_manager.filter(claim=claim, pk__in=keys)}
    return [rows[key] for key in keys if key in rows]


def claim_batch(model: type[Row], *, now: dt.datetime, limit: int) -> list[Row]:
    """What has waited longest."""
    return claim_rows(model._default_manager.order_by("send_after", "pk"), now=now, limit=limit)


def _ours(rows: Iterable[Row]) -> QuerySet[Row]:
    rows = list(rows)
    return type(rows[0])._default_manager.filter(
        pk__in=[row.pk for row in rows], claim__in={row.claim for row in rows}, sent_at__isnull=True, dropped_at__isnull=True
    )


def mark_sent(row: Delivery, *, now: dt.datetime) -> bool:
    return bool(_ours([row]).update(sent_at=now, claimed_until=None, tries=F("tries") + 1, last_error=""))


def drop(rows: Sequence[Delivery], *, reason: str, now: dt.datetime, error: str = "", tried: bool = False) -> int:
    """Never to be sent; the ledger says why. ``tried``: the mail server has seen it."""
    if not rows:
        return 0
    tries = F("tries") + int(tried)
    return _ours(rows).update(dropped_at=now, drop_reason=reason, claimed_until=None, tries=tries, last_error=error[:500])


def put_off(rows: Sequence[Delivery], *, until: dt.datetime, error: str = "", tried: bool = False) -> int:
    """Not now. ``tried``: this mail itself failed. Only that counts, or a worker that is killed often enough would use up the tries of
    mails that it never reached.
    """
    if not rows:
        return 0
    tries = F("tries") + int(tried)
    return _ours(rows).update(send_after=until, claim=None, claimed_until=None, tries=tries, last_error=error[:500])


class _ServerTrouble(Exception):
    """The server, not this mail: the batch stops here."""


class Postman:
    """One connection for a batch, opened at the first mail and opened again when the server hung up."""

    def __init__(self) -> None:
        self.connection = get_connection()
        self.is_open = False
        #: Mails taken over this connection.
        self.served = 0

    def __enter__(self) -> "Postman":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            try:
                self.connection.close()
            except (OSError, smtplib.SMTPException) as error:
                log.info("closing the mail connection: %s", error)

    def hand_over(self, message: EmailMultiAlternatives) -> None:
        """Returns when the server has taken the mail; else raises what went wrong with this mail, or ``_ServerTrouble``."""
        served = self.served
        try:
            self._send(message)
        except smtplib.SMTPServerDisconnected:
            if not served:
                raise
            # Servers hang up after so many mails, or so many idle seconds: that says nothing about this mail.
            self._send(message)
        self.served += 1

    def _send(self, message: EmailMultiAlternatives) -> None:
        if not self.is_open:
            try:
                self.connection.open()
            except (OSError, smtplib.SMTPException) as error:
                raise _ServerTrouble(str(error)) from error
            self.is_open, self.served = True, 0
        try:
            self.connection.send_messages([message])
        except OSError as error:
            # A refusal leaves the connection as it was; a hang-up or a time-out does not.
            if isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException):
                self.close()
            raise


def deliver_rows(rows: Sequence[Row], *, compose: Callable[[Row], EmailMultiAlternatives], now: dt.datetime) -> Counter[str]:
    """Send rows that we hold, in order. Returns how many were ``sent``, ``dropped``, ``put_off`` (tried, to be tried again) and
    ``put_back`` (not tried).

    A mail that fails never blocks the others: a final refusal drops it, anything else puts it off, longer each time. What is left when
    half the lease is over is put back, so that no other worker takes over a row while we are still busy with it.
    """
    counts: Counter[str] = Counter()
    started = time.monotonic()
    failures = 0
    with Postman() as postman:
        for position, row in enumerate(rows):
            if time.monotonic() - started > conf.CLAIM_LEASE_SECONDS / 2 or failures >= 2:
                counts["put_back"] += put_off(rows[position:], until=now)
                break
            try:
                outcome = _deliver_one(row, compose=compose, postman=postman, now=now)
            except _ServerTrouble as trouble:
                log.warning("the mail server cannot be reached: %s", trouble)
                counts["put_back"] += put_off(rows[position:], until=now + SERVER_PAUSE, error=str(trouble))
                break
            failures = failures + 1 if outcome == "unreachable" else 0
            counts["put_off" if outcome == "unreachable" else outcome] += 1
    return counts


def _deliver_one(row: Row, *, compose: Callable[[Row], EmailMultiAlternatives], postman: Postman, now: dt.datetime) -> str:
    try:
        message = compose(row)
        message.message()  # builds the headers, and so refuses an address or a subject that cannot be one
    except (BadHeaderError, UnicodeError, ValueError) as error:
        drop([row], reason=DropReason.UNWRITABLE, now=now, error=_say(error))
        return "dropped"
    except Exception as error:  # one mail that cannot be written must not stop the others
        log.exception("mail %s could not be written", row.message_id)
        return _try_later(row, now=now, error=_say(error))
    try:
        postman.hand_over(message)
    except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
        if _is_final(error):
            drop([row], reason=DropReason.REFUSED, now=now, error=_say(error), tried=True)
            return "dropped"
        later = _try_later(row, now=now, error=_say(error))
        return later if isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) else "unreachable"
    # The server has it. Nothing may come between its answer and this line.
    mark_sent(row, now=now)
    return "sent"


def _try_later(row: Row, *, now: dt.datetime, error: str) -> str:
    tries = row.tries + 1
    if tries >= conf.DELIVERY_MAX_TRIES:
        drop([row], reason=DropReason.TOO_MANY_TRIES, now=now, error=error, tried=True)
        return "dropped"
    put_off([row], until=now + back_off(tries), error=error, tried=True)
    return "put_off"


def _is_final(error: Exception) -> bool:
    """A refusal with 5xx, or an address that no server can be told; 4xx, a hang-up or a time-out may pass."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return int(error.smtp_code) >= 500
    return isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError | ValueError)


def _say(error: Any) -> str:
    """The error in one line, without the address that it is about."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    return f"{type(error).__name__}: {error}"
