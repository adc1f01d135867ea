"""The glossary in the reader's language: in its alphabet, accents folded, and searched the way people type."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import strip_tags

from courses import queries as shelves
from lms.progress.standing import in_language

#: What does not begin with a letter stands together.
OTHER = "0–9"
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'"})


@dataclass(frozen=True)
class TermLine:
    slug: str
    name: str
    definition: str
    #: (id, name) of the terms to see also, as far as they are there.
    see: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Letter:
    letter: str
    lines: tuple[TermLine, ...]


def fold(text: str) -> str:
    """For order and search: no accents, no capitals, no ligatures."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def glossary(*, search: str = "") -> tuple[Letter, ...]:
    """By letter; with ``search``, the terms in whose name, forms or definition every word occurs. One query."""
    found = list(shelves.terms())
    names = {term.slug: str(term.name) for term in found}
    words = fold(search).split()
    lines = []
    for term in found:
        definition = str(term.definition)
        told = fold(" ".join([names[term.slug], *(in_language(term.forms) or ()), strip_tags(definition)]))
        if all(word in told for word in words):
            see = tuple((slug, names[slug]) for slug in term.see if slug in names)
            lines.append(TermLine(slug=term.slug, name=names[term.slug], definition=definition, see=see))
    lines.sort(key=lambda line: (fold(line.name), line.slug))
    return tuple(Letter(letter, tuple(those)) for letter, those in groupby(lines, key=lambda line: _letter(line.name)))


def _letter(name: str) -> str:
    first = fold(name)[:1].upper()
    return first if first.isalpha() else OTHER
