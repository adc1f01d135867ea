import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import InvalidResponse, check_key, grade
from tests.courses.grading.samples import COMPOSE, changed

PAYLOAD, KEY = COMPOSE
IDS = [block["id"] for block in PAYLOAD["blocks"]]


def score(*blocks: str) -> float:
    return grade("compose", PAYLOAD, KEY, {"blocks": list(blocks)}).score


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (("goal", "context"), 1),
        (("goal",), 0.75),
        (("goal-weak", "context"), 2.5 / 4),
        (("goal", "leak"), 0.75 - 0.25),
        (("goal", "context", "leak"), 0.75),
        (("goal", "context", "goal-weak", "goal-two"), 1),
        (("goal", "context", "goal-weak", "goal-two", "goal-three"), 0.9),
        (("goal", "context", "goal-weak", "goal-two", "goal-three", "context-none"), 0.8),
        # an extra is counted in its slot, even if it is all that the slot has
        (("goal", "context-none"), 0.75),
        (("leak",), 0),
        ((), 0),
    ],
)
def test_score(blocks: tuple[str, ...], expected: float) -> None:
    assert score(*blocks) == pytest.approx(expected, abs=1e-9)


def test_a_slot_that_nothing_serves_is_reckoned_all_the_same() -> None:
    # Publishing refuses such a key; the formula says what an answer earns all the same.
    key = changed(KEY, blocks={**KEY["blocks"], "context": {"slot": "context", "quality": 0.5}})
    result = grade("compose", PAYLOAD, key, {"blocks": ["goal", "context"]})
    assert result.score == pytest.approx(3.5 / 4, abs=1e-9)
    assert [(part.id, part.verdict) for part in result.parts] == [("goal", "right"), ("context", "partly")]


def test_parts_show_what_would_have_served() -> None:
    result = grade("compose", PAYLOAD, KEY, {"blocks": ["goal-weak", "leak"]})
    assert [(part.id, part.verdict) for part in result.parts] == [
        ("goal", "missed"),
        ("goal-weak", "partly"),
        ("context", "missed"),
        ("leak", "harm"),
    ]


@pytest.mark.parametrize("blocks", [["goal", "goal"], ["nothing"], [1], "goal", None])
def test_what_does_not_fit_is_refused(blocks: object) -> None:
    with pytest.raises(InvalidResponse):
        grade("compose", PAYLOAD, KEY, {"blocks": blocks})


@given(st.sets(st.sampled_from(IDS)))
def test_order_plays_no_part_and_harm_never_pays(blocks: set[str]) -> None:
    assert score(*sorted(blocks)) == score(*sorted(blocks, reverse=True))
    assert score(*(blocks | {"leak"})) <= score(*(blocks - {"leak"}))


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ({"slot": "goal", "quality": 0.7}, "quality"),
        ({"slot": "style", "quality": 1}, "slot"),
        ({"slot": "goal", "quality": 0.5}, "slot-unserved"),
        ({"slot": "goal", "quality": 1, "harm": True}, "slot-unserved"),
    ],
)
def test_faults_of_keys(block: dict, code: str) -> None:
    key = changed(KEY, blocks={**KEY["blocks"], "goal": block})
    assert code in [fault.code for fault in check_key("compose", PAYLOAD, key)]


def test_every_block_is_spoken_of() -> None:
    blocks = {one: block for one, block in KEY["blocks"].items() if one != "goal-two"}
    assert [fault.code for fault in check_key("compose", PAYLOAD, changed(KEY, blocks=blocks))] == ["missing-id"]
