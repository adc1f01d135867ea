import pickle

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from courses.problems import Problem, ProblemsFound


def test_it_reads_as_place_message_hint() -> None:
    problem = Problem("missing", "“%(name)s” is missing.", "Add it.", "pack.yaml:1:1", params={"name": "licence"})
    assert str(problem) == "pack.yaml:1:1: “licence” is missing. Add it."
    assert str(Problem("x", "100 % wrong")) == "100 % wrong"
    assert problem.as_dict() == {
        "code": "missing",
        "message": "“licence” is missing.",
        "hint": "Add it.",
        "where": "pack.yaml:1:1",
    }


def test_it_is_said_in_the_language_of_whoever_reads_it() -> None:
    # "Monday" is translated by Django itself.
    problem = Problem("x", "%(day)s", params={"day": _("Monday")})
    with override("fr"):
        assert str(problem) == "lundi"
    with override("en"):
        assert str(problem) == "Monday"


def test_it_travels() -> None:
    problem = Problem("x", "%(n)s", params={"n": 3})
    assert str(pickle.loads(pickle.dumps(problem))) == "3"


def test_several_are_found_at_once() -> None:
    found = ProblemsFound(iter([Problem("a", "A", where="x"), Problem("b", "B")]))
    assert [problem.code for problem in found.problems] == ["a", "b"]
    assert str(found) == "x: A\nB"
