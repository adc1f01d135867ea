"""Reading and grading what was answered. Anything that arrives is either taken as it is or refused in words; nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.grading import InvalidResponse, grade
from courses.grading.result import weighted_mean
from courses.models import Item
from courses.problems import Problem, ProblemsFound

#: All answers of one attempt together, as JSON. The longest text that a mechanic takes is far below.
MOST_CHARACTERS = 100_000


def read_answers(drawn: Sequence[str], given: Any) -> dict[str, Any]:
    """``{item slug: response}`` out of whatever arrived; a response may have any shape, it is a draft until it is graded."""
    unreadable = Problem(
        "shape", _("The answers could not be read."), _("Reload the page: what you answered before is still there.")
    )
    if not isinstance(given, Mapping):
        raise ProblemsFound([unreadable])
    try:
        text = json.dumps(dict(given), ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError):
        # Also half of a surrogate pair, which no database stores.
        raise ProblemsFound([unreadable]) from None
    if "\\u0000" in text:
        raise ProblemsFound([unreadable])
    if len(text) > MOST_CHARACTERS:
        raise ProblemsFound([Problem("too-long", _("This is too much to keep."), _("Shorten your answers."))])
    strange = sorted(slug for slug in given if slug not in drawn)
    if strange:
        raise ProblemsFound(
            [
                Problem("unknown-item", _("This question is not part of your attempt."), _("Reload the page."), slug)
                for slug in strange
            ]
        )
    return dict(given)


def grade_attempt(items: Sequence[Item], answers: Mapping[str, Any]) -> tuple[float, dict[str, Any]]:
    """The score (mean of the items by weight) and the result of each item, ready to be stored.

    An answer that does not fit its question is no attempt: all such questions are named, and nothing is graded.
    """
    results: dict[str, Any] = {}
    earned: list[tuple[float, float]] = []
    problems: list[Problem] = []
    for item in items:
        if item.slug not in answers:
            problems.append(Problem("missing", _("This question has no answer yet."), _("Answer it, then submit."), item.slug))
            continue
        try:
            result = grade(item.mechanic, item.payload, item.answer_key, answers[item.slug])
        except InvalidResponse as refused:
            said = refused.problem
            where = f"{item.slug}.{said.where}" if said.where else item.slug
            problems.append(Problem(said.code, said.message, said.hint, where))
            continue
        results[item.slug] = result.as_dict()
        earned.append((result.score, item.weight))
    if problems:
        raise ProblemsFound(problems)
    return min(1.0, max(0.0, weighted_mean(earned))), results
