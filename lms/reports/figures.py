"""The numbers of a report: counted with set-based statements, then only what may be said.

What comes out is what is stored, mailed, shown to the manager and shown to the people it is about; nothing finer is kept.
"""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from courses.models import Track
from lms.champions.queries import coverage
from lms.conf import conf
from lms.models import Cohort, Enrolment, EnrolmentReason, JournalEntry, Learner
from lms.models.learner import LearnerQuerySet
from lms.people.rules import company_day
from lms.reports.rules import NOTHING, Share, States, change, published, share
from lms.reports.scope import Kind, Scope, department_of, scope_of, team_of

#: The form of the stored figures; a page that shows old reports reads all of them.
VERSION = 1
COMPARED = ("applied", "enrolled", "covered")


def build_figures(
    reader: Learner, cohort: Cohort | None, *, now: dt.datetime, before: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What this reader may know about the cohort or team today. ``before``: the figures of the last report, to say what changed.

    Figures are about the scope, or, for a team that is too small, about its department when that has ten people or more; else there are
    none, and ``empty`` says why.
    """
    scope = scope_of(reader, cohort, now=now)
    own = scope.people.count()
    shown, people, empty = scope, own, ""
    if own < scope.least:
        empty = "nobody" if own == 0 else "too_small"
        wider = department_of(reader, now=now) if scope.kind == Kind.TEAM and own else None
        if wider is not None and (count := wider.people.count()) >= wider.least:
            shown, people, empty = wider, count, ""
    figures: dict[str, Any] = {
        "version": VERSION,
        "on": f"{company_day(now):%Y-%m-%d}",
        "scope": {"kind": scope.kind.value, "name": scope.name, "people": own, "least": scope.least},
        "shown": {"kind": shown.kind.value, "name": shown.name, "people": people},
        "empty": empty,
        "tracks": [],
    }
    if not empty:
        figures |= _counted(shown, people, now=now)
        figures["changes"] = _changes(figures, before)
    if conf.REPORT_NAMED_STATES:
        figures["named"] = named_states(_named_scope(reader, scope, now=now), now=now)
    return figures


def _counted(scope: Scope, people: int, *, now: dt.datetime) -> dict[str, Any]:
    def said(count: int) -> dict[str, object]:
        return share(count, people, least=scope.least).as_json()

    cover = coverage(scope.people, now=now)
    return {
        "enrolled": said(count_enrolled(scope.people)),
        "applied": said(count_applied(scope.people, now=now)),
        "covered": said(cover.covered),
        "champions": cover.champions,
        "tracks": _tracks(scope, now=now),
    }


def count_enrolled(people: LearnerQuerySet) -> int:
    """How many are in a track at all: one query."""
    return people.filter(Exists(Enrolment.objects.live().filter(learner=OuterRef("pk")))).count()


def count_applied(people: LearnerQuerySet, *, now: dt.datetime) -> int:
    """How many tried something at work lately: an accepted mission, or a journal entry of their own. One query."""
    today = company_day(now)
    since = today - dt.timedelta(days=conf.REPORT_APPLIED_DAYS)
    entry = JournalEntry.objects.filter(
        Q(activity__isnull=True) | Q(accepted_at__isnull=False), learner=OuterRef("pk"), tried_on__gt=since, tried_on__lte=today
    )
    return people.filter(Exists(entry)).count()


def assigned(people: LearnerQuerySet) -> Any:
    """Live enrolments of these people that somebody assigned; what a person chose by themself is theirs."""
    reason = EnrolmentReason.objects.filter(enrolment=OuterRef("pk"), assignment__isnull=False, until__isnull=True)
    return Enrolment.objects.live().filter(Exists(reason), learner__in=people.values("pk")).order_by()


def states_by_track(people: LearnerQuerySet, *, now: dt.datetime) -> dict[int, States]:
    """Where people are in each assigned track: one query. The states are those of ``lms.enrolment.queries.with_state``."""
    late = Q(completed_at__isnull=True, due_on__lt=company_day(now))
    in_time = Q(completed_at__isnull=True) & (Q(due_on__isnull=True) | Q(due_on__gte=company_day(now)))
    rows = (
        assigned(people)
        .values("track_id")
        .annotate(
            done=Count("pk", filter=Q(completed_at__isnull=False)),
            late=Count("pk", filter=late),
            on_the_way=Count("pk", filter=in_time & Q(started_at__isnull=False)),
            not_started=Count("pk", filter=in_time & Q(started_at__isnull=True)),
        )
    )
    return {row.pop("track_id"): States(**row) for row in rows}


def _tracks(scope: Scope, *, now: dt.datetime) -> list[dict[str, Any]]:
    states = states_by_track(scope.people, now=now)
    tracks = Track.objects.filter(pk__in=states).select_related("skill")
    return [
        {
            "slug": track.slug,
            "skill": track.skill.slug,
            "title": _by_language(track.title),
            "states": {name: each.as_json() for name, each in published(states[track.pk], least=scope.least).items()},
        }
        for track in tracks
    ]


def _by_language(title: Any) -> dict[str, str]:
    """Kept in every language: the report is read by its manager, and by people of the team in theirs."""
    data = getattr(title, "data", title)
    return dict(data) if isinstance(data, dict) else {conf.DEFAULT_LANGUAGE: str(data)}


def _changes(figures: dict[str, Any], before: dict[str, Any] | None) -> dict[str, str]:
    """Only between reports about the same kind of group."""
    if not before or before.get("empty") or before.get("shown", {}).get("kind") != figures["shown"]["kind"]:
        return {}
    found = {}
    for name in COMPARED:
        moved = change(Share.from_json(before.get(name)), Share.from_json(figures.get(name)))
        if moved:
            found[name] = moved.value
    return found


def _named_scope(reader: Learner, scope: Scope, *, now: dt.datetime) -> LearnerQuerySet:
    """By name only the people who report to the reader, whatever the figures are about."""
    team = team_of(reader, now=now)
    return scope.people.filter(pk__in=team.values("pk")) if scope.kind == Kind.COHORT else team


def named_states(people: LearnerQuerySet, *, now: dt.datetime) -> list[dict[str, str]]:
    """Who is where in the assigned tracks: the one thing that may be shown by name, where the company switched that on."""
    from lms.enrolment.queries import with_state

    rows = (
        with_state(assigned(people), today=company_day(now))
        .order_by("learner__last_name", "learner__first_name", "learner_id", "track__position")
        .values_list("learner_id", "learner__first_name", "learner__last_name", "track__slug", "state")  # type: ignore[misc]
    )
    return [
        {"learner": str(pk), "name": f"{first} {last}".strip(), "track": track, "state": state}
        for pk, first, last, track, state in rows
    ]


def share_in(figures: dict[str, Any], name: str) -> Share:
    return Share.from_json(figures.get(name)) if not figures.get("empty") else NOTHING
