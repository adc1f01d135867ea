"""The pool that questions go into: a quiz' file as it stands. New items are text behind the old ones, which stay as they are."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.imports.item import PoolItem
from courses.imports.yaml_text import scalar, written_item
from courses.packs.files import LARGEST_FILE
from courses.packs.findings import Findings
from courses.packs.marked import Document, read_yaml
from courses.problems import Problem, ProblemsFound

# How many of a new pool's questions an attempt draws, where there are so many.
DRAWN = 5
_ID = re.compile(r"(?:^|[{,\s-])(?:id|was):[ \t]*[\"']?([a-z0-9]+(?:-[a-z0-9]+)*)", re.MULTILINE)


@dataclass(frozen=True)
class Pool:
    """A pool before the import. `elsewhere` are ids that other files of its pack use; `languages` are those of the pack."""

    path: Path
    text: str
    document: Document | None
    ids: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    line_end: str = "\n"


def open_pool(path: Path) -> Pool:
    """Raises `ProblemsFound` where items cannot be added to what is there."""
    if path.suffix != ".yaml":
        raise ProblemsFound([Problem("suffix", _("A pool is a .yaml file."), _("Name a file such as quiz.yaml."), path.name)])
    if not path.parent.is_dir():
        message = _("There is no such folder: %(path)s")
        raise ProblemsFound([Problem("no-folder", message, _("Make it first."), path.name, params={"path": path.parent})])
    root = next((folder for folder in path.resolve().parents if (folder / "pack.yaml").is_file()), None)
    languages = _languages(root) if root else ()
    elsewhere = _ids_elsewhere(root, path.resolve()) if root else frozenset()
    if not path.exists():
        return Pool(path, "", None, elsewhere=elsewhere, languages=languages)
    text = _read(path)
    line_end = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    document = _understood(path.name, text)
    items = document.value["items"] or []
    if items and document.name and _character(text, document, ("items",)) != "-":
        message = _("The items of this pool are written between brackets; nothing can be added behind them.")
        raise ProblemsFound(
            [Problem("items", message, _("Write each item below “items:” with a dash."), document.where(("items",)))]
        )
    ids = frozenset(str(item["id"]) for item in items if isinstance(item, dict) and "id" in item)
    drawn = document.value.get("draw")
    groups = frozenset(drawn) if isinstance(drawn, dict) else frozenset()
    return Pool(path, text, document, ids, groups, elsewhere, languages, line_end)


def with_items(pool: Pool, items: Iterable[PoolItem], group: str) -> str:
    """The pool's text with the new items behind the old ones. Raises `ProblemsFound` if it would not be a pool any more."""
    items = list(items)
    if pool.document is None:
        head = f"draw:\n  {scalar(group)}: {min(DRAWN, len(items))}\nitems:\n"
        text = head + "".join(f"\n{written_item(item, group, 2)}" for item in items)
    else:
        text = _appended(pool.text, pool.document, items, group)
    _check(pool, text, [item.id for item in items])
    return text


def write_pool(pool: Pool, text: str) -> None:
    """With the line ends that the file had."""
    replace_file(pool.path, text.replace("\n", pool.line_end).encode())


def replace_file(path: Path, content: bytes) -> None:
    """All of it or nothing: a full disk leaves the old file in place."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _appended(text: str, document: Document, items: list[PoolItem], group: str) -> str:
    lines = text.split("\n")
    line, _column = document.names[("items",)]
    old = document.value["items"] or []
    if old:
        indent = document.values[("items",)][1] - 1
    else:  # “items:” or “items: []”, waiting for its first one
        indent = 2
        lines[line - 1] = re.sub(r"^(items[ \t]*:)[ \t]*(\[[ \t]*\]|null|~)?", r"\1", lines[line - 1])
    end = _end_of_items(lines, document, line)
    before, after = lines[:end], lines[end:]
    while before and not before[-1].strip():
        before.pop()
    new = "".join(f"\n{written_item(item, group, indent)}" for item in items)
    rest = "\n".join(after)
    return "\n".join(before) + "\n" + new + (f"\n{rest}" if rest.strip() else "")


def _end_of_items(lines: list[str], document: Document, start: int) -> int:
    """The line before which new items go: the next name of the file, with the comments that stand at the margin above it."""
    later = [place[0] for path, place in document.names.items() if len(path) == 1 and place[0] > start]
    end = min(later) - 1 if later else len(lines)
    while later and end > start and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end


def _check(pool: Pool, text: str, new: list[str]) -> None:
    """Reads what would be written: the old items unchanged, the new ones behind them, and not too large to publish."""
    if len(text.encode()) > LARGEST_FILE:
        message = _("The pool would be larger than %(limit)s kB.")
        hint = _("Import into another file, or take questions out.")
        raise ProblemsFound([Problem("pool-too-large", message, hint, pool.path.name, params={"limit": LARGEST_FILE // 1000})])
    value = _understood(pool.path.name, text).value
    old: Any = (pool.document.value["items"] or []) if pool.document else []
    added = value["items"][len(old) :]
    if value["items"][: len(old)] != old or [item.get("id") for item in added] != new:
        message = _("Nothing can be added to this pool without changing it.")
        hint = _("Import into a new file, and bring the two together by hand.")
        raise ProblemsFound([Problem("not-appended", message, hint, pool.path.name)])


def _understood(name: str, text: str) -> Document:
    findings = Findings()
    document = read_yaml(name, text, findings)
    findings.stop_if_any()
    if not isinstance(document.value, dict) or not isinstance(document.value.get("items", 0), list | type(None)):
        message = _("This is not a pool: it has no “items”.")
        raise ProblemsFound([Problem("no-pool", message, _("Name the quiz.yaml of a module, or a new file."), f"{name}:1")])
    return document


def _character(text: str, document: Document, path: tuple[str, ...]) -> str:
    line, column = document.values[path]
    return text.split("\n")[line - 1][column - 1]


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            message = _("The file is larger than %(limit)s kB.")
            raise ProblemsFound(
                [Problem("too-large", message, _("Split it."), path.name, params={"limit": LARGEST_FILE // 1000})]
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        message = _("The file cannot be read: %(reason)s.")
        raise ProblemsFound([Problem("unreadable", message, "", path.name, params={"reason": error.strerror or error})]) from None
    except UnicodeDecodeError:
        hint = _("Save it as UTF-8 in your editor.")
        raise ProblemsFound([Problem("not-utf-8", _("The file is not in UTF-8."), hint, path.name)]) from None


def _languages(root: Path) -> tuple[str, ...]:
    value = read_yaml("pack.yaml", _read(root / "pack.yaml"), Findings()).value
    named = value.get("languages") if isinstance(value, dict) else None
    return tuple(str(one) for one in named) if isinstance(named, list) else ()


def _ids_elsewhere(root: Path, pool: Path) -> frozenset[str]:
    """Every id that the pack's other files give to anything: a few too many rather than one too few."""
    found: set[str] = set()
    for path in sorted((root / "modules").rglob("*.yaml")):
        if path.resolve() != pool and path.is_file() and path.stat().st_size <= LARGEST_FILE:
            found.update(_ID.findall(path.read_text(encoding="utf-8", errors="replace")))
    return frozenset(found)
