"""XML as a small tree in which every element knows its line. Parsed with defusedxml: no entities, no DTD, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, ErrorHandler
from xml.sax.xmlreader import AttributesImpl, Locator

import defusedxml.sax
from defusedxml import DefusedXmlException
from django.utils.translation import gettext_lazy as _

from courses.problems import Problem, ProblemsFound

DEEPEST = 50
MOST_ELEMENTS = 500_000


# Elements of the format itself; any other one inside a text is XHTML that somebody did not put into CDATA.
_STRUCTURE = {"text", "file", "feedback", "answer", "tolerance"}


@dataclass
class Node:
    name: str
    line: int
    column: int = 1
    attributes: dict[str, str] = field(default_factory=dict)
    contents: list[str | Node] = field(default_factory=list)

    @property
    def children(self) -> list[Node]:
        return [one for one in self.contents if isinstance(one, Node)]

    def all(self, *names: str) -> Iterator[Node]:
        return (child for child in self.children if child.name in names)

    def first(self, name: str) -> Node | None:
        return next(self.all(name), None)

    def said(self, name: str, default: str = "") -> str:
        """The words of a child, or of the <text> inside it."""
        child = self.first(name)
        return child.own_text().strip() if child else default

    def own_text(self) -> str:
        """What stands in <text>, or directly in the element where a tool left <text> out."""
        inner = self.first("text") or self
        if any(child.name not in _STRUCTURE for child in inner.children):
            return inner._as_html()
        return "".join(one for one in inner.contents if isinstance(one, str))

    def _as_html(self) -> str:
        pieces = []
        for one in self.contents:
            if isinstance(one, str):
                pieces.append(escape(one, quote=False))
            elif one.name not in _STRUCTURE:
                given = "".join(f' {name}="{escape(value)}"' for name, value in one.attributes.items())
                pieces.append(f"<{one.name}{given}>{one._as_html()}</{one.name}>")
        return "".join(pieces)


class _TooMuch(Exception):
    pass


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root: Node | None = None
        self.open: list[Node] = []
        self.count = 0
        self.locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:
        self.locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            raise _TooMuch
        line = (self.locator.getLineNumber() if self.locator else None) or 1
        column = (self.locator.getColumnNumber() if self.locator else None) or 0
        node = Node(name, line, column + 1, dict(attrs.items()))
        if self.open:
            self.open[-1].contents.append(node)
        else:
            self.root = node
        self.open.append(node)

    def endElement(self, name: str) -> None:
        self.open.pop()

    def characters(self, content: str) -> None:
        if self.open:
            self.open[-1].contents.append(content)


def read_tree(content: bytes, name: str) -> Node:
    """The root element. Raises `ProblemsFound` for what is not XML, or not XML that is safe to read."""
    builder = _Builder()
    try:
        defusedxml.sax.parseString(content, builder, ErrorHandler(), forbid_dtd=True)
    except DefusedXmlException:
        message = _("The file declares a document type or entities, which are not read.")
        raise ProblemsFound([Problem("xml-dtd", message, _("Take the <!DOCTYPE …> out."), f"{name}:1")]) from None
    except _TooMuch:
        line = builder.open[-1].line if builder.open else 1
        message = _("There is too much in this file, or too deep.")
        raise ProblemsFound([Problem("too-much", message, _("Split it."), f"{name}:{line}")]) from None
    except SAXParseException as error:
        where = f"{name}:{error.getLineNumber() or 1}:{(error.getColumnNumber() or 0) + 1}"
        hint = _("Export it again, or mend it by hand.")
        problem = Problem("xml", _("This is not XML: %(said)s."), hint, where, params={"said": error.getMessage()})
        raise ProblemsFound([problem]) from None
    except (SAXException, ValueError, LookupError) as error:  # an encoding that does not exist, for one
        problem = Problem("xml", _("This is not XML: %(said)s."), "", f"{name}:1", params={"said": error})
        raise ProblemsFound([problem]) from None
    if builder.root is None:
        raise ProblemsFound([Problem("xml", _("This is not XML: %(said)s."), "", f"{name}:1", params={"said": "…"})])
    return builder.root
