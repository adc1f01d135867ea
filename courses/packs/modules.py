"""Reads a module's folder: its activities in order, each from its own file, and its review cards."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.packs.content import Activity, Module
from courses.packs.desk import Desk
from courses.packs.format import ActivityEntry, MissionFile, ModuleFile
from courses.packs.graded import read_exercise, read_quiz, read_reviews
from courses.packs.marked import Document


def read_module(desk: Desk, folder: str, asked_for: str) -> tuple[Document, Module] | None:
    read = desk.read(f"{folder}/module.yaml", ModuleFile, asked_for=asked_for)
    if read is None:
        return None
    document: Document = read[0]
    said: ModuleFile = read[1]
    if said.id != folder.rpartition("/")[2]:
        message = _("The id “%(id)s” is not the name of the folder.")
        desk.findings.add("id-and-name", message, document.where(("id",)), _("Give both the same name."), id=said.id)
    activities = [_activity(desk, folder, entry, document, index) for index, entry in enumerate(said.activities)]
    cards = desk.beside(folder, said.reviews, document.where(("reviews",))) if said.reviews else None
    module = Module(
        id=said.id,
        was=said.was,
        title=said.title,
        summary=said.summary,
        goals={language: [goal[language] for goal in said.goals] for language in desk.languages},
        level=said.level,
        prerequisites=tuple(said.prerequisites),
        activities=tuple(activities),
        cards=read_reviews(desk, cards, document.where(("reviews",))) if cards else (),
    )
    _find_strays(desk, folder)
    return document, module


def _activity(desk: Desk, folder: str, entry: ActivityEntry, document: Document, index: int) -> Activity:
    given: dict[str, Any] = {}
    at = ("activities", index)
    if entry.kind == "external":
        if entry.file or not entry.url:
            message = _("An activity elsewhere has a “url” and no “file”.")
            desk.findings.add("file", message, document.where(at), _("Write url: https://…"))
        given["body"] = {language: {"url": entry.url} for language in desk.languages}
    elif entry.url or not entry.file:
        desk.findings.add("file", _("This activity has a “file” and no “url”."), document.where(at), _("Name its file."))
    else:
        where = document.where((*at, "file"))
        path = desk.beside(folder, entry.file, where)
        given = _content(desk, entry.kind, path, where) if path else {}
    return Activity(
        id=entry.id,
        was=entry.was,
        kind=entry.kind,
        title=entry.title,
        minutes=entry.minutes,
        required=entry.required,
        pass_mark=entry.pass_mark,
        documents=tuple(entry.documents),
        **given,
    )


def _content(desk: Desk, kind: str, path: str, where: str) -> dict[str, Any]:
    """What the activity's own file says: body, and for what is graded the items."""
    if kind == "lesson":
        return {"body": desk.lesson(path, where)}
    if kind == "exercise":
        exercise = read_exercise(desk, path, where)
        if exercise is None:
            return {}
        prompt, items = exercise
        return {"body": {language: {"prompt": html} for language, html in prompt.items()}, "items": items}
    if kind == "quiz":
        quiz = read_quiz(desk, path, where)
        return {"draw": quiz[0], "items": quiz[1]} if quiz else {}
    return {"body": _mission(desk, path, where)}


def _mission(desk: Desk, path: str, where: str) -> dict[str, dict[str, Any]]:
    read = desk.read(path, MissionFile, asked_for=where)
    if read is None:
        return {}
    document: Document = read[0]
    said: MissionFile = read[1]
    for index, variant in enumerate(said.variants):
        desk.refer("domains", variant.domain, document, ("variants", index, "domain"))
    brief = desk.html(said.brief, document, ("brief",))
    without = desk.html(said.without_tool, document, ("without_tool",))
    variants = {
        variant.domain: desk.html(variant.brief, document, ("variants", index, "brief"))
        for index, variant in enumerate(said.variants)
    }
    if len(variants) < len(said.variants):
        message = _("There are two variants for one domain.")
        desk.findings.add("domain-twice", message, document.where(("variants",)), _("Keep one for each domain."))
    return {
        language: {
            "brief": brief[language],
            "without_tool": without[language],
            "variants": {domain: html[language] for domain, html in variants.items()},
        }
        for language in desk.languages
    }


def _find_strays(desk: Desk, folder: str) -> None:
    for name in desk.files.texts:
        if name.startswith(f"{folder}/") and name not in desk.used:
            desk.findings.add("stray", _("Nothing refers to this file."), name, _("Name it in module.yaml, or take it away."))
