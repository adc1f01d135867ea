"""What my manager sees: the same aggregates, from the same code, and one's own line, word for word."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from lms.conf import conf
from lms.models import Learner, Report, ReportSubscription
from lms.people.rules import company_day
from lms.reports.figures import named_states
from lms.reports.queries import team_page
from lms.reports.words import NamedLine, ReportPage, state_label


@dataclass(frozen=True)
class ManagerView:
    """``page`` is what the manager reads, without the lines about colleagues: those are theirs. ``report`` is None before the first one
    was sent; then ``page`` is what it would say today. ``manager`` is None for somebody who reports to nobody.
    """

    manager: Learner | None
    page: ReportPage | None
    report: Report | None
    #: Whether the manager gets a report at all.
    subscribed: bool
    #: By name, only where the company switched it on: exactly these lines, and nothing else about this person.
    own: tuple[NamedLine, ...]
    #: What is never shown, to be said in so many words.
    never: tuple[str, ...]


NEVER = (
    _("Scores, levels, and answers"),
    _("How many attempts you needed"),
    _("When you were here, and for how long"),
    _("Your journal, and what you asked a tool"),
    _("What you asked a champion, and what you contested"),
    _("Which reminders you got or switched off"),
)


def what_my_manager_sees(*, learner: Learner, now: dt.datetime) -> ManagerView:
    """For the learner's own page, in the language that is active."""
    never = tuple(str(each) for each in NEVER)
    manager = learner.manager
    if manager is None or manager.has_left(company_day(now)):
        return ManagerView(None, None, None, subscribed=False, own=(), never=never)
    page, report = team_page(manager, now=now)
    lines = report.figures.get("named", ()) if report else _named_now(learner, now)
    titles = {track.slug: track.title for track in page.tracks}
    own = tuple(
        NamedLine(learner.pk, row["name"], titles.get(row["track"], row["track"]), row["state"], state_label(row["state"]))
        for row in lines
        if row["learner"] == str(learner.pk)
    )
    subscribed = ReportSubscription.objects.filter(recipient=manager, cohort__isnull=True, paused_at__isnull=True).exists()
    return ManagerView(manager, _without_names(page), report, subscribed=subscribed, own=own, never=never)


def _named_now(learner: Learner, now: dt.datetime) -> list[dict[str, str]]:
    if not conf.REPORT_NAMED_STATES:
        return []
    return named_states(Learner.objects.filter(pk=learner.pk), now=now)


def _without_names(page: ReportPage) -> ReportPage:
    return replace(page, named=())
