"""Brings the questions of a file into a pool. Files are written here and nowhere else; the database is not touched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from courses.imports.carried import Judged, judge
from courses.imports.found import FoundFile, FoundQuestion
from courses.imports.item import LONGEST_ID, numbered, slug
from courses.imports.pool import Pool, open_pool, replace_file, with_items, write_pool
from courses.imports.reading import read_questions
from courses.imports.translations import match_translations
from courses.imports.yaml_text import LANGUAGE
from courses.problems import Problem, ProblemsFound

_WORDS = r"[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True)
class Import:
    """What became of every question of the file, in the file's order."""

    file: FoundFile
    pool: Pool
    judged: tuple[Judged, ...]
    languages: tuple[str, ...]
    group: str
    of_translation: tuple[Problem, ...] = ()

    @property
    def carried(self) -> list[Judged]:
        return [one for one in self.judged if one.item and not one.losses]

    @property
    def with_losses(self) -> list[Judged]:
        return [one for one in self.judged if one.item and one.losses]

    @property
    def not_carried(self) -> list[Judged]:
        return [one for one in self.judged if one.item is None]

    @property
    def pictures_folder(self) -> Path:
        return self.pool.path.with_name(f"{self.pool.path.stem}-pictures")

    @property
    def draws_nothing(self) -> bool:
        """Whether the pool is there already and draws nothing from the group of the new items."""
        return self.pool.document is not None and self.group not in self.pool.groups


def import_questions(
    *,
    path: Path,
    into: Path,
    language: str,
    form: str | None = None,
    translations: tuple[tuple[str, Path], ...] = (),
    prefix: str = "",
    group: str = "core",
    dry_run: bool = False,
) -> Import:
    """In order: reads the file and its translations, opens the pool, judges every question, writes pictures, writes the pool.

    Raises `ProblemsFound` for files that cannot be read and for a pool that nothing can be added to; then nothing was written.
    """
    pool = open_pool(into)
    _check_options(pool, [language, *(one for one, _path in translations)], prefix, group)
    found = read_questions(path, form)
    told: list[Problem] = []
    others: dict[str, dict[int, FoundQuestion]] = {}
    for other_language, other_path in translations:
        others[other_language], problems = match_translations(found, read_questions(other_path, form))
        told += problems
    judged: list[Judged] = []
    taken = set(pool.elsewhere)
    for question in found.questions:
        item_id = numbered(_wanted_id(question, prefix), taken)
        taken.add(item_id)
        if item_id in pool.ids:
            judged.append(Judged(question, reason=_already_there(question, item_id)))
            continue
        voices = {language: question}
        voices |= {one: by_number[question.number] for one, by_number in others.items() if question.number in by_number}
        judged.append(judge(voices, item_id=item_id))
    languages = pool.languages or (language, *others)
    result = Import(found, pool, tuple(judged), languages, group, tuple(told))
    items = [one.item for one in judged if one.item is not None]
    if items:
        text = with_items(pool, items, group)
        if not dry_run:
            _write(result, text)
    return result


def _check_options(pool: Pool, languages: list[str], prefix: str, group: str) -> None:
    found: list[Problem] = []
    for one in languages:
        if languages.count(one) > 1 or (pool.languages and one not in pool.languages):
            message = _("“%(language)s” is not a language of this pack, or is named twice.")
            hint = _("The pack is in: %(languages)s.") if pool.languages else ""
            params = {"language": one, "languages": ", ".join(pool.languages)}
            found.append(Problem("language", message, hint, params=params))
        elif not LANGUAGE.match(one):
            hint = _("Write it as in pack.yaml: two letters, such as en.")
            found.append(Problem("language", _("“%(language)s” cannot be taken."), hint, params={"language": one}))
    hint = _("Use lower-case letters, digits and hyphens.")
    if not re.fullmatch(_WORDS, group) or len(group) > 40:
        found.append(Problem("group", _("“%(group)s” cannot be the name of a group."), hint, params={"group": group}))
    if prefix and (not re.fullmatch(_WORDS, prefix.rstrip("-")) or len(prefix) > 30):
        found.append(Problem("prefix", _("“%(prefix)s” cannot begin an id."), hint, params={"prefix": prefix}))
    if found:
        raise ProblemsFound(found)


def _write(result: Import, text: str) -> None:
    pictures = [picture for one in result.judged if one.item for picture in one.item.pictures]
    if pictures:
        result.pictures_folder.mkdir(exist_ok=True)
        for picture in pictures:
            replace_file(result.pictures_folder / picture.name, picture.content)
    write_pool(result.pool, text)


def _wanted_id(question: FoundQuestion, prefix: str) -> str:
    """The same question always asks for the same id, so that a second import of a file finds it in the pool."""
    start = slug(prefix)
    room = LONGEST_ID - 10 - len(start)
    text = re.sub(r"<[^<>]*>", " ", question.text.text)
    words = slug(question.idnumber, room) or slug(question.name, min(room, 40)) or slug(text, min(room, 40))
    words = words or f"question-{question.number}"
    return f"{start}-{words}" if start else words


def _already_there(question: FoundQuestion, item_id: str) -> Problem:
    message = _("The pool has an item “%(id)s” already; it stays as it is.")
    hint = _("Take it out of the pool to import it again, or choose another prefix.")
    return Problem("already-there", message, hint, question.where, params={"id": item_id})
