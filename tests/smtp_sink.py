"""A mail server that keeps what it gets, in the order in which it accepted it."""

import asyncio
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    """One accepted message: to whom it was addressed on the envelope, and the message."""

    to: tuple[str, ...]
    message: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""


class SmtpSink:
    """Listens on a port of this machine. `delay` slows each acceptance down; `refuse` answers "try again later" to every message."""

    def __init__(self, port: int) -> None:
        self.delay = 0.0
        self.refuse = False
        self._received: list[Received] = []
        self._arrived = threading.Condition()
        self._server = Controller(self, hostname="127.0.0.1", port=port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._server.port}"

    @property
    def received(self) -> list[Received]:
        with self._arrived:
            return list(self._received)

    def to(self, address: str) -> list[Received]:
        """What one person got."""
        return [each for each in self.received if address in each.to]

    def wait_for(self, count: int, *, within: float = 30.0) -> list[Received]:
        """At least this many messages, or an error that says how many came."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._received) >= count, timeout=within):
                raise AssertionError(f"{len(self._received)} messages came within {within:g} s, not {count}.")
            return list(self._received)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.refuse:
            return "451 Try again later"
        message: Any = message_from_bytes(envelope.original_content or b"", policy=default)
        with self._arrived:
            self._received.append(Received(tuple(envelope.rcpt_tos), message))
            self._arrived.notify_all()
        return f"250 OK {time.time():.3f}"

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()
