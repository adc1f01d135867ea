"""A run of 500 mails with the worker killed, the broker wiped or the mail server away in its middle: everybody gets theirs."""

import datetime as dt
from collections import Counter

import pytest

from lms.mail.reasons import DropReason
from lms.models import Nudge
from tests.faults.conftest import START
from tests.services import eventually

PEOPLE = 500
#: Where the number does not matter: two shares of work.
FEWER = 200
#: Worker processes that hold a mail in their hands.
HANDS = 2
AFTER_THE_LEASE = START + dt.timedelta(seconds=130)


def finish(ring, smtp, clock, moment: dt.datetime) -> None:
    """Ring as the schedule does, until no row waits. The clock moves on slowly: a lease must not run out while its worker is at work."""
    rings = 0

    def done() -> bool:
        nonlocal rings
        if not Nudge.objects.undelivered().exists():
            return True
        if rings % 40 == 0:
            clock.set(moment + dt.timedelta(seconds=2) * (rings // 40))
            ring("deliver_nudges")
        rings += 1
        return False

    eventually(
        done, within=90, what=f"every row dealt with; {Nudge.objects.undelivered().count()} wait, {len(smtp.received)} mails came"
    )


def assert_everybody_was_served(addresses, smtp, *, in_flight: int) -> None:
    got = Counter(message.to[0] for message in smtp.received)
    assert set(got) == set(addresses)
    repeated = [address for address, count in got.items() if count > 1]
    assert len(repeated) <= in_flight
    for address in repeated:
        assert got[address] == 2
        first, second = smtp.to(address)
        assert first.message_id == second.message_id
    assert len({message.message_id for message in smtp.received}) == len(addresses)
    assert Nudge.objects.delivered().count() == len(addresses)
    assert Nudge.objects.filter(dropped_at__isnull=False).count() == 0


def test_a_worker_killed_in_the_middle(crowd, start_worker, ring, smtp, clock):
    addresses = crowd(PEOPLE)
    smtp.delay = 0.01
    worker = start_worker(concurrency=HANDS)
    ring("deliver_nudges")
    smtp.wait_for(PEOPLE // 3)
    worker.kill()
    sent = Nudge.objects.delivered().count()
    assert PEOPLE // 4 < sent < PEOPLE
    assert len(smtp.received) - sent <= HANDS
    held = Nudge.objects.undelivered().filter(claimed_until__isnull=False).count()
    assert held > 0
    # The clock first: what the new one takes while the old one's lease runs must not expire under its hands.
    clock.set(AFTER_THE_LEASE)
    start_worker(concurrency=HANDS)
    finish(ring, smtp, clock, AFTER_THE_LEASE)
    assert_everybody_was_served(addresses, smtp, in_flight=HANDS)


def test_a_broker_wiped_in_the_middle(crowd, start_worker, ring, smtp, clock, broker):
    addresses = crowd(PEOPLE)
    smtp.delay = 0.01
    start_worker(concurrency=HANDS)
    ring("deliver_nudges")
    smtp.wait_for(PEOPLE // 3)
    broker.wipe()
    finish(ring, smtp, clock, START)
    assert_everybody_was_served(addresses, smtp, in_flight=0)


def test_a_broker_killed_in_the_middle(crowd, start_worker, ring, smtp, clock, broker):
    addresses = crowd(FEWER)
    smtp.delay = 0.02
    start_worker(concurrency=HANDS)
    ring("deliver_nudges")
    smtp.wait_for(FEWER // 3)
    broker.kill()
    broker.start()
    finish(ring, smtp, clock, START)
    assert_everybody_was_served(addresses, smtp, in_flight=0)


def test_two_workers_and_twice_the_rings(crowd, start_worker, ring, smtp, clock):
    addresses = crowd(FEWER)
    for _ in range(2):
        start_worker(concurrency=1)
    for _ in range(4):
        ring("plan_nudges")
        ring("deliver_nudges")
    finish(ring, smtp, clock, START)
    assert_everybody_was_served(addresses, smtp, in_flight=0)


def test_a_mail_server_that_says_later(crowd, start_worker, ring, smtp, clock):
    addresses = crowd(30)
    smtp.refuse = True
    start_worker(concurrency=1)
    ring("deliver_nudges")
    eventually(lambda: Nudge.objects.filter(last_error__contains="451").count() == 30, what="thirty refusals noted")
    assert smtp.received == []
    smtp.refuse = False
    finish(ring, smtp, clock, START + dt.timedelta(minutes=3))
    assert_everybody_was_served(addresses, smtp, in_flight=0)


@pytest.mark.parametrize("reason", [DropReason.LEFT])
def test_who_leaves_during_the_run_gets_nothing_more(reason, crowd, start_worker, ring, smtp, clock):
    from lms.models import Learner

    addresses = crowd(FEWER)
    smtp.delay = 0.02
    worker = start_worker(concurrency=1)
    ring("deliver_nudges")
    smtp.wait_for(FEWER // 3)
    worker.kill()
    served = {message.to[0] for message in smtp.received}
    leavers = [address for address in addresses if address not in served][:50]
    Learner.objects.filter(email__in=leavers).update(left_on=START.date())
    clock.set(AFTER_THE_LEASE)
    start_worker(concurrency=1)
    finish(ring, smtp, clock, AFTER_THE_LEASE)
    assert not {message.to[0] for message in smtp.received} & set(leavers)
    assert Nudge.objects.filter(drop_reason=reason).count() == len(leavers) == 50
    assert {message.to[0] for message in smtp.received} == set(addresses) - set(leavers)
