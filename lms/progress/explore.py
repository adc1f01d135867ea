"""What stands beside the tracks, as its pages show it: the catalogue's rows with the reader's own standing laid over their modules.

Plain values, complete, so that a template asks the database nothing. Nothing here is a score, a fit or a promise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from courses import queries as shelves
from courses.models import Domain, Fact, LearningPath, Portrait, Role, Sector, UseCase
from lms.models import Enrolment, Learner
from lms.progress import catalogue as catalogues
from lms.progress.attempts import marks_of
from lms.progress.catalogue import ModuleOutline, TrackOutline
from lms.progress.queries import today_of
from lms.progress.standing import Standing, in_language

#: Groups of use cases, in the order of the page: one's own domain, every job, other domains, sectors.
OWN, EVERY, OTHER, BRANCH = range(4)


@dataclass(frozen=True)
class ModuleStep:
    """A module that a path, a role or a story names. ``state``: ``done``, ``open`` (on the way) or ``new``."""

    module: ModuleOutline
    track: TrackOutline
    state: str


@dataclass(frozen=True)
class PathStep:
    title: str
    note: str
    modules: tuple[ModuleStep, ...]
    state: str


@dataclass(frozen=True)
class PathPage:
    """``joined`` and ``to_join`` are the tracks of its modules, in the catalogue's order; ``next`` is its first module that is not done."""

    path: LearningPath
    steps: tuple[PathStep, ...]
    minutes: int
    joined: tuple[TrackOutline, ...]
    to_join: tuple[TrackOutline, ...]
    next: ModuleStep | None


@dataclass(frozen=True)
class PathsPage:
    """Those for everybody, the easiest first; those of the reader's own domain; those of other domains."""

    first: tuple[LearningPath, ...]
    own: tuple[LearningPath, ...]
    others: tuple[LearningPath, ...]


@dataclass(frozen=True)
class SkillGap:
    """What lies between the reader and the level that a role asks for in one skill: modules that lead there, and how many are done."""

    skill_slug: str
    skill_name: Any
    #: 1 explorer, 2 practitioner, 3 domain expert, 4 guide.
    level: int
    done: int
    required: int
    next: ModuleStep | None


@dataclass(frozen=True)
class RolePage:
    role: Role
    duties: tuple[str, ...]
    abilities: tuple[str, ...]
    gaps: tuple[SkillGap, ...]
    leads_to: tuple[Role, ...]
    overdue: bool


@dataclass(frozen=True)
class PortraitPage:
    portrait: Portrait
    steps: tuple[Mapping[str, str], ...]
    role: Role | None
    modules: tuple[ModuleStep, ...]


@dataclass(frozen=True)
class CaseLine:
    case: UseCase
    sectors: tuple[Sector, ...]
    modules: tuple[ModuleStep, ...]


@dataclass(frozen=True)
class CaseGroup:
    """Use cases of one domain; or, without a domain, of one sector; or, without either, of every job.

    ``near``: to be read first, the others wait folded.
    """

    domain: Domain | None
    sector: Sector | None
    own: bool
    near: bool
    cases: tuple[CaseLine, ...]


@dataclass(frozen=True)
class FactLine:
    fact: Fact
    overdue: bool
    modules: tuple[ModuleStep, ...]


def standing_of(learner: Learner) -> Standing:
    """Two queries."""
    return Standing(catalogues.current(), marks_of(learner.pk))


def paths_page(*, learner: Learner) -> PathsPage:
    found = list(shelves.paths())
    known = catalogues.current().modules_by_slug

    def level(path: LearningPath) -> int:
        named = (known[slug] for step in path.steps for slug in step.get("modules") or () if slug in known)
        return max((module.level for module in named), default=0)

    return PathsPage(
        first=tuple(sorted((one for one in found if one.domain_id is None), key=level)),
        own=tuple(one for one in found if one.domain_id is not None and one.domain_id == learner.domain_id),
        others=tuple(one for one in found if one.domain_id is not None and one.domain_id != learner.domain_id),
    )


def path_page(*, learner: Learner, slug: str) -> PathPage | None:
    """None: there is no such path (any more). Four queries."""
    path = shelves.paths().filter(slug=slug).first()
    if path is None:
        return None
    standing = standing_of(learner)
    steps = tuple(_path_step(standing, step) for step in path.steps)
    modules = {one.module.slug: one for step in steps for one in step.modules}
    tracks = {one.track.pk: one.track for one in sorted(modules.values(), key=lambda one: one.track.position)}
    taken = set(Enrolment.objects.live().filter(learner=learner).values_list("track_id", flat=True))
    return PathPage(
        path=path,
        steps=steps,
        minutes=sum(one.module.minutes for one in modules.values()),
        joined=tuple(track for pk, track in tracks.items() if pk in taken),
        to_join=tuple(track for pk, track in tracks.items() if pk not in taken),
        next=next((one for one in modules.values() if one.state != "done"), None),
    )


def role_page(*, learner: Learner, slug: str, now: dt.datetime) -> RolePage | None:
    """None: there is no such role (any more). Seven queries, whatever it asks for."""
    role = shelves.roles_in_full().filter(slug=slug).first()
    if role is None:
        return None
    standing = standing_of(learner)
    order = {one: place for place, one in enumerate(role.leads_to)}
    after = sorted(shelves.roles().filter(slug__in=order), key=lambda one: order[one.slug])
    return RolePage(
        role=role,
        duties=tuple(in_language(role.duties) or ()),
        abilities=tuple(in_language(role.abilities) or ()),
        gaps=tuple(_gap(standing, asked.skill, asked.level) for asked in role.levels.all()),
        leads_to=tuple(after),
        overdue=role.review_after < today_of(learner, now),
    )


def portrait_page(*, learner: Learner, slug: str) -> PortraitPage | None:
    portrait = shelves.portraits().filter(slug=slug).first()
    if portrait is None:
        return None
    role = portrait.role
    return PortraitPage(
        portrait=portrait,
        steps=tuple(in_language(portrait.steps) or ()),
        role=role if role is not None and role.retired_at is None else None,
        modules=_modules(standing_of(learner), portrait.modules),
    )


def use_cases_page(*, learner: Learner, domain: str = "", sector: str = "") -> tuple[CaseGroup, ...]:
    """The reader's own domain, then what is for every job, then the other domains, then sectors. Four queries.

    A case of several sectors and no domain stands once: under the sector that was asked for, else under its first one.
    """
    found = shelves.use_cases()
    if domain:
        found = found.filter(domain__slug=domain)
    if sector:
        found = found.filter(sectors__slug=sector)
    standing = standing_of(learner)
    groups: dict[tuple[int, int, int], list[CaseLine]] = {}
    heads: dict[tuple[int, int, int], tuple[Domain | None, Sector | None]] = {}
    for case in found:
        line = CaseLine(case, tuple(case.sectors.all()), _modules(standing, case.modules))
        of = next((one for one in line.sectors if one.slug == sector), next(iter(line.sectors), None))
        head = (case.domain, None if case.domain else of)
        rank = _rank(learner, *head)
        heads[rank] = head
        groups.setdefault(rank, []).append(line)
    return tuple(
        CaseGroup(
            domain=heads[rank][0],
            sector=heads[rank][1],
            own=rank[0] == OWN,
            near=bool(domain or sector) or rank[0] in (OWN, EVERY),
            cases=tuple(groups[rank]),
        )
        for rank in sorted(groups)
    )


def _rank(learner: Learner, domain: Domain | None, sector: Sector | None) -> tuple[int, int, int]:
    """Where a group stands among the others."""
    if domain is not None:
        return (OWN if domain.pk == learner.domain_id else OTHER, domain.position, domain.pk)
    return (BRANCH, sector.position, sector.pk) if sector is not None else (EVERY, 0, 0)


def facts_page(*, learner: Learner, now: dt.datetime) -> tuple[FactLine, ...]:
    standing, today = standing_of(learner), today_of(learner, now)
    return tuple(
        FactLine(fact=one, overdue=one.review_after < today, modules=_modules(standing, one.modules)) for one in shelves.facts()
    )


def _module_step(standing: Standing, module: ModuleOutline) -> ModuleStep:
    if module.required_ids and module.required_ids <= standing.done:
        state = "done"
    else:
        state = "open" if any(one.pk in standing.marks for one in module.activities) else "new"
    return ModuleStep(module=module, track=standing.catalogue.tracks[module.track_id], state=state)


def _modules(standing: Standing, slugs: Iterable[str]) -> tuple[ModuleStep, ...]:
    """Those that are still part of the catalogue."""
    known = standing.catalogue.modules_by_slug
    return tuple(_module_step(standing, known[slug]) for slug in slugs if slug in known)


def _state(modules: Sequence[ModuleStep]) -> str:
    states = {one.state for one in modules}
    if states <= {"new"}:
        return "new"
    return "done" if states == {"done"} else "open"


def _path_step(standing: Standing, step: Mapping[str, Any]) -> PathStep:
    modules = _modules(standing, step.get("modules") or ())
    return PathStep(
        title=in_language(step["title"]) or "", note=in_language(step.get("note")) or "", modules=modules, state=_state(modules)
    )


def _gap(standing: Standing, skill: Any, level: int) -> SkillGap:
    """The modules of the skill's tracks up to the level; the next is the first one that nothing stands before, else the first."""
    lead = [
        module
        for track in standing.catalogue.tracks.values()
        if track.skill_slug == skill.slug
        for module in track.modules
        if module.level <= level and module.required_ids
    ]
    steps = [_module_step(standing, module) for module in lead]
    ahead = [one for one in steps if one.state != "done"]
    free = [one for one in ahead if not standing.missing(one.module)]
    return SkillGap(
        skill_slug=skill.slug,
        skill_name=skill.name,
        level=level,
        done=len(steps) - len(ahead),
        required=len(steps),
        next=next(iter(free or ahead), None),
    )
