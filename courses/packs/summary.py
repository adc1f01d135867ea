"""What a pack holds, as a page of figures in Markdown: words, items and minutes of each module in each language. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from html import unescape
from typing import Any

from courses.packs.content import Catalogue, Graded, Module, Pack

#: The parts of a module, in the order of its page. The first lesson is the lesson, a second one the worked example.
PARTS = {
    "lesson": "Lesson",
    "example": "Worked example",
    "exercise": "Exercises",
    "quiz": "Quiz",
    "mission": "Mission",
    "review": "Review cards",
}
KINDS = {
    "sectors": "Sectors",
    "documents": "Documents of the data room",
    "roles": "Roles",
    "offers": "Training offers",
    "use_cases": "Use cases",
    "terms": "Terms of the glossary",
    "facts": "Facts with a source and a date",
    "portraits": "Portraits",
    "paths": "Recommended paths",
}
_NO_TEXT = {"id", "was", "key", "payload", "url", "terms", "modules"}

Words = Counter[str]


def describe_pack(pack: Pack) -> str:
    """The page, ending in a line break."""
    lines = [
        f"# What the pack “{pack.id}” holds",
        "",
        "Written by `manage.py describe_content`; a test compares it with the content. Words are given as "
        + " / ".join(pack.languages)
        + ": every word that a learner may read, all variants of an exercise and the whole pool of a quiz included. "
        "Minutes are those of one learner. A domain is named where every exercise of the module has a variant of its own for it.",
    ]
    everything: Counter[str] = Counter()
    words: Words = Counter()
    for track in pack.tracks:
        lines += ["", f"## {_titles(track.title, pack)}", ""]
        lines += _table(["Module", *PARTS.values(), "**All words**"], [_words_row(module, pack) for module in track.modules])
        lines += ["", *_table(_ITEM_HEADS, [_items_row(module, pack) for module in track.modules])]
        own = [(_counts(module), _sum(words_of(module, pack).values())) for module in track.modules]
        total, track_words = _sum(one for one, _words in own), _sum(said for _one, said in own)
        lines += ["", f"Together: {_said(total, len(track.modules))}; {_figures(track_words, pack)} words."]
        everything, words = everything + total, words + track_words
    lines += ["", "## All tracks together", ""]
    lines.append(f"{_said(everything, len(pack.modules))}; {_figures(words, pack)} words.")
    lines += ["", "## Beside the tracks", "", *_table(["Kind", "Entries", "Words"], _catalogue_rows(pack))]
    return "\n".join(lines) + "\n"


def words_of(module: Module, pack: Pack) -> dict[str, Words]:
    """By part of the module and language."""
    found: dict[str, Words] = {part: Counter() for part in PARTS}
    lessons = 0
    for activity in module.activities:
        lessons += activity.kind == "lesson"
        part = "example" if activity.kind == "lesson" and lessons > 1 else activity.kind
        found.setdefault(part, Counter()).update(count_words([activity.title, activity.body, activity.items], pack.languages))
    found["review"].update(count_words(module.cards, pack.languages))
    return found


def count_words(value: Any, languages: Iterable[str]) -> Words:
    """By language, everything that a reader may see below a row."""
    found: Words = Counter(dict.fromkeys(languages, 0))
    for language, text in _texts(value, frozenset(languages)):
        found[language] += len(unescape(re.sub(r"<[^>]+>", " ", text)).split())
    return found


def _texts(value: Any, languages: frozenset[str], language: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if language:
            yield language, value
    elif isinstance(value, Mapping):
        split = not language and set(value) == languages
        for name, inner in value.items():
            if split or name not in _NO_TEXT:
                yield from _texts(inner, languages, name if split else language)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, languages, language)
    elif hasattr(value, "__dataclass_fields__"):
        for one in fields(value):
            if one.name not in _NO_TEXT:
                yield from _texts(getattr(value, one.name), languages, language)
    if isinstance(value, Graded) and value.key.get("model"):
        yield from _texts(value.key["model"], languages)


_ITEM_HEADS = ["Module", "Exercises", "Variants", "Questions in the pool", "Drawn", "Review cards", "Minutes", "Domains"]


def _counts(module: Module) -> Counter[str]:
    exercises = [activity for activity in module.activities if activity.kind == "exercise"]
    quizzes = [activity for activity in module.activities if activity.kind == "quiz"]
    return Counter(
        exercises=len(exercises),
        variants=sum(len(exercise.items) for exercise in exercises),
        pool=sum(len(quiz.items) for quiz in quizzes),
        drawn=sum(sum(quiz.draw.values()) for quiz in quizzes),
        cards=len(module.cards),
        minutes=sum(activity.minutes for activity in module.activities),
    )


def _items_row(module: Module, pack: Pack) -> list[str]:
    counts = _counts(module)
    exercises = [{item.domain for item in activity.items} for activity in module.activities if activity.kind == "exercise"]
    domains = [domain.id for domain in pack.domains if exercises and all(domain.id in own for own in exercises)]
    figures = [str(counts[name]) for name in ("exercises", "variants", "pool", "drawn", "cards", "minutes")]
    return [module.id.upper(), *figures, ", ".join(domains)]


def _words_row(module: Module, pack: Pack) -> list[str]:
    words = words_of(module, pack)
    cells = [_figures(words[part], pack) for part in PARTS]
    return [f"{module.id.upper()} {_titles(module.title, pack)}", *cells, f"**{_figures(_sum(words.values()), pack)}**"]


def _catalogue_rows(pack: Pack) -> list[list[str]]:
    rows = []
    for one in fields(Catalogue):
        entries = getattr(pack.catalogue, one.name)
        rows.append([KINDS.get(one.name, one.name), str(len(entries)), _figures(count_words(entries, pack.languages), pack)])
    return rows


def _said(counts: Counter[str], modules: int) -> str:
    hours, minutes = divmod(counts["minutes"], 60)
    return (
        f"{modules} modules, {counts['exercises']} exercises in {counts['variants']} variants, {counts['pool']} quiz questions, "
        f"{counts['cards']} review cards; {hours} h {minutes:02} min"
    )


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counters:
        total.update(one)
    return total


def _figures(words: Words, pack: Pack) -> str:
    return " / ".join(f"{words[language]:,}" for language in pack.languages)


def _titles(title: Mapping[str, str], pack: Pack) -> str:
    return " / ".join(title[language] for language in pack.languages)


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    align = ["---", *["--:"] * (len(heads) - 1)]
    cells = [heads, align, *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]
