import datetime as dt
import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from courses.models import Activity
from courses.packs.content import Term
from courses.packs.findings import Findings
from courses.packs.markdown import Source, render, render_cards
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from courses.packs.terms import Glossary
from tests.courses.packs.full import FULL
from tests.courses.packs.small import write

FORMS = {
    "anchor": {"en": ["anchoring"], "fr": ["ancrage", "ancrages"]},
    "window": {"en": ["window", "windows"], "fr": ["fenêtre"]},
    "context": {"en": ["context"], "fr": ["contexte"]},
    "context-window": {"en": ["context window", "context windows"], "fr": ["fenêtre de contexte"]},
    "trial": {"en": ["try-out"], "fr": ["mise à l’essai"]},
    "evaluation": {"en": ["eval"], "fr": ["évalué", "éval"]},
}
GLOSSARY = Glossary(Term(id=one, name={}, definition={}, forms=forms, see=[], skill=None) for one, forms in FORMS.items())


def source() -> Source:
    return Source(lambda line: f"lesson.en.md:{line + 1}", Findings())


def marked(text: str, language: str = "en") -> tuple[str, list[str]]:
    marks = GLOSSARY.marks(language)
    return "".join(card["html"] for card in render_cards(text, source(), marks)), marks.found


def link(one: str, word: str) -> str:
    return f'<a class="term" href="#term-{one}">{word}</a>'


def test_the_first_occurrence_in_a_lesson_is_linked() -> None:
    html, found = marked("## One\n\nThe Anchoring. More anchoring.\n\n## Two\n\nAnchoring, and a window.")
    assert html == f"<p>The {link('anchor', 'Anchoring')}. More anchoring.</p><p>Anchoring, and a {link('window', 'window')}.</p>"
    assert found == ["anchor", "window"]


def test_the_longest_form_comes_first() -> None:
    html, found = marked("A context window, its context, a window.")
    assert html == (
        f"<p>A {link('context-window', 'context window')}, its {link('context', 'context')}, a {link('window', 'window')}.</p>"
    )
    assert found == ["context-window", "context", "window"]
    # what is a longer term once more is not taken for a shorter one
    html, found = marked("A context window. A context window.")
    assert found == ["context-window"]


@pytest.mark.parametrize(
    ("text", "language", "linked"),
    [
        ("L’ancrage compte.", "fr", ["ancrage"]),
        ("l'ancrage", "fr", ["ancrage"]),
        ("Des ancrages solides", "fr", ["ancrages"]),
        ("Désancrage", "fr", []),
        ("Évalué hier", "fr", ["Évalué"]),
        ("Évaluée hier", "fr", []),
        ("Réévalué", "fr", []),
        ("E\u0301val, re\u0301eval", "fr", []),
        ("une mise à l'essai", "fr", ["mise à l'essai"]),
        ("une mise\u00a0à l’essai", "fr", ["mise\u00a0à l’essai"]),
        ("Fenêtre\u202f:", "fr", ["Fenêtre"]),
        ("« fenêtre de contexte »", "fr", ["fenêtre de contexte"]),
        ("the anchoring’s", "en", ["anchoring"]),
        ("re-anchoring, anchoring-free, anchorings", "en", []),
        ("a try-out", "en", ["try-out"]),
        ("*anchoring* **window**", "en", ["anchoring", "window"]),
        ("* a window\n* a context", "en", ["window", "context"]),
        ("| window |\n| --- |\n| context |", "en", ["window", "context"]),
        ("> **Why:** the context.", "en", ["context"]),
        ("fenêtre", "en", []),
        # where nothing is linked
        ("### Anchoring", "en", []),
        ("[anchoring](https://example.com)", "en", []),
        ("[an *anchoring*](https://example.com) window", "en", ["window"]),
        ("`anchoring`", "en", []),
        ("```\nanchoring\n```", "en", []),
        ("    anchoring", "en", []),
        ("**Question.** Which context?", "en", []),
        ("**From memory:** which context?", "en", []),
        ("**De mémoire\u202f:** quel contexte\u202f?", "fr", []),
        ("**Questions** about context", "en", ["context"]),
    ],
)
def test_where_words_are_found(text: str, language: str, linked: list[str]) -> None:
    html, found = marked(text, language)
    assert [unescape(word) for word in re.findall(r'<a class="term" href="#term-[a-z-]+">([^<]*)</a>', html)] == linked
    assert len(found) == len(linked)


def test_the_title_of_a_card_stays_as_it_is() -> None:
    marks = GLOSSARY.marks("en")
    assert render_cards("## The context\n\nText.", source(), marks) == [{"title": "The context", "html": "<p>Text.</p>"}]
    assert marks.found == []


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


WORDS = sorted({form for forms in FORMS.values() for of in forms.values() for form in of})
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from([form.upper() for form in WORDS]),
    st.sampled_from(
        ["*", "**", "`", "[", "](https://example.com)", "\n\n", "\n", "## ", "> ", "* ", "l’", "’", "-", " ", "&amp;", "<", "|"]
    ),
    st.text(max_size=6),
)


@given(text=st.lists(PIECES, max_size=25).map("".join), language=st.sampled_from(["en", "fr"]))
@example(text="a &lt;context&gt; window", language="en")
def test_marking_changes_no_word(text: str, language: str) -> None:
    marks = GLOSSARY.marks(language)
    plain = render_cards(text, source())
    linked = render_cards(text, source(), marks)
    assert [(card["title"], words(card["html"])) for card in linked] == [(card["title"], words(card["html"])) for card in plain]
    assert re.sub(
        r'<a class="term" href="#term-[a-z-]+">([^<]*)</a>', r"\1", "".join(card["html"] for card in linked)
    ) == "".join(card["html"] for card in plain)
    assert len(set(marks.found)) == len(marks.found)
    assert re.findall(r'href="#term-([a-z-]+)"', "".join(card["html"] for card in linked)) == marks.found


@pytest.mark.parametrize("text", ["[x](#term-anchor)", "[x](#other)", "[x](/somewhere)"])
def test_an_author_cannot_write_such_a_link(text: str) -> None:
    noted = source()
    html = render(text, noted)
    assert [problem.code for problem in noted.findings.problems] == ["link"]
    assert html == '<p><a rel="noopener noreferrer">x</a></p>'


def test_an_authors_link_tells_nobody_where_it_came_from() -> None:
    html = render("[x](https://example.com/)", source())
    assert html == '<p><a href="https://example.com/" rel="noopener noreferrer">x</a></p>'


@pytest.mark.django_db
def test_lessons_are_published_with_their_terms(tmp_path: Path) -> None:
    pack = read_pack(write(tmp_path, FULL))
    publish_pack(pack=pack, now=dt.datetime(2026, 3, 4, tzinfo=dt.UTC))
    body = Activity.objects.get(slug="m1-lesson").body
    assert body["en"]["terms"] == body["fr"]["terms"] == ["text"]
    assert f"Un <em>{link('text', 'texte')}</em>." in body["fr"]["cards"][0]["html"]
    # nothing but lessons
    assert "term" not in str(Activity.objects.exclude(kind="lesson").values_list("body", flat=True))


def test_a_lesson_without_terms_says_nothing_of_them(tmp_path: Path) -> None:
    files = {**FULL, "modules/m2/text.en.md": "Only words.\n"}
    assert set(read_pack(write(tmp_path, files)).modules[1].activities[0].body["en"]) == {"cards"}
