import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import InvalidResponse, check_key, grade
from tests.courses.grading.samples import SEQUENCE, changed

PAYLOAD, KEY = SEQUENCE


def flow(*steps: str) -> dict:
    """Steps written as "id" or "id:actor"."""
    return {"steps": [{"id": one.split(":")[0], "actor": one.split(":")[1] if ":" in one else None} for one in steps]}


def score(*steps: str, **key: object) -> float:
    return grade("sequence", PAYLOAD, {**KEY, **key}, flow(*steps)).score


BEST = ("collect:human", "draft:ai", "review", "send")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (BEST, 1),
        # no review: checkpoints 0, and the critical demand caps what is left (.75) at .5
        (("collect:human", "draft:ai", "send"), 0.5),
        # a second check that serves nothing: precision 1/2, F1 2/3
        (("sample", *BEST), 0.35 + 0.25 + 0.25 * 2 / 3 + 0.15),
        # the wrong actor for one of two steps
        (("collect:both", "draft:ai", "review", "send"), 0.35 + 0.25 * 0.75 + 0.25 + 0.15),
        # the forbidden step takes the whole selection away
        ((*BEST, "publish-all"), 0.85),
        # draft before collect: one pair of two
        (("draft:ai", "collect:human", "review", "send"), 0.35 * 0.5 + 0.65),
        ((), 0),
    ],
)
def test_components(steps: tuple[str, ...], expected: float) -> None:
    assert score(*steps) == pytest.approx(expected, abs=1e-9)


def test_only_the_components_of_the_key_count() -> None:
    only_order = {"before": [["collect", "draft"], ["draft", "send"]]}
    assert grade("sequence", PAYLOAD, only_order, flow("collect", "draft")).score == 0.5
    only_actors = {"actors": {"collect": {"human": 1}, "draft": {"ai": 1}}}
    assert grade("sequence", PAYLOAD, only_actors, flow("collect:human", "draft:human")).score == 0.5
    assert grade("sequence", PAYLOAD, {"forbidden": ["send"]}, flow()).score == 1
    assert grade("sequence", PAYLOAD, {"required": ["draft", "send"]}, flow("draft")).score == 0.5


def test_one_check_may_satisfy_several_demands_and_a_missing_neighbour_leaves_one_unsatisfied() -> None:
    demands = [{"kind": "human_review", "after": "draft"}, {"kind": "human_review", "before": "send"}]
    assert grade("sequence", PAYLOAD, {"checkpoints": demands}, flow("draft", "review", "send")).score == 1
    # "send" is absent: half the demands, all placed checks useful: F1 = 2/3
    assert grade("sequence", PAYLOAD, {"checkpoints": demands}, flow("draft", "review")).score == pytest.approx(2 / 3, abs=1e-9)
    assert grade("sequence", PAYLOAD, {"checkpoints": [{"kind": "human_review"}]}, flow("review")).score == 1


def test_a_critical_demand_is_named_in_the_feedback() -> None:
    result = grade("sequence", PAYLOAD, KEY, flow("collect:human", "draft:ai", "send"))
    assert result.feedback == ["critical-check"]
    assert [(part.id, part.verdict) for part in result.parts if part.id.startswith("checkpoint")] == [("checkpoint.0", "missed")]


@pytest.mark.parametrize(
    "steps",
    [
        [{"id": "draft"}, {"id": "draft"}],
        [{"id": "nothing"}],
        [{"id": "draft", "actor": "robot"}],
        [{"actor": "ai"}],
        ["draft"],
        [{"id": "draft", "note": "x"}],
    ],
)
def test_what_does_not_fit_is_refused(steps: list) -> None:
    with pytest.raises(InvalidResponse):
        grade("sequence", PAYLOAD, KEY, {"steps": steps})


@given(
    st.lists(st.sampled_from([step["id"] for step in PAYLOAD["steps"]]), unique=True), st.sampled_from(["human", "ai", "both"])
)
def test_leaving_the_forbidden_step_out_never_costs(steps: list[str], actor: str) -> None:
    with_it = grade("sequence", PAYLOAD, KEY, flow(*(f"{one}:{actor}" for one in steps))).score
    without = grade("sequence", PAYLOAD, KEY, flow(*(f"{one}:{actor}" for one in steps if one != "publish-all"))).score
    assert without >= with_it - 1e-12


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"before": [["collect", "draft"], ["draft", "collect"]]}, "cycle"),
        ({"before": [["draft", "draft"]]}, "cycle"),
        ({"before": [["draft", "publish-all"]]}, "forbidden-pair"),
        ({"before": [["draft", "nothing"]]}, "unknown-id"),
        ({"before": [["draft"]]}, "empty"),
        ({"required": ["publish-all"]}, "required-forbidden"),
        ({"actors": {"draft": {"robot": 1}}}, "unknown-id"),
        ({"actors": {"draft": {"ai": 0.5}}}, "unreachable"),
        ({"checkpoints": [{"kind": "legal_review"}]}, "no-such-check"),
        ({"before": [["send", "draft"]]}, "unreachable"),
        ({"before": [], "required": [], "forbidden": [], "actors": {}, "checkpoints": []}, "no-component"),
    ],
)
def test_faults_of_keys(changes: dict, code: str) -> None:
    assert code in [fault.code for fault in check_key("sequence", PAYLOAD, changed(KEY, **changes))]
