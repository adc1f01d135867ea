"""No reader can work out a group of fewer than five: shown by walking through every possible count, not by examples."""

import itertools
from collections import defaultdict

import pytest

from lms.reports.rules import NOTHING, Change, Share, States, Word, change, published, rounded, share, step

LEAST = 5
MOST = 26


def readings(counts) -> dict[object, list]:
    """By what is published: every truth behind it."""
    found = defaultdict(list)
    for truth, shown in counts:
        found[shown].append(truth)
    return found


def ambiguous(cells: set[int]) -> bool:
    """Either nobody small can be behind it, or it cannot be told which small number."""
    return min(cells) >= 5 or len(cells) > 1


@pytest.mark.parametrize("people", range(LEAST, MOST))
def test_no_side_of_a_share_under_five_can_be_worked_out(people):
    by_output = readings((count, share(count, people, least=LEAST)) for count in range(people + 1))
    for truths in by_output.values():
        assert ambiguous(set(truths))
        assert ambiguous({people - count for count in truths})


@pytest.mark.parametrize("people", range(LEAST, MOST))
def test_no_state_of_a_track_under_five_can_be_worked_out(people):
    partitions = (
        States(a, b, c, people - a - b - c) for a, b, c in itertools.product(range(people + 1), repeat=3) if a + b + c <= people
    )
    by_output = readings((states, tuple(published(states, least=LEAST).items())) for states in partitions)
    for truths in by_output.values():
        for name in ("not_started", "on_the_way", "late", "done"):
            assert ambiguous({getattr(states, name) for states in truths})
        # Nor any two states together, nor any three.
        for names in itertools.combinations(("not_started", "on_the_way", "late", "done"), 2):
            assert ambiguous({sum(getattr(states, name) for name in names) for states in truths})
        for name in ("not_started", "on_the_way", "late", "done"):
            assert ambiguous({people - getattr(states, name) for states in truths})


@pytest.mark.parametrize("people", [*range(LEAST, 60), 99, 100, 101, 250])
def test_two_reports_never_show_what_one_person_did(people):
    """Whatever two reports about the same group say, they do not prove a difference of exactly one person."""
    by_output = readings((count, share(count, people, least=LEAST)) for count in range(people + 1))
    for before, after in itertools.product(by_output.values(), repeat=2):
        differences = {b - a for a in before for b in after}
        assert differences not in ({1}, {-1})


def test_groups_that_are_too_small_have_no_figures():
    assert share(3, 4, least=5) == NOTHING
    assert share(5, 9, least=10) == NOTHING
    assert published(States(2, 1, 1, 0), least=5) == {}
    assert published(States(3, 3, 3, 0), least=10) == {}


@pytest.mark.parametrize(
    ("count", "people", "expected"),
    [
        (9, 14, Share(percent=60)),
        (70, 140, Share(percent=50)),
        (33, 100, Share(percent=35)),
        (4, 14, Share(word=Word.FEW)),
        (0, 14, Share(word=Word.FEW)),
        (10, 14, Share(word=Word.NEARLY_ALL)),
        (5, 11, Share(word=Word.HALF)),
        (14, 14, Share(word=Word.NEARLY_ALL)),
        (1, 5, Share(word=Word.FEW)),
        (3, 5, Share(word=Word.HALF)),
        (5, 5, Share(word=Word.NEARLY_ALL)),
        (4, 7, Share(word=Word.HALF)),
    ],
)
def test_shares(count, people, expected):
    assert share(count, people, least=5) == expected


def test_steps_are_five_per_cent_or_two_people():
    assert [step(people) for people in (10, 14, 19, 20, 39, 40, 1000)] == [20, 15, 15, 10, 10, 5, 5]
    for people in range(10, 400):
        for count in range(people + 1):
            assert rounded(count, people) % 5 == 0
            assert abs(rounded(count, people) - 100 * count / people) <= step(people) / 2 + 1e-9 or rounded(count, people) == 100


def test_states_are_put_together_until_each_has_five_people():
    fine = published(States(10, 10, 10, 10), least=5)
    assert fine == {name: Share(percent=25) for name in ("not_started", "on_the_way", "late", "done")}
    assert set(published(States(10, 4, 10, 10), least=5)) == {"in_time", "late", "done"}
    assert set(published(States(10, 10, 4, 10), least=5)) == {"open", "done"}
    assert published(States(10, 10, 10, 4), least=5) == {"done": Share(word=Word.FEW)}
    assert published(States(0, 0, 0, 6), least=5) == {"done": Share(word=Word.NEARLY_ALL)}


def test_a_change_is_told_from_what_was_published():
    thirty, forty = Share(percent=30), Share(percent=40)
    assert [change(thirty, forty), change(forty, thirty), change(forty, forty)] == [Change.MORE, Change.LESS, Change.SAME]
    assert change(Share(word=Word.FEW), forty) is None
    assert change(NOTHING, forty) is None


@pytest.mark.parametrize("value", [NOTHING, Share(percent=0), Share(percent=65), Share(word=Word.HALF)])
def test_shares_survive_being_stored(value):
    assert Share.from_json(value.as_json()) == value
