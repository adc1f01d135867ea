import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import InvalidResponse, check_key, grade
from tests.courses.grading.samples import CLEAN, KINDS, MARK, entries

SEGMENTS = [f"s{number}" for number in range(1, 13)]


def score(sample: tuple[dict, dict], marked: dict[str, str | None]) -> float:
    return grade("mark", *sample, {"marked": marked}).score


@pytest.mark.parametrize(
    ("marked", "expected"),
    [((1, 4, 7), 1), ((1, 4), 0.848), ((1,), 0.444), ((1, 4, 7, 2), 0.762), (range(1, 13), 0), ((), 0)],
)
def test_golden(marked: object, expected: float) -> None:
    assert score(MARK, {f"s{number}": None for number in marked}) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(("count", "expected"), [(0, 1), (1, 0.66), (2, 0.32), (3, 0)])
def test_a_text_without_fault(count: int, expected: float) -> None:
    assert score(CLEAN, dict.fromkeys(["s1", "s2", "s3"][:count])) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ({"s1": "fabricated", "s4": "outdated"}, 1),
        ({"s1": "fabricated", "s4": None}, 0.9),
        ({"s1": "outdated", "s4": "fabricated"}, 0.8),
        ({"s2": "fabricated"}, 0),
        ({}, 0),
    ],
)
def test_kinds_count_a_fifth(marked: dict, expected: float) -> None:
    assert score(KINDS, marked) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("marked", [{"s99": None}, {"s1": "fabricated"}, {"s1": 1}, ["s1"], None])
def test_what_does_not_fit_is_refused(marked: object) -> None:
    with pytest.raises(InvalidResponse):
        grade("mark", *MARK, {"marked": marked})


def test_verdicts() -> None:
    result = grade("mark", *KINDS, {"marked": {"s1": "outdated", "s2": None}})
    assert [(part.id, part.verdict) for part in result.parts] == [("s1", "partly"), ("s2", "extra"), ("s4", "missed")]


@given(marked=st.sets(st.sampled_from(SEGMENTS)))
def test_one_more_hit_never_costs_and_one_more_false_alarm_never_pays(marked: set[str]) -> None:
    assert score(MARK, dict.fromkeys(marked | {"s4"})) >= score(MARK, dict.fromkeys(marked - {"s4"})) - 1e-12
    assert score(MARK, dict.fromkeys(marked | {"s2"})) <= score(MARK, dict.fromkeys(marked - {"s2"})) + 1e-12
    assert score(MARK, dict.fromkeys(sorted(marked))) == score(MARK, dict.fromkeys(sorted(marked, reverse=True)))


def test_a_text_where_nearly_everything_is_faulty_is_refused() -> None:
    # b is the F1 of marking everything: 2·(3/7)/(1 + 3/7) = 0.6 for three of seven, which is still taken.
    faults = {"s1": {}, "s2": {}, "s3": {}}
    assert check_key("mark", {"segments": entries(*SEGMENTS[:7])}, {"faults": faults}) == []
    found = check_key("mark", {"segments": entries(*SEGMENTS[:6])}, {"faults": faults})
    assert [(fault.code, fault.path) for fault in found] == [("too-many-faults", ("key", "faults"))]


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        ({"s99": {"kind": "outdated"}}, "unknown-id"),
        ({"s1": {}}, "kind"),
        ({"s1": {"kind": "invented"}}, "kind"),
        ({"s1": {"weight": 0}}, "range"),
    ],
)
def test_faults_of_keys(faults: dict, code: str) -> None:
    assert [fault.code for fault in check_key("mark", KINDS[0], {"faults": faults})] == [code]
