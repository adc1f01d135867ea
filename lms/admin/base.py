"""What all our admin classes share: pages of our own, who may open them, and a history that is the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import DataError, transaction
from django.db.models import Model, QuerySet
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from courses.admin.base import ModelAdmin, ReadOnlyInline, TabularInline
from lms import clock
from lms.admin.paging import CappedPaginator
from lms.admin.words import name_references
from lms.audit.actions import record
from lms.enums import Source
from lms.models import AuditEntry

__all__ = ["HrAdmin", "ReadOnlyHrAdmin", "ReadOnlyInline", "TabularInline", "guarded", "permitted", "posted"]

View = TypeVar("View", bound=Callable[..., Any])
STYLES = ("lms/admin/admin.css",)
SCRIPTS = ("lms/admin/frame.js",)
MOST_HISTORY = 200


def guarded(*permissions: str, methods: str = "GET POST") -> Callable[[View], View]:
    """A page of ours: 403 without the rights, 405 for any other method."""
    allowed = methods.split()

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            if request.method not in allowed and not (request.method == "HEAD" and "GET" in allowed):
                return HttpResponseNotAllowed(allowed)
            return view(self, request, *args, **kwargs)

        return opened  # type: ignore[return-value]

    return decorate


def permitted(*permissions: str) -> Callable[[HttpRequest], bool]:
    """For navigation: whether the reader may open what it names."""
    return lambda request: request.user.has_perms(permissions)


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: nothing before it is sent."""
    return request.POST if request.method == "POST" else None


class HrAdmin(ModelAdmin):
    """Nothing is deleted, nothing is counted needlessly, and whatever is changed is in the audit trail."""

    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 200
    #: Unfold's plus sign: our buttons have words on them.
    show_add_link = False
    actions: Any = None
    object_history_template = "admin/lms/history.html"
    #: Fields whose change is written to the audit trail as before and after.
    audited_fields: tuple[str, ...] = ()
    #: What an empty list says: what this is, why it is empty, the one thing to do.
    empty_text: Any = ""

    class Media:
        css = {"all": STYLES}
        js = SCRIPTS

    # Pages of our own

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [path(route, self.admin_site.admin_view(view), name=f"{name}_{suffix}") for route, suffix, view in self.own_pages()]
        return own + super().get_urls()

    def own_pages(self) -> list[tuple[str, str, Callable[..., Any]]]:
        """``(route, name, view)``: the name is put behind ``lms_<model>_``."""
        return []

    def page_url(self, suffix: str, *args: Any) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{suffix}", args=args)

    def show_page(
        self,
        request: HttpRequest,
        template: str,
        context: Mapping[str, Any],
        *,
        title: str,
        obj: Model | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """One of our pages in the admin's frame. A form in the context brings its media, and its first error takes the focus."""
        request.current_app = self.admin_site.name
        form = context.get("form")
        media = Media(css={"all": STYLES}, js=SCRIPTS)
        if form is not None:
            media += form.media
            for name in form.errors:
                if name in form.fields:
                    form.fields[name].widget.attrs["autofocus"] = True
                    break
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": obj,
            "title": title,
            "content_title": title,
            "subtitle": None,
            "media": media,
            "model_admin": self,
            "is_popup": False,
            "has_view_permission": self.has_view_permission(request),
        }
        return TemplateResponse(request, template, {**frame, **context}, status=status)

    def find(self, request: HttpRequest, pk: int) -> Any:
        """The row, in the reader's scope; 404 for any other."""
        obj = self.get_queryset(request).filter(pk=pk).first()
        if obj is None:
            raise Http404
        return obj

    def not_there(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A row that somebody's old link names: back to where the rows are, with a word."""
        return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]

    # Nothing disappears

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    # The trail. Django's own log of the admin is another one, which can be edited: it is not written.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """For rows without an action of their own: saved and recorded in one transaction."""
        verb = f"{'change' if change else 'add'}_{self.opts.model_name}"
        names = [name for name in self.audited_fields if name in form.changed_data] if change else list(self.audited_fields)
        if change and not names:
            return
        before = {name: _plain(form.initial.get(name)) for name in names} if change else None
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            after = {name: _plain(getattr(obj, name)) for name in names}
            record(actor=request.user, verb=verb, obj=obj, source=Source.ADMIN, now=clock.now(), before=before, after=after)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with transaction.atomic():
            before = {name: _plain(getattr(obj, name)) for name in self.audited_fields}
            verb = f"delete_{self.opts.model_name}"
            record(actor=request.user, verb=verb, obj=obj, source=Source.ADMIN, now=clock.now(), before=before)
            super().delete_model(request, obj)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self.not_there(request, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        entries = history_of(obj)[: MOST_HISTORY + 1]
        shown = list(entries)[:MOST_HISTORY]
        names = name_references(shown)
        for entry in shown:
            entry.names = names  # type: ignore[attr-defined]
        context = {"entries": shown, "more": len(entries) > MOST_HISTORY, "most": MOST_HISTORY}
        return self.show_page(request, self.object_history_template, context, title=_("History"), obj=obj)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One button that saves, and stays clear of the others."""
        calm = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, {**calm, **(extra_context or {})})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        try:
            return super().changelist_view(request, {"empty_text": self.empty_text, **(extra_context or {})})
        except (OverflowError, DataError):
            # A number in the address that no column can hold.
            return HttpResponseRedirect(f"{request.path}?e=1")


class ReadOnlyHrAdmin(HrAdmin):
    """To be looked at; nobody changes it here, not even a superuser."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def history_of(obj: Model) -> QuerySet[AuditEntry]:
    """What was done to one object, the latest first."""
    return AuditEntry.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk)).order_by("-at", "-pk")


def _plain(value: Any) -> Any:
    """A value as JSON can keep it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)
