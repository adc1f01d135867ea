"""Reads what is graded: variants of exercises, pools of quizzes, review cards. Each is checked by its mechanic."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.grading import MECHANICS, check_key
from courses.packs.content import Graded
from courses.packs.desk import Desk
from courses.packs.format import ExerciseFile, GradedEntry, PoolQuestion, Question, QuizFile, Variant
from courses.packs.marked import Document, Path
from courses.packs.parts import part_ids, split_texts


def read_exercise(desk: Desk, name: str, asked_for: str) -> tuple[dict[str, str], tuple[Graded, ...]] | None:
    """What to do, by language, and the variants."""
    read = desk.read(name, ExerciseFile, asked_for=asked_for)
    if read is None:
        return None
    document: Document = read[0]
    said: ExerciseFile = read[1]
    if not _is_mechanic(desk, said.mechanic, document, ("mechanic",)):
        return None
    domains: set[str | None] = set()
    for index, variant in enumerate(said.variants):
        if variant.domain in domains:
            where = document.where(("variants", index, "domain"))
            name = variant.domain or "–"
            desk.findings.add(
                "domain-twice", _("There are two variants for “%(domain)s”."), where, _("Keep one for each domain."), domain=name
            )
        domains.add(variant.domain)
        if variant.domain:
            desk.refer("domains", variant.domain, document, ("variants", index, "domain"))
    items = tuple(
        _graded(desk, variant, said.mechanic, document, ("variants", index)) for index, variant in enumerate(said.variants)
    )
    return desk.html(said.prompt, document, ("prompt",)), items


def read_quiz(desk: Desk, name: str, asked_for: str) -> tuple[dict[str, int], tuple[Graded, ...]] | None:
    """How many of each group make an attempt, and the pool."""
    read = desk.read(name, QuizFile, asked_for=asked_for)
    if read is None:
        return None
    document: Document = read[0]
    said: QuizFile = read[1]
    for group, count in said.draw.items():
        size = sum(item.group == group for item in said.items)
        if size < count:
            message = _("%(count)s are drawn from the group “%(group)s”, which has %(size)s.")
            where = document.where(("draw", group))
            desk.findings.add("draw", message, where, _("Add questions, or draw fewer."), count=count, group=group, size=size)
    for index, item in enumerate(said.items):
        if item.group not in said.draw:
            where = document.where(("items", index, "group"))
            desk.findings.add(
                "group", _("Nothing is drawn from the group “%(group)s”."), where, _("Name it in “draw”."), group=item.group
            )
    return said.draw, _questions(desk, said.items, document, ("items",))


def read_reviews(desk: Desk, name: str, asked_for: str) -> tuple[Graded, ...]:
    document = desk.document(name, asked_for=asked_for)
    if document is None:
        return ()
    said: list[Question] | None = desk.shaped(document, list[Question])
    return _questions(desk, said or [], document, (), "cards")


def _questions(desk: Desk, said: list[Any], document: Document, at: Path, kind: str = "items") -> tuple[Graded, ...]:
    found = []
    for index, question in enumerate(said):
        if _is_mechanic(desk, question.mechanic, document, (*at, index, "mechanic")):
            found.append(_graded(desk, question, question.mechanic, document, (*at, index), kind))
    return tuple(found)


def _is_mechanic(desk: Desk, mechanic: str, document: Document, at: Path) -> bool:
    if mechanic in MECHANICS:
        return True
    hint = _("It is one of: %(names)s.")
    message = _("There is no mechanic “%(name)s”.")
    desk.findings.add("mechanic", message, document.where(at), hint, name=mechanic, names=", ".join(MECHANICS))
    return False


def _graded(desk: Desk, said: GradedEntry, mechanic: str, document: Document, at: Path, kind: str = "items") -> Graded:
    desk.place(kind, said.id, document, at, said.was)
    payload, parts = split_texts(mechanic, said.payload, document, (*at, "payload"), desk.languages, desk.findings)
    key = dict(said.key)
    if mechanic == "write" and "brief" not in key and (source := said.brief or said.document):
        # Not the document beside the task: whoever quotes its facts has read it, and has not copied the question.
        key["brief"] = {one: source[one] for one in desk.languages}
    for fault in check_key(mechanic, payload, key):
        of_name = fault.code in ("unknown-key", "unknown-id")
        desk.findings.add(
            fault.code, fault.message, document.where((*at, *fault.path), of_name=of_name), fault.hint, **fault.params
        )
    known = part_ids(mechanic, payload, key)
    for part in said.feedback:
        if part not in known:
            where = document.where((*at, "feedback", part), of_name=True)
            desk.findings.add(
                "feedback",
                _("There is no part “%(part)s” to say this about."),
                where,
                _("Name a part of the payload."),
                part=part,
            )
    feedback = {part: desk.html(text, document, (*at, "feedback", part)) for part, text in said.feedback.items()}
    whole = {name: desk.html(getattr(said, name), document, (*at, name)) for name in ("brief", "document", "why")}
    prompt = desk.html(said.prompt, document, (*at, "prompt")) if isinstance(said, Question) else {}
    texts = {
        language: {
            "prompt": prompt.get(language, ""),
            **{name: by_language[language] for name, by_language in whole.items()},
            "parts": parts[language],
            "feedback": {part: by_language[language] for part, by_language in feedback.items()},
        }
        for language in desk.languages
    }
    shown = said.documents if isinstance(said, Variant | PoolQuestion) else []
    for index, one in enumerate(shown):
        desk.refer("documents", one, document, (*at, "documents", index))
    return Graded(
        id=said.id,
        was=said.was,
        mechanic=mechanic,
        payload=payload,
        key=key,
        texts=texts,
        domain=said.domain if isinstance(said, Variant) else None,
        group=said.group if isinstance(said, PoolQuestion) else "",
        weight=float(said.weight) if isinstance(said, Question) else 1.0,
        documents=tuple(shown),
    )
