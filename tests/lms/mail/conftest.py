"""A mail server that answers what a test tells it to, address by address."""

import time
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.runner.valkey import free_port


class StrictServer:
    """``at_rcpt`` and ``at_data``: the answer by recipient; ``hang_up_after``: mails per connection; ``seen``: what was accepted."""

    def __init__(self) -> None:
        self.at_rcpt: dict[str, str] = {}
        self.at_data: dict[str, str] = {}
        self.hang_up_after = 0
        self.hang_up_before: set[str] = set()
        self.slow: dict[str, float] = {}
        self.seen: list[tuple[str, bytes]] = []
        self.connections = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        session.mails = 0  # type: ignore[attr-defined]
        self.connections += 1
        return responses

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.at_rcpt:
            return self.at_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        to = envelope.rcpt_tos[0]
        if to in self.hang_up_before or (self.hang_up_after and session.mails >= self.hang_up_after):  # type: ignore[attr-defined]
            server.transport.close()
            return "421 bye"
        if to in self.slow:
            time.sleep(self.slow[to])
        if to in self.at_data:
            return self.at_data[to]
        session.mails += 1  # type: ignore[attr-defined]
        self.seen.append((to, envelope.original_content or b""))
        return "250 OK"

    @property
    def receivers(self) -> list[str]:
        return [to for to, _content in self.seen]


@pytest.fixture
def mail_server(settings) -> Iterator[StrictServer]:
    handler = StrictServer()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    controller.stop()


@pytest.fixture
def templates(tmp_path, settings) -> Callable[[str, str], None]:
    """``templates(name, words)``: a message template of this test alone."""
    from lms.mail import letter

    folder = tmp_path / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(folder)]}]
    letter._blocks.cache_clear()

    def write(name: str, words: str) -> None:
        path = folder / "lms" / "mail" / "messages" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")

    yield write
    letter._blocks.cache_clear()
