"""Which items make an attempt, and how they are mixed."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from courses.grading import MECHANICS, best_response, grade
from lms.progress.draws import Drawable, choose_variant, draw_items, seed_of, shuffled

POOL = [Drawable(f"core-{n}", "core") for n in range(6)] + [Drawable(f"case-{n}", "case") for n in range(3)]

pools = st.lists(
    st.builds(Drawable, st.text("abcdef", min_size=1, max_size=6), st.sampled_from(["core", "case", "aside"])),
    max_size=15,
    unique_by=lambda one: one.slug,
)
plans = st.dictionaries(st.sampled_from(["core", "case", "none"]), st.integers(1, 5), max_size=3)


@given(pools, plans, st.lists(st.text("abcdef", min_size=1, max_size=6), max_size=10), st.text(max_size=5))
def test_a_draw_follows_its_plan_and_repeats_itself(
    pool: list[Drawable], plan: dict[str, int], seen: list[str], seed: str
) -> None:
    drawn = draw_items(pool, plan, seen, seed)
    assert drawn == draw_items(pool, plan, seen, seed)
    assert len(set(drawn)) == len(drawn)
    group_of = {one.slug: one.group for one in pool}
    if plan:
        sizes = Counter(group_of.values())
        assert Counter(group_of[slug] for slug in drawn) == Counter(
            {group: min(count, sizes[group]) for group, count in plan.items() if sizes[group]}
        )
    else:
        assert sorted(drawn) == sorted(group_of)


@given(st.integers(1, 3), st.integers(0, 10_000))
def test_nothing_is_asked_again_while_the_pool_lasts(count: int, learner_id: int) -> None:
    seen: list[str] = []
    for number in range(1, 6 // count + 1):
        drawn = draw_items(POOL, {"core": count}, seen, seed_of(learner_id, "quiz", number))
        assert not set(drawn) & set(seen)
        seen += drawn
    again = draw_items(POOL, {"core": count}, seen, seed_of(learner_id, "quiz", 99))
    left_over = [slug for slug in (one.slug for one in POOL[:6]) if slug not in seen]
    expected = set(left_over) | set(seen[: count - len(left_over)])
    assert set(again) == expected, "what is left, then what was asked longest ago"


def test_learners_do_not_all_get_the_same_questions() -> None:
    draws = {tuple(draw_items(POOL, {"core": 2}, [], seed_of(learner, "quiz", 1))) for learner in range(200)}
    assert len(draws) == 30, "6 · 5 ordered pairs"


def test_the_own_domain_comes_first_then_the_variant_for_everybody_then_the_authors_order() -> None:
    pool = [Drawable("hr", "", 2), Drawable("all", "", None), Drawable("marketing", "", 1), Drawable("finance", "", 3)]
    seen: list[str] = []
    for _attempt in range(4):
        seen += choose_variant(pool, 1, seen)
    assert seen == ["marketing", "all", "hr", "finance"]
    assert choose_variant(pool, 1, seen) == ["marketing"], "all were seen: the one seen longest ago"
    assert choose_variant(pool, None, []) == ["all"]
    assert choose_variant([pool[0], pool[3]], 1, []) == ["hr"], "neither own nor for everybody: the first"
    assert choose_variant([], 1, []) == []


STEPS = {"steps": [{"options": [{"id": c} for c in "abcd"], "multiple": False} for _ in range(3)]}


def entries(value: Any) -> list[str]:
    return [one["id"] for one in value]


@given(st.text(max_size=20))
def test_mixing_changes_order_and_nothing_else(seed: str) -> None:
    payload = {
        "options": [{"id": c} for c in "abcdef"], "items": [{"id": c} for c in "ghij"], "blocks": [{"id": c} for c in "klmn"],
        "bins": [{"id": "low"}, {"id": "high", "limit": 4}], "segments": [{"id": f"s{n}"} for n in range(9)], "ordered": True,
    }  # fmt: skip
    mixed = shuffled(payload, seed)
    assert mixed == shuffled(payload, seed)
    for name in ("options", "items", "blocks"):
        assert sorted(entries(mixed.pop(name))) == entries(payload[name])
    assert mixed == {"bins": payload["bins"], "segments": payload["segments"], "ordered": True}


@given(st.text(max_size=20))
def test_steps_keep_their_order_where_they_build_on_one_another_only(seed: str) -> None:
    mixed = shuffled(STEPS, seed)
    assert [sorted(entries(step["options"])) for step in mixed["steps"]] == [list("abcd")] * 3
    free = shuffled({"steps": [{"id": c} for c in "abcdef"], "actors": ["human", "ai"]}, seed)
    assert sorted(entries(free["steps"])) == list("abcdef")
    assert free["actors"] == ["human", "ai"]


def test_different_seeds_give_different_orders() -> None:
    orders = {tuple(entries(shuffled({"options": [{"id": c} for c in "abcd"]}, str(seed))["options"])) for seed in range(300)}
    assert len(orders) == 24


def test_steps_of_one_question_are_mixed_apart() -> None:
    firsts = {tuple(entries(step["options"])) for seed in range(10) for step in shuffled(STEPS, str(seed))["steps"]}
    assert len(firsts) > 10


def test_what_is_answered_scores_the_same_however_it_was_shown() -> None:
    assert len(MECHANICS) == 9
    payload, key = STEPS, {"steps": [{"correct": ["a"]}, {"correct": ["b"], "requires": 0}, {"correct": ["c"]}]}
    response = best_response("choice", payload, key)
    assert grade("choice", shuffled(payload, "x"), key, response).score == 1.0
