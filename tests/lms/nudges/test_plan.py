"""Planning: set-based, and equal to what a plain walk over the people says."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lms.calendar.queries import calendars_of
from lms.calendar.rules import WorkCalendar
from lms.enums import NudgeKind
from lms.models import Enrolment, Learner, NonWorkingDay, Nudge, Site
from lms.nudges.catalogue import CATALOGUE, Anchor
from lms.nudges.occasions import anchor_date, occasion_of
from lms.nudges.plan import plan_nudges

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 4)
NONE = {kind.value: 0 for kind in NudgeKind}


def day(offset: int) -> dt.date:
    return TODAY + dt.timedelta(days=offset)


def planned() -> set[tuple[int, str, str]]:
    return set(Nudge.objects.values_list("recipient_id", "kind", "occasion"))


def test_each_line_of_the_catalogue_plans_its_case(cast, catalogue, enrol):
    long_ago = NOW - dt.timedelta(days=100)
    welcome = enrol(cast.ada, starts_on=TODAY)
    Learner.objects.exclude(pk=cast.ada.pk).update(last_active_at=long_ago)
    first = enrol(cast.ben, starts_on=dt.date(2026, 2, 27))  # Friday; three working days later is Wednesday
    idle = enrol(cast.mira, started_at=long_ago, last_activity_at=NOW - dt.timedelta(days=7))
    soon = enrol(cast.chloe, due_on=dt.date(2026, 3, 11), started_at=long_ago)
    late = enrol(cast.otto, due_on=dt.date(2026, 3, 3), started_at=long_ago)
    later = enrol(cast.omar, due_on=dt.date(2026, 2, 23), started_at=long_ago)
    assert plan_nudges(now=NOW) == {"welcome": 1, "first_practice": 1, "idle": 1, "due_soon": 1, "overdue": 2}
    assert planned() == {
        (cast.ada.pk, "welcome", "once"),
        (cast.ben.pk, "first_practice", f"{first.pk}.2026-02-27"),
        (cast.mira.pk, "idle", "2026-02-25"),
        (cast.chloe.pk, "due_soon", f"{soon.pk}.2026-03-11"),
        (cast.otto.pk, "overdue", f"{late.pk}.2026-03-03.1"),
        (cast.omar.pk, "overdue", f"{later.pk}.2026-02-23.7"),
    }
    row = Nudge.objects.get(recipient=cast.otto)
    assert (row.priority, row.enrolment, row.planned_at) == (1, late, NOW)
    # Due on Tuesday, so from Wednesday nine o'clock in Paris until three working days later.
    assert (row.send_after, row.expires_on) == (dt.datetime(2026, 3, 4, 8, 0, tzinfo=dt.UTC), dt.date(2026, 3, 9))
    assert row.message_id == f"<overdue.{cast.otto.pk}.{row.occasion}@127.0.0.1>"
    assert {welcome.pk, idle.pk} <= set(Nudge.objects.values_list("enrolment_id", flat=True))


def test_twice_is_once_and_a_dry_run_is_never(cast, enrol, active):
    enrol(cast.ada, due_on=dt.date(2026, 3, 3))
    assert plan_nudges(now=NOW, dry_run=True) == {**NONE, "overdue": 1}
    assert planned() == set()
    assert plan_nudges(now=NOW) == {**NONE, "overdue": 1}
    assert plan_nudges(now=NOW) == NONE
    assert plan_nudges(now=NOW + dt.timedelta(days=1)) == NONE


def test_only_names_kinds(cast, enrol, active):
    enrol(cast.ada, due_on=dt.date(2026, 3, 3))
    assert plan_nudges(now=NOW, only=["idle"]) == {"idle": 0}
    assert plan_nudges(now=NOW, only=["overdue", "idle"]) == {"idle": 0, "overdue": 1}


def test_a_first_run_after_years_brings_no_flood(cast, enrol, catalogue):
    for offset in (-800, -300, -60, -30, -20):
        Enrolment.objects.all().delete()
        enrol(cast.ada, starts_on=day(offset), due_on=day(offset + 5))
        enrol(cast.ben, starts_on=day(offset), started_at=NOW, last_activity_at=NOW + dt.timedelta(days=offset))
        assert plan_nudges(now=NOW) == NONE


@pytest.mark.parametrize(
    "state",
    [
        {"completed_at": NOW},
        {"archived_at": NOW},
        {"starts_on": day(1)},
    ],
)
def test_nothing_for_the_completed_the_archived_and_what_has_not_begun(cast, enrol, active, state):
    enrol(cast.ada, **{"due_on": dt.date(2026, 3, 11), **state})
    assert plan_nudges(now=NOW) == NONE


def test_nothing_for_those_who_left(cast, enrol, active):
    enrol(cast.ada, due_on=dt.date(2026, 3, 3))
    cast.ada.left_on = TODAY
    cast.ada.save()
    assert plan_nudges(now=NOW) == NONE


def test_several_tracks_of_one_person_welcome_once_and_call_idle_once(cast, catalogue, enrol):
    enrol(cast.ada, starts_on=TODAY)
    enrol(cast.ada, track=catalogue.other_track, starts_on=day(-1))
    for track in (catalogue.track, catalogue.other_track):
        enrol(cast.ben, track=track, started_at=NOW, last_activity_at=NOW - dt.timedelta(days=7))
    assert plan_nudges(now=NOW) == {**NONE, "welcome": 1, "idle": 1}


def test_who_is_active_in_one_track_is_not_idle_in_another(cast, catalogue, enrol, active):
    enrol(cast.ada, started_at=NOW, last_activity_at=NOW - dt.timedelta(days=7))
    enrol(cast.ada, track=catalogue.other_track, started_at=NOW, last_activity_at=NOW, completed_at=NOW)
    assert plan_nudges(now=NOW) == NONE


def test_a_date_that_moves_is_another_occasion(cast, enrol, active):
    enrolment = enrol(cast.ada, due_on=dt.date(2026, 3, 11))
    plan_nudges(now=NOW)
    enrolment.due_on = dt.date(2026, 3, 12)
    enrolment.save()
    assert plan_nudges(now=NOW + dt.timedelta(days=1)) == {**NONE, "due_soon": 1}


def test_days_are_those_of_the_zone_and_of_the_site(cast, enrol, active, make_learner):
    brussels = Site.objects.create(name="Bruxelles", country="BE")
    NonWorkingDay.objects.create(site=brussels, date=TODAY, name="Local holiday")
    here = make_learner("Here", site=cast.site)
    holiday = make_learner("Holiday", site=brussels)
    # 21:00 on Tuesday in Honolulu
    early = make_learner("Early", time_zone="Pacific/Honolulu")
    part_time = make_learner("Part", working_days="04", site=cast.site)
    Learner.objects.update(last_active_at=NOW - dt.timedelta(days=100))
    for learner in (here, holiday, early, part_time):
        enrol(learner, due_on=dt.date(2026, 3, 3))
    moment = dt.datetime(2026, 3, 4, 7, 0, tzinfo=dt.UTC)
    plan_nudges(now=moment)
    assert set(Nudge.objects.values_list("recipient_id", flat=True)) == {here.pk}
    plan_nudges(now=moment + dt.timedelta(days=1))
    assert dict(Nudge.objects.values_list("recipient__first_name", "send_after")) == {
        "Here": dt.datetime(2026, 3, 4, 8, 0, tzinfo=dt.UTC),
        "Holiday": dt.datetime(2026, 3, 5, 8, 0, tzinfo=dt.UTC),
        "Early": dt.datetime(2026, 3, 4, 19, 0, tzinfo=dt.UTC),
    }
    plan_nudges(now=moment + dt.timedelta(days=2))
    assert Nudge.objects.get(recipient=part_time).send_after == dt.datetime(2026, 3, 6, 8, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("people", [1, 30])
def test_the_number_of_statements_does_not_depend_on_the_people(people, make_learner, enrol, django_assert_num_queries):
    for _ in range(people):
        enrol(make_learner(), due_on=dt.date(2026, 3, 3), starts_on=TODAY)
    # groups; savepoint, one statement per line of the catalogue, release; PostgreSQL takes a lock besides
    with django_assert_num_queries(1 + 2 + len(CATALOGUE) + (connection.vendor == "postgresql")):
        plan_nudges(now=NOW)
    assert Nudge.objects.filter(kind="overdue").count() == people


def walk(now: dt.datetime) -> set[tuple[int, str, str]]:
    """The oracle: person by person, line by line, with the calendar that delivery uses (leave aside)."""
    calendars = calendars_of(set(Learner.objects.values_list("pk", flat=True)), around=now.date())
    wanted = set()
    for enrolment in Enrolment.objects.select_related("learner"):
        learner = enrolment.learner
        calendar: WorkCalendar = calendars[learner.pk].without_leave()
        today = calendar.today(now)
        if learner.has_left(today) or enrolment.completed_at or enrolment.archived_at or enrolment.starts_on > today:
            continue
        for entry in CATALOGUE:
            anchor = anchor_date(entry, enrolment, calendar.zone)
            if anchor is None:
                continue
            if entry.anchor == Anchor.START and enrolment.started_at:
                continue
            if entry.kind == NudgeKind.WELCOME and learner.last_active_at:
                continue
            if entry.kind == NudgeKind.IDLE:
                others = learner.enrolments.filter(last_activity_at__gt=enrolment.last_activity_at)
                latest = learner.last_active_at
                if others.exists() or (latest and latest >= enrolment.last_activity_at + dt.timedelta(days=1)):
                    continue
            sending = entry.sending_day(anchor, calendar)
            if sending <= today <= entry.last_day(sending, calendar):
                wanted.add((learner.pk, entry.kind.value, occasion_of(entry, enrolment, calendar.zone)))
    return wanted


zones = st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Montreal", "Pacific/Auckland", "Pacific/Honolulu"])
offsets = st.integers(-25, 25)
person = st.fixed_dictionaries(
    {
        "time_zone": zones,
        "working_days": st.sampled_from(["01234", "0123", "12345", "3"]),
        "site": st.sampled_from(["lyon", "none", "holidays"]),
        "left": st.sampled_from([None, None, None, -1, 0, 1]),
        "active": st.sampled_from([None, None, -200.0, -6.5]),
        "starts": st.integers(-20, 2),
        "due": st.none() | offsets,
        "last": st.none() | st.floats(-12, 0),
        "done": st.sampled_from([None, None, None, "completed_at", "archived_at"]),
    }
)
# Nights of both clock changes, the end of a month, a leap day, Friday evening, midnight in Paris.
moments = st.sampled_from(
    [
        dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 29, 22, 30, tzinfo=dt.UTC),
        dt.datetime(2026, 10, 25, 1, 0, tzinfo=dt.UTC),
        dt.datetime(2028, 2, 29, 12, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 7, 31, 22, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC),
    ]
)


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failure here is small enough as it is
)
@given(people=st.lists(person, min_size=1, max_size=8), now=moments)
def test_the_statements_agree_with_a_walk_over_the_people(people, now, cast, catalogue, make_learner):
    Nudge.objects.all().delete()
    Enrolment.objects.all().delete()
    crowded, _made = Site.objects.get_or_create(name="Crowded", country="BE")
    crowded.non_working_days.all().delete()
    for offset in (-7, -2, 0, 1, 8):
        NonWorkingDay.objects.create(site=crowded, date=now.date() + dt.timedelta(days=offset), name="Day")
    sites = {"lyon": cast.site, "none": None, "holidays": crowded}
    for given_ in people:
        learner = make_learner(
            time_zone=given_["time_zone"],
            working_days=given_["working_days"],
            site=sites[given_["site"]],
            left_on=None if given_["left"] is None else now.date() + dt.timedelta(days=given_["left"]),
            last_active_at=None if given_["active"] is None else now + dt.timedelta(days=given_["active"]),
        )
        last = None if given_["last"] is None else now + dt.timedelta(days=given_["last"])
        for track, shift in ((catalogue.track, 0), (catalogue.other_track, 1)):
            Enrolment.objects.create(
                learner=learner,
                track=track,
                enrolled_at=now,
                starts_on=now.date() + dt.timedelta(days=given_["starts"]),
                due_on=None if given_["due"] is None else now.date() + dt.timedelta(days=given_["due"] + shift),
                started_at=last,
                last_activity_at=last and last - dt.timedelta(hours=5 * shift),
                **({given_["done"]: now} if given_["done"] and not shift else {}),
            )
    plan_nudges(now=now)
    assert planned() == walk(now)
    for row in Nudge.objects.select_related("recipient"):
        zone = ZoneInfo(row.recipient.time_zone)
        assert row.send_after.astimezone(zone).date() <= now.astimezone(zone).date() <= row.expires_on
        assert row.send_after.astimezone(zone).time() == dt.time(9, 0)
