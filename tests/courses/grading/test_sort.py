import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import InvalidResponse, best_response, check_key, grade
from tests.courses.grading.samples import ORDERED, TRIAGE, changed, entries


def triage(**moved: str) -> float:
    placed = {**best_response("sort", *TRIAGE)["bin_of"], **moved}
    return grade("sort", *TRIAGE, {"bin_of": placed}).score


def test_golden() -> None:
    assert triage() == 1
    assert triage(i0="skip") == pytest.approx(0.4, abs=1e-9)
    assert triage(i5="verify") == pytest.approx(0.8, abs=1e-9)
    assert triage(**{f"i{number}": "verify" for number in range(10)}) == 0
    assert triage(i9="skip") == triage(i9="verify") == 1


def test_ordered_bins_cost_by_distance() -> None:
    # Everything in "mid" costs 0.5 + 0.5 = 1, the least of the three; so one step away costs half.
    placed = {"a": "mid", "b": "mid", "c": "high", "d": "high"}
    assert grade("sort", *ORDERED, {"bin_of": placed}).score == pytest.approx(0, abs=1e-9)
    placed = {"a": "low", "b": "low", "c": "mid", "d": "high"}
    assert grade("sort", *ORDERED, {"bin_of": placed}).score == pytest.approx(0.5, abs=1e-9)


def test_without_order_or_matrix_each_mistake_costs_one() -> None:
    payload = {"items": entries("a", "b", "c", "d"), "bins": entries("x", "y"), "ordered": False}
    key = {"bin_of": {"a": "x", "b": "x", "c": "y", "d": "y"}}
    assert grade("sort", payload, key, {"bin_of": {"a": "y", "b": "x", "c": "y", "d": "y"}}).score == 0.5


def test_a_cost_left_out_of_the_matrix_is_one_and_the_right_bin_is_free() -> None:
    payload = {"items": entries("a", "b"), "bins": entries("x", "y"), "ordered": False}
    key = {"bin_of": {"a": "x", "b": "y"}, "cost": {"x": {"x": 5, "y": 0.5}}}
    # Everything in y costs 0.5, in x costs 1: B is 0.5.
    assert grade("sort", payload, key, {"bin_of": {"a": "x", "b": "y"}}).score == 1
    assert grade("sort", payload, key, {"bin_of": {"a": "y", "b": "y"}}).score == 0


@pytest.mark.parametrize(
    "placed",
    [
        {},
        {"a": "low", "b": "mid", "c": "mid"},
        {"a": "low", "b": "mid", "c": "mid", "d": "nowhere"},
        {"a": "low", "b": "mid", "c": "mid", "d": "mid"},
        {"a": "low", "b": "mid", "c": "mid", "d": ["high"]},
        {"a": "low", "b": "mid", "c": "mid", "d": "high", "e": "low"},
    ],
)
def test_every_card_has_one_place_within_the_limits(placed: dict) -> None:
    with pytest.raises(InvalidResponse):
        grade("sort", *ORDERED, {"bin_of": placed})


@given(st.fixed_dictionaries({f"i{number}": st.sampled_from(["verify", "skip"]) for number in range(10)}))
def test_putting_one_more_card_right_never_costs(placed: dict[str, str]) -> None:
    best = best_response("sort", *TRIAGE)["bin_of"]
    before = grade("sort", *TRIAGE, {"bin_of": placed}).score
    for one in placed:
        assert grade("sort", *TRIAGE, {"bin_of": {**placed, one: best[one]}}).score >= before - 1e-12
    assert grade("sort", *TRIAGE, {"bin_of": dict(reversed(placed.items()))}).score == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bin_of": {"a": "low", "b": "low", "c": "low", "d": "low"}}, "one-bin"),
        ({"bin_of": {"a": "low", "b": "mid", "c": "mid"}}, "missing-id"),
        ({"bin_of": {"a": "low", "b": "mid", "c": "mid", "d": "elsewhere"}}, "bin"),
        ({"bin_of": {"a": "low", "b": "mid", "c": "mid", "d": "mid"}}, "unreachable"),
        ({"cost": {"low": {"mid": -1}}}, "range"),
        ({"cost": {"elsewhere": {"mid": 1}}}, "unknown-id"),
        ({"cost": {"low": {"elsewhere": 1}}}, "unknown-id"),
    ],
)
def test_faults_of_keys(changes: dict, code: str) -> None:
    assert code in [fault.code for fault in check_key("sort", ORDERED[0], changed(ORDERED[1], **changes))]


def test_a_true_bin_that_is_not_offered_needs_a_complete_row() -> None:
    key = changed(TRIAGE[1], cost={**TRIAGE[1]["cost"], "must": {"skip": 3}})
    assert "bin" in [fault.code for fault in check_key("sort", TRIAGE[0], key)]
