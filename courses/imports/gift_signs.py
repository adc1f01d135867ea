"""GIFT's signs: what a backslash takes the meaning from, and the blocks of lines that questions are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from courses.imports.formulas import free_characters

# A backslash before any of these means the sign itself; \n is a line break. Elsewhere a backslash is a backslash.
_ESCAPED = "\\~=#{}:n"
_TAG = re.compile(r"\[tag:((?:[^\]\\]|\\.)*)\]")
_IDNUMBER = re.compile(r"\[id:((?:[^\]\\]|\\.)*)\]")


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
    """Some tools write empty lines between answers: what opens a brace goes on to the block that closes it."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else None
        first_brace = next((character for character in block.text if character in "{}"), "")
        if last and last.text.count("{") > last.text.count("}") and first_brace != "{" and _closes_later(block, blocks):
            last.lines += ["", *block.lines]
            last.comments += block.comments
            last.tags += block.tags
        else:
            found.append(block)
    return found


def _closes_later(block: Block, blocks: list[Block]) -> bool:
    """Whether the next brace from this block on is a closing one."""
    start = next(index for index, one in enumerate(blocks) if one is block)
    for one in blocks[start:]:
        brace = next((character for character in one.text if character in "{}"), "")
        if brace:
            return brace == "}"
    return False
