"""GIFT's signs: what a backslash takes the meaning from, and the blocks of lines that questions are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from courses.imports.formulas import free_characters

# A backslash before any of these means the sign itself; \n is a line break. Elsewhere a backslash is a backslash.
_ESCAPED = "\\~=#{}:n"
# With a limit: a comment full of tags that never end would otherwise be read to its end from each of them.
_TAG = re.compile(r"\[tag:((?:[^\]\\]|\\.){0,200})\]")
_IDNUMBER = re.compile(r"\[id:((?:[^\]\\]|\\.){0,200})\]")


@dataclass(frozen=True)
class Signs:
    """A file in which escaped signs stand as characters that mean nothing, until `plain` writes them as themselves."""

    text: str
    meanings: dict[int, str]

    def plain(self, text: str) -> str:
        return text.translate(self.meanings)


def read_signs(text: str) -> Signs:
    stands_for = dict(zip(_ESCAPED, free_characters(text, len(_ESCAPED)), strict=True))
    protected = re.sub(r"\\([\\~=#{}:n])", lambda found: stands_for[found[1]], text)
    return Signs(protected, {ord(stand): "\n" if sign == "n" else sign for sign, stand in stands_for.items()})


@dataclass
class Block:
    """The lines of one question, without comments; what the comments said is kept."""

    line: int
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    idnumber: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def note(self, comment: str) -> None:
        self.tags += [_unbackslashed(tag) for tag in _TAG.findall(comment)]
        found = _IDNUMBER.search(comment)
        if found and not self.idnumber:
            self.idnumber = _unbackslashed(found[1])
        rest = _IDNUMBER.sub("", _TAG.sub("", comment)).strip(" /\t")
        if rest:
            self.comments.append(rest)


def _unbackslashed(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()


def split_blocks(lines: Iterable[str]) -> list[Block]:
    """An empty line ends a question, unless its braces are still open and close further down."""
    blocks: list[Block] = []
    now = Block(0)
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("//"):
            now.note(line.strip())
        elif line.strip():
            if not now.lines:
                now.line = number
            now.lines.append(line.rstrip())
        elif now.lines:
            blocks.append(now)
            now = Block(0)
    if now.lines:
        blocks.append(now)
    return _joined(blocks)


def _joined(blocks: list[Block]) -> list[Block]:
    """Some tools write empty lines between answers: what opens a brace goes on to the block that closes it.

    It goes on only where the next brace of the file is a closing one; a brace that is never closed keeps to its own block.
    """
    next_brace = ""
    closes: list[bool] = []  # for each block, whether the next brace from it on is a closing one
    for block in reversed(blocks):
        next_brace = next((sign for sign in block.text if sign in "{}"), next_brace)
        closes.append(next_brace == "}")
    found: list[Block] = []
    depth = 0
    for block, goes_on in zip(blocks, reversed(closes), strict=True):
        change = block.text.count("{") - block.text.count("}")
        if found and depth > 0 and goes_on:
            found[-1].lines += ["", *block.lines]
            found[-1].comments += block.comments
            found[-1].tags += block.tags
            depth += change
        else:
            found.append(block)
            depth = change
    return found
