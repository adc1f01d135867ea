"""Files -> objects. Everything that is wrong with a pack is found in one reading, each thing with its file, line and column."""

from __future__ import annotations

from pathlib import Path as FolderPath

from django.utils.translation import gettext_lazy as _

from courses.packs.catalogue_reader import read_catalogue
from courses.packs.content import Module, Named, Pack, Track
from courses.packs.desk import Desk
from courses.packs.files import read_files
from courses.packs.findings import Findings
from courses.packs.format import PackFile, Row, TrackFile
from courses.packs.marked import Document
from courses.packs.modules import read_module
from courses.packs.terms import Glossary
from courses.problems import ProblemsFound


def read_pack(folder: FolderPath | str) -> Pack:
    """The pack in a folder. Raises `ProblemsFound` with everything that is wrong with it."""
    findings = Findings()
    desk = Desk(read_files(FolderPath(folder), findings), findings)
    findings.stop_if_any()  # files that could not be read would be called missing
    pack = desk.read("pack.yaml", PackFile)
    if pack is None:
        raise ProblemsFound(findings.problems)
    said: PackFile = pack[1]
    desk.languages = tuple(said.languages)
    _check_title(desk, pack[0], said)
    skills, domains = _rows(desk, "skills.yaml"), _rows(desk, "domains.yaml")
    catalogue = read_catalogue(desk)
    desk.glossary = Glossary(catalogue.terms)  # lessons link the words in it
    # Tracks follow their skills' order, and the files' names where a skill has several.
    order = {skill.id: place for place, skill in enumerate(skills)}
    tracks = tuple(sorted(_tracks(desk), key=lambda track: order.get(track.skill, len(order))))
    found = Pack(
        id=said.id,
        title=said.title,
        languages=desk.languages,
        licence=said.licence,
        digest=desk.files.digest,
        skills=skills,
        domains=domains,
        tracks=tracks,
        catalogue=catalogue,
    )
    desk.references.check(findings)
    desk.references.check_prerequisites(found.modules, findings)
    findings.stop_if_any()
    return found


def _check_title(desk: Desk, document: Document, said: PackFile) -> None:
    """The languages were not known when the title was read."""
    desk.shaped(document, PackFile)
    if len(set(said.languages)) != len(said.languages):
        desk.findings.add("language-twice", _("A language is named twice."), document.where(("languages",)), _("Name it once."))


def _rows(desk: Desk, name: str) -> tuple[Named, ...]:
    kind = name.partition(".")[0]
    document = desk.document(name)
    rows: list[Row] | None = desk.shaped(document, list[Row]) if document else None
    if document is None or rows is None:
        desk.references.unreadable.add((kind, "*"))
        return ()
    for index, row in enumerate(rows):
        desk.place(kind, row.id, document, (index,), row.was)
    return tuple(Named(row.id, row.name, row.description, row.was) for row in rows)


def _tracks(desk: Desk) -> tuple[Track, ...]:
    names = [name for name in desk.files.texts if name.startswith("tracks/") and name.endswith(".yaml")]
    if not names:
        desk.findings.add("no-track", _("The pack has no track."), "tracks", _("Write tracks/<id>.yaml."))
    found = []
    owner: dict[str, str] = {}
    for name in names:
        read = desk.read(name, TrackFile)
        if read is None:
            continue
        document: Document = read[0]
        said: TrackFile = read[1]
        if name != f"tracks/{said.id}.yaml":
            message = _("The id “%(id)s” is not the name of the file.")
            desk.findings.add("id-and-name", message, document.where(("id",)), _("Give both the same name."), id=said.id)
        desk.place("tracks", said.id, document, (), said.was)
        desk.refer("skills", said.skill, document, ("skill",))
        modules = []
        for index, module_id in enumerate(said.modules):
            where = document.where(("modules", index))
            if module_id in owner:
                message = _("The module “%(id)s” is in the track “%(track)s” already.")
                desk.findings.add(
                    "module-twice", message, where, _("A module belongs to one track."), id=module_id, track=owner[module_id]
                )
                continue
            owner[module_id] = said.id
            module = _module(desk, module_id, where)
            modules += [module] if module else []
        found.append(Track(said.id, said.skill, said.title, said.summary, tuple(modules), said.was, said.edition))
    _find_orphans(desk, owner)
    return tuple(found)


def _module(desk: Desk, module_id: str, where: str) -> Module | None:
    read = read_module(desk, f"modules/{module_id}", where)
    if read is None:
        desk.references.unreadable.add(("modules", module_id))
        return None
    document, module = read
    desk.place("modules", module.id, document, (), module.was)
    for index, required in enumerate(module.prerequisites):
        desk.refer("modules", required, document, ("prerequisites", index))
    for index, activity in enumerate(module.activities):
        desk.place("activities", activity.id, document, ("activities", index), activity.was)
        for place, one in enumerate(activity.documents):
            desk.refer("documents", one, document, ("activities", index, "documents", place))
    return module


def _find_orphans(desk: Desk, owner: dict[str, str]) -> None:
    for name in desk.files.texts:
        folder, _slash, rest = name.removeprefix("modules/").partition("/")
        if name.startswith("modules/") and rest == "module.yaml" and folder not in owner:
            desk.findings.add(
                "orphan", _("No track has the module “%(id)s”."), name, _("Name it in a track, or take it away."), id=folder
            )
