"""A first pack, or one more track for a pack: small, sound, ready to be published, and full of remarks for whoever rewrites it.

The texts are in `starter/`: English and French side by side. For another language the English text stands in, to be translated.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from courses.packs.findings import Findings
from courses.packs.format import Id, PackFile
from courses.packs.marked import read_yaml
from courses.packs.shipped import SHIPPED
from courses.problems import Problem, ProblemsFound

STARTER = Path(__file__).parent / "starter"
LANGUAGES = ("en", "fr")
# A text of the starter: in both its languages, on one line.
_TEXT = re.compile(r'\{en: (?P<en>"[^"]*"), fr: (?P<fr>"[^"]*")\}')
# Ids of activities and items are the module's with a word behind it; all of them have 80 characters at most.
LONGEST_MODULE = 40
# A folder may be called longer than a title may be.
LONGEST_TITLE = 200


@dataclass(frozen=True)
class _Place:
    """The pack that the track goes into: as it is, or as it will be."""

    is_new: bool
    languages: tuple[str, ...]
    domain: str


def scaffold_track(
    folder: Path, track: str, *, skill: str, modules: Sequence[str] = (), languages: Sequence[str] = ()
) -> dict[Path, str]:
    """The files of a new track by their paths; with those of the pack itself where the folder has no pack.yaml.

    Nothing is written. Raises `ProblemsFound` with every file that stands in the way, and with all that is wrong with the names.
    """
    modules = list(modules) or [f"{track}-1"]
    if folder.exists() and not folder.is_dir():
        raise ProblemsFound([Problem("no-folder", _("This is not a folder."), _("Name the folder of a pack."), str(folder))])
    problems = [*_unfit_ids([track, skill, *modules]), *_unfit_modules(modules), *_unfit_languages(languages)]
    if problems:
        raise ProblemsFound(problems)
    place = _new_place(languages) if not (folder / "pack.yaml").exists() else _known_place(folder, skill, languages)
    values = _values(folder, track, skill, place.languages) | {"domain": place.domain, "modules": ", ".join(modules)}
    files = dict(_track_files(folder, track, modules, place, values))
    if existing := [path for path in files if path.exists()]:
        hint = _("Nothing was written. Choose another id, or take the file away.")
        raise ProblemsFound(Problem("exists", _("This file exists already."), hint, str(path)) for path in existing)
    return files


def write_files(files: Mapping[Path, str]) -> None:
    """Writes them all; one that came into being meanwhile is left alone, with an error."""
    for path in files:  # what stands in the way of a folder does so before the first file is there
        path.parent.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)


def _track_files(
    folder: Path, track: str, modules: Sequence[str], place: _Place, values: dict[str, str]
) -> Iterator[tuple[Path, str]]:
    if place.is_new:
        for name in ("pack.yaml", "skills.yaml", "domains.yaml"):
            yield folder / name, _filled(STARTER / "pack" / name, values, place.languages)
    yield folder / "tracks" / f"{track}.yaml", _filled(STARTER / "pack" / "tracks" / "track.yaml", values, place.languages)
    for index, module in enumerate(modules):
        own = {**values, "module": module, "before": modules[index - 1] if index else ""}
        for path in sorted((STARTER / "module").rglob("*.*")):
            name = path.relative_to(STARTER / "module").as_posix()
            stem, _dot, rest = name.partition(".")
            if rest == "yaml":
                yield folder / "modules" / module / name, _filled(path, own, place.languages)
            elif rest == "en.md":
                for language in place.languages:
                    known = STARTER / "module" / f"{stem}.{language}.md"
                    source = known if known.exists() else path
                    yield folder / "modules" / module / f"{stem}.{language}.md", source.read_text(encoding="utf-8")


def _filled(path: Path, values: Mapping[str, str], languages: Sequence[str]) -> str:
    def in_languages(text: re.Match[str]) -> str:
        return _map({language: text[language] if language in LANGUAGES else text["en"] for language in languages})

    return Template(_TEXT.sub(in_languages, path.read_text(encoding="utf-8"))).substitute(values)


def _map(quoted: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{language}: {text}" for language, text in quoted.items()) + "}"


def _said(texts: Mapping[str, str], languages: Sequence[str]) -> str:
    """A text in each language as YAML; in English where it is not known in one."""
    return _map({language: json.dumps(texts.get(language, texts["en"]), ensure_ascii=False) for language in languages})


def _values(folder: Path, track: str, skill: str, languages: Sequence[str]) -> dict[str, str]:
    name = folder.resolve().name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    known = _shipped_skill(skill)
    return {
        "pack": re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "my-pack",
        "pack_title": _said({"en": name.strip()[:LONGEST_TITLE] or "My pack"}, languages),
        "languages": ", ".join(languages),
        "track": track,
        "track_title": _said({"en": _words(track)}, languages),
        "skill": skill,
        "skill_name": _said(known.get("name", {"en": _words(skill)}), languages),
        "skill_description": _said(
            known.get("description", {"en": "What somebody who has it can do.", "fr": "Ce que l’on sait faire quand on l’a."}),
            languages,
        ),
    }


def _words(id_: str) -> str:
    return id_.replace("-", " ").capitalize()


def _shipped_skill(skill: str) -> dict[str, Any]:
    rows = _rows(SHIPPED / "skills.yaml")
    return next((row for row in rows if row.get("id") == skill), {})


def _rows(path: Path) -> list[dict[str, Any]]:
    """The entries of a list of a pack; what is wrong with it is for `publish_content --check` to say."""
    value = read_yaml(path.name, _text(path), Findings()).value if path.exists() else None
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _text(path: Path) -> str:
    """Of a file that somebody wrote: a wrong character is not what stands in the way here."""
    return path.read_text(encoding="utf-8-sig", errors="replace")


def _new_place(languages: Sequence[str]) -> _Place:
    return _Place(True, tuple(languages) or LANGUAGES, "marketing")


def _known_place(folder: Path, skill: str, languages: Sequence[str]) -> _Place:
    findings = Findings()
    document = read_yaml("pack.yaml", _text(folder / "pack.yaml"), findings)
    findings.stop_if_any()
    try:
        pack = PackFile.model_validate(document.value)
    except ValidationError:
        hint = _("“manage.py publish_content %(path)s --check” says what is wrong.")
        problem = Problem("pack", _("pack.yaml cannot be understood."), hint, "pack.yaml", params={"path": folder})
        raise ProblemsFound([problem]) from None
    problems = []
    if languages and set(languages) != set(pack.languages):
        message = _("This pack is in: %(languages)s.")
        hint = _("Leave --languages out: a pack is in the same languages everywhere.")
        params = {"languages": ", ".join(pack.languages)}
        problems.append(Problem("languages", message, hint, "pack.yaml", params=params))
    skills = [str(row.get("id")) for row in _rows(folder / "skills.yaml")]
    if skill not in skills:
        hint = _("It has: %(skills)s. Take one of them, or write the new one into skills.yaml first.")
        params = {"skill": skill, "skills": ", ".join(skills) or "–"}
        problems.append(Problem("no-such-skill", _("This pack has no skill “%(skill)s”."), hint, "skills.yaml", params=params))
    domains = [str(row.get("id")) for row in _rows(folder / "domains.yaml")]
    if not domains:
        hint = _("Write at least one: the sample has a variant for it.")
        problems.append(Problem("no-domain", _("This pack has no domain."), hint, "domains.yaml"))
    if problems:
        raise ProblemsFound(problems)
    return _Place(False, tuple(pack.languages), domains[0])


def _unfit_ids(ids: Sequence[str]) -> Iterator[Problem]:
    shape: TypeAdapter[str] = TypeAdapter(Id)
    for one in dict.fromkeys(ids):
        try:
            shape.validate_python(one)
        except ValidationError:
            hint = _("Lower-case words, joined by hyphens: safe-prompts.")
            yield Problem("id", _("“%(id)s” is not an id."), hint, params={"id": one})


def _unfit_modules(modules: Sequence[str]) -> Iterator[Problem]:
    for one in dict.fromkeys(modules):
        if modules.count(one) > 1:
            yield Problem("module-twice", _("The module “%(id)s” is named twice."), _("Name it once."), params={"id": one})
        if len(one) > LONGEST_MODULE:
            hint = _("Keep it to %(n)s characters: every id in the module begins with it.")
            yield Problem("too-long", _("“%(id)s” is too long for a module."), hint, params={"id": one, "n": LONGEST_MODULE})


def _unfit_languages(languages: Sequence[str]) -> Iterator[Problem]:
    for one in dict.fromkeys(languages):
        if not re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", one) or list(languages).count(one) > 1:
            hint = _("Two letters each, once: --languages en fr")
            yield Problem("language", _("“%(language)s” cannot be taken."), hint, params={"language": one})
