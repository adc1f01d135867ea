"""The services that the journeys stand on: each test has its own broker, sink and clock, and processes that share its database."""

import datetime as dt
import smtplib
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
import redis
from django.contrib.auth.models import Group

from lms.models import Learner
from tests.services import Broker, Clock, Running, Web
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.services


def test_the_broker_comes_back_at_its_address_and_can_be_wiped(broker: Broker) -> None:
    address = broker.url()
    with redis.Redis.from_url(address) as client:
        client.rpush("celery", "a")
        client.execute_command("WAITAOF", 1, 0, 5000)
    broker.kill()
    broker.start()
    assert broker.url() == address
    with redis.Redis.from_url(address) as client:
        assert client.llen("celery") == 1
        broker.wipe()
        assert client.llen("celery") == 0


def test_the_sink_keeps_what_it_accepts_and_nothing_that_it_refuses(smtp: SmtpSink) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Message-ID"] = "p@x.test", "ada@x.test", "Réussi", "<1@x.test>"
    message.set_content("Texte")
    message.add_alternative("<p>Texte</p>", subtype="html")
    host, port = smtp.url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as client:
        client.send_message(message)
        smtp.refuse = True
        with pytest.raises(smtplib.SMTPDataError):
            client.send_message(message)

    (received,) = smtp.wait_for(1)
    assert (received.to, received.subject, received.message_id) == (("ada@x.test",), "Réussi", "<1@x.test>")
    assert (received.text.strip(), received.html.strip()) == ("Texte", "<p>Texte</p>")
    assert smtp.to("ben@x.test") == []
    with pytest.raises(AssertionError, match=r"1 messages came within 0\.1 s, not 2"):
        smtp.wait_for(2, within=0.1)


def test_processes_share_the_tests_database_broker_and_clock(
    cast: SimpleNamespace,
    clock: Clock,
    start_worker: Callable[..., Running],
    start_beat: Callable[..., Running],
    start_web: Callable[..., Web],
    manage: Callable[..., str],
) -> None:
    clock.set(dt.datetime(2031, 5, 6, 7, 8, tzinfo=dt.UTC))
    code = "from lms import clock; from lms.models import Learner; from django.contrib.auth.models import Group; "
    said = manage("shell", "--no-imports", "-c", code + "print(clock.now(), Learner.objects.count(), Group.objects.count())")
    assert said.strip() == f"2031-05-06 07:08:00+00:00 {Learner.objects.count()} {Group.objects.count()}"
    assert Learner.objects.filter(pk=cast.ada.pk).exists()
    assert Group.objects.exists(), "what the migrations made must be there in every test"

    worker, beat, web = start_worker(), start_beat(), start_web()
    ping = "from config.celery import app; print(len(app.control.ping(timeout=10, limit=1)))"
    assert manage("shell", "--no-imports", "-c", ping).strip() == "1"
    with urllib.request.urlopen(f"{web.url}/healthz", timeout=20) as page:
        assert page.status == 200

    worker.kill()
    assert worker.child.returncode is not None
    assert beat.child.poll() is None
