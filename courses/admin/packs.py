from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from courses.admin.base import ReadOnlyAdmin, ReadOnlyInline
from courses.models import Pack, PackVersion

_WORDS = {
    "added": _("added"),
    "changed": _("changed"),
    "renamed": _("renamed"),
    "revived": _("brought back"),
    "retired": _("retired"),
}


class VersionInline(ReadOnlyInline):
    model = PackVersion
    fields = ["number", "published_at", "published_by", "digest"]


@admin.register(Pack)
class PackAdmin(ReadOnlyAdmin):
    list_display = ["title", "slug", "licence"]
    fields = ["slug", "title", "languages", "licence"]
    inlines = [VersionInline]


@admin.register(PackVersion)
class PackVersionAdmin(ReadOnlyAdmin):
    list_display = ["pack", "number", "published_at", "published_by", "summary"]
    list_filter = ["pack"]
    list_select_related = ["pack", "published_by"]
    date_hierarchy = "published_at"
    fields = ["pack", "number", "published_at", "published_by", "digest", "what_changed"]
    readonly_fields = ["what_changed"]

    @admin.display(description=_("changes"))
    def summary(self, version: PackVersion) -> str:
        counts = {name: sum(len(of.get(name, ())) for of in version.changes.values()) for name in _WORDS}
        return ", ".join(f"{_WORDS[name]} {count}" for name, count in counts.items() if count) or "–"

    @admin.display(description=_("changes"))
    def what_changed(self, version: PackVersion) -> SafeString:
        lines = [
            (
                kind,
                _WORDS[name],
                ", ".join(f"{old} → {new}" for old, new in ids.items()) if isinstance(ids, dict) else ", ".join(ids),
            )
            for kind, of in version.changes.items()
            for name, ids in of.items()
            if ids and name in _WORDS
        ]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}, {}: {}</li>", lines))
