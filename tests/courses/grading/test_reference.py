"""Scores compared, exercise by exercise, with the rules written a second time."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from courses.grading import MECHANICS, check_key, grade
from tests.courses.grading.generated import GENERATED, UNDISCRIMINATING
from tests.courses.grading.reference import REFERENCE


@pytest.mark.parametrize("mechanic", sorted(MECHANICS))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_every_score_is_what_the_rules_say(mechanic: str, data: st.DataObject) -> None:
    payload, key, response = data.draw(GENERATED[mechanic])
    if mechanic in {"sort", "rank", "scenario"}:
        assume(not UNDISCRIMINATING & {fault.code for fault in check_key(mechanic, payload, key)})
    result = grade(mechanic, payload, key, response)
    expected = REFERENCE[mechanic](payload, key, response)
    assert result.score == pytest.approx(float(expected), abs=1e-9, rel=0)
    assert 0 <= result.score <= 1
    assert result.passed == (result.score >= 0.7 - 1e-9)
    assert len({part.id for part in result.parts}) == len(result.parts)
    for part in result.parts:
        assert (1 - 1e-9 if part.verdict == "right" else 0) <= part.score <= 1
        assert part.weight >= 0
