"""Directory files: upload, see what would change, apply, see what happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.problems import ProblemsFound
from lms import clock
from lms.admin.base import HrAdmin, guarded, posted
from lms.admin.forms import HrForm
from lms.admin.import_run import LONGEST, PATIENCE, forget, hand_to_worker, run_here, watch
from lms.admin.show import chip
from lms.conf import conf
from lms.enums import Source
from lms.models import DirectoryImport
from lms.people.actions import preview_directory, upload_directory

STATES: dict[str, tuple[Any, str]] = {
    "unchecked": (gettext_lazy("not checked yet"), "warn"),
    "broken": (gettext_lazy("to be mended"), "bad"),
    "ready": (gettext_lazy("waits for you"), "warn"),
    "running": (gettext_lazy("under way"), ""),
    "interrupted": (gettext_lazy("interrupted"), "bad"),
    "failed": (gettext_lazy("not applied"), "bad"),
    "applied": (gettext_lazy("applied"), "good"),
    "gone": (gettext_lazy("replaced"), ""),
}
FIGURES = (
    ("new", gettext_lazy("New")),
    ("changed", gettext_lazy("Changed")),
    ("moved", gettext_lazy("of whom move")),
    ("returning", gettext_lazy("of whom come back")),
    ("leaving", gettext_lazy("Leaving")),
    ("unchanged", gettext_lazy("Unchanged")),
)
MOST_PROBLEMS = 200


class UploadForm(HrForm):
    file = forms.FileField(
        label=gettext_lazy("Directory file"),
        allow_empty_file=True,
        help_text=gettext_lazy("CSV or Excel (.xlsx). The first line holds the headings, in English or French, in any order."),
    )
    full = forms.BooleanField(
        label=gettext_lazy("The file holds everybody"),
        required=False,
        help_text=gettext_lazy(
            "Then whoever is not in it is marked as left. Otherwise people who are not in it stay as they are."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > conf.IMPORT_MAX_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(_("The file has more than %(most)s MB.") % {"most": conf.IMPORT_MAX_MEGABYTES})
        return file


def state_of(row: DirectoryImport, now: dt.datetime, *, queued: bool = False) -> str:
    """Where a file stands, from its moments."""
    if row.applied_at:
        return "applied"
    if row.failed_at:
        return "failed"
    if row.started_at:
        return "running" if now - row.started_at < LONGEST else "interrupted"
    if queued:
        return "running"
    if row.previewed_at is None:
        return "unchecked"
    if row.problems:
        return "broken"
    # The content of a file is thrown away when it is replaced by another one.
    return "ready" if row.has_content else "gone"  # type: ignore[attr-defined]


@admin.register(DirectoryImport)
class DirectoryImportAdmin(HrAdmin):
    list_display = ("file_name", "state", "people", "full", "uploaded_by", "uploaded_at", "applied_at")
    list_select_related = ("uploaded_by",)
    search_fields = ("file_name",)
    ordering = ("-uploaded_at", "-pk")
    empty_text = gettext_lazy(
        "A directory file lists the people of your company, as your personnel system exports it. You see what it would change before anything changes."
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the files themselves: they may be large."""
        return super().get_queryset(request).defer("content").annotate(has_content=Q(content__isnull=False))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("lms.import_directory")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: DirectoryImport) -> SafeString:
        return chip(*STATES[state_of(row, clock.now())])

    @admin.display(description=gettext_lazy("what it says"))
    def people(self, row: DirectoryImport) -> str:
        said = [
            f"{label} {row.summary[name]}"
            for name, label in FIGURES
            if row.summary.get(name) and name not in ("moved", "returning")
        ]
        return ", ".join(said) or "–"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tools = []
        if self.has_add_permission(request):
            tools.append({"label": _("Import a directory file"), "url": self.page_url("add"), "primary": True})
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def own_pages(self) -> list[Any]:
        return [
            ("<int:pk>/apply/", "apply", self.apply),
            ("<int:pk>/check/", "check", self.check_again),
            ("<int:pk>/progress/", "progress", self.progress),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return self._upload(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self.not_there(request, object_id)
        return self._show(request, row)

    @guarded("lms.import_directory")
    def _upload(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(posted(request), request.FILES if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            now, file = clock.now(), form.cleaned_data["file"]
            try:
                kept = upload_directory(
                    content=file.read(), file_name=file.name, full=form.cleaned_data["full"], actor=request.user, source=Source.ADMIN,
                    now=now,
                )  # fmt: skip
                preview_directory(directory_import=kept, now=now)
            except ProblemsFound as error:
                for problem in error.problems:
                    form.add_error("file", str(problem))
            else:
                return HttpResponseRedirect(self.page_url("change", kept.pk))
        context = {"form": form, "back": self.page_url("changelist")}
        return self.show_page(
            request,
            "admin/lms/imports/upload.html",
            context,
            title=_("Import a directory file"),
            status=422 if form.errors else 200,
        )

    @guarded("lms.view_directoryimport", methods="GET")
    def _show(self, request: HttpRequest, row: DirectoryImport) -> HttpResponse:
        return self.show_page(request, "admin/lms/imports/import.html", self._context(request, row), title=row.file_name, obj=row)

    def _context(self, request: HttpRequest, row: DirectoryImport) -> dict[str, Any]:
        now, watched = clock.now(), watch(row.pk)
        state = state_of(row, now, queued=watched.queued_at is not None)
        waits = watched.queued_at is not None and row.started_at is None
        return {
            "row": row,
            "state": state,
            "state_chip": chip(*STATES[state]),
            "figures": [(label, row.summary.get(name, 0)) for name, label in FIGURES],
            "problems": row.problems[:MOST_PROBLEMS],
            "more_problems": max(len(row.problems) - MOST_PROBLEMS, 0),
            "may_apply": request.user.has_perm("lms.import_directory"),
            "watched": watched,
            "waits": waits,
            "impatient": waits and watched.queued_at is not None and now - watched.queued_at > PATIENCE,
            "share": conf.IMPORT_LEAVER_GUARD_PERCENT,
            "progress_url": self.page_url("progress", row.pk),
            "back": self.page_url("changelist"),
        }

    @guarded("lms.view_directoryimport", methods="GET")
    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part of the page that changes while it runs."""
        response = render(request, "admin/lms/imports/progress.html", self._context(request, self.find(request, pk)))
        response["Cache-Control"] = "no-store"
        return response

    @guarded("lms.import_directory", methods="POST")
    def check_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Compare the file with the people of this moment, once more."""
        row = DirectoryImport.objects.filter(pk=pk).first()
        if row is None:
            raise Http404
        if row.applied_at is None:
            try:
                preview_directory(directory_import=row, now=clock.now())
                DirectoryImport.objects.filter(pk=pk, applied_at__isnull=True).update(started_at=None, failed_at=None)
                forget(pk)
            except ProblemsFound as error:
                self._tell(request, error)
        return HttpResponseRedirect(self.page_url("change", pk))

    @guarded("lms.import_directory", methods="POST")
    def apply(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Once, however often the button is pressed: the action refuses a file that was applied."""
        row, now = self.find(request, pk), clock.now()
        state = state_of(row, now)
        confirmed = "confirm_leavers" in request.POST
        here = "here" in request.POST
        if state == "running" and not here:
            messages.info(request, _("It is under way already."))
        elif state not in ("ready", "interrupted", "failed", "running"):
            messages.info(
                request, _("This file cannot be applied any more.") if state != "applied" else _("This file was applied already.")
            )
        elif row.summary.get("needs_confirmation") and not confirmed:
            messages.error(request, _("Tick that the file really is complete: many people would be marked as left."))
        elif here or not hand_to_worker(directory_import=row, actor=request.user, confirm_leavers=confirmed, now=now):
            row = run_here(directory_import=row, actor=request.user, confirm_leavers=confirmed)
            if row.applied_at:
                messages.success(request, _("Done: the directory is up to date with “%(file)s”.") % {"file": row.file_name})
            else:
                messages.error(request, _("Nothing was changed; the page says why."))
        return HttpResponseRedirect(self.page_url("change", pk))

    def _tell(self, request: HttpRequest, error: ProblemsFound) -> None:
        for problem in error.problems[:5]:
            messages.error(request, str(problem))
