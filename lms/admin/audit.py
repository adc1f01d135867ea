"""The audit trail: who did what to whom, when and why. Read and exported; an export is itself an entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms import clock, sql
from lms.admin import words
from lms.admin.base import ReadOnlyHrAdmin, guarded
from lms.admin.exports import export_page
from lms.enums import Source
from lms.models import AuditEntry


class VerbFilter(admin.SimpleListFilter):
    title = gettext_lazy("what was done")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return sorted(words.VERBS.items(), key=lambda pair: str(pair[1]))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(verb=self.value())


class SourceFilter(admin.SimpleListFilter):
    title = gettext_lazy("through")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Source.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(source=self.value())


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyHrAdmin):
    list_display = ("at", "who", "did", "object_kind", "object_label", "reason", "source")
    list_filter = (VerbFilter, SourceFilter)
    search_fields = ("actor_label", "object_label", "reason", "=object_id")
    search_help_text = gettext_lazy("Who did it, to what, or the reason given")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    fields = ("at", "who", "did", "object_kind", "object_label", "object_id", "reason", "source", "details")
    readonly_fields = ("who", "did", "object_kind", "details")
    empty_text = gettext_lazy(
        "Everything that is changed in the administration, by an import or by a scheduled job is written here, and nobody can change it."
    )

    @admin.display(description=gettext_lazy("who"), ordering="actor_label")
    def who(self, entry: AuditEntry) -> str:
        return entry.actor_label or _("by itself")

    @admin.display(description=gettext_lazy("did what"), ordering="verb")
    def did(self, entry: AuditEntry) -> str:
        return words.verb_in_words(entry.verb)

    @admin.display(description=gettext_lazy("kind of object"), ordering="object_type")
    def object_kind(self, entry: AuditEntry) -> str:
        return words.kind_in_words(entry.object_type)

    @admin.display(description=gettext_lazy("details"))
    def details(self, entry: AuditEntry) -> SafeString:
        entry.names = words.name_references([entry])  # type: ignore[attr-defined]
        return render_to_string("admin/lms/parts/changes.html", {"entry": entry})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        query = request.GET.urlencode()
        tools = [{"label": _("Export this list"), "url": self.page_url("export") + (f"?{query}" if query else "")}]
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def own_pages(self) -> list[Any]:
        return [("export/", "export", self.export)]

    @guarded("lms.view_auditentry")
    def export(self, request: HttpRequest) -> HttpResponseBase:
        headings = [_("when"), _("who"), _("through"), _("did what"), _("kind of object"), _("object"), _("reason"), _("details")]
        return export_page(
            self, request, verb="export_audit", file_name="audit", headings=headings, rows=_rows, title=_("Export the audit trail"),
            now=clock.now(),
        )  # fmt: skip


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[list[Any]]:
    for batch in sql.batches(entries.iterator(chunk_size=2000), 2000):
        names = words.name_references(batch)
        for entry in batch:
            changes = words.changes_in_words(entry.before, entry.after, entry.object_type, names)
            yield [
                timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
                entry.actor_label,
                entry.get_source_display(),
                words.verb_in_words(entry.verb),
                words.kind_in_words(entry.object_type),
                entry.object_label,
                entry.reason,
                "; ".join(f"{what}: {' → '.join(part for part in (before, after) if part)}" for what, before, after in changes),
            ]
