"""HTML to the Markdown of our packs. What comes in is cleaned first, so that nothing but known elements is converted."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from typing import Any

import nh3
from bs4 import Tag
from markdown_it import MarkdownIt
from markdownify import ATX, BACKSLASH, MarkdownConverter

from courses.imports.found import Form

BLOCKS = {"p", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "pre",
          "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section", "article", "figure", "figcaption", "center"}  # fmt: skip
_INLINE = {"br", "span", "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "kbd", "samp", "tt", "var", "sub", "sup",
           "q", "cite", "small", "big", "mark", "abbr", "font", "label", "a", "img"}  # fmt: skip
KEPT = BLOCKS | _INLINE
# What editors and office programs leave behind, and what only wraps a page: nothing is lost with these.
_EMPTY_WORDS = {"html", "head", "body", "meta", "link", "o:p", "colgroup", "col", "wbr", "nolink", "title"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "td": {"colspan"}, "th": {"colspan"}}
_VISIBLE_STYLE = re.compile(r"color|background|text-decoration|text-align", re.IGNORECASE)
# A “<” that begins no tag: of a known name in “moodle” text, of any shape in HTML (a<b, with no > before the next tag).
_ATTRIBUTE = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+))*"""
_NAMES = "|".join(sorted(KEPT | _EMPTY_WORDS))
_NO_TAG = re.compile(rf"<(?!/?(?:{_NAMES}){_ATTRIBUTE}\s*/?>)(?!!--)", re.IGNORECASE)
_NO_TAG_IN_HTML = re.compile(r"<(?=[^<>\"']*(?:<|\Z))")
_MARKDOWN = MarkdownIt("js-default", {"html": True, "linkify": False, "typographer": False})


class Seen(HTMLParser):
    """What stands in a piece of HTML that we cannot show: read before cleaning, for the report."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: set[str] = set()
        self.unknown: set[str] = set()
        self.links: list[str] = []
        self.is_styled = False
        self.is_multilingual = "{mlang " in text
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.names.add(tag)
        if tag not in KEPT and tag not in _EMPTY_WORDS:
            self.unknown.add(tag)
        self.is_styled |= tag in {"u", "ins", "mark", "font", "center"} or bool(_VISIBLE_STYLE.search(given.get("style") or ""))
        self.is_multilingual |= "multilang" in (given.get("class") or "")
        address = (given.get("href") or "").strip()
        if tag == "a" and address and not re.match(r"(https://|mailto:)", address):
            self.links.append(address)


def to_html(text: str, form: Form) -> str:
    """Any of the forms as HTML, not cleaned yet."""
    if form == "html":
        return _NO_TAG_IN_HTML.sub("&lt;", _without_declarations(text))
    if form == "markdown":
        return _without_declarations(str(_MARKDOWN.render(text)))
    if form == "plain":
        return _with_breaks(escape(text, quote=False))
    return _with_breaks(_NO_TAG.sub("&lt;", _without_declarations(text)))


def _without_declarations(text: str) -> str:
    """Without what office programs wrap around words (<![if …]>), and with the words that CDATA wraps."""
    text = re.sub(r"<!\[CDATA\[|\]\]>", "", text)
    return re.sub(r"<!(?!--)[^<>]*>", "", text).replace("<![", "&lt;![")


def _with_breaks(text: str) -> str:
    """Line breaks that count, as HTML: an empty line parts paragraphs; beside tags they are layout of the file."""
    text = text.strip("\n")
    if not re.search(rf"</?({'|'.join(BLOCKS)})\b", text, re.IGNORECASE):
        paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", text)
        if len(paragraphs) > 1:
            return "".join(f"<p>{_with_breaks(paragraph)}</p>" for paragraph in paragraphs)
    return re.sub(r"(?<!>)\n(?!<)", "<br>", text)


def cleaned(html: str) -> str:
    return str(nh3.clean(html, tags=KEPT, attributes=_ATTRIBUTES, url_schemes={"https", "http", "mailto"}, link_rel=None))


_SIGNS = re.compile(
    r"[*`\[]"  # emphasis, code, links
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis too, except between two letters
    r"|~(?=~)|(?<=~)~"  # strike
    r"|<(?=[A-Za-z/!?])|&(?=#?\w+;)"  # would read as a tag, or as a sign by its name
    r"|\\(?=[!-/:-@\[-`{-~\n]|$)"  # a backslash that would escape something
)
_AT_LINE_START = re.compile(
    r"^([ \t]*)(?:(\d{1,9})([.)])(?=\s|$)|(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|(?=[-=:|+ ]+$)[-=:|+]))", re.MULTILINE
)


def escaped(text: str, *, in_table: bool = False) -> str:
    """Words that stay these words when they are read as Markdown."""
    text = _SIGNS.sub(lambda found: f"\\{found[0]}", text)
    if in_table:
        text = text.replace("|", "\\|")
    return _AT_LINE_START.sub(lambda found: f"{found[1]}{found[2] or ''}\\{found[3] or found[4]}", text)


_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def shifted(text: str, *, up: bool) -> str:
    """An index or exponent without HTML: in its own characters where there are some, else m^(text)."""
    table, sign = (_RAISED, "^") if up else (_LOWERED, "_")
    if text and all(ord(character) in table for character in text):
        return text.translate(table)
    return f"{sign}({text})" if text else ""


# Its own types leave out the methods that are made to be overridden.
_Converter: Any = MarkdownConverter


class ToMarkdown(_Converter):
    """Our Markdown: no HTML, no pictures, links to https and mailto alone, headings below the activity's own."""

    def __init__(self, describe: Callable[[str, str], tuple[str, str]]) -> None:
        """`describe` says of a picture (its address, its alternative text) with which words and which link it is replaced."""
        super().__init__(heading_style=ATX, newline_style=BACKSLASH, bullets="-", autolinks=False, table_infer_header=True)
        self.describe = describe

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escaped(text, in_table=bool({"td", "th"} & parent_tags))

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        address = str(el.get("href") or "").strip()
        words = text.strip()
        if "_noformat" in parent_tags or not address or not words:
            return text
        if re.match(r"(https://|mailto:)", address):
            return _linked(words, address)
        plain = escaped(address)
        return words if words == plain else f"{words} ({plain})"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words, address = self.describe(str(el.get("src") or ""), str(el.get("alt") or ""))
        if "_noformat" in parent_tags:
            return words
        return _linked(escaped(words), address) if address else escaped(words)

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        return str(super().convert_hN(max(2, n), el, text, parent_tags))

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        longest = max((len(run) for run in re.findall("`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        body = text.strip("\n")
        return f"\n\n{fence}\n{body}\n{fence}\n\n" if body.strip() else ""

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return shifted(text, up=True)

    def convert_sub(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return shifted(text, up=False)

    convert_tt = _Converter.convert_code


def _linked(words: str, address: str) -> str:
    address = re.sub(r"[\s<>]", lambda found: f"%{ord(found[0]):02X}", address)
    return f"[{words}](<{address}>)" if re.search(r"[()]", address) else f"[{words}]({address})"
