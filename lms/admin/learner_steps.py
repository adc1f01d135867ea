"""What is done with one or several people: leaving, coming back, joining a cohort, a link to choose a password."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.problems import ProblemsFound
from lms import clock, tasks
from lms.admin.base import guarded, posted
from lms.admin.forms import HrForm, cohort_field, day_field, is_key, reason_field
from lms.audit.actions import record
from lms.enrolment.actions import add_members
from lms.enums import Source
from lms.mail.actions import queue_message
from lms.models import Assignment, Cohort, CohortMembership, Enrolment, Learner
from lms.people.actions import change_learner, mark_left
from lms.people.rules import company_day

#: More people than that come with a directory file.
MOST_PICKED = 500


class LeaveForm(HrForm):
    on = day_field(label=gettext_lazy("First day on which they no longer work here"))
    reason = reason_field(required=False)


class BackForm(HrForm):
    reason = reason_field(required=False)


class JoinForm(HrForm):
    def __init__(self, *args: Any, site: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"] = cohort_field(site, queryset=Cohort.objects.filter(archived_at__isnull=True), label=_("Cohort"))


class LearnerSteps:
    """Mixed into the people's admin."""

    def step_pages(self) -> list[Any]:
        return [
            ("leave/", "leave", self.leave),
            ("join/", "join", self.join),
            ("<int:pk>/back/", "back", self.back),
            ("<int:pk>/send-link/", "send_link", self.send_link),
        ]

    @admin.action(description=gettext_lazy("Leave the company…"))
    def start_leaving(self: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._with_picked(request, queryset, "leave")

    @admin.action(description=gettext_lazy("Add to a cohort…"))
    def start_joining(self: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._with_picked(request, queryset, "join")

    def _with_picked(self: Any, request: HttpRequest, queryset: Any, page: str) -> HttpResponse | None:
        """The next page says what it will do; its address holds who was ticked."""
        keys = list(queryset.order_by().values_list("pk", flat=True)[: MOST_PICKED + 1])
        if len(keys) > MOST_PICKED:
            messages.warning(
                request, _("Tick at most %(most)s people; for more, use a directory file or a list.") % {"most": MOST_PICKED}
            )
            return None
        return HttpResponseRedirect(f"{self.page_url(page)}?ids={','.join(map(str, keys))}")

    def _picked(self: Any, request: HttpRequest) -> list[Learner]:
        keys = [int(key) for key in request.GET.get("ids", "").split(",") if is_key(key)][:MOST_PICKED]
        return list(self.get_queryset(request).filter(pk__in=keys).order_by("last_name", "first_name", "pk"))

    def _nobody(self: Any, request: HttpRequest) -> HttpResponse:
        messages.warning(request, _("Tick the people in the list first."))
        return HttpResponseRedirect(self.page_url("changelist"))

    @guarded("lms.change_learner")
    def leave(self: Any, request: HttpRequest) -> HttpResponse:
        people, now = self._picked(request), clock.now()
        if not people:
            return self._nobody(request)
        today = company_day(now)
        form = LeaveForm(posted(request), initial={"on": today})
        if request.method == "POST" and form.is_valid():
            try:
                count = mark_left(learners=people, **form.cleaned_data, actor=request.user, source=Source.ADMIN, now=now)
            except ProblemsFound as error:
                for problem in error.problems:
                    form.add_error("on", str(problem.message))
            else:
                messages.success(
                    request,
                    ngettext("%(n)s person is marked as leaving.", "%(n)s people are marked as leaving.", count) % {"n": count},
                )
                return HttpResponseRedirect(self.page_url("changelist"))
        keys = [one.pk for one in people]
        context = {
            "form": form,
            "people": people,
            "enrolments": Enrolment.objects.unfinished().filter(learner__in=keys).count(),
            "reports": Learner.objects.active(today).filter(manager__in=keys).exclude(pk__in=keys).count(),
            "back": self.page_url("change", keys[0]) if len(keys) == 1 else self.page_url("changelist"),
        }
        return self.show_page(
            request, "admin/lms/learners/leave.html", context, title=_("Leaving the company"), status=422 if form.errors else 200
        )

    @guarded("lms.change_learner")
    def back(self: Any, request: HttpRequest, pk: int) -> HttpResponse:
        learner = self.find(request, pk)
        form = BackForm(posted(request))
        if request.method == "POST" and form.is_valid():
            try:
                change_learner(
                    learner=learner, values={"left_on": None}, reason=form.cleaned_data["reason"], actor=request.user,
                    source=Source.ADMIN, now=clock.now(),
                )  # fmt: skip
            except ProblemsFound as error:
                form.add_problems(error.problems)
            else:
                messages.success(request, _("%(name)s works here again.") % {"name": learner})
                return HttpResponseRedirect(self.page_url("change", pk))
        context = {"form": form, "learner_shown": learner, "back": self.page_url("change", pk)}
        return self.show_page(
            request,
            "admin/lms/learners/back.html",
            context,
            title=_("Back in the company"),
            obj=learner,
            status=422 if form.errors else 200,
        )

    @guarded("lms.change_cohort", "lms.view_learner")
    def join(self: Any, request: HttpRequest) -> HttpResponse:
        """Choose the cohort (GET), see what it means, confirm (POST)."""
        people, now = self._picked(request), clock.now()
        if not people:
            return self._nobody(request)
        data = request.POST if request.method == "POST" else request.GET if "cohort" in request.GET else None
        form = JoinForm(data, site=self.admin_site)
        context: dict[str, Any] = {
            "form": form,
            "people": people,
            "ids": ",".join(str(one.pk) for one in people),
            "back": self.page_url("changelist"),
        }
        if form.is_bound and form.is_valid():
            cohort = form.cleaned_data["cohort"]
            if request.method == "POST":
                joined = add_members(cohort=cohort, learners=people, actor=request.user, source=Source.ADMIN, now=now)
                said = ngettext("%(n)s person joined “%(cohort)s”.", "%(n)s people joined “%(cohort)s”.", joined)
                messages.success(request, said % {"n": joined, "cohort": cohort})
                return HttpResponseRedirect(reverse("admin:lms_cohort_change", args=[cohort.pk]))
            today = company_day(now)
            context |= {
                "cohort": cohort,
                "already": CohortMembership.objects.current().filter(cohort=cohort, learner__in=people).count(),
                "left": sum(one.has_left(today) for one in people),
                "assignments": list(Assignment.objects.current().filter(cohort=cohort).select_related("track")),
            }
        return self.show_page(
            request,
            "admin/lms/learners/join.html",
            context,
            title=_("Add people to a cohort"),
            status=422 if form.errors else 200,
        )

    @guarded("lms.change_learner", methods="POST")
    def send_link(self: Any, request: HttpRequest, pk: int) -> HttpResponse:
        """A link with which the person chooses a password; one per quarter of an hour."""
        learner, now = self.find(request, pk), clock.now()
        if learner.has_left(company_day(now)) or not learner.user.is_active:
            messages.warning(request, _("This account is closed: nothing was sent."))
        else:
            moment = now.strftime("%Y%m%d%H") + str(now.minute // 15)
            with transaction.atomic():
                queue_message(
                    recipient=learner, template="password_link", context={}, cause=f"password:{learner.pk}:{moment}", now=now
                )
                record(actor=request.user, verb="send_password_link", obj=learner, source=Source.ADMIN, now=now)
            tasks.ring(tasks.deliver_messages)
            messages.success(request, _("A link to choose a password is on its way to %(email)s.") % {"email": learner.email})
        return HttpResponseRedirect(self.page_url("change", pk))
