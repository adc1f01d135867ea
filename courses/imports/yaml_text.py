"""Writes items in the YAML that our packs are kept in by hand: block style, texts between quotation marks, long ones as blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from courses.imports.item import PoolItem

# Written without quotation marks: what can be read as nothing but this word.
_WORD = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)\Z)[a-z][a-z0-9_-]*\Z", re.IGNORECASE)
LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z]{2})?\Z")
# What YAML does not take as it is, and what would read as a line break.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
LINE = 120


def written_item(item: PoolItem, group: str, indent: int) -> str:
    """The item as an entry of a list whose dashes stand at `indent`, with its comments above it."""
    lines = [f"{' ' * indent}# {line}" for comment in item.comments for line in _comment_lines(comment)]
    entry: dict[str, Any] = {
        "id": item.id,
        "group": group,
        "mechanic": item.mechanic,
        "weight": item.weight,
        "prompt": item.prompt,
        "payload": item.payload,
        "key": item.key,
        "feedback": item.feedback,
        "why": item.why,
    }
    body = list(_mapping({name: value for name, value in entry.items() if value not in ({}, "")}, indent + 2))
    body[0] = f"{' ' * indent}- {body[0].lstrip()}"
    return "\n".join([*lines, *body]) + "\n"


def _comment_lines(comment: str) -> Iterator[str]:
    """A comment must never end before its line does, whatever stands in it."""
    for line in re.split(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+", comment):
        yield from _folded(_UNPRINTABLE.sub(" ", line).strip())


def _folded(line: str) -> Iterator[str]:
    while len(line) > LINE:
        cut = line.rfind(" ", 0, LINE)
        cut = cut if cut > 0 else LINE
        yield line[:cut]
        line = line[cut:].strip()
    if line:
        yield line


def _mapping(value: dict[str, Any], indent: int) -> Iterator[str]:
    space = " " * indent
    for name, one in value.items():
        head = f"{space}{scalar(name)}:"
        if isinstance(one, dict) and one:
            yield head
            yield from _mapping(one, indent + 2)
        elif isinstance(one, list) and one and all(isinstance(entry, dict) for entry in one):
            yield head
            for entry in one:
                first, *rest = _mapping(entry, indent + 4)
                yield f"{space}  - {first.lstrip()}"
                yield from rest
        elif isinstance(one, list):
            yield f"{head} [{', '.join(scalar(entry) for entry in one)}]"
        elif isinstance(one, str) and _is_block(one):
            yield f"{head} |-"
            yield from (f"{space}  {line}" if line else "" for line in one.split("\n"))
        else:
            is_text = isinstance(one, str) and name != "id" and LANGUAGE.match(name)
            yield f"{head} {quoted(str(one)) if is_text else scalar(one)}"


def _is_block(text: str) -> bool:
    """Whether a text of several lines can stand as it is, indented: nothing at its edges that the indentation would swallow."""
    lines = text.split("\n")
    return (
        len(lines) > 1
        and bool(lines[0].strip() and lines[-1].strip())
        and not lines[0].startswith((" ", "\t"))
        and not any(line != line.rstrip() for line in lines)
        and not _UNPRINTABLE.search(text)
    )


def scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(value)
    if _WORD.match(value):
        return str(value)
    return quoted(str(value))


def quoted(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def number(value: float) -> str:
    """A decimal number as our packs write it: without an exponent, and with 17 decimals at most."""
    written = format(round(Decimal(repr(float(value))), 17), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
