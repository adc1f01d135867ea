"""The files of a pack, read once and with care: nothing outside the folder, nothing huge, nothing but UTF-8."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from courses.packs.findings import Findings

LARGEST_FILE = 1_000_000
LARGEST_PACK = 50_000_000
MOST_FILES = 5_000
# What a pack consists of; other files (a readme, pictures of an author's desk) are left alone.
SUFFIXES = (".yaml", ".md")
# Published rows follow from the files and from how we render them: raise this when the rendering changes.
RENDERING = b"2"


@dataclass(frozen=True)
class PackFiles:
    """Texts by their path inside the pack, and the digest over all of them in order."""

    texts: dict[str, str]
    digest: str


def read_files(root: Path, findings: Findings) -> PackFiles:
    texts: dict[str, str] = {}
    digest = sha256(RENDERING)
    total = 0
    for path in _listed(root, findings):
        name = path.relative_to(root).as_posix()
        content = _read(path, name, root, findings)
        if content is None:
            continue
        total += len(content)
        if total > LARGEST_PACK:
            findings.add("pack-too-large", _("The pack is too large."), name, _("Split it into two packs."))
            break
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
        text = _decode(content, name, findings)
        if text is not None:
            texts[name] = text
    return PackFiles(texts, digest.hexdigest())


def _listed(root: Path, findings: Findings) -> list[Path]:
    if not root.is_dir():
        findings.add("no-folder", _("There is no such folder: %(path)s"), "", _("Name the folder of a pack."), path=str(root))
        return []
    found: list[Path] = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                found.append(Path(folder, name))
            if len(found) > MOST_FILES:
                findings.add(
                    "too-many-files", _("The pack has more than %(n)s files."), "", _("Split it into two packs."), n=MOST_FILES
                )
                return []
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def _read(path: Path, name: str, root: Path, findings: Findings) -> bytes | None:
    hint = _("Put a copy of the file into the pack.")
    try:
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            findings.add("outside", _("This link leads out of the pack."), name, hint)
            return None
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited on for ever
            findings.add("no-file", _("This is not an ordinary file."), name, hint)
            return None
        if status.st_size > LARGEST_FILE:
            limit = LARGEST_FILE // 1000
            findings.add("too-large", _("The file is larger than %(limit)s kB."), name, _("Split it."), limit=limit)
            return None
        return path.read_bytes()
    except (OSError, RuntimeError) as error:
        findings.add(
            "unreadable", _("The file cannot be read: %(reason)s."), name, hint, reason=getattr(error, "strerror", "") or error
        )
        return None


def _decode(content: bytes, name: str, findings: Findings) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        findings.add(
            "not-utf-8", _("The file is not in UTF-8."), f"{name}:{line}:{column}", _("Save it as UTF-8 in your editor.")
        )
        return None
    return text.replace("\r\n", "\n")
