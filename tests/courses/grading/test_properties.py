"""What holds of every exercise, not of one sample only: what is a set has no order, and doing better never costs."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from courses.grading import check_key, grade
from courses.grading.words import words_of
from tests.courses.grading.generated import GENERATED, UNDISCRIMINATING, Triple

NEAR = 1e-9
of_generated = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def exercise(data: st.DataObject, mechanic: str) -> Triple:
    payload, key, response = data.draw(GENERATED[mechanic])
    if mechanic in {"sort", "rank", "scenario"}:
        assume(not UNDISCRIMINATING & {fault.code for fault in check_key(mechanic, payload, key)})
    return payload, key, response


def score(mechanic: str, payload: dict, key: dict, **response: Any) -> float:
    return grade(mechanic, payload, key, response).score


# Lists of payload and key in which order says something; everything else is a set.
ORDERS = {("choice", "steps"), ("sort", "bins"), ("rank", "order"), ("sequence", "pair")}


def shuffled(mechanic: str, value: Any, data: st.DataObject, name: str = "") -> Any:
    if isinstance(value, dict):
        names = data.draw(st.permutations(list(value)))
        return {one: shuffled(mechanic, value[one], data, one) for one in names}
    if not isinstance(value, list):
        return value
    inner = [shuffled(mechanic, one, data, "pair" if name == "before" else "") for one in value]
    return inner if (mechanic, name) in ORDERS else data.draw(st.permutations(inner))


@pytest.mark.parametrize("mechanic", sorted(GENERATED))
@of_generated
@given(data=st.data())
def test_the_order_of_what_has_none_plays_no_part(mechanic: str, data: st.DataObject) -> None:
    payload, key, response = exercise(data, mechanic)
    first = grade(mechanic, payload, key, response)
    answer = response if mechanic in {"sequence", "scenario"} else shuffled(mechanic, response, data)
    again = grade(mechanic, shuffled(mechanic, payload, data), shuffled(mechanic, key, data), answer)
    assert again.score == pytest.approx(first.score, abs=NEAR, rel=0)
    assert again.feedback == first.feedback


@of_generated
@given(data=st.data())
def test_choice_a_step_put_right_never_costs(data: st.DataObject) -> None:
    payload, key, response = exercise(data, "choice")
    assume("steps" in payload)
    at = data.draw(st.integers(0, len(payload["steps"]) - 1))
    correct = key["steps"][at]["correct"]
    mended = deepcopy(response["steps"])
    mended[at]["selected"] = correct if payload["steps"][at]["multiple"] else correct[:1]
    assert score("choice", payload, key, steps=mended) >= score("choice", payload, key, **response) - NEAR


@of_generated
@given(data=st.data())
def test_mark_a_hit_with_its_kind_never_costs_and_a_false_alarm_never_pays(data: st.DataObject) -> None:
    payload, key, response = exercise(data, "mark")
    marked, faults = response["marked"], key["faults"]
    before = score("mark", payload, key, marked=marked)
    for one in (segment["id"] for segment in payload["segments"]):
        if one in faults:
            assert score("mark", payload, key, marked={**marked, one: faults[one].get("kind")}) >= before - NEAR
        else:
            assert score("mark", payload, key, marked={**marked, one: None}) <= before + NEAR


@of_generated
@given(data=st.data())
def test_sort_a_card_where_it_costs_less_never_costs(data: st.DataObject) -> None:
    payload, key, response = exercise(data, "sort")
    bins = {offered["id"] for offered in payload["bins"]}
    before = score("sort", payload, key, **response)
    for one, true in key["bin_of"].items():
        if true in bins:
            assert score("sort", payload, key, bin_of={**response["bin_of"], one: true}) >= before - NEAR


@of_generated
@given(data=st.data())
def test_rank_neighbours_put_right_never_cost(data: st.DataObject) -> None:
    payload, key, response = exercise(data, "rank")
    order, tiers = response["order"], key["tier_of"]
    at = data.draw(st.integers(0, len(order) - 2))
    mended = [*order[:at], *sorted(order[at : at + 2], key=lambda one: -tiers[one]), *order[at + 2 :]]
    assert score("rank", payload, key, order=mended) >= score("rank", payload, key, order=order) - NEAR


@of_generated
@given(data=st.data())
def test_sequence_a_better_actor_and_a_required_step_at_the_end_never_cost(data: st.DataObject) -> None:
    payload, key, response = exercise(data, "sequence")
    steps, actors = response["steps"], key.get("actors", {})
    before = score("sequence", payload, key, steps=steps)
    better = [
        {**step, "actor": max(actors[step["id"]], key=actors[step["id"]].__getitem__)} if actors.get(step["id"]) else step
        for step in steps
    ]
    assert score("sequence", payload, key, steps=better) >= before - NEAR
    used = {step["id"] for step in steps}
    checks = {step["id"] for step in payload["steps"] if step["checkpoint"]}
    for one in key.get("required", []):
        if one not in used and one not in checks:
            assert score("sequence", payload, key, steps=[*steps, {"id": one}]) >= before - NEAR


@of_generated
@given(data=st.data())
def test_sequence_a_critical_check_left_out_never_earns_more_than_half(data: st.DataObject) -> None:
    payload, key, response = exercise(data, "sequence")
    critical = {demand["kind"] for demand in key.get("checkpoints", []) if demand["critical"]}
    assume(critical)
    kinds = {step["id"]: step["checkpoint"] for step in payload["steps"]}
    without = [step for step in response["steps"] if kinds[step["id"]] not in critical]
    assert score("sequence", payload, key, steps=without) <= 0.5


@of_generated
@given(data=st.data())
def test_compose_a_better_block_never_costs_and_a_harmful_one_never_pays(data: st.DataObject) -> None:
    payload, key, response = exercise(data, "compose")
    blocks, chosen = key["blocks"], response["blocks"]
    before = score("compose", payload, key, blocks=chosen)
    for one, block in blocks.items():
        if one in chosen:
            continue
        rivals = [other for other in chosen if blocks[other]["slot"] == block["slot"] and not blocks[other].get("harm")]
        if block.get("harm"):
            assert score("compose", payload, key, blocks=[*chosen, one]) <= before + NEAR
        elif not rivals:
            assert score("compose", payload, key, blocks=[*chosen, one]) >= before - NEAR
        elif blocks[rivals[0]]["quality"] <= block["quality"]:
            swapped = [one if other == rivals[0] else other for other in chosen]
            assert score("compose", payload, key, blocks=swapped) >= before - NEAR


@of_generated
@given(data=st.data())
def test_write_one_more_criterion_in_prose_never_costs(data: st.DataObject) -> None:
    payload, key, response = exercise(data, "write")
    payload = {**payload, "self_check": False}
    criterion = data.draw(st.sampled_from(sorted(key["criteria"])))
    group = key["criteria"][criterion]["any"]["en"][0]
    # As many words that nobody looks for as the text has, so that it is no list of keywords.
    padding = " zuq zoq" * (len(words_of(response["text"])) + len(group))
    more = f"{response['text']}. Zuq {' '.join(group)} zoq.{padding}."
    before, after = (score("write", payload, key, text=text, language="en") for text in (response["text"], more))
    assert after >= before - NEAR


@of_generated
@given(data=st.data())
def test_scenario_the_same_turn_taken_better_never_costs(data: st.DataObject) -> None:
    payload, key, response = exercise(data, "scenario")
    path, utility = response["path"], key["utility"]
    before = score("scenario", payload, key, path=path)
    for at, (node, taken) in enumerate(path):
        following = {choice["id"]: choice["next"] for choice in payload["nodes"][node]["choices"]}
        for other, axes in utility[node].items():
            own = utility[node][taken]
            better = sum(axes.values()) / len(axes) >= sum(own.values()) / len(own)
            if better and following[other] == following[taken] and axes.get("risk", 0) > -2.99:
                assert score("scenario", payload, key, path=[*path[:at], [node, other], *path[at + 1 :]]) >= before - NEAR


@of_generated
@given(value=st.floats(-1e6, 1e6), off=st.floats(-1e6, 1e6), nearer=st.floats(0, 1))
def test_calculate_nearer_is_never_worse(value: float, off: float, nearer: float) -> None:
    payload, key = {"fields": [{"id": "x"}]}, {"fields": {"x": {"value": value}}}
    far, near = (score("calculate", payload, key, fields={"x": f"{value + away:.9f}"}) for away in (off, off * nearer))
    assume(abs(value) > 1e-3)  # below, nine decimals are coarser than the tolerance
    assert near >= far
