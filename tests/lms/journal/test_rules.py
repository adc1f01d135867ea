"""What evidence still lacks, the seven marks, the words of a search."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.journal.rules import EVIDENCE, marks, missing_fields, search_words, week_of
from lms.models import JournalEntry

COMPLETE = {
    "task": "Recap", "tool_class": "approved", "data_colour": "green", "checked": "Names", "outcome": "edited",
    "minutes_before": "from_30", "minutes_after": "from_5", "lesson": "Say who reads it.",
}  # fmt: skip


def test_evidence_is_these_eight() -> None:
    assert set(EVIDENCE) == set(COMPLETE)
    assert missing_fields(COMPLETE) == []
    assert missing_fields(JournalEntry(**COMPLETE)) == []


@pytest.mark.parametrize("name", EVIDENCE)
def test_each_of_them_is_needed(name: str) -> None:
    for empty in ("", "   ", None):
        assert missing_fields({**COMPLETE, name: empty}) == [name]
    assert missing_fields({key: value for key, value in COMPLETE.items() if key != name}) == [name]


def test_what_was_asked_is_optional() -> None:
    assert missing_fields({**COMPLETE, "asked": ""}) == []


@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.sets(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), max_size=5)
)
def test_a_week_has_seven_marks_from_monday(today: dt.date, logged: set[dt.date]) -> None:
    found = marks(logged | {today}, today=today, weekdays={0, 1, 2, 3, 4})
    assert [mark.day.weekday() for mark in found] == list(range(7))
    assert [mark.day for mark in found if mark.today] == [today]
    assert {mark.day for mark in found if mark.logged} == {
        day for day in logged | {today} if week_of(today)[0] <= day <= week_of(today)[1]
    }
    assert [mark.works for mark in found] == [True] * 5 + [False] * 2
    assert all(mark.ahead == (mark.day > today) for mark in found)


def test_search_words_are_few_and_clean() -> None:
    assert search_words("  two\x00words ") == ["two", "words"]
    assert len(search_words("a " * 50)) == 8
    assert search_words("") == []
