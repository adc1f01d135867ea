"""Who is in a cohort: the list, adding by name, paste or file, and taking out. Each step says first what it will do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.problems import ProblemsFound
from lms import clock, sql
from lms.admin.base import guarded, posted
from lms.admin.forms import HrForm, is_key, people_field, reason_field
from lms.admin.people_lists import PeopleList, already_in, read_file, read_pasted, whom
from lms.enrolment.actions import add_members, add_members_by_email, remove_members
from lms.enums import Source
from lms.models import Enrolment, EnrolmentReason, Learner
from lms.people.rules import company_day

PER_PAGE = 100
MOST_NAMES = 20


class AddPeopleForm(HrForm):
    """Three ways in, to be mixed freely."""

    pasted = forms.CharField(
        label=gettext_lazy("Paste e-mail addresses or external ids"),
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line, or separated by commas or semicolons. Somebody without an account yet is invited by address."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or upload a list"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("CSV or Excel (.xlsx) with a column of e-mail addresses or external ids."),
    )

    def __init__(self, *args: Any, site: Any, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Learner.objects.active(company_day(now))
        picked = people_field(site, queryset=people, many=True, required=False, label=_("Find people by name"))
        self.fields = {"picked": picked, **self.fields}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        entries: list[tuple[int, str]] = []
        try:
            entries += read_pasted(given.get("pasted") or "")
        except ProblemsFound as error:
            self.add_problems(error.problems)
        if given.get("file") is not None:
            try:
                entries += read_file(given["file"])
            except ProblemsFound as error:
                for problem in error.problems:
                    self.add_error("file", str(problem))
        if not self.errors and not entries and not given.get("picked"):
            self.add_error(None, _("Nobody is chosen yet. Use at least one of the three ways below."))
        given["entries"] = entries
        return given


class RemoveForm(HrForm):
    reason = reason_field(required=False)


class CohortPeople:
    """The pages about the members of a cohort; mixed into the cohort's admin."""

    def people_pages(self) -> list[Any]:
        return [
            ("<int:pk>/people/", "people", self.people),
            ("<int:pk>/people/add/", "add_people", self.add_people),
            ("<int:pk>/people/remove/", "remove_people", self.remove_people),
        ]

    @guarded("lms.view_cohort", "lms.view_learner", methods="GET")
    def people(self: Any, request: HttpRequest, pk: int) -> HttpResponse:
        cohort = self.find(request, pk)
        members = (
            cohort.memberships.current()
            .select_related("learner__department")
            .order_by("learner__last_name", "learner__first_name", "pk")
        )
        search = request.GET.get("q", "").strip()[:100]
        for word in search.replace("\x00", "").split()[:6]:
            members = members.filter(
                Q(learner__last_name__icontains=word) | Q(learner__first_name__icontains=word) | Q(learner__email__icontains=word)
            )
        page = Paginator(members, PER_PAGE).get_page(request.GET.get("p"))
        context = {
            "page": page,
            "search": search,
            "query": f"q={search}&" if search else "",
            "can_change": request.user.has_perm("lms.change_cohort"),
            "remove_url": self.page_url("remove_people", pk),
            "add_url": self.page_url("add_people", pk),
            "today": company_day(clock.now()),
            "invitations": cohort.invitations.filter(joined_at__isnull=True).order_by("email")[:PER_PAGE],
        }
        title = _("People of “%(cohort)s”") % {"cohort": cohort.name}
        return self.show_page(request, "admin/lms/cohorts/people.html", context, title=title, obj=cohort)

    @guarded("lms.change_cohort", "lms.view_learner")
    def add_people(self: Any, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose, see what it means, confirm. A second confirmation adds nobody twice."""
        cohort, now = self.find(request, pk), clock.now()
        title = _("Add people to “%(cohort)s”") % {"cohort": cohort.name}
        if request.method != "POST":
            form = AddPeopleForm(site=self.admin_site, now=now)
            return self.show_page(request, "admin/lms/cohorts/add_people.html", {"form": form}, title=title, obj=cohort)
        form = AddPeopleForm(request.POST, request.FILES, site=self.admin_site, now=now)
        if not form.is_valid():
            return self.show_page(
                request, "admin/lms/cohorts/add_people.html", {"form": form}, title=title, obj=cohort, status=422
            )
        people = whom(form.cleaned_data["entries"], now=now)
        people.found = list(dict.fromkeys([*(one.pk for one in form.cleaned_data["picked"]), *people.found]))
        if "confirmed" in request.POST and not people.problems:
            return self._add(request, cohort, people, now)
        context = {
            "people": people,
            "already": already_in(cohort, people.found),
            "names": list(Learner.objects.filter(pk__in=people.found[:MOST_NAMES])),
            "more": max(len(people.found) - MOST_NAMES, 0),
            "entries": "\n".join(entry for _line, entry in form.cleaned_data["entries"]),
            "picked": form.cleaned_data["picked"],
            "assignments": list(cohort.assignments.current().select_related("track")),
            "back": self.page_url("add_people", pk),
        }
        return self.show_page(request, "admin/lms/cohorts/add_preview.html", context, title=title, obj=cohort)

    def _add(self: Any, request: HttpRequest, cohort: Any, people: PeopleList, now: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                who: dict[str, Any] = {"actor": request.user, "source": Source.ADMIN, "now": now}
                joined = add_members(cohort=cohort, learners=people.found, **who) if people.found else 0
                invited = add_members_by_email(cohort=cohort, emails=people.invited, **who).invited if people.invited else 0
        except ProblemsFound as error:
            for problem in error.problems:
                messages.error(request, str(problem))
            return HttpResponseRedirect(self.page_url("change", cohort.pk))
        already = len(people.found) - joined
        said = [ngettext("%(n)s person joined.", "%(n)s people joined.", joined) % {"n": joined}]
        if invited:
            said.append(ngettext("%(n)s address is invited.", "%(n)s addresses are invited.", invited) % {"n": invited})
        if already > 0:
            said.append(
                ngettext("%(n)s was in the cohort already.", "%(n)s were in the cohort already.", already) % {"n": already}
            )
        messages.success(request, " ".join(said))
        return HttpResponseRedirect(self.page_url("change", cohort.pk))

    @guarded("lms.change_cohort", "lms.view_learner")
    def remove_people(self: Any, request: HttpRequest, pk: int) -> HttpResponse:
        cohort, now = self.find(request, pk), clock.now()
        wanted = [int(key) for key in request.GET.getlist("learner") if is_key(key)][:1000]
        members = Learner.objects.filter(pk__in=wanted, memberships__cohort=cohort, memberships__until__isnull=True)
        chosen = list(members)
        form = RemoveForm(posted(request))
        if request.method == "POST" and form.is_valid():
            gone = remove_members(
                cohort=cohort,
                learners=chosen,
                actor=request.user,
                source=Source.ADMIN,
                now=now,
                reason=form.cleaned_data["reason"],
            )
            messages.success(
                request, ngettext("%(n)s person left the cohort.", "%(n)s people left the cohort.", gone) % {"n": gone}
            )
            return HttpResponseRedirect(self.page_url("people", pk))
        if not chosen:
            messages.warning(request, _("Tick the people to take out of the cohort first."))
            return HttpResponseRedirect(self.page_url("people", pk))
        context = {"form": form, "people": chosen, "archived": _would_end(cohort, chosen), "back": self.page_url("people", pk)}
        title = _("Take people out of “%(cohort)s”") % {"cohort": cohort.name}
        return self.show_page(request, "admin/lms/cohorts/remove.html", context, title=title, obj=cohort)


def _would_end(cohort: Any, people: list[Learner]) -> int:
    """How many enrolments have no reason but this cohort."""
    total = 0
    for batch in sql.batches([one.pk for one in people]):
        elsewhere = EnrolmentReason.objects.filter(until__isnull=True).exclude(assignment__cohort=cohort)
        mine = Enrolment.objects.live().filter(learner__in=batch, reasons__assignment__cohort=cohort, reasons__until__isnull=True)
        total += mine.exclude(pk__in=elsewhere.values("enrolment")).distinct().count()
    return total
