"""Reads: whose reports somebody may open, and what waits."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from lms.enums import Cadence
from lms.models import Learner, Report, ReportSubscription
from lms.reports.figures import build_figures
from lms.reports.schedule import period_before
from lms.reports.starters import starter_for
from lms.reports.words import ReportPage, page_of, report_page


def reports_visible_to(user: Any) -> QuerySet[Report]:
    """One's own reports; HR (``lms.view_report``) all. A manager of managers does not see theirs: each is built for its reader."""
    found = Report.objects.select_related("subscription__cohort", "recipient").order_by("-period_start", "-built_at", "-pk")
    if not user.is_authenticated or not user.is_active:
        return found.none()
    if user.has_perm("lms.view_report"):
        return found
    return found.filter(recipient__user=user)


def own_reports(learner: Learner) -> QuerySet[Report]:
    """For the team page: the reports this person was sent, newest first, samples aside."""
    return (
        Report.objects.filter(recipient=learner, sample=False)
        .select_related("subscription__cohort")
        .order_by("-period_start", "-built_at", "-pk")
    )


def latest_team_report(manager: Learner) -> Report | None:
    """The newest report about the manager's team."""
    return own_reports(manager).filter(subscription__cohort__isnull=True).first()


def team_page(manager: Learner, *, now: dt.datetime) -> tuple[ReportPage, Report | None]:
    """What the team page shows: the newest report as it was sent; before the first one, what it would say today, by the same code.

    Looking often tells no more: shares move in steps of two people or more.
    """
    report = latest_team_report(manager)
    if report is not None:
        return report_page(report), report
    subscription = ReportSubscription.objects.filter(recipient=manager, cohort__isnull=True).order_by("pk").first()
    cadence = subscription.cadence if subscription else Cadence.MONTHLY.value
    period = period_before(cadence, now)
    figures = build_figures(manager, None, now=now) | {"starter": starter_for(period)}
    return page_of(figures, start=period.start, end=period.end, cadence=cadence), None
