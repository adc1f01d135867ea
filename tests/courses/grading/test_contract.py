"""What holds for every mechanic: bounds, purity, refusals, the best answer and the blind ones."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.grading import MECHANICS, InvalidResponse, best_response, check_key, constant_responses, grade
from tests.courses.grading.samples import NAMES, SAMPLES, entries

every_sample = pytest.mark.parametrize(("mechanic", "payload", "key"), SAMPLES, ids=NAMES)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def mangled(payload: Any, key: Any) -> st.SearchStrategy[Any]:
    """JSON made of the exercise's own words, so that it gets further than nonsense would."""
    words = {
        "selected",
        "confidence",
        "steps",
        "marked",
        "bin_of",
        "order",
        "blocks",
        "text",
        "language",
        "claims",
        "path",
        "fields",
        "id",
        "actor",
    }

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                words.add(name)
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)
        elif isinstance(value, str):
            words.add(value)

    collect(payload)
    collect(key)
    word = st.sampled_from(sorted(words))
    leaf = word | st.none() | st.integers(-3, 120) | st.sampled_from(["12,5", "1e9", ",", "\x00", "\ud800"])
    return st.recursive(leaf, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(word, inner, max_size=6), max_leaves=20)


def test_there_are_nine_mechanics() -> None:
    assert set(MECHANICS) == {"choice", "mark", "sort", "rank", "sequence", "compose", "write", "scenario", "calculate"}
    assert {mechanic for mechanic, _, _ in SAMPLES} == set(MECHANICS)


@every_sample
def test_the_samples_are_sound(mechanic: str, payload: dict, key: dict) -> None:
    assert [(fault.code, fault.path) for fault in check_key(mechanic, payload, key)] == []


@every_sample
def test_the_best_answer_earns_everything(mechanic: str, payload: dict, key: dict) -> None:
    result = grade(mechanic, payload, key, best_response(mechanic, payload, key))
    assert result.score == pytest.approx(1, abs=1e-9)
    assert result.passed


@every_sample
def test_blind_answers_are_valid_and_graded_within_bounds(mechanic: str, payload: dict, key: dict) -> None:
    strategies = constant_responses(mechanic, payload, key)
    assert strategies
    for responses in strategies.values():
        for response in responses:
            result = grade(mechanic, payload, key, response)
            assert 0 <= result.score <= 1
            assert result.passed == (result.score >= 0.7 - 1e-9)


@every_sample
@pytest.mark.parametrize(
    "nonsense", [None, 1, "x", [], {}, {"selected": {}}, {"marked": []}, {"path": [["n1"]]}, {"text": 1, "language": []}]
)
def test_nonsense_is_refused(mechanic: str, payload: dict, key: dict, nonsense: Any) -> None:
    with pytest.raises(InvalidResponse) as refusal:
        grade(mechanic, payload, key, nonsense)
    assert str(refusal.value.problem.message)


@every_sample
def test_an_answer_with_something_more_is_refused(mechanic: str, payload: dict, key: dict) -> None:
    with pytest.raises(InvalidResponse):
        grade(mechanic, payload, key, {**best_response(mechanic, payload, key), "score": 1})


@pytest.mark.parametrize(("mechanic", "payload", "key"), SAMPLES, ids=NAMES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_json_is_graded_or_refused_and_never_crashes(mechanic: str, payload: dict, key: dict, data: st.DataObject) -> None:
    response = data.draw(JSON | mangled(payload, key))
    before = deepcopy((payload, key, response))
    try:
        result = grade(mechanic, payload, key, response)
    except InvalidResponse:
        return
    assert 0 <= result.score <= 1
    assert grade(mechanic, payload, key, response) == result
    assert repr((payload, key, response)) == repr(before)


@pytest.mark.parametrize("mechanic", sorted(MECHANICS))
@settings(max_examples=60, deadline=None)
@given(payload=JSON, key=JSON)
def test_any_json_as_a_key_is_checked_and_never_crashes(mechanic: str, payload: Any, key: Any) -> None:
    for fault in check_key(mechanic, payload, key):
        assert fault.path == () or fault.path[0] in {"payload", "key"}


def test_a_mechanic_that_does_not_exist_is_a_fault_of_the_pack() -> None:
    assert [fault.code for fault in check_key("guess", {}, {})] == ["mechanic"]


@pytest.mark.parametrize(
    ("mechanic", "payload", "key"),
    [
        (
            "sort",
            {"items": entries("a", "b", "c"), "bins": [{"id": "x", "limit": 1}, {"id": "y", "limit": 1}]},
            {"bin_of": {"a": "x", "b": "y", "c": "y"}},
        ),
        ("calculate", {"fields": entries("a")}, {"fields": {"a": {"value": 1e60}}}),
    ],
)
def test_an_exercise_that_no_answer_fits_is_refused_and_does_not_stop_the_check(mechanic: str, payload: dict, key: dict) -> None:
    assert [(fault.code, fault.path) for fault in check_key(mechanic, payload, key)] == [("unreachable", ("key",))]


DEEP: list = []
for _ in range(2000):
    DEEP = [DEEP]
# No exercise asks for any of these, wherever in an answer they stand.
MISPLACED = [True, False, 1.5, -1, float("nan"), float("inf"), 10**400, [[]], [None], [True], {"x": None}, {"": []}, DEEP, b"x"]


def places(value: Any, at: tuple = ()) -> Iterator[tuple]:
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from places(one, (*at, name))


def put(value: Any, at: tuple, new: Any) -> Any:
    if not at:
        return new
    copied = deepcopy(value)
    parent = copied
    for name in at[:-1]:
        parent = parent[name]
    parent[at[-1]] = new
    return copied


@every_sample
def test_a_wrong_type_anywhere_in_an_answer_is_refused(mechanic: str, payload: dict, key: dict) -> None:
    best = best_response(mechanic, payload, key)
    for at in places(best):
        for wrong in MISPLACED:
            with pytest.raises(InvalidResponse):
                grade(mechanic, payload, key, put(best, at, wrong))


@every_sample
def test_a_part_left_out_or_said_twice_or_unknown_is_refused(mechanic: str, payload: dict, key: dict) -> None:
    best = best_response(mechanic, payload, key)
    for name in best:
        with pytest.raises(InvalidResponse):
            grade(mechanic, payload, key, {other: value for other, value in best.items() if other != name})
        value = best[name]
        wrong = [[*value, value[0]], [*value, "x"], [*value, ""]] if isinstance(value, list) else []
        wrong = [{**value, one: None} for one in ("x", "", 5)] if isinstance(value, dict) else wrong
        for other in wrong:
            with pytest.raises(InvalidResponse):
                grade(mechanic, payload, key, {**best, name: other})
