import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import InvalidResponse, check_key, grade
from courses.grading.calculate import read_number
from tests.courses.grading.samples import CALCULATE

PAYLOAD = {"fields": [{"id": "hours", "unit": "h"}]}
KEY = {"fields": {"hours": {"value": 13.9}}}


def result(text: str, **key: float):
    return grade("calculate", PAYLOAD, {"fields": {"hours": {"value": 13.9, **key}}}, {"fields": {"hours": text}})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13,9", 1),
        ("13.9", 1),
        ("14.595", 1),
        ("14.6", 0.5),
        ("13.205", 1),
        ("15.985", 0.5),
        ("11.815", 0.5),
        ("16", 0),
        ("0", 0),
        ("-13.9", 0),
    ],
)
def test_tolerances_are_relative_and_their_edges_are_inside(text: str, expected: float) -> None:
    assert result(text).score == expected


@pytest.mark.parametrize("text", ["139", "1,39", "1390", "13 900", "834", "0.2317", "0,0139"])
def test_the_right_figure_in_another_unit_is_told(text: str) -> None:
    found = result(text)
    assert (found.score, found.feedback, found.parts[0].feedback) == (0, ["unit"], "unit")


def test_a_figure_that_is_simply_wrong_has_its_own_feedback() -> None:
    found = result("50")
    assert (found.feedback, found.parts[0].feedback) == ([], "hours")


def test_zero_compares_absolutely() -> None:
    zero = {"value": 0, "full": 0.5, "half": 0.9}
    assert [result(text, **zero).score for text in ("0", "0.5", "-0,5", "0.9", "0.91")] == [1, 1, 1, 0.5, 0]


def test_weights() -> None:
    assert grade("calculate", *CALCULATE, {"fields": {"hours": "20", "gain": "0"}}).score == 0.75


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("38,722", 38.722),
        ("38.722", 38.722),
        ("1 842", 1842),
        ("1\u202f842,5", 1842.5),
        ("1\u00a0842", 1842),
        ("1,842.5", 1842.5),
        ("1.842,5", 1842.5),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("1.234.567,89", 1234567.89),
        ("+5", 5),
        ("-5", -5),
        ("\u22125", -5),
        ("- 5", -5),
        (".5", 0.5),
        ("5,", 5),
        ("007", 7),
    ],
)
def test_numbers_in_english_and_french(text: str, number: float) -> None:
    assert read_number(text) == pytest.approx(number, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["", " ", "-", ",", ".", "1e5", "0x10", "13,9 h", "5 %", "1.2.3", "12.11.2026", "1,234.567.890", "--5", "5-", "٣", "inf", "nan", "1" * 41]
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidResponse) as refusal:
        read_number(text, "fields.hours")
    assert refusal.value.problem.where == "fields.hours"


@pytest.mark.parametrize("fields", [{}, {"hours": 13.9}, {"hours": None}, {"hours": "1", "days": "2"}, []])
def test_every_field_is_filled_with_a_text(fields: object) -> None:
    with pytest.raises(InvalidResponse):
        grade("calculate", PAYLOAD, KEY, {"fields": fields})


@given(st.floats(-1e9, 1e9))
def test_nearer_is_never_worse(number: float) -> None:
    nearer = (number + 13.9) / 2
    assert result(f"{nearer:.6f}").score >= result(f"{number:.6f}").score


@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_both_writings_say_the_same(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02d}"
    french = english.replace(",", "\u202f").replace(".", ",")
    assert read_number(english) == read_number(french)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ({"value": 1, "full": 0.2}, "tolerance"),
        ({"value": 1, "half": 1}, "range"),
        ({"value": "1"}, "type"),
        ({"value": float("inf")}, "type"),
        ({}, "missing"),
    ],
)
def test_faults_of_keys(field: dict, code: str) -> None:
    assert [fault.code for fault in check_key("calculate", PAYLOAD, {"fields": {"hours": field}})] == [code]
