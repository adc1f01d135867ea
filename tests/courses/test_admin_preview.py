"""The preview in the admin, as somebody of one domain has it, in one language."""

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.admin.preview import preview_activity
from courses.admin.shown_as import shown_as
from courses.models import Activity, Domain, Item, ReviewCard
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from tests.courses.packs.full import FULL
from tests.courses.packs.small import write

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def reader(client: Client, tmp_path: Path) -> Client:
    """Somebody of HR: may look at the catalogue, and is no superuser."""
    publish_pack(pack=read_pack(write(tmp_path, FULL)), now=NOW)
    hana = get_user_model().objects.create_user("hana@verdane.example", is_staff=True)
    hana.user_permissions.set(Permission.objects.filter(content_type__app_label="courses", codename__startswith="view_"))
    client.force_login(hana)
    return client


def address(row: Activity | Item | ReviewCard) -> str:
    return reverse(f"admin:courses_{row._meta.model_name}_change", args=[row.pk])


def preview(reader: Client, row: Activity | Item | ReviewCard, **asked: str) -> str:
    """From the preview's own form to the end of the page."""
    page = reader.get(address(row), asked).content.decode()
    return page[page.index('id="preview"') :]


def languages(html: str) -> set[str]:
    return set(re.findall(r'<td lang="(\w+)"', html))


def test_without_a_choice_everything_stands_side_by_side(reader: Client) -> None:
    shown = preview(reader, Activity.objects.get(slug="m1-recap"))
    assert languages(shown) == {"en", "fr"}
    assert "m1-recap-marketing" in shown
    assert "m1-recap-any" in shown
    assert "<details open>" not in shown


@pytest.mark.parametrize(
    ("domain", "theirs", "others"),
    [
        ("marketing", "m1-recap-marketing", "m1-recap-any"),
        ("hr", "m1-recap-any", "m1-recap-marketing"),
        ("-", "m1-recap-any", "m1-recap-marketing"),
    ],
)
def test_an_exercise_shows_the_variant_that_a_learner_gets(reader: Client, domain: str, theirs: str, others: str) -> None:
    shown = preview(reader, Activity.objects.get(slug="m1-recap"), domain=domain, language="fr")
    assert languages(shown) == {"fr"}
    assert theirs in shown
    assert others not in shown
    assert "Le but" in shown
    assert "The goal" not in shown
    assert f'<option value="{domain}" selected>' in shown
    assert '<option value="fr" selected>' in shown


def test_a_lesson_in_one_language(reader: Client) -> None:
    shown = preview(reader, Activity.objects.get(slug="m1-lesson"), language="fr")
    assert "Première carte" in shown
    assert "First card" not in shown


def test_a_mission_shows_the_variant_of_its_domain_alone(reader: Client) -> None:
    mission = Activity.objects.get(slug="m1-mission")
    assert "A job ad." in preview(reader, mission, domain="hr", language="en")
    other = preview(reader, mission, domain="marketing", language="en")
    assert "A job ad." not in other
    assert "Try it." in other
    assert "On paper." in other


def test_a_quiz_shows_its_pool_and_how_many_are_drawn(reader: Client) -> None:
    shown = preview(reader, Activity.objects.get(slug="m1-quiz"), domain="hr", language="en")
    assert "core: 1 of 2 are drawn for each attempt." in shown
    assert {"m1-q-one", "m1-q-two"} <= set(re.findall(r"m1-q-\w+", shown))


def test_an_item_says_when_somebody_of_the_domain_gets_another(reader: Client) -> None:
    item, other = Item.objects.get(slug="m1-recap-marketing"), Item.objects.get(slug="m1-recap-any")
    link = f'href="{address(other)}">m1-recap-any</a>'
    assert link in preview(reader, item, domain="hr")
    assert link not in preview(reader, item, domain="marketing")
    assert link not in preview(reader, item)
    question = Item.objects.get(slug="m1-q-one")
    assert "gets another variant" not in preview(reader, question, domain="hr")


def test_a_review_card_is_for_every_domain(reader: Client) -> None:
    shown = preview(reader, ReviewCard.objects.get(), language="fr")
    assert languages(shown) == {"fr"}
    assert 'name="domain"' not in shown


def test_what_cannot_be_chosen_is_not_chosen(reader: Client) -> None:
    shown = preview(reader, Activity.objects.get(slug="m1-recap"), domain="law", language="xx")
    assert languages(shown) == {"en", "fr"}
    assert "m1-recap-marketing" in shown


def test_the_key_is_for_whoever_may_view_the_item(reader: Client) -> None:
    item = Item.objects.get(slug="m1-recap-any")
    assert "&quot;quality&quot;: 1" in preview(reader, item, domain="hr", language="fr")
    assert "&quot;quality&quot;" not in preview(reader, item.activity, domain="hr", language="fr")
    get_user_model().objects.get().user_permissions.remove(Permission.objects.get(codename="view_item"))
    assert reader.get(address(item), {"domain": "hr", "language": "fr"}).status_code == 403


class _Forms(HTMLParser):
    """Forms that are open at the same time, and controls that name a form."""

    def __init__(self) -> None:
        super().__init__()
        self.open = self.deepest = 0
        self.named: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.open += 1
            self.deepest = max(self.deepest, self.open)
        if given.get("form") == "show-as":
            self.named.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.open -= tag == "form"


def test_its_form_is_not_inside_another_and_needs_no_script(reader: Client) -> None:
    page = reader.get(address(Activity.objects.get(slug="m1-recap"))).content.decode()
    forms = _Forms()
    forms.feed(page)
    assert forms.deepest == 1
    assert forms.named == ["select", "select", "button"]
    assert '<form id="show-as" method="get"' in page
    exercise = Activity.objects.get(slug="m1-recap")
    ours = preview_activity(exercise, shown_as({"domain": "hr"}, exercise.body, Domain.objects.all()))
    assert 'form="show-as"' in ours
    assert re.findall(r"<script|<style|\sstyle=|\son\w+=", ours) == []


def test_it_costs_the_same_for_one_item_and_for_many(reader: Client) -> None:
    quiz = Activity.objects.get(slug="m1-quiz")
    reader.get(address(quiz))
    with CaptureQueriesContext(connection) as before:
        reader.get(address(quiz), {"domain": "hr", "language": "fr"})
    one = Item.objects.get(slug="m1-q-one")
    for number in range(20):
        one.pk, one.slug = None, f"m1-q-more-{number}"
        one.save(force_insert=True)
    with CaptureQueriesContext(connection) as after:
        page = reader.get(address(quiz), {"domain": "hr", "language": "fr"})
    assert "m1-q-more-19" in page.content.decode()
    assert len(after) == len(before)
