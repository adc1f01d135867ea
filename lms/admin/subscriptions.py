"""Who gets a report about whom, how often; a sample at once; and the reports as they were frozen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.problems import ProblemsFound
from lms import clock, tasks
from lms.admin.base import HrAdmin, guarded, posted
from lms.admin.filters import OpenFilter
from lms.admin.forms import HrForm, cohort_field, languages, people_field
from lms.admin.show import chip
from lms.enums import Cadence, Source
from lms.models import Cohort, Learner, ReportSubscription
from lms.people.rules import company_day
from lms.reports.actions import change_subscription, pause_subscription, resume_subscription, send_sample, subscribe


class RhythmForm(HrForm):
    cadence = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=Cadence.choices, initial=Cadence.MONTHLY, widget=forms.RadioSelect
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("At"),
        coerce=int,
        choices=[(hour, f"{hour:02d}:00") for hour in range(24)],
        initial=8,
        help_text=gettext_lazy("In the recipient’s time zone, on the first working day of the next period."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("the recipient’s own")), *languages()]  # type: ignore[attr-defined]


class SubscribeForm(RhythmForm):
    def __init__(self, *args: Any, site: Any, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Learner.objects.active(company_day(now))
        about = forms.ChoiceField(
            label=_("About"),
            choices=[
                ("team", _("the recipient’s team: direct and indirect reports")),
                ("cohort", _("a cohort, as far as the recipient may see it")),
            ],
            initial="team",
            widget=forms.RadioSelect,
        )
        cohort = cohort_field(
            site,
            queryset=Cohort.objects.filter(archived_at__isnull=True),
            required=False,
            label=_("Cohort"),
            help_text=_("Only for “a cohort”."),
        )
        self.fields = {
            "recipient": people_field(site, queryset=people, label=_("Who gets it")),
            "about": about,
            "cohort": cohort,
            **self.fields,
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("about") == "cohort" and not given.get("cohort") and "cohort" not in self.errors:
            self.add_error("cohort", _("Choose the cohort."))
        if given.get("about") == "team":
            given["cohort"] = None
        return given


class PausedFilter(OpenFilter):
    closed_field = "paused_at"
    default_text = gettext_lazy("running")
    closed_text = gettext_lazy("paused")


@admin.register(ReportSubscription)
class ReportSubscriptionAdmin(HrAdmin):
    list_display = ("recipient", "about", "cadence", "next_due_at", "language_shown", "state")
    list_filter = (PausedFilter, "cadence")
    list_select_related = ("recipient", "cohort")
    search_fields = ("recipient__last_name", "recipient__first_name", "recipient__email", "cohort__name")
    ordering = ("next_due_at", "pk")
    empty_text = gettext_lazy(
        "A report is a short mail about a team or a cohort: figures that say how it goes, and one thing to talk about. "
        "Never scores, never answers. Send a first one to yourself as a sample."
    )

    @admin.display(description=gettext_lazy("about"))
    def about(self, row: ReportSubscription) -> str:
        return _("cohort “%(cohort)s”") % {"cohort": row.cohort} if row.cohort else _("their team")

    @admin.display(description=gettext_lazy("language"))
    def language_shown(self, row: ReportSubscription) -> str:
        return str(dict(languages()).get(row.language, _("the recipient’s own")))

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: ReportSubscription) -> SafeString:
        return chip(_("paused"), "warn") if row.paused_at else chip(_("running"), "good")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tools = []
        if self.has_add_permission(request):
            tools.append({"label": _("Subscribe somebody"), "url": self.page_url("add"), "primary": True})
        if request.user.has_perm("lms.view_report"):
            tools.append({"label": _("Reports sent so far"), "url": reverse("admin:lms_report_changelist")})
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def own_pages(self) -> list[Any]:
        return [
            ("<int:pk>/pause/", "pause", self.pause),
            ("<int:pk>/resume/", "resume", self.resume),
            ("<int:pk>/sample/", "sample", self.sample),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return self._subscribe(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self.not_there(request, object_id)
        return self._change(request, row)

    @guarded("lms.add_reportsubscription")
    def _subscribe(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        form = SubscribeForm(posted(request), site=self.admin_site, now=now)
        if request.method == "POST" and form.is_valid():
            given = {name: value for name, value in form.cleaned_data.items() if name != "about"}
            try:
                row = subscribe(**given, actor=request.user, source=Source.ADMIN, now=now)
            except ProblemsFound as error:
                form.add_problems(error.problems)
            else:
                messages.success(request, _("%(name)s gets this report from the next period on.") % {"name": row.recipient})
                return HttpResponseRedirect(self.page_url("change", row.pk))
        context = {"form": form, "back": self.page_url("changelist"), "may_change": True}
        return self.show_page(
            request,
            "admin/lms/reports/subscription.html",
            context,
            title=_("Subscribe somebody to a report"),
            status=422 if form.errors else 200,
        )

    @guarded("lms.view_reportsubscription")
    def _change(self, request: HttpRequest, row: Any) -> HttpResponse:
        may_change = request.user.has_perm("lms.change_reportsubscription")
        initial = {"cadence": row.cadence, "hour": row.hour, "language": row.language}
        form = RhythmForm(request.POST if may_change and request.method == "POST" else None, initial=initial)
        if may_change and request.method == "POST" and form.is_valid():
            try:
                change_subscription(
                    subscription=row, **form.cleaned_data, actor=request.user, source=Source.ADMIN, now=clock.now()
                )
            except ProblemsFound as error:
                form.add_problems(error.problems)
            else:
                messages.success(request, _("The new rhythm holds."))
                return HttpResponseRedirect(self.page_url("change", row.pk))
        tools: list[dict[str, Any]] = []
        if may_change:
            tools.append(
                {"label": _("Send me a sample now"), "url": self.page_url("sample", row.pk), "post": True, "primary": True}
            )
            if row.paused_at:
                tools.append({"label": _("Resume"), "url": self.page_url("resume", row.pk), "post": True})
            else:
                tools.append({"label": _("Pause"), "url": self.page_url("pause", row.pk), "post": True})
        tools.append({"label": _("History"), "url": self.page_url("history", row.pk)})
        context = {
            "form": form,
            "subscription": row,
            "about": self.about(row),
            "tools": tools,
            "may_change": may_change,
            "reports": list(row.reports.order_by("-period_start", "-pk")[:12]),
            "back": self.page_url("changelist"),
        }
        status = 422 if form.errors else 200
        return self.show_page(
            request, "admin/lms/reports/subscription.html", context, title=str(row.recipient), obj=row, status=status
        )

    @guarded("lms.change_reportsubscription", methods="POST")
    def pause(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.find(request, pk)
        if pause_subscription(subscription=row, actor=request.user, source=Source.ADMIN, now=clock.now()):
            messages.success(request, _("Paused: nothing is sent until you resume it."))
        return HttpResponseRedirect(self.page_url("change", pk))

    @guarded("lms.change_reportsubscription", methods="POST")
    def resume(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.find(request, pk)
        if resume_subscription(subscription=row, actor=request.user, source=Source.ADMIN, now=clock.now()):
            messages.success(request, _("Reports come again from the next period on; nothing that was missed is sent after."))
        return HttpResponseRedirect(self.page_url("change", pk))

    @guarded("lms.change_reportsubscription", methods="POST")
    def sample(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.find(request, pk)
        try:
            report = send_sample(subscription=row, actor=request.user, now=clock.now())
        except ProblemsFound as error:
            for problem in error.problems:
                messages.error(request, str(problem))
            return HttpResponseRedirect(self.page_url("change", pk))
        tasks.ring(tasks.deliver_reports)
        messages.success(
            request, _("A sample is on its way to %(email)s. This is what it says.") % {"email": report.recipient.email}
        )
        return HttpResponseRedirect(reverse("admin:lms_report_change", args=[report.pk]))
