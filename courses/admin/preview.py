"""Content as learners read it, in every language side by side or as one learner has it, for whoever checks it before a cohort does."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from i18nfield.strings import LazyI18nString

from courses.admin.shown_as import ShownAs
from courses.models import Activity, ActivityKind, Item, ReviewCard
from courses.models.base import OfPack
from courses.queries import items_for, words_and_papers


def preview_activity(activity: Activity, shown: ShownAs) -> SafeString:
    """What learners find: all of it, or what one of the chosen domain finds. An exercise then has the one variant of theirs."""
    items = list(items_for(activity, shown.whose))
    if shown.domain and activity.kind == ActivityKind.EXERCISE:
        items = items[:1]
    bodies = [(language, activity.body[language]) for language in shown.shown_languages if language in activity.body]
    terms, papers = words_and_papers(
        list(dict.fromkeys(term for _language, body in bodies for term in body.get("terms", ()))),
        [*activity.documents, *(one for item in items for one in item.documents)],
    )
    context = {
        "columns": [(language, body, _variants(body, shown)) for language, body in bodies],
        "items": [{"item": item, "columns": _columns(item, shown)} for item in items],
        "is_whole": not shown.domain,
        "terms": [(term.slug, _texts(term.name, term.definition, shown)) for term in terms],
        "papers": [(paper.slug, _texts(paper.title, paper.html, shown)) for paper in papers],
        "draws": [(group, count, sum(item.group == group for item in items)) for group, count in activity.draw.items()],
    }
    return render_to_string("courses/admin/activity.html", {**context, **shown.controls()})


def preview_graded(item: Item | ReviewCard, shown: ShownAs) -> SafeString:
    instead = None
    if shown.domain and isinstance(item, Item) and item.activity.kind == ActivityKind.EXERCISE:
        theirs = items_for(item.activity, shown.whose).first()
        instead = theirs if theirs is not None and theirs.pk != item.pk else None
    _terms, papers = words_and_papers([], item.documents if isinstance(item, Item) else [])
    context = {
        "columns": _columns(item, shown),
        "papers": [(paper.slug, _texts(paper.title, paper.html, shown)) for paper in papers],
        "key": json.dumps(item.answer_key, ensure_ascii=False, indent=2),
        "instead": instead,
    }
    return render_to_string("courses/admin/graded.html", {**context, **shown.controls()})


#: What a step of a portrait or of a path says, in the order in which it is read.
PARTS = ("when", "title", "what", "note", "modules")


def preview_texts(row: OfPack, names: Iterable[str], html: Collection[str]) -> SafeString:
    """Texts of a row by language; those whose name is in `html` were rendered and sanitised when they were published."""
    meta: Any = row._meta
    fields = [(name, meta.get_field(name).verbose_name, getattr(row, name)) for name in names]
    columns = [
        {"language": language, "texts": [text for one in fields if (text := _text(*one, language, html))]}
        for language in row.pack.languages
    ]
    return render_to_string("courses/admin/texts.html", {"columns": columns})


def _text(name: str, label: object, value: Any, language: str, html: Collection[str]) -> dict[str, Any] | None:
    if isinstance(value, LazyI18nString):
        said = value.data.get(language, "") if isinstance(value.data, dict) else str(value)
        return {"name": label, "said": said, "is_html": name in html} if said else None
    listed = value.get(language, ()) if isinstance(value, dict) else [_in_language(one, language) for one in value]
    # In an order of ours: a database may keep the names of a JSON object in its own.
    lines = [" · ".join(str(one[part]) for part in PARTS if part in one) if isinstance(one, dict) else one for one in listed]
    return {"name": label, "lines": lines} if any(lines) else None


def _in_language(step: dict[str, Any], language: str) -> dict[str, Any]:
    """A step of a path: its note has HTML around its words, which a line does not need. A retired one lacks languages that came later."""
    said = {
        "title": step["title"].get(language, ""),
        "note": strip_tags((step["note"] or {}).get(language, "")),
        "modules": ", ".join(step["modules"]),
    }
    return {name: text for name, text in said.items() if text}


def _variants(body: dict[str, Any], shown: ShownAs) -> list[tuple[str, str]]:
    """Of a mission: those of every domain, or the one of the domain chosen."""
    names = {domain.slug: str(domain) for domain in shown.domains}
    return [
        (names.get(slug, slug), html)
        for slug, html in body.get("variants", {}).items()
        if not shown.domain or slug == shown.domain
    ]


def _texts(title: LazyI18nString, html: LazyI18nString, shown: ShownAs) -> list[tuple[str, str, str]]:
    return [(language, title.localize(language), html.localize(language)) for language in shown.shown_languages]


def _columns(item: Item | ReviewCard, shown: ShownAs) -> list[dict[str, Any]]:
    return [
        {
            "language": language,
            **{name: item.texts[language].get(name, "") for name in ("prompt", "brief", "document", "why")},
            "parts": [
                (path, text, item.texts[language].get("feedback", {}).get(path, ""))
                for path, text in item.texts[language].get("parts", {}).items()
            ],
        }
        for language in shown.shown_languages
        if language in item.texts
    ]
