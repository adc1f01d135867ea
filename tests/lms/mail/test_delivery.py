"""Rows become mails: once each, whatever the server answers and whoever dies."""

import datetime as dt
from email import message_from_bytes
from email.policy import default

import pytest

from lms.mail.actions import deliver_messages, queue_message
from lms.mail.delivery import back_off, claim_batch, drop, mark_sent, put_off
from lms.mail.reasons import DropReason
from lms.models import Message

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
WORDS = "{% block subject %}About {{ thing }}{% endblock %}{% block lead %}It is {{ thing }}.{% endblock %}"


@pytest.fixture
def queue(cast, templates):
    templates("note", WORDS)

    def queue(*learners, cause: str = "note"):
        return [
            queue_message(recipient=each, template="note", context={"thing": "x"}, cause=f"{cause}:{each.pk}", now=NOW)
            for each in learners
        ]

    return queue


def test_a_message_is_sent_once_and_remembered(queue, cast, mail_server):
    (row,) = queue(cast.ada)
    assert deliver_messages(now=NOW) == {"sent": 1}
    assert deliver_messages(now=NOW + dt.timedelta(hours=1)) == {}
    row.refresh_from_db()
    assert (row.sent_at, row.dropped_at, row.tries, row.claimed_until) == (NOW, None, 1, None)
    ((to, content),) = mail_server.seen
    assert to == cast.ada.email
    message = message_from_bytes(content, policy=default)
    assert (message["To"], message["Subject"], message["Message-ID"]) == (cast.ada.email, "About x", row.message_id)
    assert message["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in message


def test_one_cause_queues_one_mail(queue, cast):
    first, second = queue(cast.ada), queue(cast.ada)
    assert first == second
    assert Message.objects.count() == 1


def test_a_batch_goes_over_one_connection(queue, cast, mail_server):
    queue(cast.ada, cast.ben, cast.mira, cast.otto)
    assert deliver_messages(now=NOW) == {"sent": 4}
    assert mail_server.connections == 1


def test_a_temporary_refusal_is_tried_again_later_each_time(queue, cast, mail_server):
    bad, _good = queue(cast.ada, cast.ben)
    mail_server.at_rcpt[cast.ada.email] = "451 try again later"
    assert deliver_messages(now=NOW) == {"put_off": 1, "sent": 1}
    assert mail_server.receivers == [cast.ben.email]
    moment, waits = NOW, []
    for _ in range(6):
        bad.refresh_from_db()
        waits.append(bad.send_after - moment)
        moment = bad.send_after
        assert "451" in bad.last_error
        assert deliver_messages(now=moment - dt.timedelta(seconds=1)) == {}
        assert deliver_messages(now=moment) == {"put_off": 1}
    assert waits == [dt.timedelta(minutes=minutes) for minutes in (2, 4, 8, 16, 32, 64)]
    bad.refresh_from_db()
    assert deliver_messages(now=bad.send_after) == {"dropped": 1}
    bad.refresh_from_db()
    assert (bad.drop_reason, bad.tries, bad.sent_at) == (DropReason.TOO_MANY_TRIES, 8, None)


def test_no_wait_is_longer_than_a_day():
    assert back_off(1) == dt.timedelta(minutes=2)
    assert back_off(40) == dt.timedelta(hours=24)


@pytest.mark.parametrize("place", ["at_rcpt", "at_data"])
def test_a_final_refusal_drops_that_mail_alone(place, queue, cast, mail_server):
    bad, _good = queue(cast.ada, cast.ben)
    getattr(mail_server, place)[cast.ada.email] = "550 no such mailbox"
    assert deliver_messages(now=NOW) == {"dropped": 1, "sent": 1}
    bad.refresh_from_db()
    assert (bad.drop_reason, bad.dropped_at, bad.last_error) == (DropReason.REFUSED, NOW, "550 no such mailbox")
    assert deliver_messages(now=NOW + dt.timedelta(days=1)) == {}


def test_a_server_that_hangs_up_after_every_second_mail_gets_them_all(queue, cast, mail_server):
    queue(cast.ada, cast.ben, cast.mira, cast.otto, cast.omar)
    mail_server.hang_up_after = 2
    assert deliver_messages(now=NOW) == {"sent": 5}
    assert mail_server.connections == 3


def test_a_hang_up_at_one_mail_does_not_stop_the_others(queue, cast, mail_server):
    queue(cast.ada, cast.ben, cast.mira)
    mail_server.hang_up_before = {cast.ada.email}
    assert deliver_messages(now=NOW) == {"put_off": 1, "sent": 2}
    assert sorted(mail_server.receivers) == sorted([cast.ben.email, cast.mira.email])


def test_an_unreachable_server_costs_no_try(queue, cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    rows = queue(cast.ada, cast.ben)
    assert deliver_messages(now=NOW) == {"put_back": 2}
    for row in rows:
        row.refresh_from_db()
        assert (row.tries, row.claimed_until, row.send_after > NOW) == (0, None, True)
        assert row.last_error


def test_a_server_that_does_not_answer_costs_one_mail_its_turn(queue, cast, mail_server, settings):
    settings.EMAIL_TIMEOUT = 0.2
    queue(cast.ada, cast.ben, cast.mira)
    mail_server.slow = {cast.ada.email: 0.6}
    counts = deliver_messages(now=NOW)
    assert sum(counts.values()) == 3
    assert counts["put_off"] >= 1


def test_an_address_that_is_none_is_dropped_and_adds_no_header(queue, cast, mail_server):
    cast.ada.email = "ada@verdane.example\nBcc: otto@verdane.example"
    cast.ada.save()
    bad, _good = queue(cast.ada, cast.ben)
    assert deliver_messages(now=NOW) == {"dropped": 1, "sent": 1}
    bad.refresh_from_db()
    assert bad.drop_reason == DropReason.UNWRITABLE
    assert mail_server.receivers == [cast.ben.email]


def test_words_cannot_add_headers(cast, templates, mail_server):
    templates("note", WORDS)
    evil = "x\r\nBcc: otto@verdane.example\r\n\r\nGood day"
    queue_message(recipient=cast.ada, template="note", context={"thing": evil}, cause="evil", now=NOW)
    assert deliver_messages(now=NOW) == {"sent": 1}
    message = message_from_bytes(mail_server.seen[0][1], policy=default)
    assert "Bcc" not in message
    assert message["Subject"] == "About x Bcc: otto@verdane.example Good day"
    assert mail_server.receivers == [cast.ada.email]


def test_a_template_that_fails_does_not_stop_the_others(cast, templates, mail_server):
    templates("note", WORDS)
    bad = queue_message(recipient=cast.ada, template="missing", context={}, cause="a", now=NOW)
    queue_message(recipient=cast.ben, template="note", context={"thing": "x"}, cause="b", now=NOW)
    assert deliver_messages(now=NOW) == {"put_off": 1, "sent": 1}
    bad.refresh_from_db()
    assert "TemplateDoesNotExist" in bad.last_error


def test_nobody_writes_to_those_who_left_or_may_not_sign_in(queue, cast, mail_server):
    cast.ada.left_on = NOW.date()
    cast.ada.save()
    cast.ben.user.is_active = False
    cast.ben.user.save()
    left, inactive = queue(cast.ada, cast.ben)
    assert deliver_messages(now=NOW) == {"dropped": 2}
    left.refresh_from_db()
    inactive.refresh_from_db()
    assert (left.drop_reason, inactive.drop_reason) == (DropReason.LEFT, DropReason.INACTIVE)
    assert mail_server.seen == []


def test_a_claim_is_a_lease(queue, cast, settings):
    (row,) = queue(cast.ada)
    (mine,) = claim_batch(Message, now=NOW, limit=10)
    assert claim_batch(Message, now=NOW + dt.timedelta(seconds=119), limit=10) == []
    (theirs,) = claim_batch(Message, now=NOW + dt.timedelta(seconds=120), limit=10)
    assert (theirs.pk, theirs.tries) == (row.pk, 0)
    # The first worker wakes up: it changes nothing any more.
    assert mark_sent(mine, now=NOW) is False
    assert drop([mine], reason=DropReason.REFUSED, now=NOW) == 0
    assert put_off([mine], until=NOW) == 0
    assert mark_sent(theirs, now=NOW) is True
    row.refresh_from_db()
    assert row.sent_at == NOW


def test_a_claim_takes_a_constant_number_of_statements(queue, cast, django_assert_num_queries):
    queue(cast.ada, cast.ben, cast.mira, cast.otto)
    with django_assert_num_queries(5):  # savepoint, select, update, release, read
        assert len(claim_batch(Message, now=NOW, limit=3)) == 3
    with django_assert_num_queries(5):
        assert len(claim_batch(Message, now=NOW, limit=3)) == 1
