"""Somebody of each domain, in each language, goes through all twenty-five modules of the shipped content without scripts: badly first, then
as well as can be, until each track is done.

Each domain once, in one language or the other; in a browser (tests/journeys) people of all domains change the language from module to module.
`bin/test --battery` walks every pair of domain and language, on both databases.
"""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from courses.models import Domain, Track
from lms.models import Enrolment
from tests.page_forms import open_page
from tests.walking import DOMAINS, LANGUAGES, Walk, enrol_everywhere, in_order

MODULES = 25

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_catalogue")]


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_track_can_be_done(domain: str, make_learner: Callable) -> None:
    walk_everything(domain, LANGUAGES[DOMAINS.index(domain) % 2], make_learner)


@pytest.mark.battery
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_track_can_be_done_in_every_language(domain: str, language: str, make_learner: Callable) -> None:
    walk_everything(domain, language, make_learner)


def walk_everything(domain: str, language: str, make_learner: Callable) -> None:
    learner = make_learner("Ada", domain=Domain.objects.get(slug=domain), language=language)
    enrol_everywhere(learner)
    walk = Walk(learner)
    modules = in_order()
    assert len(modules) == MODULES
    for module in modules:
        walk.through(module)
    for track in Track.objects.current():
        page = open_page(walk.client, reverse("lms:track", args=[track.slug]))
        assert re.search(r"\b100[\s\u202f]?%", page.text), track.slug
    mine = Enrolment.objects.filter(learner=learner)
    assert (mine.count(), mine.filter(completed_at=None).count()) == (Track.objects.current().count(), 0)
