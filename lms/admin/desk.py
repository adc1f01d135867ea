"""The champion leads' desk: questions and contested scores that nobody else answers, and those past their promise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.problems import ProblemsFound
from lms import clock
from lms.admin.base import guarded, posted
from lms.admin.forms import HrForm
from lms.champions.actions import MOST_ANSWER, MOST_QUESTION, answer_help, decide_contest
from lms.champions.queries import answerable, decidable, leads_desk
from lms.enums import Source
from lms.forms.results import read_out
from lms.people.rules import company_day
from lms.progress.attempts import explain, items_of


class AnswerForm(HrForm):
    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=MOST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("The person gets it by mail, with your name."),
    )


class DecisionForm(HrForm):
    granted = forms.TypedChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("yes", gettext_lazy("The score is put right")), ("no", gettext_lazy("The score stays"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    percent = forms.IntegerField(
        label=gettext_lazy("Corrected score, in %"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=gettext_lazy(
            "Only when the score is put right: higher than the present one. The attempt itself is never changed."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=MOST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The person reads it."),
    )


class LeadsDesk:
    """Pages for whoever may lead champions; mixed into the champions' admin."""

    def desk_pages(self) -> list[Any]:
        return [
            ("desk/", "desk", self.desk),
            ("desk/questions/<int:pk>/", "answer", self.answer),
            ("desk/contests/<int:pk>/", "decide", self.decide),
        ]

    @guarded("lms.lead_champions", methods="GET")
    def desk(self: Any, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        today = company_day(now)
        nobody = leads_desk(now=now)
        shown = {one.pk for one in nobody.requests}
        contested = {one.pk for one in nobody.contests}
        late = answerable(user=request.user, now=now).filter(answer_due_on__lt=today).exclude(pk__in=shown)
        late_contests = decidable(user=request.user, now=now).filter(answer_due_on__lt=today).exclude(pk__in=contested)
        context = {
            "desk": nobody,
            "late": list(late.select_related("champion__learner").order_by("answer_due_on", "pk")[:100]),
            "late_contests": list(late_contests.select_related("champion__learner").order_by("answer_due_on", "pk")[:100]),
        }
        return self.show_page(request, "admin/lms/champions/desk.html", context, title=_("Questions without a champion"))

    @guarded("lms.lead_champions")
    def answer(self: Any, request: HttpRequest, pk: int) -> HttpResponse:
        now = clock.now()
        asked = answerable(user=request.user, now=now).filter(pk=pk).first()
        if asked is None:
            return self._gone(request)
        form = AnswerForm(posted(request))
        if request.method == "POST" and form.is_valid():
            try:
                answer_help(request=asked, answer=form.cleaned_data["answer"], actor=request.user, source=Source.ADMIN, now=now)
            except ProblemsFound as error:
                form.add_problems(error.problems)
            else:
                messages.success(request, _("Your answer is on its way to %(name)s.") % {"name": asked.learner})
                return HttpResponseRedirect(self.page_url("desk"))
        context = {"form": form, "asked": asked, "back": self.page_url("desk")}
        return self.show_page(
            request, "admin/lms/champions/answer.html", context, title=_("Answer a question"), status=422 if form.errors else 200
        )

    @guarded("lms.lead_champions")
    def decide(self: Any, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows the one attempt that the learner consented to show."""
        now = clock.now()
        contest = decidable(user=request.user, now=now).filter(pk=pk).first()
        if contest is None:
            return self._gone(request)
        form = DecisionForm(posted(request))
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            score = given["percent"] / 100 if given["granted"] and given["percent"] is not None else None
            try:
                decide_contest(
                    contest=contest, granted=given["granted"], reason=given["reason"], corrected_score=score, actor=request.user,
                    source=Source.ADMIN, now=now,
                )  # fmt: skip
            except ProblemsFound as error:
                for problem in error.problems:
                    form.add_error("percent" if problem.where == "corrected_score" else None, str(problem.message))
            else:
                messages.success(request, _("The decision is on its way to %(name)s.") % {"name": contest.attempt.learner})
                return HttpResponseRedirect(self.page_url("desk"))
        attempt = contest.attempt
        explained = explain(attempt, items_of([attempt])[attempt.pk])
        context = {
            "form": form,
            "contest": contest,
            "attempt": attempt,
            "percent": round((attempt.score or 0) * 100),
            "readings": [read_out(one, attempt.language) for one in explained],
            "back": self.page_url("desk"),
        }
        return self.show_page(
            request,
            "admin/lms/champions/decide.html",
            context,
            title=_("Decide on a contested score"),
            status=422 if form.errors else 200,
        )

    def _gone(self: Any, request: HttpRequest) -> HttpResponse:
        """Answered meanwhile (a second click, a colleague), or never there: the desk tells which are open."""
        if request.method == "POST":
            messages.info(request, _("This one is settled already."))
            return HttpResponseRedirect(self.page_url("desk"))
        raise Http404
