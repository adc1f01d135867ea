"""What one short mail says, apart from how it looks: subject, where you are, one next step, why you get it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.template import Context, Template, engines
from django.template.loader_tags import BlockNode

# Not \s: that takes the narrow no-break spaces of French for line breaks.
_SPACE = re.compile(r"[ \t\r\n]+")
_PARAGRAPH = re.compile(r"\r?\n[ \t]*\r?\n")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True)
class Letter:
    """Plain text, in the reader's language; escaped where it becomes HTML."""

    subject: str
    lead: str
    body: tuple[str, ...] = ()
    #: The one button: what it does, with its minutes, and where it leads.
    action: str = ""
    url: str = ""
    why: str = ""
    #: One click without signing in; empty for mails that are not automatic.
    stop_url: str = ""

    def stoppable(self, url: str) -> "Letter":
        return replace(self, stop_url=url)


def one_line(text: str) -> str:
    """Fit for a header: whatever a name or a title contains, it stays on its line."""
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip(" ")


@lru_cache(maxsize=128)
def _blocks(name: str) -> tuple[Template, Mapping[str, BlockNode]]:
    template: Template = engines["django"].get_template(name).template  # type: ignore[attr-defined]
    blocks = template.nodelist.get_nodes_by_type(BlockNode)
    return template, {node.name: node for node in blocks if isinstance(node, BlockNode)}


def read_letter(name: str, context: Mapping[str, Any]) -> Letter:
    """From a template of words: one file per mail, with the blocks ``subject``, ``lead``, ``body`` (a blank line parts paragraphs),
    ``action``, ``url`` and ``why``. Values are not escaped there: the layout does it.
    """
    template, blocks = _blocks(name)
    unescaped = Context(dict(context), autoescape=False)

    def text_of(block: str) -> str:
        if block not in blocks:
            return ""
        with unescaped.bind_template(template):
            return str(blocks[block].nodelist.render(unescaped)).strip(" \t\r\n")

    paragraphs = (_SPACE.sub(" ", part).strip(" ") for part in _PARAGRAPH.split(text_of("body")))
    return Letter(
        subject=one_line(text_of("subject")),
        lead=_SPACE.sub(" ", text_of("lead")),
        body=tuple(part for part in paragraphs if part),
        action=one_line(text_of("action")),
        url=text_of("url"),
        why=_SPACE.sub(" ", text_of("why")),
    )
