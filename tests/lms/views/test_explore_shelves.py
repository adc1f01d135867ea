"""Beside the tracks: portraits, use cases, training, facts, papers and the glossary, with their words."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.conftest import NOW
from tests.lms.views import explore_rows as rows
from tests.lms.views.explore_text import in_order, text_of

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
    in_order(text_of(client, "explore_documents"), "The company in these papers is invented", "Paper policy", "Summary of policy")
    response = client.get(reverse("lms:explore_document", args=["policy"]))
    assert (
        '<p>Text.</p><div class="wide-table" role="group" tabindex="0" aria-label="Table: Paper policy"><table>'
        in response.content.decode()
    )
    assert "The company in these papers is invented" in response.content.decode()


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
