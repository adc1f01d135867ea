from html.parser import HTMLParser

import pytest

from courses.packs.findings import Findings
from courses.packs.markdown import Source, render, render_cards


def source() -> Source:
    return Source(lambda line: f"lesson.en.md:{line + 1}", Findings())


def test_cards_begin_at_headings_of_level_two() -> None:
    cards = render_cards("Before.\n\n## One & `two`\n\nText.\n\n### Small\n\n## Three\n", source())
    assert cards == [
        {"title": "", "html": "<p>Before.</p>"},
        {"title": "One & two", "html": "<p>Text.</p>\n<h3>Small</h3>"},
        {"title": "Three", "html": ""},
    ]


@pytest.mark.parametrize("mark", ["Why:", "Why :", "Pourquoi :", "Pourquoi\u202f:", "Pourquoi\u00a0:"])
def test_a_quote_that_says_why_is_a_margin_note(mark: str) -> None:
    assert render(f"> **{mark}** it helps.", source()).startswith('<aside class="why">\n<p><strong>')


def test_another_quote_stays_a_quote() -> None:
    html = render("> **Request.** Write.\n>\n> > **Why:** inner", source())
    assert html.startswith("<blockquote>")
    assert '<aside class="why">' in html
    assert html.endswith("</aside>\n</blockquote>")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "<https://example.com/><svg onload=alert(1)>",
        '[x](https://example.com/ "a\\" onclick=\\"alert(1)")',
        "```\n<script>\n```",
    ],
)
def test_nothing_of_an_authors_html_gets_through(text: str) -> None:
    seen: list[tuple[str, str, str | None]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            seen.extend((tag, name, value) for name, value in [("", ""), *attributes])

    Reader().feed(render(text, source()))
    assert {tag for tag, _name, _value in seen} <= {"p", "a", "pre", "code"}
    assert {name for _tag, name, _value in seen} <= {"", "href", "rel", "title"}
    assert all(value == "https://example.com/" for _tag, name, value in seen if name == "href")


def test_tables_and_lists_stay() -> None:
    html = render("| A | B |\n| --- | --- |\n| 1 | 2 |\n\n3. x\n", source())
    assert "<table>" in html
    assert '<ol start="3">' in html


def test_what_cannot_be_shown_is_noted_with_its_line() -> None:
    noted = source()
    render_cards("# Title\n\n![a](b.png)\n\n[a](other.md)\n", noted)
    assert [(problem.where, problem.code) for problem in noted.findings.problems] == [
        ("lesson.en.md:1", "heading"),
        ("lesson.en.md:3", "image"),
        ("lesson.en.md:5", "link"),
    ]
