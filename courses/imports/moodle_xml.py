"""Reads Moodle XML. Every <question> becomes one `FoundQuestion`, whatever its type; lines that only name a category do not."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from courses.imports.found import Form, FoundAnswer, FoundFile, FoundPair, FoundQuestion, Markup
from courses.imports.moodle_tree import Node, read_tree
from courses.imports.numbers import as_number
from courses.imports.pictures import decode
from courses.problems import Problem, ProblemsFound

FORMAT = "Moodle XML"
MOST_QUESTIONS = 5_000

_FORMS: dict[str, Form] = {
    "html": "html", "1": "html", "moodle_auto_format": "moodle", "moodle": "moodle", "0": "moodle",
    "plain_text": "plain", "plain": "plain", "2": "plain", "markdown": "markdown", "4": "markdown",
}  # fmt: skip
_KINDS = {"match": "matching", "multianswer": "cloze"}
# Elements that are read; every other one is a switch of Moodle's, named in the report.
_READ = {"name", "questiontext", "generalfeedback", "defaultgrade", "answer", "single", "tags", "idnumber", "hint", "subquestion",
         "shuffleanswers", "units", "hidden", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"}  # fmt: skip
_OVERALL = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
# What Moodle writes by itself; our pages say as much in their own words.
_STANDARD = {
    "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.",
    "Votre réponse est correcte.", "Votre réponse est partiellement correcte.", "Votre réponse est incorrecte.",
}  # fmt: skip


def read_moodle_xml(content: bytes, name: str) -> FoundFile:
    root = read_tree(content, name)
    if root.name != "quiz":
        message = _("This is not Moodle XML: it begins with <%(name)s> and not with <quiz>.")
        hint = _("Export the questions as “Moodle XML”.")
        raise ProblemsFound([Problem("not-moodle", message, hint, f"{name}:{root.line}", params={"name": root.name[:50]})])
    found: list[FoundQuestion] = []
    category = ""
    for node in root.all("question"):
        kind = node.attributes.get("type", "").strip().lower()
        if kind == "category":
            category = node.said("category")
            continue
        if len(found) >= MOST_QUESTIONS:
            message = _("There are more than %(n)s questions.")
            raise ProblemsFound(
                [Problem("too-many", message, _("Split it."), f"{name}:{node.line}", params={"n": MOST_QUESTIONS})]
            )
        found.append(_question(node, _KINDS.get(kind, kind), len(found) + 1, f"{name}:{node.line}:{node.column}", category))
    return FoundFile(name, FORMAT, tuple(found))


def _question(node: Node, kind: str, number: int, where: str, category: str) -> FoundQuestion:
    title = _name(node)
    try:
        overall = {name: _markup(child) for name in _OVERALL if (child := node.first(name))}
        settings = sorted({child.name for child in node.children} - _READ)
        return FoundQuestion(
            number=number,
            where=where,
            kind=kind,
            name=title,
            idnumber=node.said("idnumber"),
            text=_markup(node.first("questiontext")),
            answers=tuple(_answer(one, kind) for one in _answers(node, kind)),
            pairs=tuple(_pair(one) for one in node.all("subquestion")),
            single=_flag(node, "single", True) or kind == "truefalse",
            shuffled=_flag(node, "shuffleanswers", True),
            hidden=_flag(node, "hidden", False),
            partial=_is_partial(node),
            weight=_number(node.said("defaultgrade") or "1"),
            why=_markup(node.first("generalfeedback")),
            category=category,
            tags=_tags(node),
            hints=tuple(_markup(hint) for hint in node.all("hint") if hint.own_text().strip()),
            overall={one: text for one, text in overall.items() if text and not _is_standard(text)},
            units=_units(node),
            settings=(*settings, *(f"{one} (standard)" for one, text in overall.items() if _is_standard(text))),
        )
    except ProblemsFound as found:
        return FoundQuestion(number, where, kind, title, text=_markup(node.first("questiontext")), problem=found.problems[0])


def _name(node: Node) -> str:
    return " ".join(node.said("name").split())


def _is_standard(text: Markup) -> bool:
    return text.text.strip().removeprefix("<p>").removesuffix("</p>").strip() in _STANDARD


def _answers(node: Node, kind: str) -> Iterable[Node]:
    """The answers in an order that means something: of an ordering the right one, which some exports number and others do
    not; true before false, which tools write either way round."""
    answers = list(node.all("answer"))
    if kind == "ordering":
        places = [as_number(one.attributes.get("fraction", "")) for one in answers]
        if None not in places and len(set(places)) == len(places):
            return [one for _place, one in sorted(zip(places, answers, strict=True), key=lambda pair: pair[0] or 0.0)]
    if kind == "truefalse":
        return sorted(answers, key=lambda one: one.own_text().strip().lower() != "true")
    return answers


def _answer(node: Node, kind: str) -> FoundAnswer:
    text = _markup(node, default="html" if kind in ("multichoice", "multichoiceset", "ordering") else "plain")
    value = _number(text.text) if kind == "numerical" and text.text.strip() != "*" else None
    return FoundAnswer(
        text=text,
        fraction=_number(node.attributes.get("fraction", "0") or "0"),
        feedback=_markup(node.first("feedback")),
        value=value,
        tolerance=abs(_number(node.said("tolerance") or "0")),
    )


def _pair(node: Node) -> FoundPair:
    place = node.first("answer")
    return FoundPair(_markup(node), Markup(place.own_text().strip(), "plain") if place else Markup())


def _markup(node: Node | None, default: Form = "moodle") -> Markup:
    if node is None:
        return Markup()
    form = _FORMS.get(node.attributes.get("format", "").strip().lower(), default)
    files = {file.attributes.get("name", ""): decode(file.own_text()) for file in node.all("file")}
    return Markup(node.own_text().strip(), form, files)


def _tags(node: Node) -> tuple[str, ...]:
    holder = node.first("tags")
    return tuple(tag.own_text().strip() for tag in holder.all("tag") if tag.own_text().strip()) if holder else ()


def _units(node: Node) -> tuple[str, ...]:
    """The unit that the number is given in comes first: the one that multiplies by one."""
    holder = node.first("units")
    if holder is None:
        return ()
    units = [(one.said("unit_name"), one.said("multiplier")) for one in holder.all("unit")]
    ones = [name for name, factor in units if name and as_number(factor) == 1]
    return (*ones, *(f"{name} (× {factor})" for name, factor in units if name and name not in ones))


def _is_partial(node: Node) -> bool:
    """Whether only some of an ordering's items are shown at a time."""
    shown = as_number(node.said("selectcount")) or 0
    return node.said("selecttype") not in ("", "0", "ALL") and 0 < shown < len(list(node.all("answer")))


def _flag(node: Node, name: str, default: bool) -> bool:
    child = node.first(name)
    if child is None:
        return default
    said = child.own_text().strip().lower()
    # An empty element switches on: <shuffleanswers/> is how some tools write it.
    return said not in ("0", "false", "no")


def _number(text: str) -> float:
    value = as_number(text)
    if value is None:
        raise ProblemsFound([Problem("number", _("“%(text)s” is not a number."), params={"text": text.strip()[:50]})])
    return value
