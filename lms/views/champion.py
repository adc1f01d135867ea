"""For the champion, and for the champion leads: what was asked, what was contested. Only what its sender shared."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.problems import ProblemsFound
from lms import clock
from lms.champions.actions import answer_help, decide_contest
from lms.champions.pages import DeskContest, DeskRequest
from lms.champions.queries import answerable, decidable, desk, leads_desk, serving_champion
from lms.enums import Source
from lms.forms.champions import AnswerForm, DecisionForm
from lms.forms.results import read_out


@require_GET
@login_required
def champion_desk(request: HttpRequest) -> HttpResponse:
    return _show(request)


def _show(
    request: HttpRequest, *, answer: tuple[int, AnswerForm] | None = None, decision: tuple[int, DecisionForm] | None = None
) -> HttpResponse:
    """404 for whoever is neither a champion who serves nor a lead: the page is nobody's business but theirs."""
    now = clock.now()
    learner = getattr(request, "learner", None)
    champion = serving_champion(learner=learner, now=now) if learner else None
    leads = request.user.has_perm("lms.lead_champions")
    if champion is None and not leads:
        raise Http404
    mine = desk(champion=champion, now=now) if champion else None
    unserved = leads_desk(now=now) if leads else None
    requests = [*(mine.requests if mine else ()), *(unserved.requests if unserved else ())]
    contests = [*(mine.contests if mine else ()), *(unserved.contests if unserved else ())]
    context = {
        "here": "champion",
        "champion": champion,
        "leads": leads,
        "capacity": mine.capacity if mine else None,
        "open": mine.open if mine else 0,
        "requests": [_request(one, answer) for one in requests],
        "contests": [_contest(one, decision) for one in contests],
    }
    return render(request, "lms/champions/desk.html", context, status=422 if answer or decision else 200)


def _request(one: DeskRequest, answered: tuple[int, AnswerForm] | None) -> dict[str, Any]:
    form = answered[1] if answered and answered[0] == one.pk else AnswerForm(prefix=f"a{one.pk}")
    return {"request": one, "form": form}


def _contest(one: DeskContest, decided: tuple[int, DecisionForm] | None) -> dict[str, Any]:
    form = decided[1] if decided and decided[0] == one.pk else DecisionForm(prefix=f"d{one.pk}")
    return {"contest": one, "form": form, "readings": [read_out(each) for each in one.explained]}


@require_POST
@login_required
def champion_answer(request: HttpRequest, pk: int) -> HttpResponse:
    now = clock.now()
    asked = get_object_or_404(answerable(user=request.user, now=now), pk=pk)
    form = AnswerForm(request.POST, prefix=f"a{pk}")
    if form.is_valid():
        try:
            answer_help(request=asked, answer=form.cleaned_data["answer"], actor=request.user, source=Source.PAGE, now=now)
        except ProblemsFound as found:
            form.take(found)
        else:
            messages.success(request, _("Sent to %(name)s.") % {"name": asked.learner.full_name})
            return redirect("lms:champion_desk")
    form.focus_first_error()
    return _show(request, answer=(pk, form))


@require_POST
@login_required
def champion_decide(request: HttpRequest, pk: int) -> HttpResponse:
    now = clock.now()
    contest = get_object_or_404(decidable(user=request.user, now=now), pk=pk)
    form = DecisionForm(request.POST, prefix=f"d{pk}")
    if form.is_valid():
        try:
            decide_contest(
                contest=contest,
                granted=form.cleaned_data["granted"],
                reason=form.cleaned_data["reason"],
                corrected_score=form.share(),
                actor=request.user,
                source=Source.PAGE,
                now=now,
            )
        except ProblemsFound as found:
            form.take(found)
        else:
            messages.success(
                request, _("Decided. The reason was sent to %(name)s.") % {"name": contest.attempt.learner.full_name}
            )
            return redirect("lms:champion_desk")
    form.focus_first_error()
    return _show(request, decision=(pk, form))
