"""Writes the texts of one question as our packs have them, and notes what a text loses on the way.

Prompts, feedback and reasons are Markdown. What a learner chooses or moves (options, cards, bins) is shown as plain words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Tag
from django.utils.translation import gettext_lazy as _

from courses.imports.formulas import Hidden, hide_formulas
from courses.imports.found import Markup
from courses.imports.markup import BLOCKS, Seen, ToMarkdown, cleaned, shifted, to_html
from courses.imports.pictures import Picture, kind_of, named_in, with_pictures_apart
from courses.packs.findings import Findings
from courses.problems import Problem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_CODE = ["code", "pre", "kbd", "samp", "tt"]
_FORMATTED = {
    "strong",
    "b",
    "em",
    "i",
    "s",
    "del",
    "strike",
    "code",
    "pre",
    "ul",
    "ol",
    "table",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
}
# Without the pictures in it.
LONGEST_TEXT = 30_000
# Deeper than any text of a question; the conversion walks down by calling itself.
DEEPEST = 60
# Patterns that look for the end of a gap take its length squared; what is longer than this says nothing.
_GAP = re.compile(r"(\s{200})\s+")


class NotCarried(Exception):
    """Raised where a question cannot become an item of ours; the problem says why."""

    def __init__(self, code: str, message: StrOrPromise, hint: StrOrPromise = "", **params: object) -> None:
        self.problem = Problem(code, message, hint, params=params)
        super().__init__(code)


@dataclass
class Writer:
    """For one question in one language. `losses` is shared by its languages, and so are the pictures: each is kept once."""

    where: str
    stem: str
    losses: Findings
    pictures: list[Picture] = field(default_factory=list)

    def lose(self, code: str, message: StrOrPromise, hint: StrOrPromise = "", **params: object) -> None:
        one = Problem(code, message, hint, self.where, params=params)
        if (code, str(one.message)) not in {(other.code, str(other.message)) for other in self.losses.problems}:
            self.losses.problems.append(one)

    def markdown(self, markup: Markup, *, asks: bool = False) -> str:
        """Markdown of our kind. `asks` is for a text that a learner cannot do without: a mere picture will not do."""
        if not markup:
            return ""
        markup = with_pictures_apart(markup)
        soup, hidden = self._soup(markup)
        if asks:
            self._refuse_bare_picture(soup)
        written = ToMarkdown(lambda source, alt: self._picture(markup, source, alt)).convert_soup(soup)
        return re.sub(r"\n{3,}", "\n\n", _as_code(hidden, re.sub(r"[ \t]+$", "", written, flags=re.MULTILINE))).strip()

    def plain(self, markup: Markup) -> str:
        """Words without any markup, on one line."""
        if not markup:
            return ""
        markup = with_pictures_apart(markup)
        soup, hidden = self._soup(markup)
        self._refuse_bare_picture(soup)
        if any(tag.name in _FORMATTED for tag in soup.find_all(True)):
            self.lose("format", _("Answers and cards are shown as plain words: bold, lists, code and tables are gone."))
        for link in soup.find_all("a", href=re.compile("^(https://|mailto:)")):
            message = _("Links do not work inside answers and cards: %(link)s")
            self.lose("link-inside", message, link=str(link["href"])[:200])
        for picture in soup.find_all("img"):
            picture.replace_with(self._picture(markup, str(picture.get("src") or ""), str(picture.get("alt") or ""))[0])
        for name in ("sup", "sub"):
            for tag in soup.find_all(name):
                tag.replace_with(shifted(tag.get_text(), up=name == "sup"))
        for tag in soup.find_all([*BLOCKS, "br"]):
            tag.insert_before(" ")
            tag.insert_after(" ")
        return re.sub(r"[ \t\r\n]+", " ", hidden.put_back(soup.get_text(), str)).strip()

    def _soup(self, markup: Markup) -> tuple[BeautifulSoup, Hidden]:
        if len(markup.text) > LONGEST_TEXT:
            message = _("One of its texts is longer than %(n)s characters.")
            raise NotCarried("too-long", message, _("Split it."), n=LONGEST_TEXT)
        text = _GAP.sub(r"\1", markup.text)
        hidden = hide_formulas(text, is_html=markup.form in ("html", "moodle"), is_markdown=markup.form == "markdown")
        html = to_html(hidden.text, markup.form)
        self._note(html, markup)
        soup = BeautifulSoup(f"<div>{cleaned(html)}</div>", "html.parser")
        self._check_depth(soup)
        if hidden.formulas:
            self.lose("formula", _("Formulas are kept as TeX and shown as it is written, not typeset."))
            for code in soup.find_all(_CODE):  # in code a formula is code
                for words in code.find_all(string=True):
                    words.replace_with(hidden.put_back(str(words), str))
        return soup, hidden

    def _check_depth(self, soup: BeautifulSoup) -> None:
        level: list[Tag] = [soup]
        for _depth in range(DEEPEST):
            level = [child for tag in level for child in tag.children if isinstance(child, Tag)]
            if not level:
                return
        raise NotCarried("too-deep", _("Its text is nested too deep to be read."), _("Simplify it in the system it comes from."))

    def _note(self, html: str, markup: Markup) -> None:
        seen = Seen(html)
        if seen.unknown:
            names = ", ".join(sorted(seen.unknown)[:10])
            self.lose("elements", _("These HTML elements are not shown: %(names)s."), names=names)
        if seen.is_styled:
            self.lose("style", _("Colours, underlining and alignment are gone."))
        if seen.is_multilingual:
            hint = _("Import a file for each language.")
            self.lose("multilang", _("One text holds several languages; all of them are in the item now."), hint)
        for address in seen.links:
            self.lose("link", _("This link is not to an https address, and became words: %(link)s"), link=address[:200])
        others = [name for name, content in markup.files.items() if not kind_of(content)]
        if others:
            self.lose("file", _("These files are not pictures that can be kept: %(names)s."), names=", ".join(others[:10]))
        for name, content in markup.files.items():
            if kind_of(content) and not _mentions(html, name):
                self._keep(content, name)

    def _refuse_bare_picture(self, soup: BeautifulSoup) -> None:
        pictures = soup.find_all("img")
        if pictures and not soup.get_text().strip() and not any(str(one.get("alt") or "").strip() for one in pictures):
            hint = _("Give the picture an alternative text that says what it shows.")
            raise NotCarried("picture-only", _("The question or one of its answers is a picture without words."), hint)

    def _picture(self, markup: Markup, source: str, alt: str) -> tuple[str, str]:
        """The words that stand for a picture, and the address they link to."""
        named = named_in(source)
        content = markup.files.get(named, b"")
        words = " ".join(alt.split()) or named or "…"
        if content and kind_of(content):
            self._keep(content, words)
            return f"[{words}]", ""
        hint = _("Say in words what it would show.")
        if re.match("https://", source):
            self.lose("picture-link", _("The picture “%(name)s” became a link."), hint, name=words)
            return words, source
        self.lose("picture-missing", _("The picture “%(name)s” is not in the file."), hint, name=words)
        return f"[{words}]", ""

    def _keep(self, content: bytes, words: str) -> None:
        kept = next((one for one in self.pictures if one.content == content), None)
        if kept is None:
            kept = Picture(f"{self.stem}-{len(self.pictures) + 1}.{kind_of(content)}", content)
            self.pictures.append(kept)
        hint = _("Say in words what it shows.")
        message = _("The picture “%(name)s” is not shown; it is kept as %(file)s.")
        self.lose("picture", message, hint, name=words, file=kept.name)


def _mentions(html: str, name: str) -> bool:
    return any(named_in(source) == name for source in re.findall(r"@@PLUGINFILE@@[^\"'<>]*", html, re.IGNORECASE))


def _as_code(hidden: Hidden, text: str) -> str:
    """Formulas as code spans, apart from each other and from other code."""
    if not hidden.formulas:
        return text
    mark = f"{hidden.opening}[0-9]+{hidden.closing}"
    text = re.sub(rf"(`|{mark})(?={mark})", r"\1 ", text)
    return hidden.put_back(re.sub(rf"({mark})(?=`)", r"\1 ", text), _code)


def _code(formula: str) -> str:
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", formula)), default=0))
    return f"{fence} {formula} {fence}" if "`" in formula else f"{fence}{formula}{fence}"
