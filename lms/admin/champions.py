"""Champions: named by HR, by consent and with time agreed; and what only the champion leads can answer (see ``desk``)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Domain
from courses.problems import ProblemsFound
from lms import clock
from lms.admin.base import HrAdmin, guarded, posted
from lms.admin.desk import LeadsDesk
from lms.admin.filters import DomainFilter
from lms.admin.forms import HrForm, day_field, find_field, languages, people_field, reason_field
from lms.admin.show import chip
from lms.champions.actions import end_champion, name_champion
from lms.conf import conf
from lms.enums import Source
from lms.models import Champion, Department, HelpRequest, Learner
from lms.people.rules import company_day


class ChampionForm(HrForm):
    """Consent first: nobody is a champion without having said yes, and without time agreed."""

    consented_on = day_field(
        label=gettext_lazy("The person said yes on"),
        help_text=gettext_lazy("Being a champion is a choice; nobody is named without it."),
    )
    manager_agreed_on = day_field(
        label=gettext_lazy("Their manager agreed to the time on"),
        required=False,
        help_text=gettext_lazy("Until the manager has agreed the person does not serve, and nobody is sent to them."),
    )
    hours_per_week = forms.DecimalField(
        label=gettext_lazy("Hours a week agreed"), min_value=0, max_value=40, decimal_places=1, initial=2
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Open questions at most"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("When that many lie on their desk, others are asked."),
    )
    languages = forms.MultipleChoiceField(label=gettext_lazy("Languages"), choices=languages, widget=forms.CheckboxSelectMultiple)
    starts_on = day_field(label=gettext_lazy("Serves from"))
    ends_on = day_field(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("The first day on which they serve no longer. Empty: no end."),
    )

    def __init__(self, *args: Any, site: Any, now: Any, champion: Champion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = company_day(now)
        domain = forms.ModelChoiceField(
            queryset=Domain.objects.current(),
            required=False,
            label=_("Domain"),
            help_text=_("The business function whose questions they answer best."),
        )
        department = find_field(
            Champion, "department", site, queryset=Department.objects.all(), required=False,
            label=_("Department"),
        )  # fmt: skip
        before: dict[str, Any] = {}
        if champion is None:
            before["learner"] = people_field(site, queryset=Learner.objects.active(today), label=_("Who"))
        self.fields = {**before, "domain": domain, "department": department, **self.fields}
        for name, value in (("capacity", conf.CHAMPION_CAPACITY), ("starts_on", today)):
            self.fields[name].initial = value


class EndForm(HrForm):
    on = day_field(label=gettext_lazy("Serves no longer from"))
    reason = reason_field(required=False)


class ServingFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("serving", gettext_lazy("serve today")),
            ("agreement", gettext_lazy("wait for their manager’s agreement")),
            ("ended", gettext_lazy("served before")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Champion]) -> QuerySet[Champion]:
        today = company_day(clock.now())
        match self.value():
            case "serving":
                return queryset.active(today)  # type: ignore[attr-defined]
            case "agreement":
                return queryset.filter(manager_agreed_on__isnull=True)
            case "ended":
                return queryset.filter(ends_on__lte=today)
        return queryset


@admin.register(Champion)
class ChampionAdmin(LeadsDesk, HrAdmin):
    list_display = ("learner", "domain", "department", "spoken", "open_now", "capacity", "serves")
    list_filter = (ServingFilter, DomainFilter)
    list_select_related = ("learner", "domain", "department")
    search_fields = ("learner__last_name", "learner__first_name", "learner__email")
    ordering = ("learner__last_name", "learner__first_name", "pk")
    empty_text = gettext_lazy(
        "A champion is a colleague who helps others, by their own choice and with time agreed by their manager. Name the first one."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Champion]:
        asked = HelpRequest.objects.filter(
            champion=OuterRef("pk"), answered_at__isnull=True, withdrawn_at__isnull=True
        ).order_by()
        counted = Subquery(asked.values("champion").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
        return super().get_queryset(request).annotate(open_questions=Coalesce(counted, 0))

    @admin.display(description=gettext_lazy("languages"))
    def spoken(self, champion: Champion) -> str:
        names = dict(languages())
        return ", ".join(str(names.get(code, code)) for code in champion.languages)

    @admin.display(description=gettext_lazy("open questions"), ordering="open_questions")
    def open_now(self, champion: Any) -> int:
        return int(champion.open_questions)

    @admin.display(description=gettext_lazy("state"))
    def serves(self, champion: Champion) -> SafeString:
        today = company_day(clock.now())
        if champion.ends_on and champion.ends_on <= today:
            return chip(_("served before"))
        if champion.learner.has_left(today):
            return chip(_("has left"))
        if champion.manager_agreed_on is None:
            return chip(_("waits for the manager"), "warn")
        return chip(_("serves"), "good") if champion.starts_on <= today else chip(_("serves soon"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tools = []
        if self.has_add_permission(request):
            tools.append({"label": _("Name a champion"), "url": self.page_url("add"), "primary": True})
        if request.user.has_perm("lms.lead_champions"):
            tools.append({"label": _("Questions without a champion"), "url": self.page_url("desk")})
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def own_pages(self) -> list[Any]:
        return [*self.desk_pages(), ("<int:pk>/end/", "end", self.end)]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return self._name(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        champion = self.get_object(request, object_id)
        if champion is None:
            return self.not_there(request, object_id)
        return self._name(request, pk=champion.pk)

    @guarded("lms.add_champion", "lms.change_champion")
    def _name(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        champion = self.find(request, pk) if pk is not None else None
        now = clock.now()
        initial = None
        if champion is not None:
            names = (
                "domain",
                "department",
                "consented_on",
                "manager_agreed_on",
                "hours_per_week",
                "capacity",
                "languages",
                "starts_on",
                "ends_on",
            )
            initial = {name: getattr(champion, name) for name in names}
        form = ChampionForm(posted(request), initial=initial, site=self.admin_site, now=now, champion=champion)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            learner = champion.learner if champion is not None else given.pop("learner")
            try:
                named = name_champion(
                    learner=learner, **{**given, "ends_on": given["ends_on"]}, actor=request.user, source=Source.ADMIN, now=now
                )
            except ProblemsFound as error:
                form.add_problems(error.problems)
            else:
                messages.success(request, self._said(named))
                return HttpResponseRedirect(self.page_url("changelist"))
        title = _("Name a champion") if champion is None else str(champion)
        context: dict[str, Any] = {"form": form, "champion": champion, "back": self.page_url("changelist")}
        if champion is not None:
            context["tools"] = [{"label": _("History"), "url": self.page_url("history", champion.pk)}]
            if champion.ends_on is None or champion.ends_on > company_day(now):
                context["tools"].append({"label": _("End their time…"), "url": self.page_url("end", champion.pk)})
        return self.show_page(
            request, "admin/lms/champions/form.html", context, title=title, obj=champion, status=422 if form.errors else 200
        )

    def _said(self, champion: Champion) -> str:
        if champion.manager_agreed_on is None:
            return _("%(name)s is named, and serves once their manager has agreed to the time.") % {"name": champion}
        return _("%(name)s is a champion. Learners whom they fit see them from their first day on.") % {"name": champion}

    @guarded("lms.change_champion")
    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        champion, now = self.find(request, pk), clock.now()
        form = EndForm(posted(request), initial={"on": company_day(now)})
        if request.method == "POST" and form.is_valid():
            try:
                end_champion(champion=champion, **form.cleaned_data, actor=request.user, source=Source.ADMIN, now=now)
            except ProblemsFound as error:
                for problem in error.problems:
                    form.add_error("on", str(problem.message))
            else:
                messages.success(
                    request,
                    _("It is noted. What is still open with %(name)s goes to the champion leads from that day on.")
                    % {"name": champion},
                )
                return HttpResponseRedirect(self.page_url("changelist"))
        context = {"form": form, "champion": champion, "back": self.page_url("change", pk)}
        return self.show_page(
            request,
            "admin/lms/champions/end.html",
            context,
            title=_("End a champion’s time"),
            obj=champion,
            status=422 if form.errors else 200,
        )
