"""`choice`: one or several right answers, alone or in steps (prompt repair, incident trace, calibrated quiz)."""

from __future__ import annotations

from typing import Any

from courses.grading import question, steps
from courses.grading.keys import KeyFault, shape_faults
from courses.grading.result import Result


def grade(payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    if "steps" in payload:
        return steps.grade(payload, key, response)
    return Result.of(*question.score(payload, key, response))


def find_faults(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    if isinstance(payload, dict) and "steps" in payload:
        return steps.find_faults(payload, key)
    shapes = shape_faults("payload", question.Payload, payload) + shape_faults("key", question.Key, key)
    return shapes or question.find_faults(payload, key)


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    return steps.best_response(payload, key) if "steps" in payload else question.best_response(payload, key)


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return steps.constant_responses(payload, key) if "steps" in payload else question.constant_responses(payload, key)
