"""Pictures that came embedded in a file. Our pages show none, so they are kept beside the pool for whoever puts them into words."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from urllib.parse import unquote

from courses.imports.found import Markup

# By their first bytes, never by the name that the file gives them. SVG is a program as much as a picture, and is not kept.
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"))
_EMBEDDED = re.compile(r"data:image/[a-z+.-]+;base64,([A-Za-z0-9+/=%\s]*)", re.IGNORECASE)
_PREFIX = "@@PLUGINFILE@@/"


@dataclass(frozen=True)
class Picture:
    """A picture under the name it will have beside the pool."""

    name: str
    content: bytes


def kind_of(content: bytes) -> str:
    """The suffix for a picture's content; empty when it is none that we know."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((suffix for start, suffix in _KINDS if content.startswith(start)), "")


def decode(encoded: str) -> bytes:
    """What was written in base 64; nothing where it was not."""
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def named_in(source: str) -> str:
    """The name of the file that a picture's address means; empty where it lies elsewhere."""
    if source.lower().startswith(_PREFIX.lower()):
        return unquote(source[len(_PREFIX) :]).partition("?")[0]
    return ""


def with_pictures_apart(markup: Markup) -> Markup:
    """The text with the pictures that stand inside their own addresses (data:) as files of it, like any other."""
    files = dict(markup.files)

    def take(found: re.Match[str]) -> str:
        name = f"embedded-{len(files) + 1}"
        files[name] = decode(unquote(found[1]))
        return f"{_PREFIX}{name}"

    text = _EMBEDDED.sub(take, markup.text)
    return replace(markup, text=text, files=files)
