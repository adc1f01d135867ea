"""Tracks given to cohorts: the list, giving (see ``assigning``), changing the terms, taking back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.problems import ProblemsFound
from lms import clock
from lms.admin.assigning import Assigning
from lms.admin.base import HrAdmin, guarded, posted
from lms.admin.filters import OpenFilter, TrackFilter
from lms.admin.forms import HrForm, TermsForm, reason_field
from lms.enrolment.actions import change_assignment, withdraw_assignment
from lms.enums import Source
from lms.models import Assignment, Enrolment, EnrolmentReason


class WithdrawnFilter(OpenFilter):
    closed_field = "withdrawn_at"
    closed_text = gettext_lazy("withdrawn")


class ChangeForm(TermsForm):
    reason = reason_field(required=False)


class WithdrawForm(HrForm):
    reason = reason_field(help_text=gettext_lazy("People may ask why. It is kept in the audit trail."))


@admin.register(Assignment)
class AssignmentAdmin(Assigning, HrAdmin):
    list_display = ("cohort", "track", "starts_on", "due", "people", "withdrawn_at", "made_by")
    list_display_links = ("cohort", "track")
    list_filter = (WithdrawnFilter, TrackFilter)
    list_select_related = ("cohort", "track", "created_by")
    search_fields = ("cohort__name",)
    fields = ("cohort", "track", "starts_on", "due", "people", "made_by", "created_at", "withdrawn_at")
    readonly_fields = fields
    change_form_template = "admin/lms/change_form.html"
    empty_text = gettext_lazy(
        "An assignment gives a track to a cohort: every member is enrolled, today’s and those who join later."
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("lms.assign_tracks")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Terms are changed on a page of their own, because everybody's due date follows."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        reasons = EnrolmentReason.objects.filter(assignment=OuterRef("pk"), until__isnull=True).order_by()
        counted = Subquery(reasons.values("assignment").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
        return super().get_queryset(request).annotate(enrolled_people=Coalesce(counted, 0))

    @admin.display(description=gettext_lazy("due"))
    def due(self, assignment: Assignment) -> SafeString:
        return render_to_string("admin/lms/assign/due.html", {"assignment": assignment})

    @admin.display(description=gettext_lazy("people"), ordering="enrolled_people")
    def people(self, assignment: Any) -> int:
        return int(assignment.enrolled_people)

    @admin.display(description=gettext_lazy("by"))
    def made_by(self, assignment: Assignment) -> str:
        return assignment.created_by.get_username() if assignment.created_by else "–"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tools = []
        if self.has_add_permission(request):
            tools.append({"label": _("Assign tracks"), "url": self.page_url("assign"), "primary": True})
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way to assign: the one that says first what it will do."""
        return HttpResponseRedirect(self.page_url("assign"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        assignment = self.get_object(request, object_id)
        tools: list[dict[str, Any]] = []
        if assignment is not None and self.has_view_permission(request, assignment):
            people = f"{reverse('admin:lms_enrolment_changelist')}?cohort={assignment.cohort_id}&track={assignment.track_id}"
            tools.append({"label": _("See the people"), "url": people})
            if self.has_add_permission(request) and assignment.withdrawn_at is None:
                tools.append({"label": _("Change start or due date"), "url": self.page_url("terms", assignment.pk)})
                tools.append({"label": _("Withdraw…"), "url": self.page_url("withdraw", assignment.pk)})
        return super().change_view(request, object_id, form_url, {"tools": tools, **(extra_context or {})})

    def own_pages(self) -> list[Any]:
        return [
            *self.assigning_pages(),
            ("<int:pk>/terms/", "terms", self.terms),
            ("<int:pk>/withdraw/", "withdraw", self.withdraw),
        ]

    @guarded("lms.assign_tracks")
    def terms(self, request: HttpRequest, pk: int) -> HttpResponse:
        assignment = self.find(request, pk)
        initial = {name: getattr(assignment, name) for name in ("starts_on", "due_rule", "due_on", "due_days")}
        form = ChangeForm(posted(request), initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                change_assignment(
                    assignment=assignment, **form.terms(), reason=form.cleaned_data["reason"], actor=request.user,
                    source=Source.ADMIN, now=clock.now(),
                )  # fmt: skip
            except ProblemsFound as error:
                form.add_problems(error.problems)
            else:
                messages.success(request, _("The new terms hold. Everybody’s due date follows them."))
                return HttpResponseRedirect(self.page_url("change", pk))
        context = {"form": form, "assignment": assignment, "back": self.page_url("change", pk)}
        status = 422 if form.errors else 200
        return self.show_page(
            request, "admin/lms/assign/terms.html", context, title=_("Change start or due date"), obj=assignment, status=status
        )

    @guarded("lms.assign_tracks")
    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        assignment = self.find(request, pk)
        form = WithdrawForm(posted(request))
        if request.method == "POST" and form.is_valid():
            people = withdraw_assignment(
                assignment=assignment,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                source=Source.ADMIN,
                now=clock.now(),
            )
            said = ngettext(
                "Withdrawn: %(n)s person was enrolled because of it.",
                "Withdrawn: %(n)s people were enrolled because of it.",
                people,
            )
            messages.success(request, said % {"n": people})
            return HttpResponseRedirect(self.page_url("change", pk))
        mine = Enrolment.objects.live().filter(reasons__assignment=assignment, reasons__until__isnull=True)
        kept = EnrolmentReason.objects.filter(until__isnull=True).exclude(assignment=assignment).values("enrolment")
        context = {
            "form": form,
            "assignment": assignment,
            "people": mine.count(),
            "archived": mine.exclude(pk__in=kept).count(),
            "back": self.page_url("change", pk),
        }
        status = 422 if form.errors else 200
        return self.show_page(
            request, "admin/lms/assign/withdraw.html", context, title=_("Withdraw an assignment"), obj=assignment, status=status
        )
