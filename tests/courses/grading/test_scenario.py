import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import InvalidResponse, best_response, check_key, grade
from tests.courses.grading.samples import SCENARIO, changed

PAYLOAD, KEY = SCENARIO


def score(*path: tuple[str, str]) -> float:
    return grade("scenario", PAYLOAD, KEY, {"path": [list(step) for step in path]}).score


def test_golden() -> None:
    numbers = range(-2, 3)
    payload = {
        "start": "n1",
        "nodes": {
            f"n{node}": {"choices": [{"id": f"u{2 + own}", "next": f"n{node + 1}" if node < 3 else None} for own in numbers]}
            for node in (1, 2, 3)
        },
    }
    key = {"utility": {f"n{node}": {f"u{2 + own}": {"trust": own} for own in numbers} for node in (1, 2, 3)}}
    response = {"path": [["n1", "u4"], ["n2", "u3"], ["n3", "u1"]]}
    assert check_key("scenario", payload, key) == []
    assert grade("scenario", payload, key, response).score == pytest.approx(0.667, abs=5e-4)


def test_the_mean_over_the_axes_given_and_the_range_over_all_paths() -> None:
    # listen 1, order -2, hide -.5; show 1.5, promise -1: from -3 to 2.5
    assert score(("n1", "listen"), ("n2", "show")) == 1
    assert score(("n1", "order"), ("n2", "promise")) == 0
    assert score(("n1", "listen"), ("n2", "promise")) == pytest.approx(3 / 5.5, abs=1e-9)
    assert score(("n1", "order"), ("n2", "show")) == pytest.approx(2.5 / 5.5, abs=1e-9)


def test_a_grave_risk_caps_the_score_and_is_named() -> None:
    result = grade("scenario", PAYLOAD, KEY, {"path": [["n1", "hide"]]})
    assert (result.score, result.feedback) == (0.4, ["grave-risk"])
    assert [(part.id, part.verdict) for part in result.parts] == [("n1.hide", "harm")]


@pytest.mark.parametrize(("risk", "capped"), [(-3, True), (-3.5, True), (-3 + 5e-10, True), (-2.999, False)])
def test_a_grave_risk_is_told_as_exactly_as_scores_are(risk: float, capped: bool) -> None:
    key = {"utility": {**KEY["utility"], "n1": {**KEY["utility"]["n1"], "listen": {"trust": 0, "risk": risk}}}}
    result = grade("scenario", PAYLOAD, key, {"path": [["n1", "listen"], ["n2", "show"]]})
    assert (result.score == 0.4, result.feedback == ["grave-risk"]) == (capped, capped)


@pytest.mark.parametrize(
    "path",
    [
        [],
        [["n1", "listen"]],
        [["n2", "show"]],
        [["n1", "hide"], ["n2", "show"]],
        [["n1", "listen"], ["n1", "listen"]],
        [["n1", "nothing"]],
        [["n1", "listen", "x"]],
        [["n1", ["listen"]]],
        "n1",
    ],
)
def test_a_path_runs_from_the_start_to_an_end(path: object) -> None:
    with pytest.raises(InvalidResponse):
        grade("scenario", PAYLOAD, KEY, {"path": path})


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_a_better_consequence_never_lowers_its_path(low: int, more: int) -> None:
    def with_trust(value: float) -> dict:
        return {"utility": {**KEY["utility"], "n1": {**KEY["utility"]["n1"], "order": {"trust": value}}}}

    path = {"path": [["n1", "order"], ["n2", "show"]]}
    low, high = sorted((low, more))
    assert (
        grade("scenario", PAYLOAD, with_trust(high), path).score
        >= grade("scenario", PAYLOAD, with_trust(low), path).score - 1e-12
    )


def nodes(**changes: object) -> dict:
    return changed(PAYLOAD, nodes={**PAYLOAD["nodes"], **changes})


@pytest.mark.parametrize(
    ("payload", "utility", "code"),
    [
        (nodes(n2={"choices": [{"id": "show", "next": "n1"}, {"id": "promise", "next": None}]}), {}, "cycle"),
        (nodes(n3={"choices": [{"id": "lost", "next": None}]}), {"n3": {"lost": {}}}, "unreachable-node"),
        (nodes(n2={"choices": []}), {}, "empty"),
        (nodes(n2={"choices": [{"id": "show", "next": "n9"}, {"id": "promise", "next": None}]}), {}, "unknown-id"),
        (PAYLOAD, {"n1": {"listen": {}, "order": {}, "hide": {}}, "n2": {"show": {}, "promise": {}}}, "no-difference"),
        (PAYLOAD, {"n1": {**KEY["utility"]["n1"], "hide": {"trust": 9, "risk": -3}}}, "best-is-grave"),
        (PAYLOAD, {"n1": {**KEY["utility"]["n1"], "hide": {"trust": 8, "risk": -3}}}, "best-is-grave"),
        (PAYLOAD, {"n1": {"listen": {"trust": 1}}}, "missing-id"),
    ],
)
def test_faults_of_keys(payload: dict, utility: dict, code: str) -> None:
    key = {"utility": {**KEY["utility"], **utility}}
    assert code in [fault.code for fault in check_key("scenario", payload, key)]


def test_a_very_long_conversation_is_no_trouble() -> None:
    length = 3000
    payload = {
        "start": "n0",
        "nodes": {
            f"n{number}": {"choices": [{"id": one, "next": f"n{number + 1}" if number < length else None} for one in ("a", "b")]}
            for number in range(length + 1)
        },
    }
    key = {"utility": {node: {"a": {"trust": 1}, "b": {"trust": 0}} for node in payload["nodes"]}}
    assert grade("scenario", payload, key, best_response("scenario", payload, key)).score == 1
