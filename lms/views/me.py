"""For the learner: oneself. Language, working time, days away, reminders."""

import datetime as dt

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.problems import ProblemsFound
from lms import clock
from lms.enums import NudgeKind
from lms.forms.me import LeaveForm, PauseForm, WorkingTimeForm
from lms.models import Leave
from lms.nudges.actions import choose_kinds, pause
from lms.nudges.queries import choices_of
from lms.people.preferences import add_leave, change_working_time, remove_leave
from lms.privacy.queries import what_my_manager_sees
from lms.views.access import LearnerRequest, learner_page

LONGEST_PAUSE = dt.timedelta(days=366)


@require_GET
@learner_page
def me(request: LearnerRequest) -> HttpResponse:
    return _show(request)


def _show(request: LearnerRequest, **forms: Form) -> HttpResponse:
    learner = request.learner
    today = clock.now().astimezone(learner.zone).date()
    context = {
        "here": "me",
        "working": WorkingTimeForm(initial={"time_zone": learner.time_zone, "working_days": sorted(learner.weekdays)}),
        "leave": LeaveForm(auto_id="leave_%s"),
        "pause": PauseForm(auto_id="pause_%s", initial={"until": learner.nudges_paused_until}),
        "paused": learner.nudges_paused_until is not None and learner.nudges_paused_until > today,
        "leaves": Leave.objects.filter(learner=learner, ends_on__gte=today),
        "choices": choices_of(learner),
        **forms,
    }
    return render(request, "lms/people/me.html", context, status=422 if forms else 200)


@require_GET
@learner_page
def me_manager_view(request: LearnerRequest) -> HttpResponse:
    """The same aggregates as the manager's page, by the same code, and one's own line."""
    seen = what_my_manager_sees(learner=request.learner, now=clock.now())
    return render(request, "lms/people/manager_view.html", {"here": "me", "seen": seen})


@require_POST
@learner_page
def me_working_time(request: LearnerRequest) -> HttpResponse:
    form = WorkingTimeForm(request.POST, initial={"time_zone": request.learner.time_zone})
    if form.is_valid():
        data = form.cleaned_data
        try:
            change_working_time(learner=request.learner, time_zone=data["time_zone"], weekdays=data["working_days"])
        except ProblemsFound as found:
            form.take(found)
        else:
            messages.success(request, _("Saved."))
            return redirect("lms:me")
    form.focus_first_error()
    return _show(request, working=form)


@require_POST
@learner_page
def me_leave_add(request: LearnerRequest) -> HttpResponse:
    form = LeaveForm(request.POST, auto_id="leave_%s")
    if form.is_valid():
        try:
            add_leave(learner=request.learner, **form.cleaned_data)
        except ProblemsFound as found:
            form.take(found)
        else:
            messages.success(request, _("Noted: nothing is sent to you on these days."))
            return redirect("lms:me")
    form.focus_first_error()
    return _show(request, leave=form)


@require_POST
@learner_page
def me_leave_remove(request: LearnerRequest, pk: int) -> HttpResponse:
    if not remove_leave(learner=request.learner, pk=pk):
        raise Http404
    return redirect("lms:me")


@require_POST
@learner_page
def me_reminders(request: LearnerRequest) -> HttpResponse:
    """One switch per kind; what is ticked is sent. A double click says the same twice."""
    now, learner = clock.now(), request.learner
    wanted = set(request.POST.getlist("kind")) & set(NudgeKind.values)
    choose_kinds(learner=learner, wanted=wanted, now=now)
    messages.success(request, _("Saved. Nobody is told."))
    return redirect("lms:me")


@require_POST
@learner_page
def me_pause(request: LearnerRequest) -> HttpResponse:
    now, learner = clock.now(), request.learner
    form = PauseForm(request.POST, auto_id="pause_%s")
    if form.is_valid():
        until, today = form.cleaned_data["until"], now.astimezone(learner.zone).date()
        if until is not None and not today < until <= today + LONGEST_PAUSE:
            form.add_error("until", _("Give a day after today, within a year."))
        else:
            pause(learner=learner, until=until, now=now)
            messages.success(request, _("Reminders are paused.") if until else _("Reminders go on."))
            return redirect("lms:me")
    form.focus_first_error()
    return _show(request, pause=form)
