"""What a result says: the verdict in words, what was given, what was asked for."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from courses.grading import grade
from lms.forms.results import read_out
from lms.views.samples import SAMPLES, explained


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def reading(mechanic: str, place: int = 0, language: str = "en"):
    found = [(number, one) for number, one in enumerate(SAMPLES) if one.mechanic == mechanic]
    number, sample = found[place]
    return read_out(explained(sample, number, language))


def told(reading) -> list[tuple[str, str, str, str]]:
    return [(line.verdict, str(line.text), str(line.given), str(line.asked)) for line in reading.lines]


def test_a_choice() -> None:
    assert told(reading("choice")) == [
        ("extra", "It looked the date up in its database.", "", ""),
        ("missed", "It wrote a likely date.", "", ""),
    ]


def test_a_choice_in_steps_names_its_steps() -> None:
    steps = reading("choice", 1)
    assert [(line.step, line.verdict, line.text) for line in steps.lines] == [
        (1, "right", "The facts were not given"),
        (2, "extra", "Ask for less"),
        (2, "right", "Attach the minutes"),
    ]


def test_marks_with_the_kind_that_was_meant() -> None:
    assert told(reading("mark")) == [
        ("partly", "Sales reach 1,842 k€, returns deducted.", "made up", "wrong figure"),
        ("extra", "The closing date is brought forward to 20 December.", "", ""),
        ("missed", "The purchase was approved unanimously.", "", "made up"),
    ]


def test_a_card_in_the_wrong_place() -> None:
    assert told(reading("sort")) == [
        ("right", "The draft plan of the spring campaign", "Orange: the approved tool only", ""),
        ("partly", "Forty names and mobile numbers from the fair", "Orange: the approved tool only", "Red: not pasted"),
        ("right", "The product sheet of the public website", "Green: any tool", ""),
    ]


def test_a_missing_check_is_named_by_what_it_stands_between() -> None:
    lines = reading("sequence").lines
    assert [str(line.text) for line in lines if line.verdict == "missed"] == [
        "A check by a person between “Draft the answers” and “Send”"
    ]
    assert [(line.given, line.asked) for line in lines if line.text == "Send"] == [("the AI tool", "a person")]


def test_a_figure_in_another_unit() -> None:
    last = reading("calculate").lines[-1]
    assert (last.verdict, last.given, last.asked) == ("missed", "72000", "1,200")


def test_a_text_comes_with_one_that_would_do() -> None:
    text = reading("write")
    assert text.model == "For the two absent directors: three decisions, before Friday."
    assert text.own_text.startswith("Recap for the directors")


def told_of(mechanic: str, payload: dict, key: dict, answer: dict, parts: dict[str, str]) -> list[tuple[str, str, str, str]]:
    graded = grade(mechanic, payload, key, answer)
    question = SimpleNamespace(
        slug="q", mechanic=mechanic, payload=payload, parts=parts, answer=answer, prompt="", brief="", document=""
    )
    return told(
        read_out(
            SimpleNamespace(
                question=question,
                score=graded.score,
                passed=False,
                key=key,
                notes=(),
                why="",
                parts=[SimpleNamespace(part=part, text="", feedback="") for part in graded.parts],
            )
        )
    )


def test_a_rank_is_read_in_its_own_order_with_the_places_meant() -> None:
    payload = {"items": [{"id": one} for one in "abcd"]}
    key = {"tier_of": {"a": 3, "b": 2, "c": 2, "d": 1}}
    assert told_of("rank", payload, key, {"order": ["d", "a", "b", "c"]}, {}) == [
        ("missed", "d", "place 1", "place 4"),
        ("partly", "a", "place 2", "place 1"),
        ("right", "b", "place 3", ""),
        ("partly", "c", "place 4", "places 2 to 3"),
    ]


def test_a_step_says_which_one_it_stands_on_the_wrong_side_of() -> None:
    payload = {"steps": [{"id": one} for one in ("send", "read", "ask", "boast")]}
    key = {"before": [["ask", "read"], ["read", "send"]], "required": ["ask", "read", "send"], "forbidden": ["boast"]}
    answer = {"steps": [{"id": "send"}, {"id": "read"}]}
    assert told_of("sequence", payload, key, answer, {"read": "Read it", "send": "Send it"}) == [
        ("partly", "Send it", "place 1", "after “Read it”"),
        ("partly", "Read it", "place 2", "before “Send it”"),
        ("missed", "ask", "left out", ""),
    ]
