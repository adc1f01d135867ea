"""For the learner: who can help me, what I asked, what was answered."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Activity
from courses.problems import ProblemsFound
from lms import clock
from lms.champions.actions import ask_help, withdraw_help
from lms.champions.queries import champion_for, my_requests
from lms.forms.champions import AskForm
from lms.views.access import LearnerRequest, learner_page


def _about(slug: str) -> Activity | None:
    return Activity.objects.current().filter(slug=slug).first() if slug else None


@require_http_methods(["GET", "HEAD", "POST"])
@learner_page
def help_page(request: LearnerRequest) -> HttpResponse:
    """``?about=<activity>`` names what the question is about."""
    now = clock.now()
    form = AskForm(request.POST or None, initial={"about": request.GET.get("about", "")[:80]})
    if request.method == "POST":
        if form.is_valid():
            data = form.cleaned_data
            try:
                ask_help(
                    learner=request.learner,
                    question=data["question"],
                    activity=_about(data["about"]),
                    token=data["token"],
                    now=now,
                )
            except ProblemsFound as found:
                form.take(found)
            else:
                messages.success(request, _("Sent. The answer comes by mail, and stands here."))
                return redirect("lms:help")
        form.focus_first_error()
    context = {
        "here": "help",
        "form": form,
        "about": _about(str(form["about"].value() or "")),
        "champion": champion_for(learner=request.learner, now=now),
        "asked": my_requests(learner=request.learner)[:20],
    }
    return render(request, "lms/champions/help.html", context, status=422 if form.errors else 200)


@require_POST
@learner_page
def help_withdraw(request: LearnerRequest, token: UUID) -> HttpResponse:
    """The question is named by the token that its form carried: nobody else knows it."""
    if not (mine := my_requests(learner=request.learner).filter(token=token).first()):
        raise Http404
    withdraw_help(request=mine, now=clock.now())
    messages.info(request, _("Withdrawn."))
    return redirect("lms:help")
