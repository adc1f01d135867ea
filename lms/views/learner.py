"""For the learner: Today, the tracks, one track."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.models import Track
from lms import clock
from lms.champions.queries import champion_for
from lms.enrolment.actions import enrol_self, leave_track
from lms.enrolment.queries import reasons_of
from lms.journal.queries import week_marks
from lms.progress.queries import my_tracks, today_page, track_page
from lms.views.access import LearnerRequest, learner_page
from lms.views.bridge import draw_bridge

NOON, EVENING = 12, 18


def greeting(name: str, now: dt.datetime) -> str:
    """``now`` in the reader's zone."""
    if now.hour < NOON:
        return _("Good morning, %(name)s.") % {"name": name}
    if now.hour < EVENING:
        return _("Good afternoon, %(name)s.") % {"name": name}
    return _("Good evening, %(name)s.") % {"name": name}


@require_GET
@learner_page
def today(request: LearnerRequest) -> HttpResponse:
    """One next step. Seven queries: session, user, profile, enrolments, completions, the week, the champion."""
    learner, now = request.learner, clock.now()
    page = today_page(learner=learner, now=now)
    return render(
        request,
        "lms/today/today.html",
        {
            "here": "today",
            "page": page,
            "greeting": greeting(learner.first_name or learner.full_name, now.astimezone(learner.zone)),
            "bridge": draw_bridge(page.enrolments),
            "week": week_marks(learner=learner, now=now),
            "champion": champion_for(learner=learner, now=now),
        },
    )


@require_GET
@learner_page
def tracks(request: LearnerRequest) -> HttpResponse:
    return render(
        request, "lms/progress/tracks.html", {"here": "tracks", "page": my_tracks(learner=request.learner, now=clock.now())}
    )


@require_GET
@learner_page
def track(request: LearnerRequest, slug: str) -> HttpResponse:
    page = track_page(learner=request.learner, track_slug=slug, now=clock.now())
    if page is None:
        raise Http404
    reasons = reasons_of([page.card.enrolment_id]).get(page.card.enrolment_id, []) if page.card else []
    context = {"here": "tracks", "page": page, "reasons": reasons, "own_choice": any(not one.cohort for one in reasons)}
    return render(request, "lms/progress/track.html", context)


@require_POST
@learner_page
def join_track(request: LearnerRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Track.objects.current(), slug=slug)
    enrol_self(learner=request.learner, track=found, now=clock.now())
    messages.success(request, _("You joined “%(track)s”.") % {"track": found.title})
    return redirect("lms:track", slug=slug)


@require_POST
@learner_page
def leave(request: LearnerRequest, slug: str) -> HttpResponse:
    """Takes back one's own choice; a track that was assigned stays."""
    found = get_object_or_404(Track.objects.all(), slug=slug)
    leave_track(learner=request.learner, track=found, now=clock.now())
    messages.info(
        request, _("You no longer follow “%(track)s” by your own choice. Your progress is kept.") % {"track": found.title}
    )
    return redirect("lms:tracks")
