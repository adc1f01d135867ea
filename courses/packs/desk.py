"""What every reader of a pack's file needs at hand: the files, the languages, and where to note what is wrong."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, TypeAdapter, ValidationError

from courses.packs.files import PackFiles
from courses.packs.findings import Findings
from courses.packs.markdown import Source, render, render_cards
from courses.packs.marked import Document, Path, read_yaml
from courses.packs.references import References
from courses.packs.terms import Glossary
from courses.shapes import explain

T = TypeVar("T")


@dataclass
class Desk:
    files: PackFiles
    findings: Findings
    languages: tuple[str, ...] = ()
    used: set[str] = field(default_factory=set)
    references: References = field(default_factory=References)
    glossary: Glossary = field(default_factory=Glossary)

    def document(self, name: str, *, asked_for: str = "") -> Document | None:
        """A YAML file; None where it is not there or not YAML. `asked_for` is the place that names it."""
        if name not in self.files.texts:
            self.missing(name, asked_for)
            return None
        self.used.add(name)
        document = read_yaml(name, self.files.texts[name], self.findings)
        if document.value is None and not any(problem.where.partition(":")[0] == name for problem in self.findings.problems):
            self.findings.add("empty-file", _("The file is empty."), f"{name}:1:1", _("Write it, or take it away."))
        return document if document.value is not None else None

    def place(self, kind: str, one: str, document: Document, at: Path, was: str | None) -> None:
        """Notes that an entry has this id, and which one it had before."""
        where, was_where = document.where((*at, "id")), document.where((*at, "was"))
        self.references.place(kind, one, where, self.findings, was=was, was_where=was_where)

    def refer(self, kind: str, one: str, document: Document, at: Path, *, of_name: bool = False) -> None:
        self.references.refer(kind, one, document.where(at, of_name=of_name))

    def missing(self, name: str, asked_for: str) -> None:
        where = asked_for or name
        self.findings.add(
            "no-such-file", _("There is no file “%(name)s”."), where, _("Check the name, or add the file."), name=name
        )

    def shaped(self, document: Document, shape: type[T] | Any, value: Any = None, at: Path = ()) -> T | None:
        """The value in the shape of the format; None where it does not fit, and then it is noted why."""
        adapter: TypeAdapter[T] = TypeAdapter(shape)
        try:
            return adapter.validate_python(document.value if value is None else value, context={"languages": self.languages})
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                said = explain(detail)
                where = document.where((*at, *detail["loc"]), of_name=said.code == "unknown-key")
                self.findings.add(said.code, said.message, where, said.hint, **said.params)
            return None

    def read(self, name: str, shape: type[BaseModel], *, asked_for: str = "") -> tuple[Document, Any] | None:
        document = self.document(name, asked_for=asked_for)
        if document is None:
            return None
        said: Any = self.shaped(document, shape)
        return (document, said) if said is not None else None

    def beside(self, folder: str, name: str, where: str) -> str | None:
        """A file that a module names, inside the module's own folder."""
        path = posixpath.normpath(posixpath.join(folder, name))
        if not path.startswith(f"{folder}/"):
            self.findings.add(
                "outside",
                _("“%(name)s” is not in the folder of this module."),
                where,
                _("Name a file beside module.yaml."),
                name=name,
            )
            return None
        return path

    def html(self, text: dict[str, str] | None, document: Document, at: Path) -> dict[str, str]:
        """Markdown that is written in place, in each language; empty texts where there is none."""
        return {
            language: render((text or {}).get(language, ""), self._source(document, (*at, language)))
            for language in self.languages
        }

    def lesson(self, stem: str, asked_for: str) -> dict[str, dict[str, Any]]:
        """A lesson's body: its cards, from one Markdown file for each language, and the terms that are linked in them."""
        found: dict[str, dict[str, Any]] = {}
        for language, name, text in self._by_language(stem, asked_for):
            marks = self.glossary.marks(language)
            found[language] = {"cards": render_cards(text, self._lines(name), marks)}
            if marks.found:
                found[language]["terms"] = marks.found
        if len({len(body["cards"]) for body in found.values()}) > 1:
            counts = ", ".join(f"{language} {len(body['cards'])}" for language, body in found.items())
            hint = _("Each card begins with a heading “## …”, in every language alike.")
            self.findings.add(
                "cards", _("The languages do not have the same number of cards: %(counts)s."), asked_for, hint, counts=counts
            )
        return found

    def long(self, stem: str, asked_for: str) -> dict[str, str]:
        """A long text as HTML, from one Markdown file for each language."""
        return {language: render(text, self._lines(name)) for language, name, text in self._by_language(stem, asked_for)}

    def _by_language(self, stem: str, asked_for: str) -> Iterator[tuple[str, str, str]]:
        """Language, name and text of each Markdown file that is there."""
        for language in self.languages:
            name = f"{stem}.{language}.md"
            if name not in self.files.texts:
                self.missing(name, asked_for)
                continue
            self.used.add(name)
            text = self.files.texts[name]
            if not text.strip():
                self.findings.add("empty-file", _("The file is empty."), f"{name}:1:1", _("Write it, or take it away."))
            if "\0" in text:
                self.findings.add(
                    "characters", _("This text has characters that cannot be kept."), f"{name}:1:1", _("Take them out.")
                )
            yield language, name, text

    def _lines(self, name: str) -> Source:
        return Source(partial(_line, name), self.findings)

    def _source(self, document: Document, at: Path) -> Source:
        # A text over several lines begins below the line of its name; a line more or less is near enough to find it.
        return Source(lambda _line: document.where(at), self.findings)


def _line(name: str, line: int) -> str:
    return f"{name}:{line + 1}:1"
