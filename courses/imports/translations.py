"""Finds the same question in a second file, so that both languages go into one item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from courses.imports.found import FoundFile, FoundQuestion
from courses.problems import Problem


def match_translations(first: FoundFile, second: FoundFile) -> tuple[dict[int, FoundQuestion], list[Problem]]:
    """By the first file's numbers, the questions of the second one that say the same; and what does not fit together.

    Id numbers are believed first, then names of which there is only one, then the place in the file where what is left over
    is equally long and of the same kinds.
    """
    pairs: dict[int, FoundQuestion] = {}
    left, right = list(first.questions), list(second.questions)
    for read in (lambda one: one.idnumber, lambda one: one.name):
        for one, other in _by(read, left, right):
            pairs[one.number] = other
            left.remove(one)
            right.remove(other)
    if [one.kind for one in left] == [one.kind for one in right]:
        pairs |= {one.number: other for one, other in zip(left, right, strict=True)}
        left, right = [], []
    problems = [Problem("no-counterpart", _("The second file does not have this question."), where=one.where) for one in left] + [
        Problem("no-counterpart", _("The first file does not have this question."), where=other.where) for other in right
    ]
    for one in first.questions:
        reason = _difference(one, pairs[one.number]) if one.number in pairs else None
        if reason is not None:
            problems.append(reason)
            del pairs[one.number]
    return pairs, problems


def _by(
    read: Callable[[FoundQuestion], str], left: list[FoundQuestion], right: list[FoundQuestion]
) -> list[tuple[FoundQuestion, FoundQuestion]]:
    """Pairs that share a value which is there, and only once on each side."""
    here, there = Counter(map(read, left)), Counter(map(read, right))
    of_value = {read(other): other for other in right}
    return [(one, of_value[read(one)]) for one in left if read(one) and here[read(one)] == there[read(one)] == 1]


def _difference(one: FoundQuestion, other: FoundQuestion) -> Problem | None:
    """Why two questions cannot be one item; texts may differ, what is right may not."""
    hint = _("Give both files the same questions with the same answers in the same order; its texts were left out.")
    if one.kind != other.kind or one.single != other.single:
        message = _("The question is not of the same type as its counterpart %(where)s.")
    elif len(one.answers) != len(other.answers) or len(one.pairs) != len(other.pairs):
        message = _("The question has not as many answers as its counterpart %(where)s.")
    elif _key(one) != _key(other):
        message = _("Other answers are right than in its counterpart %(where)s.")
    else:
        return None
    return Problem("differs", message, hint, other.where, params={"where": one.where})


def _key(question: FoundQuestion) -> tuple[object, object, object]:
    """What is right, without words: fractions and numbers, and which cards share a place."""
    places = [pair.place.text.strip() for pair in question.pairs]
    answers = [(round(one.fraction, 2), one.value, one.tolerance) for one in question.answers]
    return answers, [places.index(place) for place in places], [bool(pair.card) for pair in question.pairs]
