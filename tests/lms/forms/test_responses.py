"""What controls send becomes the response shapes of the graders; what does not belong is left out."""

import pytest
from django.http import QueryDict

from courses.grading import best_response, grade
from lms.forms.board import lay_out
from lms.forms.responses import read_answer
from lms.views.samples import SAMPLES, question


def read(mechanic: str, payload: dict, query: str, language: str = "en") -> dict:
    return read_answer(mechanic, payload, QueryDict(query), "q.", language)


def ids(*names: str) -> list[dict[str, str]]:
    return [{"id": name} for name in names]


CHOICE = {"options": ids("a", "b", "c"), "multiple": True, "confidence": True}
RANK = {"items": ids("a", "b", "c", "d")}
SEQUENCE = {"steps": ids("a", "b", "c"), "actors": ["human", "ai"]}
SCENARIO = {
    "start": "n1",
    "nodes": {
        "n1": {"choices": [{"id": "x", "next": "n2"}, {"id": "y", "next": None}]},
        "n2": {"choices": [{"id": "z", "next": None}]},
    },
}


@pytest.mark.parametrize(
    ("mechanic", "payload", "query", "expected"),
    [
        ("choice", CHOICE, "q.selected=c&q.selected=a&q.selected=other", {"selected": ["a", "c"]}),
        ("choice", CHOICE, "q.selected=a&q.confidence=75", {"selected": ["a"], "confidence": 75}),
        ("choice", CHOICE, "q.confidence=lots", {"selected": []}),
        ("choice", {"options": ids("a")}, "q.selected=a&q.confidence=75", {"selected": ["a"]}),
        (
            "choice",
            {"steps": [{"options": ids("a", "b")}, {"options": ids("a", "b")}]},
            "q.steps.0.selected=a&q.steps.1.selected=b",
            {"steps": [{"selected": ["a"]}, {"selected": ["b"]}]},
        ),
        ("mark", {"segments": ids("s1", "s2"), "kinds": []}, "q.marked=s2", {"marked": {"s2": None}}),
        (
            "mark",
            {"segments": ids("s1", "s2"), "kinds": ["made-up"]},
            "q.marked=s1&q.kind.s1=made-up&q.kind.s2=made-up",
            {"marked": {"s1": "made-up"}},
        ),
        ("mark", {"segments": ids("s1"), "kinds": ["made-up"]}, "q.marked=s1&q.kind.s1=odd", {"marked": {"s1": None}}),
        ("sort", {"items": ids("i", "j"), "bins": ids("x", "y")}, "q.bin.i=y&q.bin.j=odd", {"bin_of": {"i": "y"}}),
        ("compose", {"blocks": ids("a", "b")}, "q.blocks=b&q.blocks=b", {"blocks": ["b"]}),
        ("compose", {"blocks": ids("a", "b")}, "", {"blocks": []}),
        ("write", {"max_chars": 9, "criteria": ids("c")}, "q.text=a%0D%0Ab&q.claims=c", {"text": "a\nb", "language": "en"}),
        (
            "write",
            {"max_chars": 9, "criteria": ids("c"), "self_check": True},
            "q.text=a&q.claims=c&q.claims=d",
            {"text": "a", "language": "en", "claims": ["c"]},
        ),
        ("scenario", SCENARIO, "q.node.n1=x&q.node.n2=z", {"path": [["n1", "x"], ["n2", "z"]]}),
        ("scenario", SCENARIO, "q.node.n1=y&q.node.n2=z", {"path": [["n1", "y"]]}),
        ("scenario", SCENARIO, "q.node.n2=z", {"path": []}),
        ("calculate", {"fields": ids("h", "g")}, "q.field.h=+13,9+&q.field.g=", {"fields": {"h": "13,9"}}),
    ],
)
def test_controls_become_a_response(mechanic: str, payload: dict, query: str, expected: dict) -> None:
    assert read(mechanic, payload, query) == expected


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("q.place.a=1&q.place.b=2&q.place.c=3&q.place.d=4", "abcd"),
        # Somebody moved one thing; the others make room.
        ("q.place.a=1&q.place.b=2&q.place.c=3&q.place.d=1", "dabc"),
        ("q.place.a=4&q.place.b=2&q.place.c=3&q.place.d=4", "bcda"),
        ("q.place.a=3&q.place.b=2&q.place.c=3&q.place.d=4", "bcad"),
        # A button, without scripts.
        ("q.place.a=1&q.place.b=2&q.place.c=3&q.place.d=4&q.move=c:up", "acbd"),
        ("q.place.a=1&q.place.b=2&q.place.c=3&q.place.d=4&q.move=d:down", "abcd"),
        ("q.place.a=1&q.place.b=2&q.place.c=3&q.place.d=4&q.move=odd:up", "abcd"),
        ("q.place.a=9999999&q.place.b=2&q.place.c=x&q.place.d=4", "bda"),
    ],
)
def test_places_make_an_order(query: str, order: str) -> None:
    assert read("rank", RANK, f"q.shown=a b c d&{query}") == {"order": list(order)}


def test_what_was_shown_decides_between_equals() -> None:
    assert read("rank", RANK, "q.shown=d c b a&q.place.d=1&q.place.c=2&q.place.b=3&q.place.a=4") == {"order": list("dcba")}


def test_a_sequence_keeps_what_has_a_place_and_who_does_it() -> None:
    query = "q.shown=a b c&q.place.a=2&q.place.b=&q.place.c=1&q.actor.a=ai&q.actor.b=human&q.actor.c=nobody"
    assert read("sequence", SEQUENCE, query) == {"steps": [{"id": "c", "actor": None}, {"id": "a", "actor": "ai"}]}


def test_a_left_out_step_moves_up_into_the_row() -> None:
    query = "q.shown=a b c&q.place.a=1&q.place.b=&q.place.c=&q.move=c:up"
    assert read("sequence", SEQUENCE, query) == {"steps": [{"id": "a", "actor": None}, {"id": "c", "actor": None}]}


def fields_of(board) -> list[tuple[str, str]]:
    """What a browser sends back when nobody touches the page: every control's name and value, as the templates write them."""
    sent: list[tuple[str, str]] = []
    p = board.prefix
    for group in board.groups:
        sent += [(group.name, option.id) for option in group.options if option.checked]
        sent += [(group.confidence_name, level.id) for level in group.confidence if level.checked]
    if board.shown:
        sent.append((f"{p}shown", board.shown))
    for row in board.rows:
        if board.mechanic == "mark" and row.checked:
            sent.append((f"{p}marked", row.id))
            sent += [(f"{p}kind.{row.id}", kind.id) for kind in row.options if kind.checked]
        if board.mechanic == "sort" and row.value:
            sent.append((f"{p}bin.{row.id}", row.value))
        if board.mechanic in {"rank", "sequence"}:
            sent.append((f"{p}place.{row.id}", row.value))
            sent += [(f"{p}actor.{row.id}", actor.id) for actor in row.actors if actor.checked]
        if board.mechanic == "calculate":
            sent.append((f"{p}field.{row.id}", row.value))
    if board.mechanic == "compose":
        sent += [(f"{p}blocks", option.id) for option in board.options if option.checked]
    if board.mechanic == "write":
        sent.append((f"{p}text", board.text))
        sent += [(f"{p}claims", option.id) for option in board.options if option.checked]
    return sent


@pytest.mark.parametrize("number", range(len(SAMPLES)))
def test_what_a_page_shows_comes_back_as_it_was(number: int) -> None:
    sample = SAMPLES[number]
    best = best_response(sample.mechanic, sample.payload, sample.key)
    for answer in (sample.answer, best):
        asked = question(sample, number, "en")
        shown = lay_out(type(asked)(**{**vars(asked), "answer": answer}))
        data = QueryDict(mutable=True)
        for name, value in fields_of(shown):
            data.appendlist(name, value)
        back = read_answer(sample.mechanic, sample.payload, data, shown.prefix, answer.get("language", "en"))
        assert grade(sample.mechanic, sample.payload, sample.key, back) == grade(
            sample.mechanic, sample.payload, sample.key, answer
        )


def test_every_mechanic_has_a_sample() -> None:
    assert {sample.mechanic for sample in SAMPLES} == {
        "choice", "mark", "sort", "rank", "sequence", "compose", "write", "scenario", "calculate",
    }  # fmt: skip
