"""Beside the tracks: the door, paths and roles. What is shown, to whom, with which words; what is retired is gone."""

import datetime as dt

import pytest
from django.urls import reverse

from lms.models import Completion, Enrolment, EnrolmentReason
from tests.conftest import NOW, both
from tests.lms.views import explore_rows as rows
from tests.lms.views.explore_text import finish, in_order, text_of

PAGES = [
    "explore",
    *(f"explore_{one}" for one in ("paths", "roles", "portraits", "use_cases", "training", "glossary", "facts", "documents")),
]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_signs_in_and_an_account_without_profile_is_told_so(name, page_of, django_user_model) -> None:
    address = reverse(f"lms:{name}")
    assert page_of(None).get(address)["Location"] == f"{reverse('lms:sign_in')}?next={address}"
    client = page_of(None)
    client.force_login(django_user_model.objects.create_user("technician"), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(address)
    assert (response.status_code, response.templates[0].name) == (403, "lms/public/no_profile.html")


@pytest.mark.parametrize("name", PAGES)
def test_when_nothing_is_published_the_page_says_what_will_come(name, page_of, cast) -> None:
    told = "Here will stand paths, roles, stories and a glossary" if name == "explore" else "Nothing has been published here yet."
    assert told in text_of(page_of(cast.ada), name)


def test_the_door_shows_what_there_is_with_a_count_and_hides_what_is_empty(page_of, cast, catalogue) -> None:
    rows.role(catalogue)
    rows.role(catalogue, "lawyer")
    rows.role(catalogue, "gone", retired_at=NOW)
    rows.term(catalogue, "token", "Token")
    response = page_of(cast.ada).get(reverse("lms:explore"))
    assert [(str(door["name"]), door["count"]) for door in response.context["doors"]] == [("Roles", 2), ("Glossary", 1)]
    text = response.content.decode()
    assert f'<a href="{reverse("lms:explore")}" aria-current="page">Explore</a>' in text
    assert reverse("lms:explore_facts") not in text


def test_retired_rows_are_not_found(page_of, cast, catalogue) -> None:
    rows.path(catalogue, "old-path", retired_at=NOW)
    rows.role(catalogue, "old-role", retired_at=NOW)
    rows.portrait(catalogue, "old-portrait", retired_at=NOW)
    rows.document(catalogue, "old-paper", retired_at=NOW)
    client = page_of(cast.ada)
    for name, slug in [
        ("explore_path", "old-path"),
        ("explore_role", "old-role"),
        ("explore_portrait", "old-portrait"),
        ("explore_document", "old-paper"),
    ]:
        assert client.get(reverse(f"lms:{name}", args=[slug])).status_code == 404
        assert client.get(reverse(f"lms:{name}", args=["no-such-id"])).status_code == 404
    assert client.post(reverse("lms:explore_path_join", args=["old-path"])).status_code == 404


def test_retired_rows_are_in_no_list(page_of, cast, catalogue) -> None:
    rows.use_case(catalogue, "old-case", retired_at=NOW)
    rows.offer(catalogue, "old-offer", retired_at=NOW)
    rows.term(catalogue, "old-term", "Oldword", retired_at=NOW)
    rows.fact(catalogue, "old-fact", retired_at=NOW)
    rows.use_case(catalogue, "new-case")
    rows.offer(catalogue, "new-offer")
    rows.term(catalogue, "new-term", "Newword", see=["old-term"])
    rows.fact(catalogue, "new-fact")
    client = page_of(cast.ada)
    for name, old, new in [
        ("explore_use_cases", "Case old-case", "Case new-case"),
        ("explore_training", "Offer old-offer", "Offer new-offer"),
        ("explore_glossary", "Oldword", "Newword"),
        ("explore_facts", "Fact old-fact", "Fact new-fact"),
    ]:
        text = text_of(client, name)
        assert (old in text, new in text) == (False, True)


# paths


def test_paths_for_everybody_come_first_then_ones_own_domain(page_of, cast, catalogue) -> None:
    rows.path(catalogue, "for-hr", domain=catalogue.domains["hr"], position=0)
    rows.path(catalogue, "for-marketing", domain=catalogue.domains["marketing"], position=1)
    catalogue.m2.level = 3
    catalogue.m2.save()
    rows.path(catalogue, "champion", position=2)
    rows.path(catalogue, "first-weeks", modules=[["m1"]], position=3)
    text = text_of(page_of(cast.ada), "explore_paths")
    in_order(
        text,
        "To begin with",
        "Path first-weeks",
        "Path champion",
        "In your job",
        "Path for-marketing",
        "In other jobs",
        "Path for-hr",
    )


def test_a_path_shows_how_far_one_is(page_of, enrolled, catalogue) -> None:
    rows.path(catalogue, modules=[["m1"], ["m2", "n1"], ["gone"]])
    finish(enrolled.ada, catalogue.m1)
    Completion.objects.create(learner=enrolled.ada, activity=catalogue.m2_lesson, opened_at=NOW)
    response = page_of(enrolled.ada).get(reverse("lms:explore_path", args=["first-weeks"]))
    page = response.context["page"]
    assert [(step.title, step.state, [(one.module.slug, one.state) for one in step.modules]) for step in page.steps] == [
        ("Step 1", "done", [("m1", "done")]),
        ("Step 2", "open", [("m2", "open"), ("n1", "new")]),
        ("Step 3", "new", []),
    ]
    assert page.minutes == 30  # four activities, one, one; five minutes each
    assert page.next.module.slug == "m2"
    text = response.content.decode()
    assert f'href="{reverse("lms:track", args=["prompt-engineering"])}#m2"' in text
    assert "<p>Note 1.</p>" in text


def test_joining_a_path_says_what_it_will_do_does_it_once_and_says_what_it_did(page_of, enrolled, catalogue) -> None:
    rows.path(catalogue)
    client = page_of(enrolled.ada)
    before = text_of(client, "explore_path", "first-weeks")
    in_order(
        before, "The button puts this track on your list:", "critical-evaluation", "You are in already", "prompt-engineering"
    )
    address = reverse("lms:explore_path_join", args=["first-weeks"])
    first = client.post(address, follow=True)
    assert [str(one) for one in first.context["messages"]] == ["You joined 1 track: critical-evaluation."]
    second = client.post(address, follow=True)
    assert [str(one) for one in second.context["messages"]] == [
        "You are already in all tracks of this path. Nothing was changed."
    ]
    mine = Enrolment.objects.filter(learner=enrolled.ada).order_by("track__position")
    assert [(one.track.slug, one.archived_at) for one in mine.select_related("track")] == [
        ("prompt-engineering", None),
        ("critical-evaluation", None),
    ]
    assert EnrolmentReason.objects.filter(enrolment__learner=enrolled.ada).count() == 1  # the first one was there before
    assert "Join the tracks of this path" not in text_of(client, "explore_path", "first-weeks")
    client.post(reverse("lms:track_leave", args=["critical-evaluation"]))
    assert "Join the tracks of this path" in text_of(client, "explore_path", "first-weeks")


def test_joining_needs_a_post(page_of, cast, catalogue) -> None:
    rows.path(catalogue)
    assert page_of(cast.ada).get(reverse("lms:explore_path_join", args=["first-weeks"])).status_code == 405
    assert not Enrolment.objects.exists()


# roles


def test_roles_without_coding_come_first_and_filters_stay_in_the_address(page_of, cast, catalogue) -> None:
    rows.role(catalogue, "engineer", technicality="deep", family="building", position=0)
    rows.role(catalogue, "writer", technicality="light", family="experience", position=1)
    rows.role(catalogue, "trainer", technicality="none", position=2)
    client = page_of(cast.ada)
    in_order(
        text_of(client, "explore_roles"), "Without coding", "Role trainer", "Role writer", "Technical roles", "Role engineer"
    )
    technical = text_of(client, "explore_roles", query="?technical=yes")
    assert ("Role engineer" in technical, "Role writer" in technical, "Role trainer" in technical) == (True, False, False)
    response = client.get(reverse("lms:explore_roles") + "?family=experience&technical=no")
    assert [one.slug for one in response.context["plain"]] == ["writer"]
    assert '<option value="experience" selected>' in response.content.decode()
    assert '<option value="no" selected>' in response.content.decode()
    assert "Nothing fits these filters." in text_of(client, "explore_roles", query="?family=experience&technical=yes")
    assert "Role engineer" in text_of(client, "explore_roles", query="?family=nonsense")


def test_a_role_says_what_it_asks_and_what_one_has_done(page_of, enrolled, catalogue) -> None:
    catalogue.m2.level = 2
    catalogue.m2.save()
    rows.role(
        catalogue,
        levels={"prompt-engineering": 2, "critical-evaluation": 4, "change-management": 1},
        leads_to=["director", "gone"],
    )
    rows.role(catalogue, "director")
    rows.role(catalogue, "gone", retired_at=NOW)
    client = page_of(enrolled.ada)
    fresh = text_of(client, "explore_role", "trainer")
    in_order(
        fresh, "Duty of trainer", "Level asked: practitioner .", "2 modules lead to it; you have done none of them yet.", "Next: m1",
        "Level asked: guide .", "colleagues whom you taught or helped", "Next: n1",
        "Level asked: explorer .", "No module here leads to it yet.", "Ability of trainer", "Way into trainer.", "Role director",
    )  # fmt: skip
    assert "Role gone" not in fresh
    assert "%" not in fresh
    finish(enrolled.ada, catalogue.m1)
    finish(enrolled.ada, catalogue.n1)
    after = text_of(client, "explore_role", "trainer")
    in_order(
        after, "You have done 1 of the 2 modules that lead to it.", "Next: m2", "You have done the one module that leads to it."
    )


def test_only_modules_up_to_the_level_asked_count(page_of, enrolled, catalogue) -> None:
    catalogue.m2.level = 3
    catalogue.m2.save()
    rows.role(catalogue, levels={"prompt-engineering": 2})
    finish(enrolled.ada, catalogue.m1)
    page = page_of(enrolled.ada).get(reverse("lms:explore_role", args=["trainer"])).context["page"]
    assert [(one.skill_slug, one.level, one.done, one.required, one.next) for one in page.gaps] == [
        ("prompt-engineering", 2, 1, 1, None)
    ]


def test_the_next_module_is_one_that_nothing_stands_before(page_of, enrolled, catalogue) -> None:
    catalogue.m1.prerequisites.add(catalogue.n1)
    catalogue.m2.prerequisites.clear()
    rows.role(catalogue, levels={"prompt-engineering": 1})
    page = page_of(enrolled.ada).get(reverse("lms:explore_role", args=["trainer"])).context["page"]
    assert page.gaps[0].next.module.slug == "m2"


def pay(experience: str, low: int | None, high: int | None, per: str = "year", source: str = "A sheet") -> dict[str, object]:
    texts = {"experience": both(experience), "source": both(source)}
    return {"country": "FR", "low": low, "high": high, "currency": "EUR", "per": per, "year": 2024, **texts}


PAY = [
    pay("beginner", 38000, 50000, source="A survey"),
    pay("senior", 80000, None),
    pay("freelance", None, 1500, "day"),
]


def test_pay_is_hidden_unless_the_company_switches_it_on(page_of, cast, catalogue, settings) -> None:
    rows.role(catalogue, pay=PAY)
    rows.role(catalogue, "engineer", technicality="deep", pay=PAY)
    client = page_of(cast.ada)
    hidden = text_of(client, "explore_role", "trainer")
    assert ("Pay" in hidden, "38" in hidden, "A survey" in hidden) == (False, False, False)
    settings.LMS = {**settings.LMS, "SHOW_PAY": True}
    shown = text_of(client, "explore_role", "trainer")
    in_order(
        shown, "Pay, as published", "€38,000 to €50,000 a year", "beginner · France", "2024 · A survey", "€80,000 and more a year", "up to €1,500 a day",
        "They promise nothing",
    )  # fmt: skip
    assert "Figures of a technical role" not in shown
    assert "Figures of a technical role" in text_of(client, "explore_role", "engineer")


def test_a_role_past_its_date_says_that_it_is_being_reviewed(page_of, cast, catalogue) -> None:
    rows.role(catalogue, review_after=dt.date(2026, 3, 3))
    rows.role(catalogue, "fresh", review_after=dt.date(2026, 3, 4))
    client = page_of(cast.ada)
    old, fresh = (text_of(client, "explore_role", slug) for slug in ("trainer", "fresh"))
    in_order(old, "Source: A published sheet", "As of 5 January 2026 .", "being reviewed")
    assert "To be reviewed after 4 March 2026 ." in fresh
