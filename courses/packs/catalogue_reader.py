"""Reads what stands beside the tracks. Every folder and file of it is optional; what is there is checked as strictly as the rest.

A kind is either one file with a list (`sectors.yaml`), a folder of such files (`use-cases/`, `glossary/`, `facts/`), or a
folder with a file for each entry, named as its id (`roles/`, `offers/`, `portraits/`, `documents/`, `paths/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.packs.catalogue_format import (
    DocumentFile,
    Entry,
    FactEntry,
    OfferFile,
    PathFile,
    PortraitFile,
    RoleFile,
    SectorEntry,
    TermEntry,
    UseCaseEntry,
)
from courses.packs.content import (
    Catalogue,
    Document,
    Fact,
    LearningPath,
    Offer,
    Portrait,
    Role,
    Sector,
    Term,
    UseCase,
)
from courses.packs.desk import Desk
from courses.packs.marked import Document as Yaml
from courses.packs.marked import Path
from courses.packs.terms import same_form

# What an entry says, the file that it stands in, and where in it.
Found = tuple[Any, Yaml, Path]

FOLDERS = ("use-cases", "roles", "offers", "portraits", "glossary", "facts", "documents", "paths")


def read_catalogue(desk: Desk) -> Catalogue:
    catalogue = Catalogue(
        sectors=tuple(_sector(*found) for found in _listed(desk, "sectors", ["sectors.yaml"], SectorEntry)),
        documents=tuple(_document(desk, *found) for found in _filed(desk, "documents", "documents", DocumentFile)),
        roles=tuple(_role(desk, *found) for found in _filed(desk, "roles", "roles", RoleFile)),
        offers=tuple(_offer(desk, *found) for found in _filed(desk, "offers", "offers", OfferFile)),
        use_cases=tuple(_use_case(desk, *found) for found in _listed(desk, "use_cases", _in(desk, "use-cases"), UseCaseEntry)),
        terms=tuple(_terms(desk, _listed(desk, "terms", _in(desk, "glossary"), TermEntry))),
        facts=tuple(_fact(desk, *found) for found in _listed(desk, "facts", _in(desk, "facts"), FactEntry)),
        portraits=tuple(_portrait(desk, *found) for found in _filed(desk, "portraits", "portraits", PortraitFile)),
        paths=tuple(_path(desk, *found) for found in _filed(desk, "paths", "paths", PathFile)),
    )
    _find_strays(desk)
    return catalogue


def _in(desk: Desk, folder: str) -> list[str]:
    """The YAML files of a folder, in the order of their names."""
    return sorted(name for name in desk.files.texts if name.endswith(".yaml") and name.rpartition("/")[0] == folder)


def _listed(desk: Desk, kind: str, names: Iterable[str], shape: type[Entry]) -> Iterator[Found]:
    for name in names:
        document = desk.document(name) if name in desk.files.texts else None
        said: list[Any] | None = desk.shaped(document, list[shape]) if document else None  # type: ignore[valid-type]
        if document is None or said is None:
            if name in desk.files.texts:
                desk.references.unreadable.add((kind, "*"))
            continue
        for index, entry in enumerate(said):
            desk.place(kind, entry.id, document, (index,), entry.was)
            yield entry, document, (index,)


def _filed(desk: Desk, kind: str, folder: str, shape: type[Entry]) -> Iterator[Found]:
    for name in _in(desk, folder):
        stem = name.removeprefix(f"{folder}/").removesuffix(".yaml")
        read = desk.read(name, shape)
        if read is None:
            desk.references.unreadable.add((kind, stem))
            desk.used |= {f"{folder}/{stem}.{language}.md" for language in desk.languages}
            continue
        document, said = read
        if said.id != stem:
            message = _("The id “%(id)s” is not the name of the file.")
            desk.findings.add("id-and-name", message, document.where(("id",)), _("Give both the same name."), id=said.id)
        desk.place(kind, said.id, document, (), said.was)
        yield said, document, ()


def _refer(desk: Desk, document: Yaml, at: Path, **named: str | Sequence[str] | None) -> None:
    """Notes references: `domain=…` is one, `sectors=[…]` are several; a name with `_of_` says which kind its ids are."""
    for name, value in named.items():
        field, _of, kind = name.partition("_of_")
        if isinstance(value, str):
            desk.refer(kind or f"{field}s", value, document, (*at, field))
        for index, one in enumerate(value if value and not isinstance(value, str) else ()):
            desk.refer(kind or field, one, document, (*at, field, index))


def _each(texts: Iterable[dict[str, str]], languages: Iterable[str]) -> dict[str, list[str]]:
    texts = list(texts)
    return {language: [text[language] for text in texts] for language in languages}


def _sector(said: SectorEntry, document: Yaml, at: Path) -> Sector:
    return Sector(said.id, said.name, said.description, said.caution or {}, said.was)


def _use_case(desk: Desk, said: UseCaseEntry, document: Yaml, at: Path) -> UseCase:
    _refer(desk, document, at, domain=said.domain, sectors=said.sectors, modules=said.modules)
    return UseCase(
        id=said.id,
        was=said.was,
        title=said.title,
        description=desk.html(said.description, document, (*at, "description")),
        first_step=desk.html(said.first_step, document, (*at, "first_step")),
        caution=desk.html(said.caution, document, (*at, "caution")),
        domain=said.domain,
        sectors=tuple(said.sectors),
        value=said.value,
        risk=said.risk,
        modules=said.modules,
    )


def _role(desk: Desk, said: RoleFile, document: Yaml, at: Path) -> Role:
    _refer(desk, document, at, sectors=said.sectors, leads_to_of_roles=said.leads_to)
    for skill in said.levels:
        desk.refer("skills", skill, document, (*at, "levels", skill), of_name=True)
    return Role(
        id=said.id,
        was=said.was,
        title=said.title,
        family=said.family,
        technicality=said.technicality,
        summary=desk.html(said.summary, document, (*at, "summary")),
        duties=_each(said.duties, desk.languages),
        abilities=_each(said.abilities, desk.languages),
        education=desk.html(said.education, document, (*at, "education")),
        levels=dict(said.levels),
        sectors=tuple(said.sectors),
        leads_to=said.leads_to,
        pay=[pay.model_dump() for pay in said.pay],
        source=said.source,
        as_of=said.as_of,
        review_after=said.review_after,
    )


def _offer(desk: Desk, said: OfferFile, document: Yaml, at: Path) -> Offer:
    _refer(desk, document, at, skills=said.skills)
    return Offer(
        id=said.id,
        was=said.was,
        title=said.title,
        kind=said.kind,
        provider=said.provider,
        country=said.country or "",
        duration=said.duration or {},
        description=desk.html(said.description, document, (*at, "description")),
        technicality=said.technicality,
        funding=list(said.funding),
        doubt=desk.html(said.doubt, document, (*at, "doubt")),
        skills=tuple(said.skills),
        verified_on=said.verified_on,
        review_after=said.review_after,
    )


def _portrait(desk: Desk, said: PortraitFile, document: Yaml, at: Path) -> Portrait:
    _refer(desk, document, at, domain=said.domain, role=said.role, modules=said.modules)
    return Portrait(
        id=said.id,
        was=said.was,
        name=said.name,
        title=said.title,
        before=said.before,
        after=said.after,
        story=desk.html(said.story, document, (*at, "story")),
        steps={
            language: [{"when": step.when[language], "what": step.what[language]} for step in said.steps]
            for language in desk.languages
        },
        question=said.question,
        domain=said.domain,
        role=said.role,
        modules=said.modules,
        source=said.source,
    )


def _terms(desk: Desk, found: Iterable[Found]) -> Iterator[Term]:
    owner: dict[tuple[str, str], str] = {}
    for said, document, at in found:
        _refer(desk, document, at, see_of_terms=said.see, skill=said.skill)
        for language, forms in said.forms.items():
            for index, form in enumerate(forms):
                first = owner.setdefault((language, same_form(form)), said.id)
                if first != said.id:
                    where = document.where((*at, "forms", language, index))
                    message = _("“%(form)s” is a form of “%(id)s” already.")
                    desk.findings.add("form-twice", message, where, _("Give it to one of the two."), form=form, id=first)
        yield Term(
            id=said.id,
            was=said.was,
            name=said.name,
            definition=desk.html(said.definition, document, (*at, "definition")),
            forms=said.forms,
            see=said.see,
            skill=said.skill,
        )


def _fact(desk: Desk, said: FactEntry, document: Yaml, at: Path) -> Fact:
    _refer(desk, document, at, modules=said.modules)
    return Fact(
        id=said.id,
        was=said.was,
        title=said.title,
        statement=desk.html(said.statement, document, (*at, "statement")),
        source=said.source,
        as_of=said.as_of,
        review_after=said.review_after,
        modules=said.modules,
    )


def _document(desk: Desk, said: DocumentFile, document: Yaml, at: Path) -> Document:
    html = desk.long(f"documents/{said.id}", document.where(("id",)))
    return Document(id=said.id, was=said.was, title=said.title, kind=said.kind, summary=said.summary, html=html)


def _path(desk: Desk, said: PathFile, document: Yaml, at: Path) -> LearningPath:
    _refer(desk, document, at, domain=said.domain)
    steps = []
    for index, step in enumerate(said.steps):
        place = (*at, "steps", index)
        _refer(desk, document, place, modules=step.modules)
        note = desk.html(step.note, document, (*place, "note")) if step.note else None
        steps.append({"title": step.title, "note": note, "modules": step.modules})
    summary = desk.html(said.summary, document, (*at, "summary"))
    return LearningPath(id=said.id, was=said.was, title=said.title, summary=summary, domain=said.domain, steps=steps)


def _find_strays(desk: Desk) -> None:
    """A file in these folders that nothing has read, and one that seems to be meant for them: it would be ignored in silence."""
    for name in desk.files.texts:
        folder = name.partition("/")[0]
        if name in desk.used or folder in ("modules", "tracks"):
            continue
        if folder in FOLDERS:
            hint = _("Check its name and folder, or take it away.")
            desk.findings.add("stray", _("Nothing refers to this file."), name, hint)
        elif near := get_close_matches(folder, (*FOLDERS, "sectors.yaml", "modules", "tracks"), 1, 0.8):
            hint = _("Is “%(name)s” meant?")
            desk.findings.add("stray", _("Nothing refers to this file."), name, hint, name=near[0])
