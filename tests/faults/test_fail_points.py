"""Killed exactly before a mail is handed over, exactly after the server took it, and between two mails."""

from collections import Counter

import pytest

from lms.models import Nudge
from tests.faults.conftest import START
from tests.faults.test_nudge_run import AFTER_THE_LEASE
from tests.services import run_manage

PEOPLE = 6


@pytest.mark.parametrize(
    ("kill_at", "taken", "marked", "repeated"),
    [
        ("before:1", 0, 0, 0),
        ("before:3", 2, 2, 0),  # which is right after the second was marked as sent
        ("after:3", 3, 2, 1),
        (f"after:{PEOPLE}", PEOPLE, PEOPLE - 1, 1),
    ],
)
def test_a_process_that_dies_at_one_mail(kill_at, taken, marked, repeated, crowd, process_env, smtp, clock):
    addresses = crowd(PEOPLE)
    killing = process_env | {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "KILL_AT": kill_at}
    run_manage(killing, "send_nudges", succeeds=False)
    assert (len(smtp.received), Nudge.objects.delivered().count()) == (taken, marked)
    assert START < AFTER_THE_LEASE
    clock.set(AFTER_THE_LEASE)
    run_manage(process_env, "send_nudges")
    got = Counter(message.to[0] for message in smtp.received)
    assert set(got) == set(addresses)
    assert sum(got.values()) - len(got) == repeated
    assert len({message.message_id for message in smtp.received}) == PEOPLE
    assert Nudge.objects.delivered().count() == PEOPLE
