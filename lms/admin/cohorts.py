"""Cohorts: people who learn together, what they learn and how far they are."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms import clock
from lms.admin.base import HrAdmin, guarded
from lms.admin.cohort_people import CohortPeople
from lms.admin.filters import OpenFilter
from lms.admin.show import STATE_LOOKS, chip
from lms.audit.actions import record
from lms.enrolment.queries import with_state
from lms.enums import EnrolmentState, Source
from lms.models import Assignment, Cohort, CohortInvitation, CohortMembership, Enrolment
from lms.people.rules import company_day

#: States in the order in which one looks at them.
SHOWN_STATES = (EnrolmentState.LATE, EnrolmentState.NOT_STARTED, EnrolmentState.ON_THE_WAY, EnrolmentState.DONE)


class ArchivedFilter(OpenFilter):
    closed_field = "archived_at"
    default_text = gettext_lazy("active")
    closed_text = gettext_lazy("archived")


def _count(model: Any, **conditions: Any) -> Coalesce:
    """How many rows of ``model`` belong to each cohort: counted for the rows that are shown only."""
    rows = (
        model.objects.filter(cohort=OuterRef("pk"), **conditions).order_by().values("cohort").annotate(n=Count("pk")).values("n")
    )
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


@admin.register(Cohort)
class CohortAdmin(CohortPeople, HrAdmin):
    list_display = ("name", "members", "waiting", "tracks", "state")
    list_filter = (ArchivedFilter,)
    search_fields = ("name",)
    fields = ("name", "description")
    audited_fields = ("name", "description")
    change_form_template = "admin/lms/cohorts/change_form.html"
    empty_text = gettext_lazy(
        "A cohort holds people who learn together. Make one, put people into it by name, by a pasted list or by a file, then assign it a track."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cohort]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                members=_count(CohortMembership, until__isnull=True),
                waiting=_count(CohortInvitation, joined_at__isnull=True),
                tracks=_count(Assignment, withdrawn_at__isnull=True),
            )
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            # Nobody is put into an archived cohort, and nothing is assigned to it.
            found = found.filter(archived_at__isnull=True)
        return found, duplicates

    @admin.display(description=gettext_lazy("members"), ordering="members")
    def members(self, cohort: Any) -> int:
        return int(cohort.members)

    @admin.display(description=gettext_lazy("invited, not there yet"), ordering="waiting")
    def waiting(self, cohort: Any) -> int:
        return int(cohort.waiting)

    @admin.display(description=gettext_lazy("tracks"), ordering="tracks")
    def tracks(self, cohort: Any) -> int:
        return int(cohort.tracks)

    @admin.display(description=gettext_lazy("state"))
    def state(self, cohort: Cohort) -> SafeString:
        return chip(_("archived")) if cohort.archived_at else chip(_("active"), "good")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "description" and field is not None:
            field.widget.attrs["rows"] = 3
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = clock.now()
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """A cohort without people is of no use yet: that is the next step."""
        if "_popup" in request.POST or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, _("The cohort “%(name)s” exists. Now put people into it.") % {"name": obj.name})
        return HttpResponseRedirect(self.page_url("add_people", obj.pk))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tools = []
        if self.has_add_permission(request):
            tools.append({"label": _("Make a cohort"), "url": self.page_url("add"), "primary": True})
        if request.user.has_perm("lms.assign_tracks"):
            tools.append({"label": _("Assign tracks"), "url": reverse("admin:lms_assignment_assign")})
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        cohort = self.get_object(request, object_id)
        context = extra_context or {}
        if cohort is not None and self.has_view_permission(request, cohort):
            context = {**self._overview(request, cohort), **context}
        return super().change_view(request, object_id, form_url, context)

    def _overview(self, request: HttpRequest, cohort: Any) -> dict[str, Any]:
        user, tools = request.user, []
        if not cohort.archived_at:
            if user.has_perm("lms.change_cohort"):
                tools.append(
                    {"label": _("Add people"), "url": self.page_url("add_people", cohort.pk), "primary": not cohort.members}
                )
            if user.has_perm("lms.assign_tracks"):
                url = f"{reverse('admin:lms_assignment_assign')}?cohorts={cohort.pk}"
                tools.append({"label": _("Assign tracks"), "url": url, "primary": bool(cohort.members) and not cohort.tracks})
        if user.has_perm("lms.change_cohort"):
            label = _("Bring back from the archive") if cohort.archived_at else _("Archive")
            tools.append({"label": label, "url": self.page_url("archive", cohort.pk)})
        return {
            "tools": tools,
            "cohort": cohort,
            "assignments": assignments_of(cohort),
            "states": [state.label for state in SHOWN_STATES],
            "waiting_invitations": cohort.invitations.filter(joined_at__isnull=True).order_by("email")[:20],
            "members_url": self.page_url("people", cohort.pk),
            "enrolments_url": f"{reverse('admin:lms_enrolment_changelist')}?cohort={cohort.pk}",
        }

    def own_pages(self) -> list[Any]:
        return [*self.people_pages(), ("<int:pk>/archive/", "archive", self.archive)]

    @guarded("lms.change_cohort")
    def archive(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Said first, then done; nothing that people learned or earned is touched."""
        cohort = self.find(request, pk)
        bring_back = cohort.archived_at is not None
        if request.method == "POST":
            now = clock.now()
            with transaction.atomic():
                if Cohort.objects.filter(pk=pk, archived_at__isnull=not bring_back).update(
                    archived_at=None if bring_back else now
                ):
                    change: dict[str, Any] = {"archived_at": None if bring_back else now.isoformat()}
                    record(actor=request.user, verb="change_cohort", obj=cohort, source=Source.ADMIN, now=now, after=change)
            messages.success(
                request,
                _("The cohort is active again.")
                if bring_back
                else _("The cohort is archived. You find it under the filter “archived”."),
            )
            return HttpResponseRedirect(self.page_url("change", pk))
        title = _("Bring the cohort back from the archive") if bring_back else _("Archive the cohort")
        return self.show_page(request, "admin/lms/cohorts/archive.html", {"bring_back": bring_back}, title=title, obj=cohort)


def assignments_of(cohort: Cohort) -> list[dict[str, Any]]:
    """Each assignment in force with the number of its people in each state: two queries."""
    found = list(cohort.assignments.current().select_related("track").order_by("track__position", "pk"))
    open_reasons = Q(reasons__assignment__in=found, reasons__until__isnull=True)
    rows = (
        with_state(Enrolment.objects.filter(open_reasons), today=company_day(clock.now()))
        .order_by()
        .values("reasons__assignment", "state")  # type: ignore[misc]
        .annotate(n=Count("pk"))
    )
    counts: dict[int, Counter[str]] = {one.pk: Counter() for one in found}
    for row in rows:
        counts[row["reasons__assignment"]][row["state"]] += row["n"]
    return [
        {
            "assignment": one,
            "people": sum(counts[one.pk].values()),
            "states": [(counts[one.pk][state], STATE_LOOKS[state], state.value) for state in SHOWN_STATES],
        }
        for one in found
    ]
