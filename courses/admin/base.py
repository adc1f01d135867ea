"""The one place that knows which admin is installed: Unfold's where the project has it, else Django's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest

# How the installed admin dresses a select and a button that are not part of its forms.
SELECT_CLASSES = BUTTON_CLASSES = ""

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
    StackedInline = admin.StackedInline
    TabularInline = admin.TabularInline
elif apps.is_installed("unfold"):
    from unfold.admin import ModelAdmin, StackedInline, TabularInline
    from unfold.widgets import BUTTON_CLASSES as UNFOLD_BUTTON
    from unfold.widgets import SELECT_CLASSES as UNFOLD_SELECT

    # Unfold draws the arrow of its selects around them; ours keep the browser's own.
    SELECT_CLASSES = " ".join(name for name in UNFOLD_SELECT if name != "appearance-none")
    BUTTON_CLASSES = " ".join(UNFOLD_BUTTON)
else:
    from django.contrib.admin import ModelAdmin, StackedInline, TabularInline

__all__ = ["BUTTON_CLASSES", "SELECT_CLASSES", "ModelAdmin", "ReadOnlyAdmin", "ReadOnlyInline", "StackedInline", "TabularInline"]


class _ReadOnly:
    """To be looked at by whoever has the view permission; changed by nobody here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(_ReadOnly, ModelAdmin):
    actions = None


class ReadOnlyInline(_ReadOnly, TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Said outright: Unfold would first build form widgets that texts by language do not fit.
        return [str(name) for name in self.fields or ()]
