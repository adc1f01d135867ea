"""Texts: the same words come out, and nothing that a browser would run."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.imports.found import Markup
from courses.imports.texts import NotCarried, Writer
from courses.packs.findings import Findings
from courses.packs.markdown import Source, render
from tests.courses.imports.samples import PNG, answer, brought, items, losses, question, quiz, reasons


def written(text: str, form: str = "html") -> tuple[str, str, list[str]]:
    """As Markdown, as plain words, and the losses."""
    writer = Writer("f:1", "q", Findings())
    markup = Markup(text, form)
    return writer.markdown(markup), writer.plain(markup), [problem.code for problem in writer.losses.problems]


def shown(markdown: str) -> tuple[str, list[str]]:
    """What a learner reads of it, and what publishing would find wrong."""
    findings = Findings()
    page = render(markdown, Source(lambda line: str(line), findings))
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split()), [problem.code for problem in findings.problems]


# Signs that mean something in Markdown or HTML come far more often here than in prose. Formulas become code, and have their own
# test; line ends and odd spaces are layout.
signs = st.sampled_from("*_`[]()<>#-+=|~&;:.!\\/\"'0123 ab\n\n ")
letters = st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"])
plain_words = st.text(st.one_of(signs, signs, letters), max_size=60).filter(
    lambda text: not re.search(r"\$\$|\\[(\[]|\[tex\]", text, re.IGNORECASE)
)


@given(plain_words)
def test_plain_words_are_read_as_the_same_words(text: str) -> None:
    markdown, plain, _losses = written(text, "plain")
    assert shown(markdown) == (" ".join(text.split()), [])
    assert plain == " ".join(text.split())


@given(plain_words)
def test_words_in_html_are_read_as_the_same_words(text: str) -> None:
    assert shown(written(f"<p>{html.escape(text)}</p>")[0]) == (" ".join(text.split()), [])


@pytest.mark.parametrize(
    ("text", "form", "markdown", "codes"),
    [
        ("<p>One <b>two</b> <em>three</em></p><p>four</p>", "html", "One **two** *three*\n\nfour", ["format"]),
        ("<ul><li>a</li><li>b</li></ul>", "html", "- a\n- b", ["format"]),
        ("<h1>Title</h1>x", "html", "## Title\n\nx", ["format"]),
        ("H<sub>2</sub>O, x<sup>2</sup>, e<sup>kt</sup>", "html", "H₂O, x², e^(kt)", []),
        ("if a<b and c > d\nthen", "moodle", "if a\\<b and c > d\\\nthen", []),
        ("if a<b <i>then</i>", "html", "if a\\<b *then*", ["format"]),
        ("**b** and `c`", "markdown", "**b** and `c`", ["format"]),
        ("1. first\n# second", "plain", "1\\. first\\\n\\# second", []),
        ("<code>$$ not a formula $$</code>", "html", "`$$ not a formula $$`", ["formula", "format"]),
        ("\\(a_1*b\\)\\(c\\) and $$x &lt; y$$", "html", "`\\(a_1*b\\)` `\\(c\\)` and `$$x < y$$`", ["formula"]),
        ("\\(\\)Nothing \\(p\\)", "html", "Nothing `\\(p\\)`", ["formula"]),
        ('<a href="https://example.com/a">here</a>', "html", "[here](https://example.com/a)", ["link-inside"]),
        ('<a href="http://example.com">here</a>', "html", "here (http://example.com)", ["link"]),
        ('<span style="color: red">red</span>', "html", "red", ["style"]),
        ('<span lang="fr" class="multilang">oui</span>', "html", "oui", ["multilang"]),
    ],
)
def test_markup_becomes_markdown_and_losses_are_named(text: str, form: str, markdown: str, codes: list[str]) -> None:
    found, _plain, lost = written(text, form)
    assert (found, lost) == (markdown, codes)
    assert shown(found)[1] == []


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)" alt="x">',
        '<a href="javascript:alert(1)">go</a>',
        "<svg onload=alert(1)></svg>",
        '<iframe src="https://example.com"></iframe>',
        "[go](javascript:alert(1))",
        "<style>@import 'https://example.com'</style>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
@pytest.mark.parametrize("form", ["html", "moodle", "markdown", "plain"])
def test_nothing_runs(attack: str, form: str) -> None:
    page = render(written(f"Before {attack} after", form)[0], Source(lambda line: str(line), Findings()))
    assert re.findall(r"<(?!/?(?:p|br|strong|em|code)\b)[^>]*>", page) == []
    assert "Before" in page
    assert "after" in page


MARKUP = """< </ > <p> </p> <b> </b> <![CDATA[ ]]> <!-- --> <!DOCTYPE <![if <?php <table> <tr> <td> <ul> <li> </ul> <pre> </pre> <code> ` </code>
<img\tsrc= alt= ' " <a\thref= https://x.y/(z) <sub>2 \\( \\) $$ [tex] [/tex] x * _ &lt; &#0; &bogus; <svg> <script> <style> @@PLUGINFILE@@/a
data:image/png;base64, <h1> <dl> <dd> <blockquote> > - 1. | --- <ol\tstart=-1> <td\tcolspan=x>"""
pieces = st.sampled_from([*re.split("[ \n]", MARKUP), " ", "\n", "\n\n"])


@given(text=st.lists(pieces, max_size=14).map("".join), form=st.sampled_from(["html", "moodle", "markdown", "plain"]))
def test_no_text_breaks_the_conversion_or_the_publishing(text: str, form: str) -> None:
    try:
        markdown, _plain, _losses = written(text, form)
    except NotCarried:
        return
    findings = Findings()
    page = render(markdown, Source(lambda line: str(line), findings))
    assert findings.problems == []
    assert not re.search("<(script|style|img|svg|iframe)", page)


def test_what_office_programs_wrap_around_words_goes_and_the_words_stay() -> None:
    assert written("<p><![if !supportLists]>1)<![endif]> <o:p>One</o:p> <![CDATA[two]]></p>")[0] == "1\\) One two"


def test_a_text_without_end_is_told(tmp_path: Path) -> None:
    done = brought(tmp_path, f"{'word ' * 20_001}? {{T}}\n\n{chr(92)}(" * 2)
    assert reasons(done)[0] == "too-long"


def test_embedded_pictures_are_kept_beside_the_pool_and_named(tmp_path: Path) -> None:
    text = 'See <img src="@@PLUGINFILE@@/two%20bars.png" alt="two bars"> here.'
    file = f'<file name="two bars.png" path="/" encoding="base64">{PNG}</file>'
    source = question("truefalse", answer("true", 100) + answer("false", 0), text=text).replace(
        "</questiontext>", f"{file}</questiontext>"
    )
    done = brought(tmp_path, quiz(source))
    assert items(done)[0]["prompt"] == {"en": "See \\[two bars] here."}
    assert [path.name for path in done.pictures_folder.iterdir()] == ["q-1.png"]
    assert losses(done) == ["picture"]


def test_the_same_picture_inside_the_address_is_kept_once(tmp_path: Path) -> None:
    picture = f'<img src="data:image/png;base64,{PNG}" alt="dot">'
    done = brought(
        tmp_path,
        quiz(question("truefalse", answer("true", 100, f"<![CDATA[{picture}]]>") + answer("false", 0), text=f"A {picture}")),
    )
    assert [path.name for path in done.pictures_folder.iterdir()] == ["q-1.png"]


def test_a_program_that_calls_itself_a_picture_is_not_kept(tmp_path: Path) -> None:
    text = 'A <img src="@@PLUGINFILE@@/a.png" alt="a">'
    file = '<file name="a.png" encoding="base64">PHNjcmlwdD4=</file>'
    source = question("truefalse", answer("true", 100) + answer("false", 0), text=text).replace(
        "</questiontext>", f"{file}</questiontext>"
    )
    done = brought(tmp_path, quiz(source))
    assert sorted(losses(done)) == ["file", "picture-missing"]
    assert not done.pictures_folder.exists()


def test_answers_that_are_mere_pictures_are_not_carried(tmp_path: Path) -> None:
    picture = '<img src="@@PLUGINFILE@@/a.png">'
    assert reasons(brought(tmp_path, quiz(question("multichoice", answer(picture, 100) + answer("b", 0))))) == ["picture-only"]


def test_text_that_is_nested_without_end_is_told(tmp_path: Path) -> None:
    deep = "<div>" * 2000 + "x"
    assert reasons(brought(tmp_path, quiz(question("multichoice", answer("a", 100) + answer("b", 0), text=deep)))) == ["too-deep"]


@pytest.mark.parametrize(
    "text", ["a" + " " * 29_000 + "b", "<a" + " " * 29_000, "a" + "\n \t" * 9_000 + "b"], ids=["gap", "tag", "lines"]
)
@pytest.mark.parametrize("form", ["html", "moodle", "plain"])
def test_a_wide_gap_is_one_space_or_one_break(text: str, form: str) -> None:
    assert len(written(text, form)[0]) < 2000
