"""What stands beside the tracks. Pay is left out here as on the pages: only a company that asks for it sees it, with its source."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from courses.admin.base import ReadOnlyAdmin, ReadOnlyInline
from courses.admin.catalogue import CurrentFilter
from courses.admin.preview import preview_texts
from courses.models import (
    Document,
    Fact,
    LearningPath,
    Portrait,
    Role,
    RoleLevel,
    Sector,
    Term,
    TrainingOffer,
    UseCase,
)


class DueFilter(admin.SimpleListFilter):
    """What somebody should look at again by now."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", _("due for review"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(review_after__lt=timezone.localdate()) if self.value() == "due" else queryset


class BesideAdmin(ReadOnlyAdmin):
    """Texts are shown in every language side by side; `texts` names them, `html` says which of them are HTML."""

    search_fields = ["slug", "title"]
    readonly_fields = ["preview"]
    texts: tuple[str, ...] = ()
    html: tuple[str, ...] = ()

    @admin.display(description=_("as people read it"))
    def preview(self, row: Any) -> SafeString:
        return preview_texts(row, self.texts, self.html)


class DatedAdmin(BesideAdmin):
    # In words: of a yes and a no drawn green and red, the green one would be the one to worry about.
    @admin.display(description=_("review"), ordering="review_after")
    def is_due(self, row: Any) -> Any:
        return _("due for review") if row.review_after < timezone.localdate() else "–"


class LevelInline(ReadOnlyInline):
    model = RoleLevel
    fields = ["skill", "level"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoleLevel]:
        return super().get_queryset(request).select_related("skill")


@admin.register(Role)
class RoleAdmin(DatedAdmin):
    list_display = ["title", "slug", "family", "technicality", "as_of", "review_after", "is_due", "retired_at"]
    list_filter = [CurrentFilter, DueFilter, "family", "technicality", "sectors"]
    fields = [
        *("slug", "family", "technicality", "sectors", "leads_to", "as_of", "review_after"),
        *("position", "pack", "retired_at", "preview"),
    ]
    texts = ("title", "summary", "duties", "abilities", "education", "source")
    html = ("summary", "education")
    inlines = [LevelInline]


@admin.register(TrainingOffer)
class TrainingOfferAdmin(DatedAdmin):
    list_display = ["title", "slug", "kind", "provider", "country", "verified_on", "review_after", "is_due", "retired_at"]
    list_filter = [CurrentFilter, DueFilter, "kind", "technicality", "country"]
    search_fields = ["slug", "title", "provider"]
    fields = [
        *("slug", "kind", "provider", "country", "technicality", "funding", "skills", "verified_on", "review_after"),
        *("position", "pack", "retired_at", "preview"),
    ]
    texts = ("title", "duration", "description", "doubt")
    html = ("description", "doubt")


@admin.register(Fact)
class FactAdmin(DatedAdmin):
    list_display = ["title", "slug", "as_of", "review_after", "is_due", "retired_at"]
    list_filter = [CurrentFilter, DueFilter]
    date_hierarchy = "review_after"
    fields = ["slug", "as_of", "review_after", "modules", "position", "pack", "retired_at", "preview"]
    texts = ("title", "statement", "source")
    html = ("statement",)


@admin.register(Portrait)
class PortraitAdmin(BesideAdmin):
    list_display = ["name", "title", "slug", "domain", "role", "retired_at"]
    list_filter = [CurrentFilter, "domain", "role"]
    list_select_related = ["domain", "role"]
    search_fields = ["slug", "name", "title"]
    fields = ["slug", "name", "domain", "role", "modules", "position", "pack", "retired_at", "preview"]
    texts = ("title", "before", "after", "story", "steps", "question", "source")
    html = ("story",)


@admin.register(Sector)
class SectorAdmin(BesideAdmin):
    list_display = ["name", "slug", "position", "retired_at"]
    list_filter = [CurrentFilter]
    search_fields = ["slug", "name"]
    fields = ["slug", "position", "pack", "retired_at", "preview"]
    texts = ("name", "description", "caution")


@admin.register(UseCase)
class UseCaseAdmin(BesideAdmin):
    list_display = ["title", "slug", "domain", "value", "risk", "retired_at"]
    list_filter = [CurrentFilter, "domain", "sectors", "value", "risk"]
    list_select_related = ["domain"]
    fields = ["slug", "domain", "sectors", "value", "risk", "modules", "position", "pack", "retired_at", "preview"]
    texts = ("title", "description", "first_step", "caution")
    html = ("description", "first_step", "caution")


@admin.register(Term)
class TermAdmin(BesideAdmin):
    list_display = ["name", "slug", "skill", "retired_at"]
    list_filter = [CurrentFilter, "skill"]
    list_select_related = ["skill"]
    search_fields = ["slug", "name"]
    fields = ["slug", "skill", "see", "position", "pack", "retired_at", "preview"]
    texts = ("name", "definition", "forms")
    html = ("definition",)


@admin.register(Document)
class DocumentAdmin(BesideAdmin):
    list_display = ["title", "slug", "kind", "position", "retired_at"]
    list_filter = [CurrentFilter, "kind"]
    fields = ["slug", "kind", "position", "pack", "retired_at", "preview"]
    texts = ("title", "summary", "html")
    html = ("html",)


@admin.register(LearningPath)
class LearningPathAdmin(BesideAdmin):
    list_display = ["title", "slug", "domain", "position", "retired_at"]
    list_filter = [CurrentFilter, "domain"]
    list_select_related = ["domain"]
    fields = ["slug", "domain", "position", "pack", "retired_at", "preview"]
    texts = ("title", "summary", "steps")
    html = ("summary",)
