"""For the learner: what there is beside the tracks. To look at, without obligation; what is filtered stays in the address."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from courses import queries as shelves
from courses.models import OfferKind, Role, RoleFamily, Technicality, Track
from lms import clock
from lms.conf import conf
from lms.enrolment.actions import join_tracks
from lms.progress import explore
from lms.progress.glossary import glossary as glossary_of
from lms.views.access import LearnerRequest, learner_page

#: In the order in which somebody new would look: (shelf, icon, name, one line).
DOORS = [
    (
        "paths",
        "route",
        gettext_lazy("Paths"),
        gettext_lazy("Which modules to take in which order: the first weeks, then your own job."),
    ),
    (
        "roles",
        "signpost",
        gettext_lazy("Roles"),
        gettext_lazy("Jobs that AI brings or changes, what they ask for, and what you have of it already."),
    ),
    (
        "portraits",
        "book-open",
        gettext_lazy("Portraits"),
        gettext_lazy("How people went from one job to another, step by step."),
    ),
    (
        "use_cases",
        "lightbulb",
        gettext_lazy("Use cases"),
        gettext_lazy("Tasks where a tool may help: what it gives, what can go wrong, how to begin."),
    ),
    (
        "training",
        "graduation-cap",
        gettext_lazy("Training elsewhere"),
        gettext_lazy("Courses, certificates and support, as they were when somebody last looked."),
    ),
    ("glossary", "book-a", gettext_lazy("Glossary"), gettext_lazy("The words of the lessons, in plain language.")),
    (
        "facts",
        "landmark",
        gettext_lazy("Facts"),
        gettext_lazy("What the lessons rely on, where it comes from and until when it holds."),
    ),
    (
        "documents",
        "folder-open",
        gettext_lazy("Practice papers"),
        gettext_lazy("The papers of the invented company that the exercises work on."),
    ),
]
TECHNICAL = frozenset({Technicality.SOME, Technicality.DEEP})


def _show(request: LearnerRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, f"lms/explore/{template}.html", {"here": "explore", **context})


def _today(request: LearnerRequest) -> dt.date:
    return clock.now().astimezone(request.learner.zone).date()


def _chosen(request: LearnerRequest, name: str, known: Collection[str]) -> str:
    """A filter out of the address; what nobody knows filters nothing."""
    value = request.GET.get(name, "")
    return value if value in known else ""


@require_GET
@learner_page
def index(request: LearnerRequest) -> HttpResponse:
    """What there is, each with one line and a count. Four queries: session, user, profile, the counts."""
    counts = shelves.shelf_counts()
    doors = [
        {"address": f"lms:explore_{shelf}", "icon": icon, "name": name, "line": line, "count": counts[shelf]}
        for shelf, icon, name, line in DOORS
        if counts[shelf]
    ]
    return _show(request, "index", doors=doors)


@require_GET
@learner_page
def paths(request: LearnerRequest) -> HttpResponse:
    return _show(request, "paths", page=explore.paths_page(learner=request.learner))


def _path_or_404(request: LearnerRequest, slug: str) -> explore.PathPage:
    page = explore.path_page(learner=request.learner, slug=slug)
    if page is None:
        raise Http404
    return page


@require_GET
@learner_page
def path(request: LearnerRequest, slug: str) -> HttpResponse:
    return _show(request, "path", page=_path_or_404(request, slug))


@require_POST
@learner_page
def path_join(request: LearnerRequest, slug: str) -> HttpResponse:
    """Joins the tracks of the path's modules that one is not in yet. A second click finds nothing to join, and says so."""
    page = _path_or_404(request, slug)
    tracks = list(Track.objects.current().filter(pk__in=[one.pk for one in page.to_join]))
    joined = join_tracks(learner=request.learner, tracks=tracks, now=clock.now())
    if joined:
        told = ngettext("You joined %(n)d track: %(tracks)s.", "You joined %(n)d tracks: %(tracks)s.", len(joined))
        messages.success(request, told % {"n": len(joined), "tracks": ", ".join(str(one.title) for one in joined)})
    else:
        messages.info(request, _("You are already in all tracks of this path. Nothing was changed."))
    return redirect("lms:explore_path", slug=slug)


@require_GET
@learner_page
def roles(request: LearnerRequest) -> HttpResponse:
    family = _chosen(request, "family", RoleFamily.values)
    technical = _chosen(request, "technical", ("no", "yes"))
    every: list[Role] = list(shelves.roles())
    found = [
        role
        for role in every
        if family in ("", role.family) and technical in ("", "yes" if role.technicality in TECHNICAL else "no")
    ]
    there = {role.family for role in every}
    return _show(
        request,
        "roles",
        plain=[role for role in found if role.technicality not in TECHNICAL],
        technical_ones=[role for role in found if role.technicality in TECHNICAL],
        found=len(found),
        total=len(every),
        families=[one for one in RoleFamily.choices if one[0] in there],
        family=family,
        technical=technical,
    )


@require_GET
@learner_page
def role(request: LearnerRequest, slug: str) -> HttpResponse:
    page = explore.role_page(learner=request.learner, slug=slug, now=clock.now())
    if page is None:
        raise Http404
    return _show(request, "role", page=page, technical=page.role.technicality in TECHNICAL, show_pay=conf.SHOW_PAY)


@require_GET
@learner_page
def portraits(request: LearnerRequest) -> HttpResponse:
    return _show(request, "portraits", portraits=list(shelves.portraits()))


@require_GET
@learner_page
def portrait(request: LearnerRequest, slug: str) -> HttpResponse:
    page = explore.portrait_page(learner=request.learner, slug=slug)
    if page is None:
        raise Http404
    return _show(request, "portrait", page=page)


@require_GET
@learner_page
def use_cases(request: LearnerRequest) -> HttpResponse:
    """The two filters are made of what there is."""
    sectors = list(shelves.sectors())
    domains = list(shelves.domains_with_use_cases())
    domain = _chosen(request, "domain", {one.slug for one in domains})
    sector = _chosen(request, "sector", {one.slug for one in sectors})
    groups = explore.use_cases_page(learner=request.learner, domain=domain, sector=sector)
    return _show(
        request,
        "use_cases",
        groups=groups,
        other_jobs=[group for group in groups if not group.near and group.domain],
        branches=[group for group in groups if not group.near and group.sector],
        found=sum(len(group.cases) for group in groups),
        sectors=sectors,
        domains=domains,
        domain=domain,
        sector=next((one for one in sectors if one.slug == sector), None),
    )


@require_GET
@learner_page
def training(request: LearnerRequest) -> HttpResponse:
    kind = _chosen(request, "kind", OfferKind.values)
    offers = list(shelves.offers())
    there = {one.kind for one in offers}
    return _show(
        request,
        "training",
        offers=[one for one in offers if kind in ("", one.kind)],
        total=len(offers),
        kinds=[one for one in OfferKind.choices if one[0] in there],
        kind=kind,
        technical=TECHNICAL,
        today=_today(request),
    )


@require_GET
@learner_page
def glossary(request: LearnerRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:100]
    letters = glossary_of(search=search)
    return _show(request, "glossary", letters=letters, search=search, found=sum(len(one.lines) for one in letters))


@require_GET
@learner_page
def facts(request: LearnerRequest) -> HttpResponse:
    return _show(request, "facts", lines=explore.facts_page(learner=request.learner, now=clock.now()))


@require_GET
@learner_page
def documents(request: LearnerRequest) -> HttpResponse:
    return _show(request, "documents", documents=list(shelves.documents().defer("html")))


@require_GET
@learner_page
def document(request: LearnerRequest, slug: str) -> HttpResponse:
    return _show(request, "document", document=get_object_or_404(shelves.documents(), slug=slug))
