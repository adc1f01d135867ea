"""Beside the tracks: what is shown, to whom, with which words; what is retired is gone."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from lms.models import Completion, Enrolment, EnrolmentReason
from tests.conftest import NOW, both
from tests.lms.views import explore_rows as rows

PAGES = [
    "explore",
    *(f"explore_{one}" for one in ("paths", "roles", "portraits", "use_cases", "training", "glossary", "facts", "documents")),
]


def text_of(client, name: str, *args: str, query: str = "") -> str:
    """The page's main part, tags gone, white space made one."""
    response = client.get(reverse(f"lms:{name}", args=args) + query)
    assert response.status_code == 200, (name, args, response.status_code)
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    return re.sub(r"\s+", " ", strip_tags(main.group().replace("<", " <"))).strip()


def in_order(text: str, *parts: str) -> None:
    """Each part stands somewhere after the one before."""
    place = 0
    for part in parts:
        found = text.find(part, place)
        assert found >= 0, f"{part!r} is not after: {text[:place]!r}"
        place = found + len(part)


def finish(learner, module) -> None:
    Completion.objects.bulk_create(
        Completion(learner=learner, activity=one, opened_at=NOW, completed_at=NOW) for one in module.activities.all()
    )


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


# portraits


def test_a_portrait_tells_the_way_and_where_to_begin(page_of, cast, catalogue) -> None:
    kept, gone = rows.role(catalogue), rows.role(catalogue, "gone", retired_at=NOW)
    rows.portrait(catalogue, role=kept, domain=catalogue.domains["operations"], modules=["m1", "no-such-module"])
    rows.portrait(catalogue, "paul", role=gone)
    client = page_of(cast.ada)
    listed = text_of(client, "explore_portraits")
    in_order(listed, "Marie · operations", "Portrait marie", "assistant", "operations lead", "Paul")
    text = text_of(client, "explore_portrait", "marie")
    in_order(
        text,
        "The story of marie.",
        "What would you try?",
        "m1",
        "First month",
        "Tried things",
        "Role trainer",
        "Source: An article",
    )
    assert "Role gone" not in text_of(client, "explore_portrait", "paul")
    assert "Marie" in text_of(client, "explore_role", "trainer")


# use cases


@pytest.fixture
def cases(catalogue):
    bank = rows.sector(catalogue, "bank", caution=rows.said("Scoring people is watched by law."))
    health = rows.sector(catalogue, "health")
    hr = rows.use_case(catalogue, "hr-case", domain=catalogue.domains["hr"], risk=3, caution=rows.html("Ask legal."))
    rows.use_case(catalogue, "any-case")
    mine = rows.use_case(catalogue, "my-case", domain=catalogue.domains["marketing"], value=3, modules=["m1"])
    mine.sectors.add(bank, health)
    return hr


def test_use_cases_of_ones_own_domain_come_first_with_value_and_risk_in_words(page_of, cast, cases) -> None:
    text = text_of(page_of(cast.ada), "explore_use_cases")
    listed = text[text.index("Show") :]
    in_order(
        listed, "marketing your job", "Case my-case", "Begin my-case.", "m1", "What it gives a lot", "Risk an error is easily put right",
        "In every job", "Case any-case", "What it gives noticeable", "Case hr-case", "Risk an error harms people, or the law watches it", "Ask legal.",
    )  # fmt: skip


def test_use_cases_of_other_domains_and_of_sectors_are_folded_until_one_asks_for_them(page_of, cast, catalogue, cases) -> None:
    bank, health = rows.sector(catalogue, "bank-2", position=2), rows.sector(catalogue, "health-2", position=1)
    rows.use_case(catalogue, "two-sectors").sectors.add(bank, health)
    client = page_of(cast.ada)

    def near(query: str) -> list[tuple[str, bool]]:
        groups = client.get(reverse("lms:explore_use_cases") + query).context["groups"]
        return [
            ((group.domain or group.sector).slug if group.domain or group.sector else "every", group.near) for group in groups
        ]

    assert near("") == [("marketing", True), ("every", True), ("hr", False), ("health-2", False)]
    assert near("?domain=hr") == [("hr", True)]
    assert near("?sector=bank-2") == [("bank-2", True)]
    in_order(
        text_of(client, "explore_use_cases"), "In every job", "Case any-case", "In other jobs", "hr 1", "Case hr-case",
        "In one sector", "Sector health-2 1", "Case two-sectors",
    )  # fmt: skip


def test_use_cases_are_filtered_by_domain_and_sector(page_of, cast, cases) -> None:
    client = page_of(cast.ada)

    def shown(query: str) -> set[str]:
        return {
            one
            for one in ("my-case", "any-case", "hr-case")
            if f"Case {one}" in text_of(client, "explore_use_cases", query=query)
        }

    assert shown("?domain=hr") == {"hr-case"}
    assert shown("?sector=bank") == {"my-case"}
    assert shown("?sector=health&domain=marketing") == {"my-case"}
    assert shown("?sector=health&domain=hr") == set()
    assert shown("?sector=no-such") == {"my-case", "any-case", "hr-case"}
    assert "Scoring people is watched by law." in text_of(client, "explore_use_cases", query="?sector=bank")
    assert "Scoring people is watched by law." not in text_of(client, "explore_use_cases")


# training, facts, documents


def test_an_offer_carries_its_date_and_its_warning(page_of, cast, catalogue) -> None:
    rows.offer(catalogue, country="FR", doubt=rows.html("It may have ended.")).skills.add(catalogue.skills[0])
    rows.offer(catalogue, "cloud", kind="certification", technicality="deep", review_after=dt.date(2026, 3, 1))
    client = page_of(cast.ada)
    text = text_of(client, "explore_training")
    in_order(
        text, "Online course · A school", "Offer short-course", "In doubt", "It may have ended.", "How long six weeks",
        "Who may pay personal training account (CPF), free of charge", "Country France", "Check before use", "Last looked at on 1 February 2026 .",
        "prompt-engineering", "Offer cloud", "Check before use", "technical", "It is being reviewed.",
    )  # fmt: skip
    assert text.count("It is being reviewed.") == 1
    only = text_of(client, "explore_training", query="?kind=certification")
    assert ("Offer cloud" in only, "Offer short-course" in only) == (True, False)


def test_a_fact_carries_its_source_its_dates_and_what_relies_on_it(page_of, cast, catalogue) -> None:
    rows.fact(catalogue, modules=["n1", "gone"])
    rows.fact(catalogue, "old", review_after=dt.date(2026, 3, 3))
    text = text_of(page_of(cast.ada), "explore_facts")
    in_order(
        text, "Fact law", "It says law.", "Source: The official journal", "As of 5 January 2026 .", "To be reviewed after 1 September 2026 .",
        "Modules that rely on it", "n1", "Fact old", "being reviewed", "As of",
    )  # fmt: skip
    assert text.count("being reviewed") == 1


def test_a_paper_says_that_it_is_invented_and_its_tables_can_be_reached(page_of, cast, catalogue) -> None:
    rows.document(catalogue, html=rows.said('<p>Text.</p><table><tr><th>A "cell"</th></tr></table>'))
    client = page_of(cast.ada)
    in_order(text_of(client, "explore_documents"), "This company is invented", "Paper policy", "Summary of policy")
    response = client.get(reverse("lms:explore_document", args=["policy"]))
    assert (
        '<p>Text.</p><div class="wide-table" role="group" tabindex="0" aria-label="Table: Paper policy"><table>'
        in response.content.decode()
    )
    assert "This company is invented" in response.content.decode()


# glossary


def test_the_glossary_is_in_the_readers_alphabet_accents_folded(page_of, cast, catalogue) -> None:
    rows.term(catalogue, "training", "Training", "Entraînement")
    rows.term(catalogue, "evaluation", "Evaluation", "Évaluation")
    rows.term(catalogue, "artwork", "Artwork", "Œuvre")
    rows.term(catalogue, "few-shot", "2-shot", "2 exemples", see=["training"])
    client = page_of(cast.ada)

    def order(language: str) -> list[tuple[str, list[str]]]:
        type(cast.ada).objects.filter(pk=cast.ada.pk).update(language=language)
        client.cookies["django_language"] = language
        letters = client.get(reverse("lms:explore_glossary")).context["letters"]
        return [(one.letter, [line.name for line in one.lines]) for one in letters]

    assert order("en") == [("0–9", ["2-shot"]), ("A", ["Artwork"]), ("E", ["Evaluation"]), ("T", ["Training"])]
    assert order("fr") == [("0–9", ["2 exemples"]), ("E", ["Entraînement", "Évaluation"]), ("O", ["Œuvre"])]
    text = client.get(reverse("lms:explore_glossary")).content.decode()
    assert 'id="term-evaluation"' in text
    assert f'href="{reverse("lms:explore_glossary")}#term-training">Entraînement</a>' in text


def test_the_glossary_is_searched_as_people_type(page_of, cast, catalogue) -> None:
    rows.term(catalogue, "evaluation", "Évaluation", forms={"en": ["evaluations", "grading"], "fr": []})
    rows.term(catalogue, "token", "Token")
    client = page_of(cast.ada)

    def found(search: str) -> list[str]:
        letters = client.get(reverse("lms:explore_glossary"), {"q": search}).context["letters"]
        return [line.slug for one in letters for line in one.lines]

    assert found("EVALU") == ["evaluation"]
    assert found("grading") == ["evaluation"]
    assert found("token means") == ["token"]
    assert found("means") == ["evaluation", "token"]
    assert found("evaluation token") == []
    assert "0 words for “&lt;b&gt;”." in client.get(reverse("lms:explore_glossary"), {"q": "<b>"}).content.decode()
