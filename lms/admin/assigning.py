"""Assign tracks: cohorts, tracks, start and due rule; then what it will do; then, once confirmed, what it did."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Track
from courses.problems import Problem, ProblemsFound
from lms import clock
from lms.admin.base import guarded
from lms.admin.forms import SomeField, TermsForm, cohort_field, is_key
from lms.enrolment.actions import AssignmentOutcome, assign_tracks
from lms.enrolment.queries import assignment_preview
from lms.enrolment.rules import DueTerms, problems_of_terms
from lms.enums import Source
from lms.models import Assignment, Cohort
from lms.people.rules import company_day


class AssignForm(TermsForm):
    """Sent by GET: the address holds the whole question, so it can be shared, reloaded and gone back to."""

    def __init__(self, *args: Any, site: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Cohort.objects.filter(archived_at__isnull=True)
        cohorts = cohort_field(site, queryset=active, many=True, label=_("Cohorts"), help_text=_("Type a part of their names."))
        tracks = SomeField(queryset=Track.objects.current(), widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Tracks"))
        self.fields = {"cohorts": cohorts, "tracks": tracks, **self.fields}
        self.fields["starts_on"].initial = today

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "starts_on" in given and "due_rule" in given:
            terms = self.terms() if {"due_on", "due_days"} <= given.keys() else None
            if terms:
                due = DueTerms(rule=terms["due_rule"], on=terms["due_on"], days=terms["due_days"])
                self.add_problems(problems_of_terms(due, starts_on=terms["starts_on"]))
        return given


class Assigning:
    """The wizard's pages; mixed into the assignments' admin."""

    def assigning_pages(self) -> list[Any]:
        return [("assign/", "assign", self.assign)]

    @guarded("lms.assign_tracks")
    def assign(self: Any, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        options: dict[str, Any] = {"site": self.admin_site, "today": company_day(now)}
        title = _("Assign tracks")
        if request.method == "POST":
            form = AssignForm(request.POST, **options)
            if form.is_valid():
                return self._confirmed(request, form, now)
        elif "starts_on" in request.GET:
            form = AssignForm(request.GET, **options)
            if form.is_valid() and "change" not in request.GET:
                return self._preview(request, form, now)
        else:
            chosen = [int(key) for key in request.GET.getlist("cohorts") if is_key(key)]
            form = AssignForm(initial={"cohorts": chosen}, **options)
        context = {
            "form": form,
            "has_tracks": Track.objects.current().exists(),
            "has_cohorts": Cohort.objects.filter(archived_at__isnull=True).exists(),
        }
        return self.show_page(request, "admin/lms/assign/form.html", context, title=title, status=422 if form.errors else 200)

    def _preview(self: Any, request: HttpRequest, form: AssignForm, now: dt.datetime) -> HttpResponse:
        given, terms = form.cleaned_data, form.terms()
        cohorts, tracks = list(given["cohorts"]), list(given["tracks"])
        preview = assignment_preview(cohorts=cohorts, tracks=tracks, starts_on=terms["starts_on"], now=now)
        query = request.GET.copy()
        query["change"] = "1"
        context = {
            "preview": preview,
            "cohorts": cohorts,
            "tracks": tracks,
            "assignment": terms,
            "problems": clashes(cohorts, tracks, terms),
            "hidden": [(name, value) for name, values in request.GET.lists() for value in values if name in form.fields],
            "back": f"?{query.urlencode()}",
        }
        return self.show_page(request, "admin/lms/assign/preview.html", context, title=_("Assign tracks: what it will do"))

    def _confirmed(self: Any, request: HttpRequest, form: AssignForm, now: dt.datetime) -> HttpResponse:
        """All cohorts or none. What was assigned before on the same terms stays as it is: a double click assigns once."""
        given = form.cleaned_data
        outcomes: list[AssignmentOutcome] = []
        try:
            with transaction.atomic():
                for cohort in given["cohorts"]:
                    outcomes += assign_tracks(
                        cohort=cohort, tracks=given["tracks"], **form.terms(), actor=request.user, source=Source.ADMIN, now=now
                    )
        except ProblemsFound as error:
            form.add_problems(error.problems)
            context = {"form": form, "has_tracks": True, "has_cohorts": True}
            return self.show_page(request, "admin/lms/assign/form.html", context, title=_("Assign tracks"), status=422)
        tracks, groups = ({one.pk: one for one in given[name]} for name in ("tracks", "cohorts"))
        for outcome in outcomes:
            said = {
                "track": tracks[outcome.assignment.track_id],
                "cohort": groups[outcome.assignment.cohort_id],
                "new": outcome.enrolled,
                "back": outcome.revived,
                "already": outcome.already,
            }
            messages.success(
                request,
                _("“%(track)s” for “%(cohort)s”: newly enrolled %(new)s, brought back %(back)s, enrolled before %(already)s.")
                % said,
            )
        cohorts = list(given["cohorts"])
        if len(cohorts) == 1:
            return HttpResponseRedirect(reverse("admin:lms_cohort_change", args=[cohorts[0].pk]))
        return HttpResponseRedirect(self.page_url("changelist"))


def clashes(cohorts: list[Cohort], tracks: list[Track], terms: dict[str, Any]) -> list[Problem]:
    """What is assigned already on other terms: one query."""
    found = (
        Assignment.objects.current()
        .filter(cohort__in=cohorts, track__in=tracks)
        .exclude(**terms)
        .select_related("cohort", "track")
    )
    return [
        Problem(
            "assigned_differently",
            _("“%(track)s” is already assigned to “%(cohort)s” on other terms.") % {"track": one.track, "cohort": one.cohort},
            _("Change the existing assignment, or leave this cohort or track out."),
        )
        for one in found
    ]
