"""Every link of the learner's pages, with all shipped content published, leads to a page that is there; and every place within a page too."""

import re
from collections.abc import Callable
from urllib.parse import urldefrag, urljoin

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from courses.models import Activity, Domain
from tests.walking import enrol_everywhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_catalogue")]

LINK = re.compile(r"""<a\b[^>]*\bhref=["']([^"']+)["']""")
PLACE = re.compile(r"""\bid=["']([^"']+)["']""")


def test_every_link_leads_somewhere(make_learner: Callable) -> None:
    """In French on PostgreSQL, in English on the other."""
    language = "fr" if connection.vendor == "postgresql" else "en"
    learner = make_learner("Ada", domain=Domain.objects.get(slug="finance"), language=language)
    enrol_everywhere(learner)
    client = Client()
    client.force_login(learner.user, backend="django.contrib.auth.backends.ModelBackend")
    waiting = [reverse("lms:today")]
    pages: dict[str, set[str]] = {}
    asked: dict[tuple[str, str], str] = {}
    wrong: dict[str, str] = {}
    # What must be finished first is opened all the same, as its page offers.
    for slug in Activity.objects.current().values_list("slug", flat=True):
        client.post(reverse("lms:activity_open", args=[slug]))
    while waiting:
        here = waiting.pop()
        if here in pages:
            continue
        answer = client.get(here)
        text = answer.content.decode()
        if answer.status_code not in {200, 302}:
            wrong[here] = str(answer.status_code)
        pages[here] = set(PLACE.findall(text))
        for address in LINK.findall(text):
            target, place = urldefrag(urljoin(here, address.replace("&amp;", "&")))
            if target.startswith("/"):
                waiting.append(target)
                asked.setdefault((target, place), here)
            elif not target.startswith(("https://", "mailto:")):
                wrong[here] = address
    wrong |= {
        f"{target}#{place}": f"on {here}" for (target, place), here in asked.items() if place and place not in pages[target]
    }
    assert wrong == {}
    assert len(pages) > 200
    assert {reverse("lms:activity", args=[slug]) for slug in Activity.objects.current().values_list("slug", flat=True)} <= set(
        pages
    )
