"""`choice` in steps: questions that build on one another, such as the cause and then the smallest fix."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from courses.grading import question
from courses.grading.answers import read_list, read_object, refuse
from courses.grading.keys import MOST_ENTRIES, KeyFault, Shape, Weight, shape_faults
from courses.grading.result import Part, Result, reaches, verdict_of, weighted_mean

# What is left of a step that was answered on top of a wrong one.
HALVED = 0.5


class Payload(Shape):
    steps: list[question.Payload] = Field(min_length=1, max_length=MOST_ENTRIES)


class StepKey(question.Key):
    weight: Weight = 1
    requires: int | None = Field(default=None, ge=0)


class Key(Shape):
    steps: list[StepKey] = Field(min_length=1)


def grade(payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    read_object(response, "", ["steps"])
    given = read_list(response["steps"], "steps")
    if len(given) != len(payload["steps"]):
        raise refuse("missing-step", _("Answer every step."), "steps")
    scored = [
        question.score(step, step_key, answer, f"steps.{index}")
        for index, (step, step_key, answer) in enumerate(zip(payload["steps"], key["steps"], given, strict=True))
    ]
    parts: list[Part] = []
    earned: list[tuple[float, float]] = []
    for index, (step_key, (score, inner)) in enumerate(zip(key["steps"], scored, strict=True)):
        requires = step_key.get("requires")
        if requires is not None and not reaches(scored[requires][0], 1):
            score *= HALVED
        weight = float(step_key.get("weight", 1))
        earned.append((score, weight))
        parts.append(Part(str(index), score, weight, verdict_of(score)))
        parts += [Part(f"{index}.{part.id}", part.score, part.weight, part.verdict, f"{index}.{part.id}") for part in inner]
    return Result.of(weighted_mean(earned), parts)


def find_faults(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    found = shape_faults("payload", Payload, payload) + shape_faults("key", Key, key)
    if found:
        return found
    if len(payload["steps"]) != len(key["steps"]):
        return [
            KeyFault(
                "steps",
                _("The key has another number of steps than the payload."),
                ("key", "steps"),
                _("Give each step its key."),
            )
        ]
    for index, (step, step_key) in enumerate(zip(payload["steps"], key["steps"], strict=True)):
        found += question.find_faults(step, step_key, ("payload", "steps", index), ("key", "steps", index))
        requires = step_key.get("requires")
        if requires is not None and requires >= index:
            at = ("key", "steps", index, "requires")
            found.append(KeyFault("requires", _("A step can require an earlier step only."), at, _("Steps count from 0.")))
    return found


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    return {
        "steps": [question.best_response(step, step_key) for step, step_key in zip(payload["steps"], key["steps"], strict=True)]
    }


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Each step's options are shuffled: turn by turn, each one is the first."""
    turns = max(len(step["options"]) for step in payload["steps"])
    first = []
    for turn in range(turns):
        chosen = [[step["options"][turn % len(step["options"])]["id"]] for step in payload["steps"]]
        first.append({"steps": [question.answer(step, one) for step, one in zip(payload["steps"], chosen, strict=True)]})
    every = [
        question.answer(
            step, [option["id"] for option in step["options"]] if step.get("multiple", False) else [step["options"][0]["id"]]
        )
        for step in payload["steps"]
    ]
    found = {"first": first}
    if any(step.get("multiple", False) for step in payload["steps"]):
        found["all"] = [{"steps": every}]
    return found
