from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from courses.admin.base import ReadOnlyAdmin, ReadOnlyInline
from courses.admin.preview import preview_activity
from courses.admin.shown_as import PreviewedAdmin
from courses.models import Activity, Domain, Module, Skill, Track


class CurrentFilter(admin.SimpleListFilter):
    """What the newest version still has, unless one asks for what it has not."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("retired", _("retired")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        choices = list(super().choices(changelist))
        choices[0]["display"] = _("in the newest version")
        return choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(retired_at__isnull=self.value() != "retired")


class ModuleInline(ReadOnlyInline):
    model = Module
    fields = ["position", "slug", "title", "level", "retired_at"]


class ActivityInline(ReadOnlyInline):
    model = Activity
    fields = ["position", "slug", "title", "kind", "minutes", "required", "pass_mark", "retired_at"]


@admin.register(Skill, Domain)
class NamedAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug", "position", "retired_at"]
    list_filter = [CurrentFilter]
    search_fields = ["slug", "name"]
    fields = ["slug", "name", "description", "position", "retired_at"]


@admin.register(Track)
class TrackAdmin(ReadOnlyAdmin):
    list_display = ["title", "slug", "skill", "pack", "module_count", "retired_at"]
    list_filter = [CurrentFilter, "skill", "pack"]
    list_select_related = ["skill", "pack"]
    search_fields = ["slug", "title"]
    fields = ["slug", "title", "summary", "skill", "pack", "position", "edition", "reopened_at", "retired_at"]
    inlines = [ModuleInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Track]:
        counted = Count("modules", filter=Q(modules__retired_at__isnull=True))
        return super().get_queryset(request).annotate(current_modules=counted)

    @admin.display(description=_("modules"), ordering="current_modules")
    def module_count(self, track: Any) -> int:
        return int(track.current_modules)


@admin.register(Module)
class ModuleAdmin(ReadOnlyAdmin):
    list_display = ["title", "slug", "track", "level", "position", "retired_at"]
    list_filter = [CurrentFilter, "track", "level"]
    list_select_related = ["track"]
    search_fields = ["slug", "title"]
    fields = ["slug", "title", "summary", "goals", "track", "level", "prerequisites", "position", "retired_at"]
    inlines = [ActivityInline]


@admin.register(Activity)
class ActivityAdmin(PreviewedAdmin):
    list_display = ["title", "slug", "kind", "module", "minutes", "required", "pass_mark", "retired_at"]
    list_filter = [CurrentFilter, "kind", "required", "module__track"]
    list_select_related = ["module"]
    search_fields = ["slug", "title"]
    fields = [
        "slug",
        "title",
        "module",
        "kind",
        "minutes",
        "required",
        "required_since",
        "pass_mark",
        "draw",
        "retired_at",
        "preview",
    ]
    texts_in = "body"

    @admin.display(description=_("as learners see it"))
    def preview(self, activity: Any) -> SafeString:
        return preview_activity(activity, activity.shown_as)
