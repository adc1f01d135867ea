"""Opens a file of questions and finds out which format it is in. Nothing but this file is ever read, and nothing over its limit."""

from __future__ import annotations

import stat
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from courses.imports.found import FoundFile
from courses.imports.gift import read_gift
from courses.imports.moodle_xml import read_moodle_xml
from courses.problems import Problem, ProblemsFound

# Exports with pictures are large; a file beyond this is no list of questions.
LARGEST_FILE = 20_000_000
FORMATS = ("moodle-xml", "gift")


def read_questions(path: Path, form: str | None = None) -> FoundFile:
    """All questions of a file. Raises `ProblemsFound` for a file that cannot be read at all."""
    content = _content(path)
    if (form or _form_of(content)) == "moodle-xml":
        return read_moodle_xml(content, path.name)
    return read_gift(_text(content, path.name), path.name)


def _content(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited on for ever
            raise ProblemsFound([Problem("no-file", _("This is not an ordinary file."), where=path.name)])
        if status.st_size > LARGEST_FILE:
            params = {"limit": LARGEST_FILE // 1_000_000}
            message = _("The file is larger than %(limit)s MB.")
            raise ProblemsFound([Problem("too-large", message, _("Split it."), path.name, params=params)])
        return path.read_bytes()
    except OSError as error:
        message = _("The file cannot be read: %(reason)s.")
        raise ProblemsFound([Problem("unreadable", message, "", path.name, params={"reason": error.strerror or error})]) from None


def _form_of(content: bytes) -> str:
    """By the first sign: XML begins with “<”, in any of the encodings that XML may have; a GIFT file as good as never does."""
    start = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").replace(b"\0", b"")
    return "moodle-xml" if start.startswith((b"<?xml", b"<quiz", b"<!")) else "gift"


def _text(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem("not-utf-8", _("The file is not in UTF-8."), _("Save it as UTF-8 in your editor."), f"{name}:{line}")
        raise ProblemsFound([problem]) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        message = _("This text has characters that cannot be kept.")
        raise ProblemsFound([Problem("characters", message, _("Take them out."), f"{name}:{line}")])
    return text
