from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import InvalidResponse, check_key, grade
from tests.courses.grading.samples import RANK


def score(order: str | list[str]) -> float:
    return grade("rank", *RANK, {"order": list(order)}).score


@pytest.mark.parametrize(("order", "expected"), [("abcde", 1), ("bacde", 1), ("edcba", 0), ("acbde", 0.875)])
def test_golden(order: str, expected: float) -> None:
    assert score(order) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("order", ["abcd", "abcdd", "abcdz", "", "abcdea"])
def test_every_card_stands_once(order: str) -> None:
    with pytest.raises(InvalidResponse):
        score(order)


@given(st.permutations("abcde"), st.integers(0, 3))
def test_mending_a_wrong_neighbour_never_costs(order: list[str], at: int) -> None:
    tiers = RANK[1]["tier_of"]
    mended = list(order)
    if tiers[order[at]] < tiers[order[at + 1]]:
        mended[at], mended[at + 1] = mended[at + 1], mended[at]
    assert score(mended) >= score(order) - 1e-12


def test_chance_earns_little() -> None:
    scores = [score(list(order)) for order in permutations("abcde")]
    assert sum(scores) / len(scores) < 0.35


@pytest.mark.parametrize(
    ("tiers", "code"), [({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, "one-tier"), ({"a": 1, "b": 2}, "missing-id")]
)
def test_faults_of_keys(tiers: dict, code: str) -> None:
    assert code in [fault.code for fault in check_key("rank", RANK[0], {"tier_of": tiers})]
