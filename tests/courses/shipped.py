"""The shipped pack as its readers meet it: every text with its place and its language, whatever kind of row it belongs to.

Kinds are found in `courses.packs.content` itself, so that a kind which is added there is checked without a word here.
"""

import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from typing import Any, NamedTuple

import pytest

from courses.packs.content import Catalogue, Graded, Module, Pack
from courses.packs.reader import read_pack
from courses.packs.shipped import SHIPPED

#: Names in a row that are no text of its own: ids, what only grading reads, and rows that are units of their own.
NO_TEXT = {"id", "was", "payload", "modules", "terms", "url"}
# By folder: should the pack not be readable, each test of a module says so, and the rest of the suite runs.
MODULES = sorted(path.name for path in (SHIPPED / "modules").iterdir() if path.is_dir())
BESIDE = [one.name for one in dataclasses.fields(Catalogue)]
KINDS = ["skills", "domains", "tracks", *BESIDE]

UNITS = [*MODULES, *KINDS]

every_module = pytest.mark.parametrize("name", MODULES)
#: A unit is a module, or all rows of another kind.
every_unit = pytest.mark.parametrize("unit", UNITS)


class Text(NamedTuple):
    """One text that a person reads. `html` is as rendered where the row keeps HTML, else the text itself."""

    place: str
    language: str
    html: str

    @property
    def text(self) -> str:
        return plain(self.html)


@cache
def shipped() -> Pack:
    return read_pack(SHIPPED)


def rows_of(unit: str) -> list[Any]:
    """The module of this name, or all rows of this kind."""
    if unit in MODULES:
        return [module for module in shipped().modules if module.id == unit]
    return list(getattr(shipped().catalogue if unit in BESIDE else shipped(), unit))


@cache
def texts_of(unit: str) -> tuple[Text, ...]:
    return tuple(text for row in rows_of(unit) for text in texts(row))


def graded(module: Module) -> Iterator[Graded]:
    for activity in module.activities:
        yield from activity.items
    yield from module.cards


def texts(value: Any, place: str = "") -> Iterator[Text]:
    """Every text below a row: a text is what stands under each language of the pack."""
    if dataclasses.is_dataclass(value):
        place = getattr(value, "id", place)
        for one in dataclasses.fields(value):
            inner = getattr(value, one.name)
            if one.name == "key":  # of a key, one reads the answer that would do, and nothing else
                inner = {"model": inner.get("model")}
            if one.name not in NO_TEXT:
                yield from texts(inner, f"{place}.{one.name}")
    elif isinstance(value, dict) and set(value) == set(shipped().languages):
        for language, inner in value.items():
            yield from _in_one_language(inner, place, language)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in NO_TEXT:
                yield from texts(inner, f"{place}.{name}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{place}.{index}")


def _in_one_language(value: Any, place: str, language: str) -> Iterator[Text]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in NO_TEXT:
                yield from _in_one_language(inner, f"{place}.{name}", language)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _in_one_language(inner, f"{place}.{index}", language)
    elif value:
        yield Text(place, language, str(value))


def plain(html: str) -> str:
    """The words of a text, each block on a line of its own."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|h\d|td|th|tr|blockquote)>", "\n", html)))
