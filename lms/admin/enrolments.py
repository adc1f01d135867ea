"""Who learns what, why and in which state. Read and exported; it changes through cohorts and assignments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms import clock
from lms.admin.base import ReadOnlyHrAdmin, guarded
from lms.admin.exports import export_page
from lms.admin.filters import DepartmentFilter, TrackFilter
from lms.admin.show import learner_link, state_chip
from lms.enrolment.queries import reasons_of, with_state
from lms.enums import EnrolmentState
from lms.models import Cohort, CohortMembership, Enrolment
from lms.people.rules import company_day

#: Cohorts that the filter offers; the others are reached from their own page.
MOST_COHORTS = 30


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", gettext_lazy("not done yet")), *EnrolmentState.choices, ("all", gettext_lazy("all, archived too"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": _("all, but archived")} if place == 0 else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        value = self.value()
        if value == "all":
            return queryset
        if value == "open":
            return queryset.filter(archived_at__isnull=True, completed_at__isnull=True)
        if value in EnrolmentState.values:
            return queryset.filter(Q(("state", value)))
        return queryset.filter(archived_at__isnull=True)


class CohortFilter(admin.SimpleListFilter):
    """Members of a cohort now. The most recent cohorts are offered; any may be named in the address."""

    title = gettext_lazy("cohort")
    parameter_name = "cohort"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        recent = list(Cohort.objects.filter(archived_at__isnull=True).order_by("-pk")[:MOST_COHORTS])
        value = self.value() or ""
        if value.isdecimal() and len(value) < 18 and int(value) not in {one.pk for one in recent}:
            recent += Cohort.objects.filter(pk=int(value))
        return [(str(one.pk), one.name) for one in sorted(recent, key=lambda one: one.name.lower())]

    def has_output(self) -> bool:
        return bool(self.lookup_choices) or self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        value = self.value()
        if value is None:
            return queryset
        if value not in {key for key, _name in self.lookup_choices}:
            return queryset.none()
        members = CohortMembership.objects.current().filter(cohort=int(value), learner=OuterRef("learner"))
        return queryset.filter(Exists(members))


class LearnerDepartmentFilter(DepartmentFilter):
    path = "learner__department"


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyHrAdmin):
    list_display = ("learner", "track", "state_shown", "due_on", "starts_on", "started_at", "completed_at")
    list_filter = (StateFilter, CohortFilter, TrackFilter, LearnerDepartmentFilter)
    list_select_related = ("learner", "track")
    search_fields = ("learner__last_name", "learner__first_name", "learner__email", "learner__external_id")
    search_help_text = gettext_lazy("A person’s name, e-mail address or external id")
    ordering = ("-pk",)
    fields = (
        "learner_shown", "track", "state_shown", "why", "starts_on", "due_on", "enrolled_at", "started_at", "last_activity_at", "completed_at",
        "reopened_at", "earlier_completed_at", "archived_at",
    )  # fmt: skip
    readonly_fields = ("learner_shown", "state_shown", "why")
    empty_text = gettext_lazy(
        "Somebody is enrolled when a cohort of theirs is assigned a track, or when they choose one. Assign a track to begin."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        return with_state(super().get_queryset(request), today=company_day(clock.now()))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, enrolment: Any) -> SafeString:
        return state_chip(enrolment.state)

    @admin.display(description=gettext_lazy("learner"))
    def learner_shown(self, enrolment: Enrolment) -> SafeString:
        return learner_link(self.admin_site.name, enrolment.learner_id, str(enrolment.learner))

    @admin.display(description=gettext_lazy("why"))
    def why(self, enrolment: Enrolment) -> SafeString | str:
        """The reasons in words; the one that decides the due date first."""
        reasons = reasons_of([enrolment.pk]).get(enrolment.pk, [])
        lines = []
        for reason in reasons:
            text = _("cohort “%(cohort)s”") % {"cohort": reason.cohort} if reason.cohort else _("own choice")
            if reason.due_on:
                text += ", " + _("due %(day)s") % {"day": date_format(reason.due_on, "SHORT_DATE_FORMAT")}
            if reason.decides:
                text += " " + _("(the earliest due date applies)") if len(reasons) > 1 else ""
            lines.append((text,))
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", lines)) if lines else "–"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        query = request.GET.urlencode()
        tools = [{"label": _("Export this list"), "url": self.page_url("export") + (f"?{query}" if query else "")}]
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def own_pages(self) -> list[Any]:
        return [("export/", "export", self.export)]

    @guarded("lms.view_enrolment", "lms.view_learner")
    def export(self, request: HttpRequest) -> HttpResponseBase:
        headings = [
            _("external id"), _("last name"), _("first name"), _("e-mail"), _("department"), _("track"), _("state"), _("starts on"), _("due"),
            _("started"), _("completed"),
        ]  # fmt: skip
        return export_page(
            self, request, verb="export_enrolments", file_name="enrolments", headings=headings, rows=_rows,
            title=_("Export enrolments"), now=clock.now(),
        )  # fmt: skip


def _rows(enrolments: QuerySet[Enrolment]) -> Iterator[list[Any]]:
    for row in enrolments.select_related("learner__department", "track").iterator(chunk_size=2000):
        one: Any = row
        learner = one.learner
        yield [
            learner.external_id,
            learner.last_name,
            learner.first_name,
            learner.email,
            learner.department.path if learner.department else "",
            str(one.track),
            str(EnrolmentState(one.state).label),
            one.starts_on,
            one.due_on,
            one.started_at.date() if one.started_at else None,
            one.completed_at.date() if one.completed_at else None,
        ]
