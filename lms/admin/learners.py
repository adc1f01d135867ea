"""People: the list, one person's page, adding somebody by hand. Learning itself (answers, scores, journal) is not shown to HR."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.problems import ProblemsFound
from lms import clock
from lms.admin.base import HrAdmin, guarded, posted
from lms.admin.filters import DepartmentFilter, DomainFilter, HereFilter, LanguageFilter, ManagerFilter, SiteFilter
from lms.admin.forms import person_label
from lms.admin.learner_steps import LearnerSteps
from lms.admin.person_form import NewPersonForm, PersonForm
from lms.admin.show import chip
from lms.enrolment.queries import with_state
from lms.enums import Source
from lms.models import CohortMembership, Enrolment, Learner
from lms.people.actions import change_learner, create_learner
from lms.people.rules import company_day

PER_FIND = 20


@admin.register(Learner)
class LearnerAdmin(LearnerSteps, HrAdmin):
    list_display = ("full_name", "email", "department", "domain", "site", "manager", "here")
    list_display_links = ("full_name",)
    list_filter = (HereFilter, DepartmentFilter, DomainFilter, SiteFilter, LanguageFilter, ManagerFilter)
    list_select_related = ("department", "domain", "site", "manager")
    search_fields = ("last_name", "first_name", "email", "external_id")
    search_help_text = gettext_lazy("Name, e-mail address or external id")
    ordering = ("last_name", "first_name", "pk")
    actions = ("start_leaving", "start_joining")
    empty_text = gettext_lazy("People come with the directory file that your personnel system exports. Import one to begin.")

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, learner: Learner) -> str:
        return learner.full_name

    @admin.display(description=gettext_lazy("state"))
    def here(self, learner: Learner) -> SafeString | str:
        today = company_day(clock.now())
        if learner.has_left(today):
            return chip(_("has left"))
        return chip(_("leaves soon"), "warn") if learner.left_on else _("works here")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        if not request.user.has_perm("lms.change_learner"):
            found.pop("start_leaving", None)
        if not request.user.has_perm("lms.change_cohort"):
            found.pop("start_joining", None)
        return found

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tools = []
        if request.user.has_perm("lms.import_directory"):
            url = reverse("admin:lms_directoryimport_add")
            tools.append({"label": _("Import a directory file"), "url": url, "primary": True})
        if self.has_add_permission(request):
            tools.append({"label": _("Add one person"), "url": self.page_url("add")})
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def own_pages(self) -> list[Any]:
        return [("find/", "find", self.find_people), *self.step_pages()]

    @guarded("lms.view_learner", methods="GET")
    def find_people(self, request: HttpRequest) -> HttpResponse:
        """For fields in which one types a name: who works here, with enough beside the name to tell two people apart."""
        term = request.GET.get("term", "").replace("\x00", "")[:100]
        page = request.GET.get("page", "1")
        start = (min(int(page), 500) - 1) * PER_FIND if page.isdecimal() and len(page) < 5 and int(page) else 0
        people = Learner.objects.active(company_day(clock.now()))
        found, _many = self.get_search_results(request, people, term)
        rows = list(found.order_by("last_name", "first_name", "pk")[start : start + PER_FIND + 1])
        results = [{"id": str(one.pk), "text": person_label(one)} for one in rows[:PER_FIND]]
        return JsonResponse({"results": results, "pagination": {"more": len(rows) > PER_FIND}})

    # One person

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return self._add_person(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        learner = self.get_object(request, object_id)
        if learner is None:
            return self.not_there(request, object_id)
        return self._person(request, learner)

    @guarded("lms.add_learner")
    def _add_person(self, request: HttpRequest) -> HttpResponse:
        form = NewPersonForm(posted(request), site=self.admin_site)
        if request.method == "POST" and form.is_valid():
            try:
                learner = create_learner(
                    values=form.values(),
                    reason=form.cleaned_data["reason"],
                    actor=request.user,
                    source=Source.ADMIN,
                    now=clock.now(),
                )
            except ProblemsFound as error:
                form.add_problems(error.problems)
            else:
                messages.success(
                    request, _("%(name)s is here. The welcome mail follows with the first track.") % {"name": learner}
                )
                return HttpResponseRedirect(self.page_url("change", learner.pk))
        context = {"form": form, "can_change": True, "back": self.page_url("changelist")}
        return self.show_page(
            request, "admin/lms/learners/person.html", context, title=_("Add one person"), status=422 if form.errors else 200
        )

    @guarded("lms.view_learner")
    def _person(self, request: HttpRequest, learner: Any) -> HttpResponse:
        can_change = self.has_change_permission(request, learner)
        form = PersonForm(
            request.POST if can_change and request.method == "POST" else None, site=self.admin_site, learner=learner
        )
        if can_change and request.method == "POST" and form.is_valid():
            try:
                change_learner(
                    learner=learner, values=form.changed_values(), reason=form.cleaned_data["reason"], actor=request.user,
                    source=Source.ADMIN, now=clock.now(),
                )  # fmt: skip
            except ProblemsFound as error:
                form.add_problems(error.problems)
            else:
                messages.success(request, _("The details of %(name)s are saved.") % {"name": learner})
                return HttpResponseRedirect(self.page_url("change", learner.pk))
        if not can_change:
            for field in form.fields.values():
                field.disabled = True
        today = company_day(clock.now())
        context = {
            "form": form,
            "can_change": can_change,
            "learner_shown": learner,
            "has_left": learner.has_left(today),
            "tools": self._tools(request, learner, has_left=learner.has_left(today)),
            "enrolments": self._enrolments(request, learner),
            "cohorts": CohortMembership.objects.current()
            .filter(learner=learner)
            .select_related("cohort")
            .order_by("cohort__name"),
            "reports": learner.direct_reports.active(today).count(),
            "back": self.page_url("changelist"),
        }
        return self.show_page(
            request,
            "admin/lms/learners/person.html",
            context,
            title=str(learner),
            obj=learner,
            status=422 if form.errors else 200,
        )

    def _enrolments(self, request: HttpRequest, learner: Learner) -> QuerySet[Enrolment] | list[Enrolment]:
        if not request.user.has_perm("lms.view_enrolment"):
            return []
        mine = Enrolment.objects.filter(learner=learner).select_related("track").order_by("track__position", "pk")
        return with_state(mine, today=company_day(clock.now()))

    def _tools(self, request: HttpRequest, learner: Learner, *, has_left: bool) -> list[dict[str, Any]]:
        tools: list[dict[str, Any]] = [{"label": _("History"), "url": self.page_url("history", learner.pk)}]
        if request.user.has_perm("lms.change_cohort") and not has_left:
            tools.append({"label": _("Add to a cohort…"), "url": f"{self.page_url('join')}?ids={learner.pk}"})
        if request.user.has_perm("lms.change_learner"):
            if not has_left:
                tools.append(
                    {"label": _("Send a link to choose a password"), "url": self.page_url("send_link", learner.pk), "post": True}
                )
            if learner.left_on:
                tools.append({"label": _("Back in the company…"), "url": self.page_url("back", learner.pk)})
            else:
                tools.append({"label": _("Leaves the company…"), "url": f"{self.page_url('leave')}?ids={learner.pk}"})
        if request.user.has_perm("lms.view_nudge"):
            tools.append(
                {"label": _("Reminders to them"), "url": f"{reverse('admin:lms_nudge_changelist')}?q={learner.external_id}"}
            )
        return tools
