from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from courses.admin.catalogue import CurrentFilter
from courses.admin.preview import preview_graded
from courses.admin.shown_as import PreviewedAdmin
from courses.models import Item, ReviewCard


@admin.register(Item)
class ItemAdmin(PreviewedAdmin):
    list_display = ["slug", "mechanic", "activity", "domain", "group", "weight", "retired_at"]
    list_filter = [CurrentFilter, "mechanic", "domain", "activity__module"]
    list_select_related = ["activity", "domain"]
    search_fields = ["slug"]
    fields = ["slug", "activity", "domain", "group", "mechanic", "weight", "retired_at", "preview"]

    @admin.display(description=_("preview, with the key"))
    def preview(self, item: Any) -> SafeString:
        return preview_graded(item, item.shown_as)


@admin.register(ReviewCard)
class ReviewCardAdmin(PreviewedAdmin):
    list_display = ["slug", "mechanic", "module", "retired_at"]
    list_filter = [CurrentFilter, "mechanic", "module"]
    list_select_related = ["module"]
    search_fields = ["slug"]
    fields = ["slug", "module", "mechanic", "retired_at", "preview"]
    by_domain = False

    @admin.display(description=_("preview, with the key"))
    def preview(self, card: Any) -> SafeString:
        return preview_graded(card, card.shown_as)
