"""Percent, unlocking and the next step, for any input that can occur."""

import datetime as dt
import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lms.progress.rules import (
    Doable,
    Reason,
    TrackAhead,
    is_complete,
    missing_prerequisites,
    next_step,
    next_steps,
    percent,
    unlocked,
)
from tests.conftest import NOW

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


@given(st.integers(0, 400), st.integers(1, 400))
def test_percent_is_rounded_down_and_full_only_when_everything_is_done(done: int, required: int) -> None:
    shown = percent(done, required)
    assert 0 <= shown <= 100
    assert (shown == 100) == (done >= required)
    assert shown * required <= 100 * done


@given(st.integers(0, 400), st.integers(1, 400))
def test_percent_never_falls_when_more_is_done(done: int, required: int) -> None:
    assert percent(done + 1, required) >= percent(done, required)


def test_percent_of_examples() -> None:
    assert [percent(*pair) for pair in [(0, 3), (1, 3), (2, 3), (3, 3), (4, 3), (199, 200), (0, 0), (1, 0), (-1, 3)]] == [
        0, 33, 66, 100, 100, 99, 0, 0, 0,
    ]  # fmt: skip


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_complete_means_all_of_it_and_percent_agrees(done: set[int], required: set[int]) -> None:
    assert is_complete(done, required) == (percent(len(done & required), len(required)) == 100)


def test_a_missing_prerequisite_says_how_far_it_is() -> None:
    found = missing_prerequisites({1: {10, 11}, 2: {20, 21, 22}, 3: set()}, done={10, 11, 20})
    assert [(one.module_id, one.done, one.required) for one in found] == [(2, 1, 3)]
    assert not unlocked({2: {20, 21}}, {20})
    assert unlocked({2: {20, 21}}, {20, 21, 99})
    assert unlocked({}, set())


def track(
    track_id: int, *ahead: Doable, due: dt.date | None = None, last: dt.datetime | None = None, **kwargs: Any
) -> TrackAhead:
    return TrackAhead(track_id, track_id, due, last, ahead, **kwargs)


def chosen(*tracks: TrackAhead) -> list[tuple[int, Reason]]:
    return [(one.activity_id, one.reason) for one in next_steps(tracks, today=TODAY)]


def test_a_mission_under_way_comes_before_a_retry_and_a_late_track() -> None:
    late = track(1, Doable(10), due=TODAY - DAY)
    other = track(
        2,
        Doable(20),
        Doable(21, graded=True, tried=True, opened_at=NOW - 3 * DAY),
        Doable(22, mission=True, opened_at=NOW - 2 * DAY),
    )
    assert chosen(late, other) == [(22, Reason.MISSION_STARTED), (21, Reason.RETRY), (10, Reason.LATE)]


def test_late_then_due_soon_then_later_then_without_a_date() -> None:
    tracks = [
        track(1, Doable(10)),
        track(2, Doable(20), due=TODAY + 30 * DAY),
        track(3, Doable(30), due=TODAY + 2 * DAY),
        track(4, Doable(40), due=TODAY - 2 * DAY),
    ]
    assert chosen(*tracks) == [(40, Reason.LATE), (30, Reason.DUE_SOON), (20, Reason.NEXT)]
    assert chosen(*tracks[:2]) == [(20, Reason.NEXT), (10, Reason.NEXT)]


def test_a_track_due_today_is_not_late() -> None:
    assert chosen(track(1, Doable(10), due=TODAY)) == [(10, Reason.DUE_SOON)]


def test_where_one_stopped_comes_before_the_authors_order() -> None:
    assert chosen(track(1, Doable(10), Doable(11), Doable(12, opened_at=NOW))) == [
        (12, Reason.RESUME),
        (10, Reason.NEXT),
        (11, Reason.LATER),
    ]


def test_equal_tracks_take_turns_and_the_one_left_alone_longest_begins() -> None:
    first = track(1, Doable(10), Doable(11), last=NOW - DAY)
    second = track(2, Doable(20), Doable(21), last=NOW - 9 * DAY)
    assert [activity for activity, _ in chosen(first, second)] == [20, 10, 21]


def test_a_begun_module_is_finished_before_another_track_has_its_turn() -> None:
    begun = track(1, Doable(10), last=NOW, begun=True, place=3)
    other = track(2, Doable(20), last=NOW - 9 * DAY, place=1)
    assert [activity for activity, _ in chosen(begun, other)] == [10, 20]


def test_between_modules_not_begun_the_recommended_path_decides() -> None:
    first = track(1, Doable(10), last=NOW - 9 * DAY, place=4)
    second = track(2, Doable(20), last=NOW, place=2)
    unnamed = track(3, Doable(30), last=NOW - 30 * DAY)
    assert [activity for activity, _ in chosen(first, second, unnamed)] == [20, 10, 30]


def test_a_due_date_comes_before_the_recommended_path() -> None:
    due = track(1, Doable(10), due=TODAY, place=9)
    recommended = track(2, Doable(20), place=0)
    assert [activity for activity, _ in chosen(recommended, due)] == [10, 20]


def test_the_first_step_of_a_track_says_so() -> None:
    assert chosen(track(1, Doable(10), untouched=True)) == [(10, Reason.FIRST)]


def test_locked_and_optional_activities_are_not_suggested() -> None:
    assert (
        chosen(
            track(1, Doable(10, required=False), Doable(11, locked=True), Doable(12, mission=True, opened_at=NOW, locked=True))
        )
        == []
    )


activities = st.builds(
    Doable,
    activity_id=st.integers(0, 10_000),
    mission=st.booleans(),
    graded=st.booleans(),
    required=st.booleans(),
    locked=st.booleans(),
    opened_at=st.none() | st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 3, 4), timezones=st.just(dt.UTC)),
    tried=st.booleans(),
)


@st.composite
def any_tracks(draw: st.DrawFn) -> list[TrackAhead]:
    pool = draw(st.lists(activities, max_size=20, unique_by=lambda one: one.activity_id))
    cuts = sorted(draw(st.lists(st.integers(0, len(pool)), max_size=3)))
    edges = [0, *cuts, len(pool)]
    dates = st.none() | st.dates(dt.date(2026, 2, 1), dt.date(2026, 5, 1))
    moments = st.none() | st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 3, 4), timezones=st.just(dt.UTC))
    return [
        TrackAhead(number, number, draw(dates), draw(moments), tuple(pool[start:end]), draw(st.booleans()))
        for number, (start, end) in enumerate(itertools.pairwise(edges))
    ]


@given(any_tracks())
def test_suggestions_are_few_distinct_free_and_required(tracks: list[TrackAhead]) -> None:
    found = next_steps(tracks, today=TODAY)
    free = {one.activity_id: ahead.track_id for ahead in tracks for one in ahead.ahead if one.required and not one.locked}
    assert len(found) == min(3, len(free))
    assert len({one.activity_id for one in found}) == len(found)
    assert all(free[one.activity_id] == one.track_id for one in found)
    assert next_step(tracks, today=TODAY) == (found[0] if found else None)


@given(any_tracks(), st.randoms())
def test_the_order_in_which_tracks_arrive_changes_nothing(tracks: list[TrackAhead], random: object) -> None:
    mixed = list(tracks)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert next_steps(mixed, today=TODAY) == next_steps(tracks, today=TODAY)


@given(any_tracks())
def test_more_urgent_work_is_never_behind_less_urgent_work(tracks: list[TrackAhead]) -> None:
    due_of = {ahead.track_id: ahead.due_on or dt.date.max for ahead in tracks}
    plain = [
        TrackAhead(a.track_id, a.position, a.due_on, a.last_activity_at, tuple(Doable(one.activity_id) for one in a.ahead[:1]))
        for a in tracks
    ]
    shown = [due_of[one.track_id] for one in next_steps(plain, today=TODAY, limit=10)]
    assert shown == sorted(shown)
