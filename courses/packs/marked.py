"""YAML with the place of everything kept, so that each problem is told by line and column.

A small reading of YAML, on purpose: no anchors and aliases (a few lines of them can grow without bound), no tags, names are
texts, nothing twice. Only ``true``, ``false``, ``null`` and decimal numbers are more than texts: ``no`` and ``on`` stay words,
``2026-01-01`` and ``12:30`` stay what was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext_lazy as _

from courses.packs.findings import Findings

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Path = tuple[str | int, ...]
Place = tuple[int, int]

DEEPEST = 20
MOST_VALUES = 100_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})?\.[0-9]{1,17}\Z")
_NOTHING = ("", "~", "null", "Null", "NULL")
_TRUE, _FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")
_WORDS = {**dict.fromkeys(_NOTHING), **dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}


@dataclass
class Document:
    """A file's value with the places of its entries. `value` is None where the file could not be understood."""

    name: str
    value: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    names: dict[Path, Place] = field(default_factory=dict)

    def where(self, path: Path = (), *, of_name: bool = False) -> str:
        """ "file:line:column" of a value, or of its name; of the nearest thing around it where it is not in the file."""
        while path:
            place = (self.names.get(path) if of_name else None) or self.values.get(path)
            if place:
                return f"{self.name}:{place[0]}:{place[1]}"
            path = path[:-1]
        line, column = self.values.get((), (1, 1))
        return f"{self.name}:{line}:{column}"


class _Refused(Exception):
    def __init__(self, code: str, message: StrOrPromise, mark: Any, hint: StrOrPromise = "") -> None:
        self.code, self.message, self.mark, self.hint = code, message, mark, hint
        super().__init__(code)


@dataclass
class _Frame:
    """A list or a mapping that is being read."""

    path: Path
    into: Any
    name: str | None = None


def read_yaml(name: str, text: str, findings: Findings) -> Document:
    document = Document(name)
    try:
        _read(text, document, findings)
    except _Refused as refusal:
        findings.add(refusal.code, refusal.message, f"{name}:{_spot(refusal.mark)}", refusal.hint)
        document.value = None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(filter(None, [error.context, error.problem]))
        hint = _("Look at quotation marks, colons and indentation here and on the line above.")
        findings.add("yaml", _("This is not YAML: %(said)s."), f"{name}:{_spot(mark)}", hint, said=said)
        document.value = None
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        findings.add("yaml", _("This is not YAML: %(said)s."), name, "", said=str(error).replace("\n", " "))
        document.value = None
    return document


def _spot(mark: Any) -> str:
    return f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"


def _read(text: str, document: Document, findings: Findings) -> None:
    stack: list[_Frame] = []
    documents = count = 0
    for event in yaml.parse(text, Loader=_Loader):
        mark = event.start_mark
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Refused("two-documents", _("A second document begins here."), mark, _("Take the line “---” out."))
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(
                "alias",
                _("Anchors and aliases (& and *) are not read."),
                mark,
                _("Write it out, or put quotation marks around the text."),
            )
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            stack.pop()
        elif isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent):
            count += 1
            if count > MOST_VALUES or len(stack) > DEEPEST:
                raise _Refused("too-deep", _("There is too much in this file, or too deep."), mark, _("Split it."))
            if event.tag:
                raise _Refused("tag", _("Tags (!) are not read."), mark, _("Put quotation marks around the text."))
            _take(event, stack, document, findings)


def _take(event: Any, stack: list[_Frame], document: Document, findings: Findings) -> None:
    place = (event.start_mark.line + 1, event.start_mark.column + 1)
    frame = stack[-1] if stack else None
    if frame is not None and isinstance(frame.into, dict) and frame.name is None:
        _take_name(event, frame, place, document, findings)
        return
    value: Any = (
        _scalar(event) if isinstance(event, yaml.ScalarEvent) else {} if isinstance(event, yaml.MappingStartEvent) else []
    )
    path: Path = ()
    if frame is None:
        document.value = value
    elif isinstance(frame.into, dict):
        name = frame.name or ""
        path = (*frame.path, name)
        frame.into.setdefault(name, value)
        frame.name = None
    else:
        path = (*frame.path, len(frame.into))
        frame.into.append(value)
    document.values.setdefault(path, place)
    if isinstance(value, dict | list) and not isinstance(event, yaml.ScalarEvent):
        stack.append(_Frame(path, value))


def _take_name(event: Any, frame: _Frame, place: Place, document: Document, findings: Findings) -> None:
    if not isinstance(event, yaml.ScalarEvent) or (frame.path and len(event.value) > 200):
        raise _Refused(
            "name", _("A name is expected here."), event.start_mark, _("Write “name: value”; put texts between quotation marks.")
        )
    name = _text(event)
    if name in frame.into:
        spot = f"{document.name}:{place[0]}:{place[1]}"
        findings.add("name-twice", _("“%(name)s” stands here a second time."), spot, _("Keep one of the two."), name=name)
    document.names.setdefault((*frame.path, name), place)
    frame.name = name


def _text(event: Any) -> str:
    value: str = event.value
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise _Refused("characters", _("This text has characters that cannot be kept."), event.start_mark, _("Take them out."))
    return value


def _scalar(event: Any) -> Any:
    text = _text(event)
    if event.style not in (None, "") or not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _NUMBER.match(text) else text
