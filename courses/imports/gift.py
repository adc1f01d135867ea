"""Reads GIFT, Moodle's format for questions in plain text. Every block of lines becomes one `FoundQuestion`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.imports.found import Form, FoundAnswer, FoundFile, FoundPair, FoundQuestion, Markup
from courses.imports.gift_signs import Block, Signs, read_signs, split_blocks
from courses.imports.moodle_xml import MOST_QUESTIONS
from courses.imports.numbers import as_number
from courses.problems import Problem, ProblemsFound

FORMAT = "GIFT"

_CATEGORY = re.compile(r"\s*\$CATEGORY:[ \t]*(.*)")
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORM = re.compile(r"\s*\[(html|moodle|markdown|plain)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]*)?)%")
_TRUE_OR_FALSE = re.compile(r"(T|TRUE|F|FALSE)\s*(?=#|\Z)", re.IGNORECASE)
_ORDERING = re.compile(r">[^\n]*\n?")
# The blank of a sentence with a missing word.
BLANK = "_____"


class _Unreadable(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


def read_gift(text: str, name: str) -> FoundFile:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    signs = read_signs(text)
    found: list[FoundQuestion] = []
    category = ""
    for block in split_blocks(signs.text.split("\n")):
        line = block.line
        while block.lines and (said := _CATEGORY.fullmatch(block.lines[0])):
            category = signs.plain(said[1]).strip()
            block.lines.pop(0)
            line += 1
        if not block.text.strip():
            continue
        where = f"{name}:{line}"
        if len(found) >= MOST_QUESTIONS:
            message = _("There are more than %(n)s questions.")
            raise ProblemsFound([Problem("too-many", message, _("Split it."), where, params={"n": MOST_QUESTIONS})])
        found.append(_Reader(signs, block, len(found) + 1, where, category).question())
    return FoundFile(name, FORMAT, tuple(found))


class _Reader:
    """Reads one block."""

    def __init__(self, signs: Signs, block: Block, number: int, where: str, category: str) -> None:
        self.signs, self.block = signs, block
        self.form: Form = "moodle"
        self.common = FoundQuestion(
            number=number,
            where=where,
            kind="description",
            category=category,
            idnumber=signs.plain(block.idnumber),
            tags=tuple(signs.plain(tag) for tag in block.tags),
            comments=tuple(signs.plain(comment) for comment in block.comments),
        )

    def question(self) -> FoundQuestion:
        text = self.block.text
        title = _TITLE.match(text)
        if title:
            text = text[title.end() :]
        name = " ".join(self.signs.plain(title[1] if title else "").split())
        form = _FORM.match(text)
        if form:
            self.form = form[1].lower()  # type: ignore[assignment]
            text = text[form.end() :]
        self.common = replace(self.common, name=name, text=self._markup(text))
        try:
            return self._parsed(text)
        except _Unreadable as unreadable:
            return replace(self.common, kind="unreadable", problem=unreadable.problem)

    def _parsed(self, text: str) -> FoundQuestion:
        start, end = text.find("{"), text.find("}")
        if start < 0 and end < 0:
            return self.common
        before, body, after = text[:start], text[start + 1 : end], text[end + 1 :]
        if start < 0 or end < start or re.search("[{}]", body + after):
            message = _("Its braces do not match, or there are several pairs of them.")
            raise _Unreadable(Problem("braces", message, _("Write \\{ and \\} for braces that are text.")))
        if after.strip():  # a missing word; the text goes on behind it
            before = f"{before.rstrip()} {BLANK}{'' if re.match(r'[.,;:!?)]', after.lstrip()) else ' '}{after.lstrip()}"
        body, _mark, general = body.partition("####")
        given: dict[str, Any] = {"text": self._markup(before), "why": self._markup(general)}
        return replace(self.common, **given, **self._answers(body.strip()))

    def _answers(self, body: str) -> dict[str, Any]:
        """The kind and the answers, told from the signs alone as Moodle does."""
        if not body:
            return {"kind": "essay"}
        if body.startswith("#"):
            return {"kind": "numerical", "answers": tuple(self._number(*one) for one in self._split(body[1:], bare=True))}
        if body.startswith(">") and "\n" in body:
            return self._ordering(body)
        if "~" in body:
            answers = tuple(self._answer(*one) for one in self._split(body))
            return {"kind": "multichoice", "answers": answers, "single": any(mark == "=" for mark, _said in self._split(body))}
        if "=" in body and "->" in body:
            return {"kind": "matching", "pairs": tuple(self._pair(said) for _mark, said in self._split(body))}
        if found := _TRUE_OR_FALSE.match(body):
            return self._true_or_false(found[1].upper().startswith("T"), body[found.end() :])
        return {"kind": "shortanswer", "answers": tuple(self._answer(*one) for one in self._split(body, bare=True))}

    def _split(self, body: str, *, bare: bool = False) -> list[tuple[str, str]]:
        """Each answer with the sign before it. A bare one, without a sign, is right; where none may be it is not readable."""
        first, *rest = re.split(r"([=~])", body)
        found = list(zip(rest[::2], rest[1::2], strict=True))
        if first.strip():
            if not bare:
                message = _("There is text before its first answer.")
                raise _Unreadable(Problem("stray-text", message, _("Begin each answer with = or ~.")))
            found.insert(0, ("=", first))
        if not found:
            raise _Unreadable(Problem("no-answer", _("It has no answer.")))
        return found

    def _answer(self, mark: str, said: str) -> FoundAnswer:
        fraction = 100.0 if mark == "=" else 0.0
        if weight := _WEIGHT.match(said):
            fraction, said = float(weight[1]), said[weight.end() :]
        text, _mark, feedback = said.partition("#")
        return FoundAnswer(self._markup(text), fraction, self._markup(feedback))

    def _number(self, mark: str, said: str) -> FoundAnswer:
        answer = self._answer(mark, said)
        words = answer.text.text.strip()
        if mark == "~" or words in ("*", ""):
            return answer
        low, is_range, high = words.partition("..")
        if is_range:
            least, most = _float(low), _float(high)
            return replace(answer, value=(least + most) / 2, tolerance=abs(most - least) / 2)
        value, _mark, tolerance = words.partition(":")
        return replace(answer, value=_float(value), tolerance=abs(_float(tolerance or "0")))

    def _pair(self, said: str) -> FoundPair:
        card, arrow, rest = said.partition("->")
        if not arrow:
            raise _Unreadable(Problem("no-arrow", _("A pair has no “->”.")))
        place, _mark, _feedback = rest.partition("#")
        return FoundPair(self._markup(card), self._markup(place, "plain"))

    def _true_or_false(self, is_true: bool, comments: str) -> dict[str, Any]:
        """The first comment is for the wrong answer, the second one for the right answer."""
        wrong, right = (*[self._markup(one) for one in comments.split("#")[1:3]], Markup(), Markup())[:2]
        answers = (
            FoundAnswer(Markup("true", "plain"), 100.0 if is_true else 0.0, right if is_true else wrong),
            FoundAnswer(Markup("false", "plain"), 0.0 if is_true else 100.0, wrong if is_true else right),
        )
        return {"kind": "truefalse", "answers": answers}

    def _ordering(self, body: str) -> dict[str, Any]:
        head = _ORDERING.match(body)
        lines = [line for line in body[head.end() if head else 0 :].split("\n") if line.strip()]
        shown = re.match(r">\s*(\w+)\s+(\w+)", body)
        is_partial = bool(shown and shown[1].isdigit() and 0 < int(shown[1]) < len(lines))
        return {"kind": "ordering", "answers": tuple(FoundAnswer(self._markup(line)) for line in lines), "partial": is_partial}

    def _markup(self, text: str, form: Form | None = None) -> Markup:
        found = _FORM.match(text)
        if found:
            text = text[found.end() :]
            form = found[1].lower()  # type: ignore[assignment]
        return Markup(self.signs.plain(text.strip()), form or self.form)


def _float(text: str) -> float:
    value = as_number(text)
    if value is None:
        raise _Unreadable(Problem("number", _("“%(text)s” is not a number."), params={"text": text.strip()[:50]}))
    return value
