"""Delivery: the right mail to the right person at the right moment, once, and a reason for everything else."""

import datetime as dt
import re
from itertools import product

import pytest
from django.core import mail
from django.utils import translation

from lms.enums import NudgeKind
from lms.mail.delivery import deliver_rows
from lms.mail.letter import Letter
from lms.mail.reasons import DropReason
from lms.models import Enrolment, Learner, Leave, Nudge
from lms.nudges import deliver
from lms.nudges.actions import opt_in, opt_out, pause
from lms.nudges.deliver import deliver_all_nudges, deliver_nudges, handle_one_nudge
from lms.nudges.emails import letter_for
from lms.nudges.plan import plan_nudges
from lms.progress.queries import next_steps_of

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 4)
YESTERDAY = dt.date(2026, 3, 3)
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.usefixtures("active")


def receivers() -> list[str]:
    return [message.to[0] for message in mail.outbox]


@pytest.fixture
def late(cast, enrol):
    """Ada's track was due yesterday; planned."""
    enrolment = enrol(cast.ada, due_on=YESTERDAY, started_at=NOW - 30 * DAY)
    assert plan_nudges(now=NOW)["overdue"] == 1
    return enrolment


def the_row() -> Nudge:
    return Nudge.objects.get()


def test_what_is_planned_is_sent_once(cast, late):
    assert deliver_all_nudges(now=NOW) == {"sent": 1}
    assert deliver_all_nudges(now=NOW) == {}
    assert receivers() == [cast.ada.email]
    row = the_row()
    assert (row.sent_at, row.dropped_at, row.tries) == (NOW, None, 1)
    (message,) = mail.outbox
    assert message.extra_headers["Message-ID"] == row.message_id
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_step_at_a_time(cast, late, enrol):
    enrol(cast.ben, due_on=YESTERDAY)
    plan_nudges(now=NOW)
    assert [handle_one_nudge(now=NOW) for _ in range(3)] == [True, True, False]
    assert len(mail.outbox) == 2


def change(model: object, **fields: object) -> None:
    for name, value in fields.items():
        setattr(model, name, value)
    model.save()


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (lambda cast, late: change(cast.ada, left_on=TODAY), DropReason.LEFT),
        (lambda cast, late: change(cast.ada.user, is_active=False), DropReason.INACTIVE),
        (lambda cast, late: change(late, completed_at=NOW), DropReason.COMPLETED),
        (lambda cast, late: change(late, archived_at=NOW), DropReason.ARCHIVED),
        (lambda cast, late: change(late, due_on=TODAY + DAY), DropReason.DATE_MOVED),
        (lambda cast, late: change(late, due_on=None), DropReason.DATE_MOVED),
        (lambda cast, late: opt_out(learner=cast.ada, kind="overdue", now=NOW), DropReason.OPTED_OUT),
        (lambda cast, late: opt_out(learner=cast.ada, kind="", now=NOW), DropReason.OPTED_OUT),
        (lambda cast, late: pause(learner=cast.ada, until=TODAY + 30 * DAY, now=NOW), DropReason.PAUSED),
        (lambda cast, late: late.track.modules.update(retired_at=NOW), DropReason.NOTHING_TO_DO),
    ],
)
def test_every_reason_is_asked_again_at_delivery(happens, reason, cast, late):
    happens(cast, late)
    deliver_all_nudges(now=NOW)
    row = the_row()
    assert (row.dropped_at, row.drop_reason, row.sent_at) == (NOW, reason, None)
    assert mail.outbox == []
    assert deliver_all_nudges(now=NOW + DAY) == {}


def test_opting_out_of_another_kind_changes_nothing(cast, late):
    opt_out(learner=cast.ada, kind="idle", now=NOW)
    assert deliver_all_nudges(now=NOW) == {"sent": 1}


def test_opting_in_again(cast, late):
    assert opt_out(learner=cast.ada, kind="due_soon", now=NOW) is True
    assert opt_out(learner=cast.ada, kind="due_soon", now=NOW) is False
    assert opt_in(learner=cast.ada, kind="due_soon", now=NOW) is True
    assert opt_in(learner=cast.ada, kind="due_soon", now=NOW) is False


def test_one_kind_back_after_none_at_all(cast, late):
    opt_out(learner=cast.ada, kind="", now=NOW)
    assert opt_in(learner=cast.ada, kind="overdue", now=NOW) is True
    assert set(cast.ada.opt_outs.values_list("kind", flat=True)) == {"welcome", "first_practice", "idle", "due_soon"}
    assert opt_in(learner=cast.ada, kind="", now=NOW) is True
    assert not cast.ada.opt_outs.exists()


def test_a_short_pause_is_waited_for(cast, late):
    pause(learner=cast.ada, until=TODAY + DAY, now=NOW)
    assert deliver_all_nudges(now=NOW) == {"wait": 1}
    assert the_row().send_after == dt.datetime(2026, 3, 5, 8, 0, tzinfo=dt.UTC)
    assert the_row().tries == 0
    assert deliver_all_nudges(now=NOW + DAY) == {"sent": 1}


@pytest.mark.parametrize(
    ("kind", "state", "then", "reason"),
    [
        ("first_practice", {"starts_on": dt.date(2026, 2, 27)}, {"started_at": NOW}, DropReason.STARTED),
        ("first_practice", {"starts_on": dt.date(2026, 2, 27)}, {"starts_on": TODAY}, DropReason.DATE_MOVED),
        ("idle", {"started_at": NOW, "last_activity_at": NOW - 7 * DAY}, {"last_activity_at": NOW}, DropReason.ACTIVE_AGAIN),
    ],
)
def test_reasons_of_single_kinds(kind, state, then, reason, cast, enrol):
    enrolment = enrol(cast.ada, **state)
    assert plan_nudges(now=NOW)[kind] == 1
    change(enrolment, **then)
    deliver_all_nudges(now=NOW)
    assert the_row().drop_reason == reason


def test_an_activity_outside_the_track_ends_idleness_too(cast, enrol):
    enrol(cast.ada, started_at=NOW, last_activity_at=NOW - 7 * DAY)
    assert plan_nudges(now=NOW)["idle"] == 1
    change(cast.ada, last_active_at=NOW)
    deliver_all_nudges(now=NOW)
    assert the_row().drop_reason == DropReason.ACTIVE_AGAIN


def test_a_welcome_is_dropped_once_somebody_has_begun_or_has_no_track(cast, enrol):
    Learner.objects.update(last_active_at=None)
    begun, gone = enrol(cast.ada, starts_on=TODAY), enrol(cast.ben, starts_on=TODAY)
    enrol(cast.mira, starts_on=TODAY)
    assert plan_nudges(now=NOW)["welcome"] == 3
    change(begun.learner, last_active_at=NOW)
    change(gone, archived_at=NOW)
    assert deliver_all_nudges(now=NOW) == {"dropped": 2, "sent": 1}
    assert dict(Nudge.objects.values_list("recipient__first_name", "drop_reason")) == {
        "Ada": DropReason.STARTED,
        "Ben": DropReason.ARCHIVED,
        "Mira": "",
    }


def test_quiet_hours_are_those_of_the_learner(cast, enrol, late):
    change(cast.ben, time_zone="America/Montreal")
    change(cast.otto, time_zone="Indian/Reunion")
    enrol(cast.ben, due_on=YESTERDAY)
    enrol(cast.otto, due_on=YESTERDAY)
    sent = {}
    for half_hour in range(24 * 2):
        moment = dt.datetime(2026, 3, 4, 0, 0, tzinfo=dt.UTC) + half_hour * dt.timedelta(minutes=30)
        plan_nudges(now=moment)
        deliver_all_nudges(now=moment)
        for row in Nudge.objects.delivered():
            sent.setdefault(row.recipient.first_name, f"{moment:%H:%M}")
    assert sent == {"Otto": "05:00", "Ada": "08:00", "Ben": "14:00"}


def test_the_most_important_goes_first_and_the_others_keep_their_distance(cast, catalogue, enrol):
    enrol(cast.ada, due_on=YESTERDAY, starts_on=dt.date(2026, 2, 27))
    enrol(cast.ada, track=catalogue.other_track, due_on=dt.date(2026, 3, 11), starts_on=dt.date(2026, 2, 27))
    assert plan_nudges(now=NOW) == {"overdue": 1, "due_soon": 1, "first_practice": 2, "welcome": 0, "idle": 0}
    said: list[tuple[str, str]] = []
    for step in range(56):  # a week
        moment = NOW + dt.timedelta(hours=3 * step)
        before = set(Nudge.objects.delivered().values_list("pk", flat=True))
        plan_nudges(now=moment)
        deliver_all_nudges(now=moment)
        new = Nudge.objects.delivered().exclude(pk__in=before)
        said += [(f"{moment:%a %H}", row.kind) for row in new]
    # Wednesday at once; 48 hours later the next; the third of the week would be too late to be of use.
    assert said == [("Wed 09", "overdue"), ("Fri 09", "due_soon")]
    assert set(Nudge.objects.filter(kind="first_practice").values_list("drop_reason", flat=True)) == {DropReason.CAPPED}
    assert len(mail.outbox) == 2


def test_an_opt_out_drops_what_waits(cast, late):
    Leave.objects.create(learner=cast.ada, starts_on=TODAY, ends_on=TODAY)
    assert deliver_all_nudges(now=NOW) == {"wait": 1}
    opt_out(learner=cast.ada, kind="overdue", now=NOW)
    assert the_row().drop_reason == DropReason.OPTED_OUT


def test_a_machine_that_was_down_for_days_floods_nobody(cast, catalogue, enrol):
    """Three days without a run: one message a person, the most important; what is too old is not even planned."""
    people = [cast.ada, cast.ben, cast.mira, cast.chloe]
    for learner in people:
        for track, due in ((catalogue.track, dt.date(2026, 2, 26)), (catalogue.other_track, dt.date(2026, 3, 6))):
            enrol(learner, track=track, due_on=due, started_at=NOW, last_activity_at=NOW - 9 * DAY)
    plan_nudges(now=NOW)
    deliver_all_nudges(now=NOW)
    assert sorted(receivers()) == sorted(learner.email for learner in people)
    for hours in range(1, 30, 4):
        plan_nudges(now=NOW + dt.timedelta(hours=hours))
        deliver_all_nudges(now=NOW + dt.timedelta(hours=hours))
    assert len(mail.outbox) == len(people)


def test_the_clock_jumps_three_days_ahead(cast, late):
    assert deliver_all_nudges(now=NOW + 3 * DAY) == {"wait": 1}  # Saturday
    assert deliver_all_nudges(now=NOW + 5 * DAY) == {"sent": 1}  # Monday, the last useful day
    assert deliver_all_nudges(now=NOW - dt.timedelta(hours=2)) == {}


def test_two_workers_share_the_rows(cast, enrol, late):
    enrol(cast.ben, due_on=YESTERDAY)
    plan_nudges(now=NOW)
    mine = deliver._claim(now=NOW, limit=1, only=None)
    theirs = deliver._claim(now=NOW, limit=10, only=None)
    assert {row.recipient_id for row in mine} | {row.recipient_id for row in theirs} == {cast.ada.pk, cast.ben.pk}
    assert not {row.pk for row in mine} & {row.pk for row in theirs}
    assert deliver_nudges(now=NOW) == {}


def test_a_person_in_another_workers_hands_is_left_alone(cast, catalogue, enrol, late):
    enrol(cast.ada, track=catalogue.other_track, due_on=YESTERDAY)
    plan_nudges(now=NOW)
    (held,) = deliver._claim(now=NOW, limit=10, only=None)
    assert deliver_nudges(now=NOW) == {}
    # Both took a row of hers at the very same moment: the second sees it and lets go.
    other = Nudge.objects.undelivered().exclude(pk=held.pk).get()
    Nudge.objects.filter(pk=held.pk).update(claimed_until=None)
    (second,) = deliver._claim(now=NOW, limit=1, only=None) if held.pk > other.pk else [other]
    Nudge.objects.filter(pk=held.pk).update(claimed_until=NOW + dt.timedelta(seconds=60))
    assert deliver.in_other_hands([second], NOW) == {cast.ada.pk}


def test_a_worker_that_died_loses_nobody(cast, late):
    assert len(deliver._claim(now=NOW, limit=10, only=None)) == 1  # and then SIGKILL
    assert deliver_all_nudges(now=NOW + dt.timedelta(seconds=60)) == {}
    assert deliver_all_nudges(now=NOW + dt.timedelta(seconds=121)) == {"sent": 1}
    assert the_row().tries == 1
    assert receivers() == [cast.ada.email]


def test_workers_that_die_again_and_again_use_up_nobodys_tries(cast, late):
    moment = NOW
    for _ in range(20):
        assert len(deliver._claim(now=moment, limit=10, only=None)) == 1
        moment += dt.timedelta(seconds=121)
    assert deliver_all_nudges(now=moment) == {"sent": 1}
    assert (the_row().tries, the_row().drop_reason) == (1, "")


def test_a_worker_that_slept_through_its_lease_sends_nothing_twice(cast, late):
    slow = deliver._claim(now=NOW, limit=10, only=None)
    later = NOW + dt.timedelta(seconds=121)
    assert deliver_all_nudges(now=later) == {"sent": 1}
    assert the_row().sent_at == later
    assert deliver_rows([], compose=lambda row: None, now=NOW) == {}
    deliver.drop(slow, reason=DropReason.EXPIRED, now=NOW)
    assert the_row().dropped_at is None


def test_only_deals_with_some_kinds(cast, enrol, late):
    enrol(cast.ben, due_on=dt.date(2026, 3, 11))
    plan_nudges(now=NOW)
    assert deliver_all_nudges(now=NOW, only=["due_soon"]) == {"sent": 1}
    assert receivers() == [cast.ben.email]


@pytest.mark.parametrize("people", [2, 12])
def test_the_number_of_statements_of_a_batch(people, make_learner, enrol, django_assert_num_queries):
    for _ in range(people):
        learner = make_learner(last_active_at=NOW - 30 * DAY)
        enrol(learner, due_on=YESTERDAY)
    plan_nudges(now=NOW)
    deliver_nudges(now=NOW, limit=0)
    # claim 5, other hands 1, facts 9, next steps 2, the catalogue 6; then one for each mail that is marked as sent
    with django_assert_num_queries(23 + people):
        assert deliver_nudges(now=NOW) == {"sent": people}


def test_every_kind_has_words_for_its_mail(cast, catalogue, enrol):
    """One of each kind, in both languages: subject, first line, one button, why, how to stop; no remote thing, no other link."""
    enrolment = enrol(cast.ada, due_on=dt.date(2026, 3, 11))
    enrolment = Enrolment.objects.select_related("track").get(pk=enrolment.pk)
    step = next_steps_of([cast.ada.pk], now=NOW, today=TODAY)[cast.ada.pk]
    cast.ada.user.set_unusable_password()
    letters: dict[tuple[str, str], Letter] = {}
    for kind, language in product(NudgeKind.values, ("en", "fr")):
        nudge = Nudge(recipient=cast.ada, enrolment=enrolment, kind=kind, occasion="1.2026-03-11.7", message_id="<a@b>")
        with translation.override(language):
            letter = letters[kind, language] = letter_for(nudge, step=step, now=NOW)
        for words in (letter.subject, letter.lead, letter.action, letter.why, *letter.body):
            assert words
            assert not set("%{!") & set(words)
        assert letter.stop_url.startswith("http://127.0.0.1:8000/")
        assert letter.url.startswith("http://127.0.0.1:8000/")
        assert len(letter.subject) <= 120
        cast.ada.language = language
        html = deliver.write_nudge(nudge, step=step, now=NOW).alternatives[0].content
        assert set(re.findall(r"""(?:href|src)=["']([^"']+)""", html)) == {letter.url, letter.stop_url}
        assert max(len(line) for line in html.splitlines()) < 998
    for kind in NudgeKind.values:
        english, french = letters[kind, "en"], letters[kind, "fr"]
        assert len(english.body) == len(french.body)
        for said, dit in zip(
            (english.subject, english.lead, english.action, english.why, *english.body),
            (french.subject, french.lead, french.action, french.why, *french.body),
            strict=True,
        ):
            assert said != dit
