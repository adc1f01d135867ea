"""The footbridge: what is reached, where one stands, and lines that meet."""

import re

import pytest

from lms.views.bridge import HEIGHT, bridge_of, draw_bridge


def numbers(path: str) -> list[float]:
    return [float(one) for one in re.findall(r"-?\d+\.?\d*", path)]


def test_nothing_to_cross_without_a_track() -> None:
    assert draw_bridge([]) is None


def test_a_bridge_before_the_first_step() -> None:
    bridge = bridge_of([("a", 0, 4), ("b", 0, 5)])
    assert [(pier.state, pier.percent, pier.rising) for pier in bridge.piers] == [("here", 0, ""), ("ahead", 0, "")]
    assert (bridge.deck_walked, bridge.posts, bridge.reached) == ("", "", 0)
    assert bridge.here.name == "a"


def test_a_bridge_half_way() -> None:
    bridge = bridge_of([("a", 4, 4), ("b", 1, 5), ("c", 0, 3)])
    assert [(pier.name, pier.state, pier.percent) for pier in bridge.piers] == [
        ("a", "reached", 100),
        ("b", "here", 20),
        ("c", "ahead", 0),
    ]
    # The lit part ends where the dotted one begins.
    assert numbers(bridge.deck_walked)[-2:] == numbers(bridge.deck_ahead)[:2]
    assert numbers(bridge.rail_walked)[-2:] == numbers(bridge.rail_ahead)[:2]
    # One pier and a fifth out of four spans.
    whole = numbers(bridge_of([("a", 1, 1)]).deck_walked)
    assert whole[0] < numbers(bridge.deck_walked)[-2] < whole[-2]


def test_what_was_walked_first_stands_first() -> None:
    assert [pier.name for pier in bridge_of([("a", 0, 4), ("b", 5, 5), ("c", 2, 3)]).piers] == ["b", "c", "a"]


def test_the_other_side() -> None:
    bridge = bridge_of([("a", 4, 4), ("b", 5, 5)])
    assert (bridge.finished, bridge.here, bridge.deck_ahead, bridge.rail_ahead) == (True, None, "", "")


@pytest.mark.parametrize("done", range(6))
def test_a_pier_rises_from_the_water_with_what_is_done(done: int) -> None:
    pier = bridge_of([("a", done, 5)]).piers[0]
    if not done:
        assert pier.rising == ""
        return
    top = numbers(pier.rising)[1]
    assert top == pytest.approx(HEIGHT - (HEIGHT - numbers(pier.outline)[1]) * done / 5, abs=0.1)


@pytest.mark.parametrize("count", range(1, 8))
def test_a_pier_stands_in_the_middle_of_its_part_as_its_name_does(count: int) -> None:
    spans = [(str(number), 0, 1) for number in range(count)]
    whole = numbers(bridge_of([("a", 1, 1)]).deck_walked)
    part = (whole[-2] - whole[0]) / count
    for number, pier in enumerate(bridge_of(spans).piers):
        left, _top, right = numbers(pier.outline)[:3]
        assert (left + right) / 2 == pytest.approx(whole[0] + (number + 0.5) * part, abs=3)


def test_who_has_done_so_many_stands_at_that_pier() -> None:
    bridge = bridge_of([("a", 4, 4), ("b", 5, 5), ("c", 0, 3)])
    left, _top, right = numbers(bridge.piers[1].outline)[:3]
    assert numbers(bridge.deck_walked)[-2] == pytest.approx((left + right) / 2, abs=0.1)
