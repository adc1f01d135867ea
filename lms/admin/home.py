"""The front page: what needs HR today, or, before anything is there, the way to the first report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Domain, Fact, Track
from lms import clock
from lms.admin.filters import FAILED_FOR_GOOD
from lms.champions.queries import answerable, decidable
from lms.models import (
    Assignment,
    Champion,
    Cohort,
    CohortInvitation,
    DirectoryImport,
    Enrolment,
    Learner,
    Message,
    Nudge,
    Report,
    ReportSubscription,
)
from lms.people.rules import company_day

#: Failures older than that were seen, or nobody will look at them any more.
RECENT = dt.timedelta(days=14)
#: A business function with fewer people than that may do without a champion of its own.
DOMAIN_NEEDS_CHAMPION = 10


@dataclass(frozen=True)
class Need:
    """One thing to look at: how many, what, where, and whether it cannot wait."""

    count: int
    text: str
    hint: str
    url: str
    urgent: bool = False


@dataclass(frozen=True)
class FirstStep:
    """One of the four steps to the first report."""

    number: int
    title: str
    text: str
    url: str
    done: bool
    now: bool


@dataclass(frozen=True)
class Figure:
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Home:
    """``steps`` is empty once all four are done."""

    needs: tuple[Need, ...]
    steps: tuple[FirstStep, ...]
    figures: tuple[Figure, ...]


def today_for(request: HttpRequest) -> Home | None:
    """A constant number of small queries; only what the reader may open. None for somebody who is not HR."""
    user = request.user
    if not user.has_perm("lms.view_learner"):
        return None
    now = clock.now()
    today = company_day(now)
    steps = tuple(_first_steps())
    return Home(
        needs=tuple(sorted(_needs(user, now, today), key=lambda need: not need.urgent)),
        steps=() if all(step.done for step in steps) else steps,
        figures=tuple(_figures(user, today)),
    )


def _needs(user: Any, now: dt.datetime, today: dt.date) -> Iterator[Need]:
    if user.has_perm("lms.import_directory"):
        yield from _imports(now)
    if user.has_perm("lms.lead_champions"):
        yield from _desk(user, now, today)
    if user.has_perm("lms.view_enrolment"):
        yield from _late(today)
    yield from _failed(user, now)
    if user.has_perm("lms.view_champion"):
        yield from _without_champion(today)
    yield from _without_tracks(user)
    yield from _without_manager(today)
    if user.has_perm("courses.view_fact"):
        yield from _content_to_review(today)


def _imports(now: dt.datetime) -> Iterator[Need]:
    open_files = DirectoryImport.objects.filter(applied_at__isnull=True, content__isnull=False, uploaded_at__gte=now - RECENT)
    rows = list(
        open_files.order_by("-uploaded_at").defer("content").values_list("pk", "problems", "failed_at", "started_at")[:50]
    )
    waiting = [pk for pk, problems, failed, started in rows if not problems and not failed and not started]
    if waiting:
        url = (
            reverse("admin:lms_directoryimport_change", args=waiting[:1])
            if len(waiting) == 1
            else reverse("admin:lms_directoryimport_changelist")
        )
        text = ngettext(
            "directory file is checked and waits to be applied",
            "directory files are checked and wait to be applied",
            len(waiting),
        )
        yield Need(len(waiting), text, _("See what it changes, then apply it."), url)
    broken = len(rows) - len(waiting)
    if broken:
        text = ngettext("directory file was not applied", "directory files were not applied", broken)
        yield Need(broken, text, _("See what stood in the way."), reverse("admin:lms_directoryimport_changelist"), urgent=True)


def _desk(user: Any, now: dt.datetime, today: dt.date) -> Iterator[Need]:
    serves = Exists(Champion.objects.active(today).filter(pk=OuterRef("champion")))
    late = Q(answer_due_on__lt=today)
    asked = (
        answerable(user=user, now=now)
        .order_by()
        .aggregate(nobody=Count("pk", filter=~Q(serves)), late=Count("pk", filter=late & Q(serves)))
    )
    contested = (
        decidable(user=user, now=now)
        .order_by()
        .aggregate(nobody=Count("pk", filter=~Q(serves)), late=Count("pk", filter=late & Q(serves)))
    )
    desk = reverse("admin:lms_champion_desk")
    if asked["nobody"]:
        text = ngettext("question has no champion", "questions have no champion", asked["nobody"])
        yield Need(asked["nobody"], text, _("A colleague waits for your answer."), desk, urgent=True)
    if contested["nobody"]:
        text = ngettext("contested score has no champion", "contested scores have no champion", contested["nobody"])
        yield Need(contested["nobody"], text, _("A colleague waits for your decision."), desk, urgent=True)
    if overdue := asked["late"] + contested["late"]:
        text = ngettext("answer is past the day that was promised", "answers are past the day that was promised", overdue)
        yield Need(overdue, text, _("Answer yourself, or speak to the champion."), desk, urgent=True)


def _late(today: dt.date) -> Iterator[Need]:
    works_here = Q(learner__left_on__isnull=True) | Q(learner__left_on__gt=today)
    count = Enrolment.objects.unfinished().filter(works_here, due_on__lt=today).count()
    if count:
        text = ngettext("enrolment is past its due date", "enrolments are past their due date", count)
        yield Need(
            count,
            text,
            _("Reminders were sent. A word from the manager helps more than another mail."),
            f"{reverse('admin:lms_enrolment_changelist')}?state=late",
        )


def _failed(user: Any, now: dt.datetime) -> Iterator[Need]:
    for model, permission, name in (
        (Nudge, "lms.view_nudge", "nudge"),
        (Message, "lms.view_message", "message"),
        (Report, "lms.view_report", "report"),
    ):
        if user.has_perm(permission):
            count = model._default_manager.filter(FAILED_FOR_GOOD, dropped_at__gte=now - RECENT).count()
            if count:
                said = {
                    "nudge": ngettext("reminder could not be delivered", "reminders could not be delivered", count),
                    "message": ngettext("mail could not be delivered", "mails could not be delivered", count),
                    "report": ngettext("report could not be delivered", "reports could not be delivered", count),
                }
                url = f"{reverse(f'admin:lms_{name}_changelist')}?state=refused"
                yield Need(
                    count, said[name], _("Mostly a wrong address: correct it, here or in the directory."), url, urgent=True
                )


def _without_champion(today: dt.date) -> Iterator[Need]:
    if not Enrolment.objects.live().exists():
        return
    covered = Champion.objects.active(today).filter(domain__isnull=False).values("domain")
    bare = (
        Learner.objects.active(today)
        .filter(domain__isnull=False)
        .exclude(domain__in=covered)
        .order_by()
        .values("domain")
        .annotate(people=Count("pk"))
        .filter(people__gte=DOMAIN_NEEDS_CHAMPION)
    )
    keys = [row["domain"] for row in bare]
    if keys:
        names = ", ".join(str(name) for name in Domain.objects.filter(pk__in=keys).values_list("name", flat=True)[:6])
        text = ngettext("domain has no champion", "domains have no champion", len(keys))
        yield Need(len(keys), text, names, reverse("admin:lms_champion_changelist"))
    waiting = (
        Champion.objects.filter(manager_agreed_on__isnull=True).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today)).count()
    )
    if waiting:
        text = ngettext("champion waits for their manager’s agreement", "champions wait for their manager’s agreement", waiting)
        yield Need(
            waiting,
            text,
            _("They serve as soon as the time is agreed."),
            f"{reverse('admin:lms_champion_changelist')}?state=agreement",
        )


def _without_tracks(user: Any) -> Iterator[Need]:
    if not user.has_perm("lms.assign_tracks"):
        return
    assigned = Assignment.objects.current().filter(cohort=OuterRef("pk"))
    idle = Cohort.objects.filter(
        ~Exists(assigned), archived_at__isnull=True, memberships__until__isnull=True, memberships__isnull=False
    )
    keys = list(idle.order_by("pk").values_list("pk", flat=True).distinct()[:50])
    if keys:
        text = ngettext("cohort has people and no track", "cohorts have people and no track", len(keys))
        url = f"{reverse('admin:lms_assignment_assign')}?" + "&".join(f"cohorts={key}" for key in keys)
        yield Need(len(keys), text, _("Assign one, so that they can begin."), url)


def _without_manager(today: dt.date) -> Iterator[Need]:
    """People whose manager has left: nobody gets a report about them."""
    count = Learner.objects.active(today).filter(manager__left_on__lte=today).count()
    if count:
        text = ngettext("person reports to somebody who has left", "people report to somebody who has left", count)
        hint = _("The next directory file should name another manager.")
        yield Need(count, text, hint, f"{reverse('admin:lms_learner_changelist')}?manager=gone")


def _content_to_review(today: dt.date) -> Iterator[Need]:
    """Facts that lessons rely on and nobody has looked at for too long."""
    count = Fact.objects.current().due_for_review(today).count()
    if count:
        text = ngettext("fact in the lessons is due for review", "facts in the lessons are due for review", count)
        hint = _("Look at the source again, then mend the content files or move the date.")
        yield Need(count, text, hint, f"{reverse('admin:courses_fact_changelist')}?review=due")


def _first_steps() -> Iterator[FirstStep]:
    """Import people, make a cohort, assign a track, subscribe somebody to a report."""
    done = (
        Learner.objects.exists(),
        Cohort.objects.filter(memberships__isnull=False).exists() or CohortInvitation.objects.exists(),
        Assignment.objects.exists(),
        ReportSubscription.objects.exists(),
    )
    told = (
        (
            _("Import your people"),
            _("A directory file says who works here, in which department, for whom."),
            "admin:lms_directoryimport_add",
        ),
        (_("Make a cohort"), _("People who learn together: chosen by name, by a list or by a file."), "admin:lms_cohort_add"),
        (
            _("Assign a track"),
            _("From when, until when. You see first how many people it enrols."),
            "admin:lms_assignment_assign",
        ),
        (
            _("Send a report"),
            _("Managers get a short mail about their team: figures, never names or scores."),
            "admin:lms_reportsubscription_add",
        ),
    )
    first = next((place for place, is_done in enumerate(done) if not is_done), None)
    for place, ((title, text, name), is_done) in enumerate(zip(told, done, strict=True)):
        yield FirstStep(place + 1, title, text, reverse(name), is_done, place == first)


def _figures(user: Any, today: dt.date) -> Iterator[Figure]:
    yield Figure(_("People"), Learner.objects.active(today).count(), reverse("admin:lms_learner_changelist"))
    if user.has_perm("lms.view_cohort"):
        yield Figure(
            _("Cohorts"), Cohort.objects.filter(archived_at__isnull=True).count(), reverse("admin:lms_cohort_changelist")
        )
    if user.has_perm("lms.view_enrolment"):
        yield Figure(
            _("Tracks under way"),
            Enrolment.objects.unfinished().filter(started_at__isnull=False).count(),
            f"{reverse('admin:lms_enrolment_changelist')}?state=on_the_way",
        )
        yield Figure(
            _("Tracks completed"),
            Enrolment.objects.live().filter(completed_at__isnull=False).count(),
            f"{reverse('admin:lms_enrolment_changelist')}?state=done",
        )
    if user.has_perm("lms.view_champion"):
        yield Figure(
            _("Champions"), Champion.objects.active(today).count(), f"{reverse('admin:lms_champion_changelist')}?state=serving"
        )
    if user.has_perm("courses.view_track"):
        yield Figure(_("Tracks on offer"), Track.objects.current().count(), reverse("admin:courses_track_changelist"))
