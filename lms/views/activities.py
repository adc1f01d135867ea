"""For the learner: an activity, and what one does in it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.models import Activity, ActivityKind
from courses.problems import Problem, ProblemsFound
from lms import clock
from lms.champions.actions import contest_score
from lms.champions.queries import my_contest
from lms.forms.board import lay_out
from lms.forms.champions import ContestForm
from lms.forms.journal import EvidenceForm
from lms.forms.responses import read_answers
from lms.forms.results import read_out
from lms.journal.actions import change_entry, write_entry
from lms.journal.queries import entry_of_mission
from lms.journal.rules import missing_fields
from lms.models import Attempt, Learner
from lms.progress.actions import complete_lesson, open_activity, save_answers, start_attempt, submit_attempt
from lms.progress.attempts import attempt_page
from lms.progress.pages import ActivityPage, AttemptPage
from lms.progress.queries import activity_page, attempt_of
from lms.views.access import LearnerRequest, learner_page

TEMPLATES = {
    ActivityKind.LESSON: "lms/progress/lesson.html",
    ActivityKind.EXERCISE: "lms/progress/graded.html",
    ActivityKind.QUIZ: "lms/progress/graded.html",
    ActivityKind.MISSION: "lms/progress/mission.html",
}


def _page_or_404(learner: Learner, slug: str) -> ActivityPage:
    page = activity_page(learner=learner, activity_slug=slug, now=clock.now())
    if page is None:
        raise Http404
    return page


def _current(slug: str) -> Activity:
    return get_object_or_404(Activity.objects.current().select_related("module__track"), slug=slug)


def _say(request: LearnerRequest, found: ProblemsFound) -> None:
    for problem in found.problems:
        messages.error(request, f"{problem.message} {problem.hint}".strip())


@require_GET
@learner_page
def activity(request: LearnerRequest, slug: str) -> HttpResponse:
    """Arriving counts as opening, so that Today can bring one back here; nothing is opened by somebody who may not."""
    page = _page_or_404(request.learner, slug)
    if not page.may_open:
        return render(request, "lms/progress/locked.html", {"here": "tracks", "page": page})
    if page.line.state != "done" and page.activity.kind in {ActivityKind.LESSON, ActivityKind.MISSION}:
        open_activity(learner=request.learner, activity=_current(slug), now=clock.now())
    return _show(request, page)


def _show(request: LearnerRequest, page: ActivityPage, form: EvidenceForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"here": "tracks", "page": page}
    if page.activity.kind == ActivityKind.MISSION:
        entry = entry_of_mission(learner=request.learner, activity_id=page.activity.pk, now=clock.now())
        shown = form or EvidenceForm(instance=entry, learner=request.learner, now=clock.now())
        missing = missing_fields(entry) if entry else []
        context |= {
            "form": shown,
            "entry": entry,
            "missing": [shown.fields[name].label for name in missing if name in shown.fields],
        }
    template = TEMPLATES.get(page.activity.kind, "lms/progress/elsewhere.html")
    return render(request, template, context, status=422 if form is not None else 200)


@require_POST
@learner_page
def open_anyway(request: LearnerRequest, slug: str) -> HttpResponse:
    """Goes on although a prerequisite is missing, where the company leaves that to the learner. It is noted, not punished."""
    try:
        open_activity(learner=request.learner, activity=_current(slug), now=clock.now(), override=True)
    except ProblemsFound as found:
        _say(request, found)
    return redirect("lms:activity", slug=slug)


@require_POST
@learner_page
def lesson_done(request: LearnerRequest, slug: str) -> HttpResponse:
    """The button at the end of a lesson leads to what comes next."""
    try:
        complete_lesson(learner=request.learner, activity=_current(slug), now=clock.now())
    except ProblemsFound as found:
        _say(request, found)
        return redirect("lms:activity", slug=slug)
    page = _page_or_404(request.learner, slug)
    messages.success(request, _("Done: %(title)s.") % {"title": page.activity.title})
    if page.next:
        return redirect("lms:activity", slug=page.next.slug)
    return redirect("lms:track", slug=page.track.slug)


@require_POST
@learner_page
def mission_evidence(request: LearnerRequest, slug: str) -> HttpResponse:
    """What one notes about a mission: kept however incomplete, accepted once it is complete."""
    found, now = _current(slug), clock.now()
    page = _page_or_404(request.learner, slug)
    if found.kind != ActivityKind.MISSION:
        raise Http404
    if not page.may_open:
        return redirect("lms:activity", slug=slug)
    entry = entry_of_mission(learner=request.learner, activity_id=found.pk, now=now)
    form = EvidenceForm(request.POST, instance=entry, learner=request.learner, now=now)
    if not form.is_valid():
        form.focus_first_error()
        return _show(request, page, form)
    try:
        if entry is None:
            entry = write_entry(learner=request.learner, fields=form.entry_fields(), activity=found, now=now)
        else:
            entry = change_entry(entry=entry, fields=form.entry_fields(), now=now)
    except ProblemsFound as refused:
        form.take(refused)
        return _show(request, page, form)
    if entry.accepted_at:
        messages.success(request, _("Mission done. What you wrote is in your journal, and it is yours."))
        return redirect("lms:track", slug=page.track.slug)
    messages.info(request, _("Kept as a draft. Fill in what is missing when you know it."))
    return redirect("lms:activity", slug=slug)


@require_POST
@learner_page
def attempt_start(request: LearnerRequest, slug: str) -> HttpResponse:
    try:
        attempt = start_attempt(
            learner=request.learner, activity=_current(slug), language=get_language() or request.learner.language, now=clock.now()
        )
    except ProblemsFound as found:
        _say(request, found)
        return redirect("lms:activity", slug=slug)
    return redirect("lms:attempt", uuid=attempt.uuid)


def _attempt_or_404(learner: Learner, uuid: UUID) -> Attempt:
    attempt = attempt_of(learner=learner, uuid=uuid)
    if attempt is None:
        raise Http404
    return attempt


@require_GET
@learner_page
def attempt(request: LearnerRequest, uuid: UUID) -> HttpResponse:
    mine = _attempt_or_404(request.learner, uuid)
    page = attempt_page(attempt=mine)
    if page.submitted_at is None:
        return _show_task(request, page)
    return show_result(request, mine, page)


def show_result(request: LearnerRequest, mine: Attempt, page: AttemptPage, form: ContestForm | None = None) -> HttpResponse:
    context = {
        "here": "tracks",
        "page": page,
        "readings": [read_out(one) for one in page.explained],
        "contest": my_contest(attempt=mine),
        "contest_form": form or ContestForm(),
    }
    return render(request, "lms/exercise/result.html", context, status=422 if form else 200)


@require_POST
@learner_page
def contest(request: LearnerRequest, uuid: UUID) -> HttpResponse:
    """Contesting shows this attempt, and this one only, to whoever decides: the consent is part of the form."""
    mine = _attempt_or_404(request.learner, uuid)
    form = ContestForm(request.POST)
    if form.is_valid():
        try:
            contest_score(attempt=mine, words=form.cleaned_data["words"], consent=form.cleaned_data["consent"], now=clock.now())
        except ProblemsFound as found:
            form.take(found)
        else:
            messages.success(request, _("Sent. You are told by mail what was decided, and why."))
            return redirect("lms:attempt", uuid=uuid)
    if mine.submitted_at is None:
        return redirect("lms:attempt", uuid=uuid)
    form.focus_first_error()
    return show_result(request, mine, attempt_page(attempt=mine), form)


def _show_task(request: LearnerRequest, page: AttemptPage, problems: list[Problem] | None = None) -> HttpResponse:
    about = {one.slug: [problem for problem in problems or [] if _is_about(problem, one.slug)] for one in page.questions}
    tasks = [{"board": lay_out(one), "problems": about[one.slug]} for one in page.questions]
    placed = [problem for found in about.values() for problem in found]
    context = {
        "here": "tracks",
        "page": page,
        "tasks": tasks,
        "single": tasks[0]["board"] if len(tasks) == 1 else None,
        "problems": [problem for problem in problems or [] if problem not in placed],
    }
    return render(request, "lms/exercise/task.html", context, status=422 if problems else 200)


def _is_about(problem: Problem, slug: str) -> bool:
    return problem.where == slug or problem.where.startswith(f"{slug}.")


def in_background(request: LearnerRequest) -> bool:
    """The page's script asks for a line to put in, not for a page."""
    return request.headers.get("HX-Request") == "true"


@require_POST
@learner_page
def attempt_save(request: LearnerRequest, uuid: UUID) -> HttpResponse:
    """Keeps the draft. The browser saves by itself where scripts run; the button does the same without."""
    mine, now = _attempt_or_404(request.learner, uuid), clock.now()
    page = attempt_page(attempt=mine)
    try:
        save_answers(attempt=mine, answers=read_answers(page.questions, request.POST, mine.language), now=now)
    except ProblemsFound as found:
        if in_background(request):
            return HttpResponse(render_to_string("lms/exercise/not_kept.html", {"problems": found.problems}, request))
        return _show_task(request, page, found.problems)
    if in_background(request):
        return HttpResponse(render_to_string("lms/exercise/kept.html", {"now": now}, request))
    moved = next((one.slug for one in page.questions if f"{one.slug}.move" in request.POST), "")
    response = redirect("lms:attempt", uuid=uuid)
    response["Location"] += f"#{moved}" if moved else ""
    return response


@require_POST
@learner_page
def attempt_submit(request: LearnerRequest, uuid: UUID) -> HttpResponse:
    """A second submission, from another tab or by a retry, shows the first result."""
    mine, now = _attempt_or_404(request.learner, uuid), clock.now()
    if mine.submitted_at is None:
        try:
            submit_attempt(attempt=mine, answers=lambda items: read_answers(items, request.POST, mine.language), now=now)
        except ProblemsFound as found:
            return _show_task(request, attempt_page(attempt=mine), found.problems)
    return redirect("lms:attempt", uuid=uuid)
