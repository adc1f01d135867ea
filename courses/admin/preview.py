"""Content as learners read it, in every language side by side, for whoever checks it before a cohort does."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from i18nfield.strings import LazyI18nString

from courses.models import Activity, Item, ReviewCard
from courses.models.base import OfPack
from courses.queries import items_for


def preview_activity(activity: Activity) -> SafeString:
    items = items_for(activity, None)
    columns = [(language, body) for language, body in activity.body.items()]
    shown = [{"item": item, "columns": _columns(item)} for item in items]
    return render_to_string("courses/admin/activity.html", {"activity": activity, "columns": columns, "items": shown})


def preview_graded(item: Item | ReviewCard) -> SafeString:
    key = json.dumps(item.answer_key, ensure_ascii=False, indent=2)
    return render_to_string("courses/admin/graded.html", {"item": item, "columns": _columns(item), "key": key})


def preview_texts(row: OfPack, names: Iterable[str], html: Collection[str]) -> SafeString:
    """Texts of a row by language; those whose name is in `html` were rendered and sanitised when they were published."""
    fields = [(name, row._meta.get_field(name).verbose_name, getattr(row, name)) for name in names]
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
    lines = [" · ".join(map(str, one.values())) if isinstance(one, dict) else one for one in listed]
    return {"name": label, "lines": lines} if lines else None


def _in_language(step: dict[str, Any], language: str) -> dict[str, Any]:
    """A step of a path: its note has HTML around its words, which a line does not need."""
    modules = ", ".join(step["modules"])
    note = {"note": strip_tags(step["note"][language])} if step["note"] else {}
    return {"title": step["title"][language], **note, "modules": modules}


def _columns(item: Item | ReviewCard) -> list[dict[str, Any]]:
    return [
        {
            "language": language,
            **{name: texts.get(name, "") for name in ("prompt", "brief", "document", "why")},
            "parts": [(path, text, texts.get("feedback", {}).get(path, "")) for path, text in texts.get("parts", {}).items()],
        }
        for language, texts in item.texts.items()
    ]
