"""Formulas in TeX: put aside while a text is converted, so that no star or underscore in them is taken for markup."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

_DELIMITED = r"\$\$.{0,2000}?\$\$|\[tex\].{0,2000}?\[/tex\]"
# A writer of Markdown says \\( where others say \(, and \[ is a mere bracket there.
_IN_MARKDOWN = re.compile(rf"{_DELIMITED}|\\\\\(.{{0,2000}}?\\\\\)|\\\\\[.{{0,2000}}?\\\\\]|\\\(.{{0,2000}}?\\\)", re.DOTALL)
_ELSEWHERE = re.compile(rf"{_DELIMITED}|\\\(.{{0,2000}}?\\\)|\\\[.{{0,2000}}?\\\]", re.DOTALL)
_LAYOUT = re.compile(r"</?(?:br|p|div|span)\b[^<>]*>", re.IGNORECASE)
_BETWEEN = re.compile(r"^(?:\$\$|\[tex\]|\\[(\[])|(?:\$\$|\[/tex\]|\\[)\]])$", re.IGNORECASE)


@dataclass(frozen=True)
class Hidden:
    """A text whose formulas were put aside; each one left a mark that occurs nowhere else in it."""

    text: str
    formulas: tuple[str, ...]
    opening: str
    closing: str

    def put_back(self, text: str, write: Callable[[str], str]) -> str:
        if not self.formulas:
            return text
        mark = re.compile(f"{self.opening}([0-9]+){self.closing}")
        return mark.sub(lambda found: write(self.formulas[int(found[1])]), text)


def hide_formulas(text: str, *, is_html: bool, is_markdown: bool = False) -> Hidden:
    opening, closing = free_characters(text, 2)
    formulas: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        formula = found[0]
        if is_html:
            formula = html.unescape(_LAYOUT.sub(" ", formula))
        if formula.startswith("\\\\"):
            formula = formula[1:-3] + formula[-2:]
        formula = " ".join(formula.split())
        if not _BETWEEN.sub("", formula).strip():  # some tools write \\(\\) before every text, to switch typesetting on
            return ""
        formulas.append(formula)
        return f"{opening}{len(formulas) - 1}{closing}"

    return Hidden((_IN_MARKDOWN if is_markdown else _ELSEWHERE).sub(put_aside, text), tuple(formulas), opening, closing)


def free_characters(text: str, count: int) -> tuple[str, ...]:
    """Characters of private use that the text does not have."""
    present = set(text)
    free = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in present)
    return tuple(next(free) for _ in range(count))
