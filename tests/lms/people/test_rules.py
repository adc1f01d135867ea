"""Pure decisions about people, against the plainest way to decide the same."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.rules import company_day, cycles, is_mass_leaving, repeated

PEOPLE = st.sampled_from("ABCDEFG")


def reaches_itself(person: str, managers: dict[str, str]) -> bool:
    above = managers.get(person)
    for _ in managers:
        if above is None or above == person:
            break
        above = managers.get(above)
    return above == person


@given(st.dictionaries(PEOPLE, PEOPLE))
def test_a_loop_holds_exactly_who_reports_to_themself(managers):
    loops = cycles(managers)
    assert sorted(person for loop in loops for person in loop) == sorted(p for p in managers if reaches_itself(p, managers))
    for loop in loops:
        assert loop[0] == min(loop)
        assert [managers[person] for person in loop] == [*loop[1:], loop[0]]


@given(st.lists(st.sampled_from(["", "a", "b", "c"])))
def test_repeated_names_every_later_line_and_the_first(values):
    lines = list(enumerate(values, start=2))
    assert repeated(lines) == [
        (line, value, next(n for n, v in lines if v == value)) for line, value in lines if value and value in values[: line - 2]
    ]


@pytest.mark.parametrize(
    ("leaving", "working", "expected"), [(0, 0, False), (5, 100, False), (6, 100, True), (1, 20, False), (1, 19, True)]
)
def test_more_than_five_in_a_hundred_is_many(leaving, working, expected):
    assert is_mass_leaving(leaving, working) is expected


def test_the_day_of_the_company_is_not_the_servers():
    assert company_day(dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC)) == dt.date(2026, 3, 5)
