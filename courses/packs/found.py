"""Where packs are: the shipped one, those that installed packages bring, and any folder.

A package says so with an entry point of the group `passerelle.packs`: a name, and `package` or `package:folder` (`package:content.safety`
is its folder `content/safety`). Nothing of the package is run to find it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from courses.models import PackVersion
from courses.packs.findings import Findings
from courses.packs.marked import read_yaml
from courses.packs.shipped import SHIPPED
from courses.problems import Problem, ProblemsFound

GROUP = "passerelle.packs"
SHIPPED_NAME = SHIPPED.name


@dataclass(frozen=True)
class FoundPack:
    """`origin` is the distribution that brings it, with its version; empty for the shipped pack and for a plain folder."""

    name: str
    folder: Path
    origin: str = ""


@dataclass(frozen=True)
class Newest:
    """The newest published version of a pack, by the pack's own id."""

    number: int
    published_at: dt.datetime


def shipped_pack() -> FoundPack:
    return FoundPack(SHIPPED_NAME, SHIPPED)


def installed_packs() -> tuple[list[FoundPack], list[Problem]]:
    """Those that packages bring, by name; and what is wrong with the ones that cannot be used."""
    found: dict[str, FoundPack] = {}
    problems: list[Problem] = []
    points = sorted(entry_points(group=GROUP), key=lambda point: (point.name, _origin(point)))
    for point in points:
        other = SHIPPED_NAME if point.name == SHIPPED_NAME else found[point.name].origin if point.name in found else ""
        if other:
            problems.append(_named_twice(point, other))
            continue
        try:
            found[point.name] = FoundPack(point.name, _folder(point), _origin(point))
        except ProblemsFound as raised:
            problems += raised.problems
    return list(found.values()), problems


def find_pack(name: str) -> FoundPack:
    """The pack of this name, else the one in this folder. Raises `ProblemsFound` where there is neither, or where its package is broken."""
    if not name or name == SHIPPED_NAME:
        return shipped_pack()
    installed, problems = installed_packs()
    for pack in installed:
        if pack.name == name:
            return pack
    broken = [problem for problem in problems if problem.where == _place(name)]
    if broken and not _is_path(name):
        raise ProblemsFound(broken)
    if _is_path(name) or Path(name).is_dir():
        return FoundPack(name, Path(name))
    names = ", ".join([SHIPPED_NAME, *(pack.name for pack in installed)])
    hint = _("Name a folder, or one of: %(names)s.")
    message = _("There is neither a folder nor an installed pack “%(name)s”.")
    raise ProblemsFound([Problem("no-pack", message, hint, params={"name": name, "names": names})])


def with_own_ids(packs: Iterable[FoundPack]) -> tuple[list[FoundPack], list[Problem]]:
    """Those to be published one after the other, and what is wrong with the rest.

    Two packs of one id are two states of the same content: each would retire what the other one brought.
    """
    owners: dict[str, FoundPack] = {}
    kept: list[FoundPack] = []
    problems: list[Problem] = []
    for pack in packs:
        own = id_of(pack.folder)
        first = owners.setdefault(own, pack) if own else pack
        if first is pack:
            kept.append(pack)
            continue
        message = _("Its id “%(id)s” is that of the pack “%(other)s” as well; it was left out.")
        hint = _("Give it an id of its own in pack.yaml.")
        problems.append(Problem("pack-id-twice", message, hint, _place(pack.name), params={"id": own, "other": first.name}))
    return kept, problems


def published() -> dict[str, Newest]:
    """The newest version of every published pack, by the pack's id. One query."""
    rows = PackVersion.objects.order_by("number").values_list("pack__slug", "number", "published_at")
    return {slug: Newest(number, moment) for slug, number, moment in rows}


def id_of(folder: Path) -> str:
    """What pack.yaml calls itself, without reading the rest; empty where it cannot be told."""
    try:
        text = (folder / "pack.yaml").read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
    value = read_yaml("pack.yaml", text, Findings()).value
    return str(value.get("id", "")) if isinstance(value, dict) else ""


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.startswith((".", "~"))


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.metadata['Name']} {point.dist.version}" if point.dist else ""


def _place(name: str) -> str:
    return f"{GROUP}: {name}"


def _named_twice(point: EntryPoint, other: str) -> Problem:
    message = _("%(origin)s names a pack that %(other)s has already.")
    hint = _("Uninstall one of the two.")
    return Problem("pack-twice", message, hint, _place(point.name), params={"origin": _origin(point), "other": other})


def _folder(point: EntryPoint) -> Path:
    package, _colon, inside = (part.strip() for part in point.value.partition(":"))
    roots = list(_roots(package))
    if not roots:
        message = _("%(origin)s names the package “%(package)s”, which is not there.")
        params = {"origin": _origin(point), "package": package}
        raise ProblemsFound([Problem("no-package", message, _("Install it again."), _place(point.name), params=params)])
    folders = [root.joinpath(*filter(None, re.split(r"[/.]", inside))) for root in roots]
    for folder in folders:
        if (folder / "pack.yaml").is_file():
            return folder
    message = _("%(origin)s names the folder %(folder)s, which holds no pack.yaml.")
    hint = _("Its author should look whether the package carries its YAML and Markdown files.")
    params = {"origin": _origin(point), "folder": str(folders[0])}
    raise ProblemsFound([Problem("no-pack-file", message, hint, _place(point.name), params=params)])


def _roots(package: str) -> Iterator[Path]:
    """The folders of a package; none where it is not installed, or is a single file.

    Only the outermost package is looked up: to find one inside it, Python would run what is around it.
    """
    outermost, *inside = package.split(".")
    try:
        spec = find_spec(outermost)
    except (ImportError, ValueError, AttributeError):
        return
    folders = map(Path, spec.submodule_search_locations or ()) if spec is not None else ()
    yield from (found for folder in folders if (found := folder.joinpath(*inside)).is_dir())
