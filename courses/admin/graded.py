from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from courses.admin.base import ReadOnlyAdmin
from courses.admin.catalogue import CurrentFilter
from courses.admin.preview import preview_graded
from courses.models import Item, ReviewCard


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    list_display = ["slug", "mechanic", "activity", "domain", "group", "weight", "retired_at"]
    list_filter = [CurrentFilter, "mechanic", "domain", "activity__module"]
    list_select_related = ["activity", "domain"]
    search_fields = ["slug"]
    fields = ["slug", "activity", "domain", "group", "mechanic", "weight", "retired_at", "preview"]
    readonly_fields = ["preview"]

    @admin.display(description=_("preview, with the key"))
    def preview(self, item: Item) -> SafeString:
        return preview_graded(item)


@admin.register(ReviewCard)
class ReviewCardAdmin(ReadOnlyAdmin):
    list_display = ["slug", "mechanic", "module", "retired_at"]
    list_filter = [CurrentFilter, "mechanic", "module"]
    list_select_related = ["module"]
    search_fields = ["slug"]
    fields = ["slug", "module", "mechanic", "retired_at", "preview"]
    readonly_fields = ["preview"]

    @admin.display(description=_("preview, with the key"))
    def preview(self, card: ReviewCard) -> SafeString:
        return preview_graded(card)
