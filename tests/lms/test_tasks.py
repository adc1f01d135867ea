"""Doors of the night: tasks and commands do what the rooms do, with few messages, and may be lost without harm."""

import datetime as dt
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from kombu import Producer
from kombu.exceptions import OperationalError

from config.celery import app
from lms import tasks
from lms.enums import Source
from lms.models import Enrolment, Learner, Message, Nudge, Report, ReportSubscription
from lms.reports.actions import subscribe

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def frozen(tmp_path, settings):
    file = tmp_path / "clock"
    file.write_text(NOW.isoformat())
    settings.LMS_TEST_CLOCK_FILE = str(file)
    return SimpleNamespace(set=lambda moment: file.write_text(moment.isoformat()))


@pytest.fixture
def late(cast, catalogue):
    Learner.objects.update(last_active_at=NOW - dt.timedelta(days=90))
    for learner in (cast.ada, cast.ben):
        Enrolment.objects.create(
            learner=learner, track=catalogue.track, enrolled_at=NOW, starts_on=dt.date(2025, 5, 5), due_on=dt.date(2026, 3, 3)
        )


def say(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_jobs_of_a_morning(late):
    tasks.plan_nudges()
    tasks.deliver_nudges()
    tasks.deliver_nudges()
    assert Nudge.objects.delivered().count() == len(mail.outbox) == 2


@pytest.fixture
def queued():
    """How many messages lie in the broker (an in-memory one: nobody takes them)."""

    def count() -> int:
        with app.connection_for_write() as connection:
            return connection.default_channel.queue_declare(app.conf.task_default_queue).message_count

    with app.connection_for_write() as connection:
        if connection.transport.driver_type != "memory":
            pytest.skip("this run has a broker of its own")
        connection.default_channel.queue_declare(app.conf.task_default_queue)
        connection.default_channel.queue_purge(app.conf.task_default_queue)
    return count


def test_one_message_asks_for_many_rows(cast, queued):
    """350 waiting rows: three shares, of which the first is done by the one that rang."""
    Message.objects.bulk_create(
        Message(recipient=cast.ada, template="password_link", cause=f"{n}", queued_at=NOW, send_after=NOW, message_id=f"<{n}@x>")
        for n in range(350)
    )
    tasks.deliver_messages()
    assert queued() == 2
    assert len(mail.outbox) == tasks.CHUNK
    assert tasks.CHUNK >= 100


def test_a_password_link_is_made_when_its_mail_is_written(cast):
    from lms.mail.actions import queue_message

    row = queue_message(recipient=cast.ada, template="password_link", context={}, cause="x", now=NOW)
    assert row.context == {}
    tasks.deliver_messages()
    (message,) = mail.outbox
    assert "http://127.0.0.1:8000/welcome/" in message.body
    assert "http://127.0.0.1:8000/welcome/" in message.alternatives[0].content


def test_a_ring_waits_for_the_transaction(db, queued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring(tasks.deliver_messages)
        assert queued() == 0
    assert queued() == 1


def test_a_ring_in_vain_harms_nobody(db, monkeypatch, django_capture_on_commit_callbacks, caplog):
    def refuse(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(Producer, "publish", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring(tasks.deliver_messages)
    assert "the schedule will" in caplog.text


def test_reports_by_the_jobs(cast, frozen):
    subscribe(recipient=cast.mira, cohort=None, cadence="monthly", hour=8, language="", actor=None, source=Source.ADMIN, now=NOW)
    tasks.build_reports()
    assert Report.objects.count() == 0
    frozen.set(dt.datetime(2026, 4, 1, 6, 0, tzinfo=dt.UTC))
    for _ in range(2):
        tasks.build_reports()
        tasks.deliver_reports()
    assert [message.to for message in mail.outbox] == [[cast.mira.email]]


def test_the_jobs_of_a_night(cast, client):
    from django.contrib.sessions.models import Session

    Session.objects.create(session_key="old", session_data="", expire_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    tasks.reconcile_enrolments()
    tasks.fill_calendar()
    tasks.clean_sessions()
    assert not Session.objects.exists()
    years = {day.year for day in cast.site.non_working_days.values_list("date", flat=True)}
    assert years == {2026, 2027, 2028}


def test_send_nudges_says_what_it_does(late):
    assert say("send_nudges", "--dry-run").split() == ["2026-03-04", "09:00", "UTC.", "Would", "be:", "2", "planned", "2", "sent"]
    assert Nudge.objects.count() == len(mail.outbox) == 0
    assert say("send_nudges", "--only", "idle").split() == ["2026-03-04", "09:00", "UTC.", "Done:", "0", "planned"]
    assert say("send_nudges").split() == ["2026-03-04", "09:00", "UTC.", "Done:", "2", "planned", "2", "sent"]
    assert say("send_nudges").split() == ["2026-03-04", "09:00", "UTC.", "Done:", "0", "planned"]
    assert len(mail.outbox) == 2


def test_send_nudges_at_another_date(late):
    # A Saturday: planned, and waiting for Monday.
    assert "2  waiting for a better moment" in say("send_nudges", "--date", "2026-03-07")
    assert "2  sent" in say("send_nudges", "--date", "2026-03-09T14:30")
    assert Nudge.objects.filter(sent_at=dt.datetime(2026, 3, 9, 13, 30, tzinfo=dt.UTC)).count() == 2
    with pytest.raises(CommandError):
        say("send_nudges", "--date", "soon")
    with pytest.raises(CommandError):
        say("send_nudges", "--only", "birthday")


def test_a_dry_run_says_why_something_would_be_dropped(late, cast):
    from lms.nudges.actions import opt_out

    opt_out(learner=cast.ada, kind="overdue", now=NOW)
    assert "1  dropped: does not want these reminders" in say("send_nudges", "--dry-run")


def test_send_reports(cast):
    for recipient in (cast.mira, cast.omar):
        subscribe(
            recipient=recipient, cohort=None, cadence="monthly", hour=8, language="", actor=None, source=Source.ADMIN, now=NOW
        )
    assert "0  built" in say("send_reports")
    april = ("--date", "2026-04-01")
    assert "2  built" in say("send_reports", *april, "--dry-run")
    assert Report.objects.count() == 0
    assert "1  built" in say("send_reports", *april, "--only", cast.omar.email)
    assert [message.to for message in mail.outbox] == [[cast.omar.email]]
    assert "1  built" in say("send_reports", *april)
    assert "0  built" in say("send_reports", *april)
    assert len(mail.outbox) == 2
    assert ReportSubscription.objects.filter(next_due_at__gt=dt.datetime(2026, 4, 2, tzinfo=dt.UTC)).count() == 2
