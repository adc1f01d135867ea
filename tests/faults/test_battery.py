"""The long one: thousands of mails, dozens of kills, refusals and a wiped broker, under a clock that runs on."""

import datetime as dt
import random
import threading
import time
import zlib
from collections import Counter

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.runner.valkey import free_port
from lms.mail.reasons import DropReason
from lms.models import Nudge
from tests.faults.conftest import START
from tests.services import eventually
from tests.smtp_sink import SmtpSink

PEOPLE = 10_000
KILLS = 60
HANDS = 2
#: The processes' clock runs so many times faster than ours: a lease of two minutes is over in twenty seconds.
SPEED = 6


class MoodySink(SmtpSink):
    """Says "later" once to 2 % of the people, and "never" to 0.5 %."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.put_off: set[str] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        lot = zlib.crc32(address.encode()) % 1000
        if lot < 5:
            return "550 No such mailbox"
        if lot < 25 and address not in self.put_off:
            self.put_off.add(address)
            return "451 Try again later"
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def smtp():
    sink = MoodySink(free_port())
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def running_clock(clock):
    """The clock moves on by itself until the test ends."""
    stopped, began = threading.Event(), time.monotonic()

    def run() -> None:
        while not stopped.wait(0.2):
            clock.set(START + dt.timedelta(seconds=SPEED * (time.monotonic() - began)))

    thread = threading.Thread(target=run)
    thread.start()
    yield
    stopped.set()
    thread.join()


@pytest.mark.battery
def test_ten_thousand_mails_and_sixty_kills(crowd, start_worker, ring, smtp, broker, running_clock):
    rng = random.Random(11)
    addresses = crowd(PEOPLE)
    refused = {address for address in addresses if zlib.crc32(address.encode()) % 1000 < 5}
    kills = cut_short = 0
    worker = start_worker(concurrency=HANDS)

    def waiting() -> int:
        return Nudge.objects.undelivered().count()

    while waiting() > PEOPLE // 50 and kills < KILLS:
        ring("deliver_nudges")
        time.sleep(rng.uniform(0.5, 4.0))
        worker.kill()
        kills += 1
        cut_short += Nudge.objects.undelivered().filter(claimed_until__isnull=False).exists()
        if kills == KILLS // 2:
            broker.wipe()
        worker = start_worker(concurrency=HANDS)

    def done() -> bool:
        ring("deliver_nudges")
        time.sleep(1)
        return waiting() == 0

    eventually(done, within=600, what="every row dealt with")
    got = Counter(message.to[0] for message in smtp.received)
    assert set(got) == set(addresses) - refused
    assert sum(got.values()) - len(got) <= kills * HANDS
    assert len({message.message_id for message in smtp.received}) == len(got)
    assert dict(Nudge.objects.exclude(drop_reason="").values_list("recipient__email", "drop_reason")) == dict.fromkeys(
        refused, DropReason.REFUSED
    )
    # A test that killed nobody at work would prove nothing.
    assert kills > KILLS // 2
    assert cut_short > kills // 3
