import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import InvalidResponse, Part, check_key, confidence_levels, grade
from tests.courses.grading.samples import CHOICE, SEVERAL, STEPS, SURE, changed, entries


def score(sample: tuple[dict, dict], *selected: str) -> float:
    return grade("choice", *sample, {"selected": list(selected)}).score


def test_one_right_answer() -> None:
    assert (score(CHOICE, "b"), score(CHOICE, "a")) == (1, 0)


def test_parts_say_what_was_missed_and_what_was_chosen_instead() -> None:
    assert grade("choice", *CHOICE, {"selected": ["a"]}).parts == [
        Part("a", 0, 1, "extra", "a"),
        Part("b", 0, 1, "missed", "b"),
    ]


@pytest.mark.parametrize(
    ("selected", "expected"),
    [("ab", 1), ("a", 0.5), ("abc", 1 - 1 / 3), ("ac", 0.5 - 1 / 3), ("cde", 0), ("abcde", 0), ("", 0), ("acd", 0)],
)
def test_several_right_answers(selected: str, expected: float) -> None:
    assert score(SEVERAL, *selected) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("selected", [[], ["a", "b"], ["z"], ["a", "a"], [["a"]], "a"])
def test_what_does_not_fit_one_answer_is_refused(selected: object) -> None:
    with pytest.raises(InvalidResponse):
        grade("choice", *CHOICE, {"selected": selected})


@pytest.mark.parametrize("level", [50, 60, 75, 90, 99])
def test_confidence_never_changes_the_score(level: int) -> None:
    assert grade("choice", *SURE, {"selected": ["b"], "confidence": level}).score == 1
    assert grade("choice", *SURE, {"selected": ["a"], "confidence": level}).score == 0


@pytest.mark.parametrize("level", [None, 25, 100, True, "75", [75], float("nan")])
def test_confidence_is_one_of_the_levels_offered(level: object) -> None:
    with pytest.raises(InvalidResponse) as refusal:
        grade("choice", *SURE, {"selected": ["b"], "confidence": level})
    assert refusal.value.problem.where == "confidence"


def test_confidence_that_was_not_asked_for_may_be_said_but_not_be_nonsense() -> None:
    assert grade("choice", *CHOICE, {"selected": ["b"], "confidence": 75}).score == 1
    assert grade("choice", *CHOICE, {"selected": ["b"], "confidence": None}).score == 1
    for level in (True, "75", 60, [75], float("nan"), 10**400):
        with pytest.raises(InvalidResponse):
            grade("choice", *CHOICE, {"selected": ["b"], "confidence": level})


def test_confidence_begins_at_what_guessing_gives() -> None:
    assert confidence_levels(SURE[0]) == (50, 60, 75, 90, 99)
    assert confidence_levels(CHOICE[0]) == (25, 50, 75, 90, 99)


@pytest.mark.parametrize(("answers", "expected"), [("bc", 1), ("ac", 0.3), ("ba", 0.4), ("aa", 0)])
def test_a_fix_on_a_wrong_cause_earns_half(answers: str, expected: float) -> None:
    response = {"steps": [{"selected": [one]} for one in answers]}
    assert grade("choice", *STEPS, response).score == pytest.approx(expected, abs=1e-9)


def test_halving_looks_at_the_required_step_before_its_own_halving() -> None:
    payload = {"steps": [{"options": entries("a", "b")} for _ in range(3)]}
    key = {"steps": [{"correct": ["a"]}, {"correct": ["a"], "requires": 0}, {"correct": ["a"], "requires": 1}]}
    response = {"steps": [{"selected": [one]} for one in "baa"]}
    # Step 1 earns half because of step 0; step 2 earns all, for step 1 was right in itself.
    assert grade("choice", payload, key, response).score == pytest.approx(0.5, abs=1e-9)


@pytest.mark.parametrize("steps", [[], [{"selected": ["a"]}], [{"selected": ["a"]}] * 3, [None, None]])
def test_every_step_is_answered(steps: list) -> None:
    with pytest.raises(InvalidResponse):
        grade("choice", *STEPS, {"steps": steps})


@pytest.mark.parametrize(
    ("correct", "code"),
    [([], "nothing-correct"), (["a", "b", "c"], "everything-correct"), (["z"], "unknown-id"), (["a", "a"], "id-twice")],
)
def test_a_key_that_cannot_discriminate_is_refused(correct: list[str], code: str) -> None:
    assert code in [fault.code for fault in check_key("choice", CHOICE[0], {"correct": correct})]


@pytest.mark.parametrize("requires", [0, 1])
def test_a_step_requires_an_earlier_one(requires: int) -> None:
    key = {"steps": [{"correct": ["b"], "requires": requires}, {"correct": ["c"]}]}
    assert [fault.path for fault in check_key("choice", STEPS[0], key)] == [("key", "steps", 0, "requires")]


@given(selected=st.sets(st.sampled_from("abcde")), order=st.randoms())
def test_several_does_not_depend_on_order_and_grows_with_each_right_answer(selected: set[str], order) -> None:
    listed = sorted(selected)
    order.shuffle(listed)
    assert score(SEVERAL, *listed) == score(SEVERAL, *sorted(selected))
    assert score(SEVERAL, *(selected | {"a"})) >= score(SEVERAL, *(selected - {"a"}))
    assert score(SEVERAL, *(selected | {"c"})) <= score(SEVERAL, *(selected - {"c"}))


def test_an_option_twice_in_the_payload_is_refused() -> None:
    payload = changed(CHOICE[0], options=entries("a", "a", "b"))
    assert [fault.code for fault in check_key("choice", payload, {"correct": ["b"]})] == ["id-twice"]
