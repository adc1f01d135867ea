"""Links words of a lesson to the glossary: each term once in a lesson, where it first appears.

Only running text is touched: not headings, links or code, nor the question that closes a card, which is to be answered from
memory. What a reader reads stays the same to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from courses.packs.content import Term

# A letter, a digit, a hyphen or an accent that is written apart: a word goes on here.
_IN_WORD = r"[\w\u0300-\u036f‑-]"
# How the question at the end of a card begins, in either language.
_RETRIEVAL = re.compile(r"(Question|From memory|De mémoire)\s?[.:]\s*\Z")


class Glossary:
    """The words of every term, by language; the longest comes first where two begin alike."""

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self._ids: dict[str, dict[str, str]] = {}
        for term in terms:
            for language, forms in term.forms.items():
                self._ids.setdefault(language, {}).update({same_form(form): term.id for form in forms})
        self._patterns = {language: _pattern(forms) for language, forms in self._ids.items() if forms}

    def marks(self, language: str) -> TermMarks:
        return TermMarks(self._patterns.get(language), self._ids.get(language, {}))


@dataclass
class TermMarks:
    """Marks one lesson in one language. `found` has the ids of the terms that were marked, in order of appearance."""

    pattern: re.Pattern[str] | None
    ids: dict[str, str]
    found: list[str] = field(default_factory=list)

    def mark(self, tokens: list[Token]) -> None:
        if self.pattern is None:
            return
        inside: list[str] = []
        for token in tokens:
            if token.type.endswith("_open"):
                inside.append(token.type)
            elif token.type.endswith("_close"):
                inside.pop()
            elif token.type == "inline" and token.children and "heading_open" not in inside and not _is_retrieval(token):
                token.children = list(self._children(token.children))

    def _children(self, children: list[Token]) -> Iterator[Token]:
        links = 0
        for child in children:
            links += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            if child.type == "text" and not links:
                yield from self._split(child)
            else:
                yield child

    def _split(self, text: Token) -> Iterator[Token]:
        done = 0
        for hit in self.pattern.finditer(text.content) if self.pattern else ():
            one = self.ids.get(same_form(hit.group()))
            if one is None or one in self.found:
                continue
            self.found.append(one)
            yield _text(text, text.content[done : hit.start()])
            yield Token("link_open", "a", 1, attrs={"class": "term", "href": f"#term-{one}"}, level=text.level)
            yield _text(text, hit.group())
            yield Token("link_close", "a", -1, level=text.level)
            done = hit.end()
        yield _text(text, text.content[done:])


def _text(like: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=like.level)


def same_form(form: str) -> str:
    """Forms that are one: capitals, kinds of apostrophe and of space make no difference."""
    return " ".join(form.casefold().replace("’", "'").split())


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    words = "|".join(re.escape(form).replace(r"\ ", r"\s+").replace("'", "['’]") for form in longest_first)
    return re.compile(rf"(?<!{_IN_WORD})(?:{words})(?!{_IN_WORD})", re.IGNORECASE)


def _is_retrieval(inline: Token) -> bool:
    words = [child for child in inline.children or [] if child.type != "text" or child.content]
    return len(words) > 2 and words[0].type == "strong_open" and bool(_RETRIEVAL.match(words[1].content))
