"""Content as learners read it, in every language side by side, for whoever checks it before a cohort does."""

from __future__ import annotations

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from courses.models import Activity, Item, ReviewCard
from courses.queries import items_for


def preview_activity(activity: Activity) -> SafeString:
    items = items_for(activity, None)
    columns = [(language, body) for language, body in activity.body.items()]
    shown = [{"item": item, "columns": _columns(item)} for item in items]
    return render_to_string("courses/admin/activity.html", {"activity": activity, "columns": columns, "items": shown})


def preview_graded(item: Item | ReviewCard) -> SafeString:
    key = json.dumps(item.answer_key, ensure_ascii=False, indent=2)
    return render_to_string("courses/admin/graded.html", {"item": item, "columns": _columns(item), "key": key})


def _columns(item: Item | ReviewCard) -> list[dict[str, Any]]:
    return [
        {
            "language": language,
            **{name: texts.get(name, "") for name in ("prompt", "brief", "document", "why")},
            "parts": [(path, text, texts.get("feedback", {}).get(path, "")) for path, text in texts.get("parts", {}).items()],
        }
        for language, texts in item.texts.items()
    ]
