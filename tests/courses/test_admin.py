import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import (
    Activity,
    Document,
    Domain,
    Fact,
    Item,
    LearningPath,
    Module,
    Pack,
    PackVersion,
    Portrait,
    ReviewCard,
    Role,
    Sector,
    Skill,
    Term,
    Track,
    TrainingOffer,
    UseCase,
)
from courses.models.base import OfPack
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from courses.queries import items_for
from tests.courses.packs.full import FULL
from tests.courses.packs.small import write

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
BESIDE = [Document, Fact, LearningPath, Portrait, Role, Sector, Term, TrainingOffer, UseCase]
MODELS = [Activity, Domain, Item, Module, Pack, PackVersion, ReviewCard, Skill, Track, *BESIDE]


@pytest.fixture
def published(tmp_path: Path) -> PackVersion:
    return publish_pack(pack=read_pack(write(tmp_path, FULL)), now=NOW).version


@pytest.fixture
def reader(client: Client, published: PackVersion) -> Client:
    """Somebody of HR: may look at the catalogue, and is no superuser."""
    hana = get_user_model().objects.create_user("hana@verdane.example", is_staff=True)
    hana.user_permissions.set(Permission.objects.filter(content_type__app_label="courses", codename__startswith="view_"))
    client.force_login(hana)
    return client


@pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])
def test_the_catalogue_is_read_and_never_written(reader: Client, model: type) -> None:
    name = model._meta.model_name
    row = model.objects.first()
    changelist = reader.get(reverse(f"admin:courses_{name}_changelist"))
    assert changelist.status_code == 200
    address = reverse(f"admin:courses_{name}_change", args=[row.pk])
    page = reader.get(address)
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert reader.post(address, {"slug": "taken"}).status_code == 403
    assert reader.get(reverse(f"admin:courses_{name}_add")).status_code == 403
    assert reader.post(reverse(f"admin:courses_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_without_the_permission_nothing_is_shown(client: Client, published: PackVersion) -> None:
    client.force_login(get_user_model().objects.create_user("otto@verdane.example", is_staff=True))
    for model in MODELS:
        assert client.get(reverse(f"admin:courses_{model._meta.model_name}_changelist")).status_code == 403


def test_an_item_is_previewed_in_both_languages_with_its_key(reader: Client) -> None:
    item = Item.objects.get(slug="m1-recap-marketing")
    page = reader.get(reverse("admin:courses_item_change", args=[item.pk])).content.decode()
    for said in ("The goal", "Le but", "<p>Une publication.</p>", "<p>Oui.</p>", '<td lang="fr"', "&quot;quality&quot;: 1"):
        assert said in page


def test_an_activity_shows_its_cards_and_its_variants(reader: Client) -> None:
    lesson = Activity.objects.get(slug="m1-lesson")
    page = reader.get(reverse("admin:courses_activity_change", args=[lesson.pk])).content.decode()
    assert "Première carte" in page
    assert '<aside class="why">' in page
    exercise = Activity.objects.get(slug="m1-recap")
    page = reader.get(reverse("admin:courses_activity_change", args=[exercise.pk])).content.decode()
    assert "m1-recap-marketing" in page
    assert "m1-recap-any" in page


def test_what_was_retired_is_shown_when_asked_for(reader: Client) -> None:
    Activity.objects.filter(slug="m1-site").update(retired_at=NOW)
    address = reverse("admin:courses_activity_changelist")
    assert "m1-site" not in reader.get(address).content.decode()
    retired = reader.get(address, {"state": "retired"}).content.decode()
    assert "m1-site" in retired
    assert "m1-lesson" not in retired
    assert "m1-lesson" in reader.get(address, {"state": "all"}).content.decode()


def test_a_version_says_what_changed(reader: Client, published: PackVersion) -> None:
    page = reader.get(reverse("admin:courses_packversion_change", args=[published.pk])).content.decode()
    assert "<li>cards, added: m1-r-one</li>" in page


@pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])
def test_a_list_costs_the_same_for_one_row_and_for_many(reader: Client, model: type, django_assert_max_num_queries) -> None:
    address = reverse(f"admin:courses_{model._meta.model_name}_changelist")
    reader.get(address)
    with django_assert_max_num_queries(14):
        reader.get(address)


@pytest.mark.parametrize(
    ("model", "slug", "said"),
    [
        (Role, "prompt-engineer", ["<p>Écrit des <em>demandes</em>.</p>", "<li>Transmettre.</li>", "Une enquête", "Banking"]),
        (TrainingOffer, "short-course", ["20 heures", "<p>Le prix.</p>", "Example Institute"]),
        (Portrait, "nadia", ["<p>Elle a <em>commencé</em>.</p>", "<li>Mois 1 · Essayé.</li>", "Et vous ?"]),
        (UseCase, "minutes", ["<p>Il <strong>rédige</strong>, vous vérifiez.</p>", "<p>Prévenez.</p>"]),
        (Term, "anchor", ["<p><strong>Lier</strong> à une source.</p>", "<li>ancrages</li>"]),
        (Fact, "error-rate", ["<p><strong>Une</strong> sur dix.</p>", "Une étude."]),
        (Document, "policy", ["<h2>Règles</h2>", "<table>"]),
        (LearningPath, "first-weeks", ["<li>Semaine 1 · Un seul. · m1</li>", "<li>Semaine 2 · m2</li>"]),
        (Sector, "banking", ["Demandez au juridique."]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_stands_beside_the_tracks_is_shown_in_both_languages(
    reader: Client, model: type, slug: str, said: list[str]
) -> None:
    row = model.objects.get(slug=slug)
    page = reader.get(reverse(f"admin:courses_{model._meta.model_name}_change", args=[row.pk])).content.decode()
    assert [text for text in said if text.lower() not in page.lower()] == []
    assert '<td lang="en">' in page


@pytest.mark.parametrize("model", BESIDE, ids=[model.__name__ for model in BESIDE])
def test_what_was_retired_before_its_pack_had_a_language_can_still_be_looked_at(reader: Client, model: type) -> None:
    row = model.objects.first()
    model.objects.update(retired_at=NOW)
    Pack.objects.update(languages=["en", "fr", "de"])
    page = reader.get(reverse(f"admin:courses_{model._meta.model_name}_change", args=[row.pk])).content.decode()
    assert '<td lang="de">' in page


def test_a_role_shows_the_levels_that_it_asks_for_and_never_pay(reader: Client) -> None:
    role = Role.objects.get(slug="prompt-engineer")
    page = reader.get(reverse("admin:courses_role_change", args=[role.pk])).content.decode()
    assert "levels-0" in page
    assert "Prompting" in page
    assert role.pay[0]["low"] == 38000
    assert "38000" not in page
    assert "38,000" not in page


def test_what_is_due_for_review_can_be_asked_for(reader: Client) -> None:
    today = timezone.localdate()
    Role.objects.update(review_after=today)
    Role.objects.filter(slug="trainer").update(review_after=today - dt.timedelta(days=1))
    address = reverse("admin:courses_role_changelist")
    everything = reader.get(address)
    assert {row.slug for row in everything.context["cl"].result_list} == {"prompt-engineer", "trainer"}
    # Said in words in the line of the one that is due, and nowhere else in the table.
    assert re.findall(r"field-is_due[^>]*>\s*([^<]*?)\s*<", everything.content.decode()).count("due for review") == 1
    due = reader.get(address, {"review": "due"})
    assert [row.slug for row in due.context["cl"].result_list] == ["trainer"]
    for model in (Fact, TrainingOffer):
        model.objects.update(review_after=today)
        listed = reader.get(reverse(f"admin:courses_{model._meta.model_name}_changelist"), {"review": "due"})
        assert list(listed.context["cl"].result_list) == []


def test_a_list_of_roles_costs_the_same_for_three_as_for_one(reader: Client, tmp_path: Path) -> None:
    addresses = [reverse(f"admin:courses_{model._meta.model_name}_changelist") for model in BESIDE]

    def statements() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as caught:
                reader.get(address)
            counts.append(len(caught))
        return counts

    statements()
    before = statements()
    for model in BESIDE:
        row = model.objects.first()
        model.objects.bulk_create([_copy(row, n) for n in range(2)])
    assert statements() == before


def _copy(row: OfPack, number: int) -> OfPack:
    copied = type(row)(
        **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}
    )
    copied.slug = f"{row.slug}-{number}"
    return copied


def test_every_model_of_the_catalogue_is_in_the_admin() -> None:
    assert {model for model in admin.site._registry if model._meta.app_label == "courses"} == set(MODELS)


def test_items_for_a_domain_come_first_then_those_for_everybody(published: PackVersion) -> None:
    exercise = Activity.objects.get(slug="m1-recap")
    marketing, hr = Domain.objects.get(slug="marketing"), Domain.objects.get(slug="hr")

    def slugs(domain: Domain | None) -> list[str]:
        return [item.slug for item in items_for(exercise, domain)]

    assert slugs(marketing) == ["m1-recap-marketing", "m1-recap-any"]
    assert slugs(hr) == ["m1-recap-any", "m1-recap-marketing"]
    assert slugs(None) == ["m1-recap-any", "m1-recap-marketing"]
    Item.objects.filter(slug="m1-recap-any").update(retired_at=NOW)
    assert slugs(hr) == ["m1-recap-marketing"]
