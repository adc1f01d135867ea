"""For managers, and for whoever HR sends a report: the same snapshot as the mail, nothing finer."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from lms import clock
from lms.models import Learner
from lms.reports.queries import own_reports, reports_visible_to, team_page
from lms.reports.words import period_words, report_page
from lms.views.access import LearnerRequest, learner_page

ON_A_PAGE = 12


@require_GET
@learner_page
def team(request: LearnerRequest) -> HttpResponse:
    """The newest report about the team, and the earlier ones. Somebody who leads nobody finds nothing here."""
    learner = request.learner
    past = Paginator(own_reports(learner), ON_A_PAGE).get_page(request.GET.get("page"))
    leads = getattr(learner, "leads_people", False)
    if not leads and not past.paginator.count:
        raise Http404
    page, report = team_page(learner, now=clock.now()) if leads else (None, None)
    people = Learner.objects.active(clock.now().date()).reporting_to(learner).count() if leads else 0
    lines = [(one, period_words(one.period_start, one.period_end, one.subscription.cadence)) for one in past]
    context = {"here": "team", "lines": lines, "reading": page, "report": report, "page": past, "people": people}
    return render(request, "lms/reports/team.html", context)


@require_GET
@login_required
def report(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(reports_visible_to(request.user), pk=pk)
    context = {"here": "team", "reading": report_page(found), "report": found, "mine": found.recipient.user_id == request.user.pk}
    return render(request, "lms/reports/report.html", context)
