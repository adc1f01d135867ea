"""Markdown of a pack to HTML that is safe to show: no HTML of the author's gets through, and what comes out is cleaned again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import nh3
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.packs.findings import Findings
from courses.packs.terms import TermMarks

_MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})

_TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "s", "code", "pre", "blockquote", "aside", "hr", "br", "a",
         "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "class", "rel"}, "aside": {"class"}, "ol": {"start"}}
_ADDRESS = re.compile(r"(https://|mailto:)")
# The only place in a page that a text may link to, where a word is marked as a term.
_TERM = re.compile(r"#term-[a-z0-9-]+\Z")
_REL = "noopener noreferrer"

# A margin note in the lesson of either language; the space before a French colon may be of any kind.
_WHY = re.compile(r"(Why|Pourquoi)\s?:\s*\Z")


@dataclass(frozen=True)
class Source:
    """Where a text stands, so that what is wrong in it can be found: line 1 of the text is `line` of the file."""

    where: Callable[[int], str]
    findings: Findings


def render(text: str, source: Source) -> str:
    """One text as HTML."""
    tokens = _MARKDOWN.parse(text)
    _check(tokens, source)
    return _html(tokens)


def render_cards(text: str, source: Source, terms: TermMarks | None = None) -> list[dict[str, str]]:
    """A lesson as its cards: each level-2 heading begins one. What stands before the first one is a card without a title.

    Words of the glossary become links where `terms` finds them.
    """
    tokens = _MARKDOWN.parse(text)
    _check(tokens, source)
    if terms:
        terms.mark(tokens)
    cards: list[dict[str, str]] = []
    title = ""
    body: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0:
            if title or body:
                cards.append({"title": title, "html": _html(body)})
            title, body = _plain(tokens[index + 1]), []
            index += 3  # heading_open, inline, heading_close
            continue
        body.append(token)
        index += 1
    if title or body:
        cards.append({"title": title, "html": _html(body)})
    return cards


def _html(tokens: list[Token]) -> str:
    _mark_notes(tokens)
    _mark_links(tokens)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"https", "mailto"}, link_rel=None, attribute_filter=_allowed
    ).strip()


def _mark_links(tokens: list[Token]) -> None:
    """An author's link leads out of the page, and does not tell where from; only our own have a class."""
    for token in tokens:
        for child in token.children or []:
            if child.type == "link_open" and child.attrGet("class") is None:
                child.attrSet("rel", _REL)
                if not _ADDRESS.match(str(child.attrGet("href") or "")):
                    del child.attrs["href"]


def _allowed(tag: str, name: str, value: str) -> str | None:
    """A second look at what comes out; None takes the attribute away."""
    fits = {
        ("a", "href"): bool(_ADDRESS.match(value) or _TERM.match(value)),
        ("a", "class"): value == "term",
        ("a", "rel"): value == _REL,
        ("aside", "class"): value == "why",
    }
    return value if fits.get((tag, name), True) else None


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline")).strip()


def _mark_notes(tokens: list[Token]) -> None:
    """A quote that begins with “Why:” in strong becomes a note in the margin."""
    opened: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            opened.append(token)
            inline = tokens[index + 2] if tokens[index + 1].type == "paragraph_open" else None
            children = (inline.children if inline else None) or []
            words = [child for child in children if child.type != "text" or child.content]
            if len(words) > 2 and words[0].type == "strong_open" and _WHY.match(words[1].content):
                token.tag = "aside"
                token.attrSet("class", "why")
        elif token.type == "blockquote_close":
            token.tag = opened.pop().tag


def _check(tokens: list[Token], source: Source) -> None:
    for token in tokens:
        line = token.map[0] if token.map else 0
        if token.type == "heading_open" and token.tag == "h1":
            hint = _("Begin with ##: the title of the activity stands above.")
            source.findings.add("heading", _("A heading of level 1 is not for lessons."), source.where(line), hint)
        for child in token.children or []:
            if child.type == "image":
                source.findings.add(
                    "image", _("Pictures are not shown."), source.where(line), _("Say in words what it would show.")
                )
            elif child.type == "link_open" and not _ADDRESS.match(str(child.attrGet("href") or "")):
                hint = _("Link to an address that begins with https://.")
                source.findings.add(
                    "link", _("This link leads nowhere: %(link)s"), source.where(line), hint, link=child.attrGet("href")
                )
