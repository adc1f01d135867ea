"""Small words of the pages: dates, minutes, shares, initials."""

import datetime as dt

import pytest
from django.utils import translation

from lms.templatetags.lms_pages import date_in_full, day_in_words, in_language, initials, minutes, percent

TODAY = dt.date(2026, 3, 4)
NARROW = "\u202f"


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("en", dt.date(2026, 3, 3), "yesterday"),
        ("en", TODAY, "today"),
        ("en", dt.date(2026, 3, 5), "tomorrow"),
        ("en", dt.date(2026, 3, 9), "Monday 9 March"),
        ("en", dt.date(2027, 3, 9), "Tuesday 9 March 2027"),
        ("fr", dt.date(2026, 3, 9), "lundi 9 mars"),
        ("fr", dt.date(2026, 4, 1), "mercredi 1er avril"),
        ("fr", dt.date(2027, 4, 1), "jeudi 1er avril 2027"),
    ],
)
def test_a_day_as_people_say_it(language: str, day: dt.date, said: str) -> None:
    with translation.override(language):
        assert day_in_words(day, TODAY) == said


def test_the_head_of_a_page() -> None:
    with translation.override("fr"):
        assert (date_in_full(dt.date(2026, 5, 1)), date_in_full(TODAY)) == ("vendredi 1er mai", "mercredi 4 mars")
    with translation.override("en"):
        assert date_in_full(dt.date(2026, 5, 1)) == "Friday 1 May"


def test_minutes_and_hours() -> None:
    with translation.override("en"):
        assert [minutes(one) for one in (None, 1, 55, 89, 90, 120, 219)] == [
            "0 minutes", "1 minute", "55 minutes", "89 minutes", f"1{NARROW}h{NARROW}30", f"2{NARROW}h", f"3{NARROW}h{NARROW}39",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("share", "english"), [(0, "0%"), (0.444, "44%"), (0.695, "70%"), (0.6949, "69%"), (1, "100%"), (None, "")]
)
def test_a_share(share: float | None, english: str) -> None:
    with translation.override("en"):
        assert percent(share) == english
    with translation.override("fr"):
        assert percent(share) == english.replace("%", f"{NARROW}%")


def test_initials() -> None:
    assert [initials(one) for one in ("Maïté Lemaire", "Anne-Sophie van den Berg", "Chloé", "")] == ["ML", "AB", "C", ""]


def test_an_authors_text_in_the_readers_language() -> None:
    with translation.override("en"):
        assert (in_language({"en": "a", "fr": "b"}), in_language({"fr": "b"}), in_language({})) == ("a", "b", "")
