"""GIFT, sign by sign."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.imports.found import FoundQuestion
from courses.imports.gift import read_gift
from tests.courses.imports.samples import brought, items, losses


def only(text: str) -> FoundQuestion:
    [found] = read_gift(text, "q.gift").questions
    return found


def escape(text: str) -> str:
    """As Moodle's export writes a text."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("What? {=a ~b}", "multichoice"),
        ("What? {~%50%a ~%50%b ~c}", "multichoice"),
        ("So it is. {T}", "truefalse"),
        ("So it is. {FALSE#no#yes}", "truefalse"),
        ("Who? {=Grant =Ulysses}", "shortanswer"),
        ("How many? {#3.14:0.01}", "numerical"),
        ("Match. {=a -> 1 =b -> 2}", "matching"),
        ("Say it. {}", "essay"),
        ("Read this.", "description"),
        ("Order. {>ALL VERTICAL\n a\n b\n}", "ordering"),
        ("Open { =a ~b", "unreadable"),
        ("Two {=a ~b} and {=c ~d}", "unreadable"),
        ("How many? {#many}", "unreadable"),
    ],
)
def test_the_kind_is_told_from_the_signs(text: str, kind: str) -> None:
    assert only(text).kind == kind


def test_a_question_has_its_title_format_category_tags_and_comments() -> None:
    found = only(
        "$CATEGORY: $course$/top/Geo\n\n// written by Ada\n// [id:G1] [tag:map] [tag:easy]\n::Capital::[markdown]Which *city*? {=a ~b}"
    )
    assert (found.name, found.idnumber, found.tags) == ("Capital", "G1", ("map", "easy"))
    assert (found.category, found.comments, found.where) == ("$course$/top/Geo", ("written by Ada",), "q.gift:5")
    assert (found.text.text, found.text.form) == ("Which *city*?", "markdown")


def test_a_category_may_stand_directly_above_its_question() -> None:
    found = read_gift("$CATEGORY: one\nFirst? {T}\n\n$CATEGORY: two\n\nSecond? {F}", "q.gift").questions
    assert [(one.category, one.where) for one in found] == [("one", "q.gift:2"), ("two", "q.gift:6")]


def test_answers_have_weights_feedback_and_general_feedback() -> None:
    found = only("What?{~%-50%[html]<b>a</b>#no\n =b#yes \\= right\n ~%33.333%c\n ####Because \\#1.}")
    assert [(one.text.text, one.fraction, one.feedback.text) for one in found.answers] == [
        ("<b>a</b>", -50.0, "no"),
        ("b", 100.0, "yes = right"),
        ("c", 33.333, ""),
    ]
    assert (found.why.text, found.single, found.answers[0].text.form, found.answers[1].text.form) == (
        "Because #1.",
        True,
        "html",
        "moodle",
    )


def test_without_a_right_answer_several_may_be_chosen() -> None:
    assert not only("What? {~%50%a ~%50%b ~%-100%c}").single


@pytest.mark.parametrize(
    ("body", "value", "tolerance"),
    [("#3.14:0.01", 3.14, 0.01), ("#1..5", 3.0, 2.0), ("#-2", -2.0, 0.0), ("#=%100%6:0.06#", 6.0, 0.06), ("#2,5", 2.5, 0.0)],
)
def test_numbers_have_a_tolerance_or_a_range(body: str, value: float, tolerance: float) -> None:
    [found] = only(f"How many? {{{body}}}").answers
    assert (found.value, found.tolerance, found.fraction) == (value, pytest.approx(tolerance), 100.0)


def test_several_numbers_and_what_is_said_to_others() -> None:
    found = only("When? {#=1822:0#Exactly =%50%1822:2#Nearly ~#No}").answers
    assert [(one.value, one.tolerance, one.fraction, one.feedback.text) for one in found] == [
        (1822.0, 0.0, 100.0, "Exactly"),
        (1822.0, 2.0, 50.0, "Nearly"),
        (None, 0.0, 0.0, "No"),
    ]


def test_the_first_comment_of_true_or_false_is_for_the_wrong_answer() -> None:
    for body, right in [("T#wrong#right", 0), ("FALSE # wrong # right", 1)]:
        found = only(f"So? {{{body}}}").answers
        assert [one.text.text for one in found] == ["true", "false"]
        assert (found[right].fraction, found[right].feedback.text) == (100.0, "right")
        assert (found[1 - right].fraction, found[1 - right].feedback.text) == (0.0, "wrong")


def test_a_missing_word_leaves_a_blank() -> None:
    assert only("Grant is {~buried =entombed} in a tomb.").text.text == "Grant is _____ in a tomb."
    assert only("It ends with {=this ~that}.").text.text == "It ends with _____."


def test_line_breaks_of_windows_a_mark_at_the_start_and_lines_inside_braces() -> None:
    text = "\ufeff::One::\r\nWhat?\r\n{\r\n=a\r\n\r\n~b\r\n}\r\n\r\n// a comment\r\nTwo? {T}\r\n"
    one, two = read_gift(text, "q.gift").questions
    assert [(answer.text.text, answer.fraction) for answer in one.answers] == [("a", 100.0), ("b", 0.0)]
    assert (two.kind, two.where, two.comments) == ("truefalse", "q.gift:10", ("a comment",))


def test_braces_that_never_close_do_not_swallow_the_next_question() -> None:
    assert [one.kind for one in read_gift("One { =a ~b\n\nTwo? {T}", "q.gift").questions] == ["unreadable", "truefalse"]


def test_many_blocks_behind_an_open_brace_are_read_at_once() -> None:
    found = read_gift("One { =a\n\n" + "Words.\n\n" * 4_000 + "Two? {T}", "q.gift").questions
    assert (len(found), found[0].kind, found[1].kind, found[-1].kind) == (4_002, "unreadable", "description", "truefalse")


# Line ends other than \n are made \n when a file is read; [ and // at the start, and the spaces around, mean something in GIFT.
words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="[%"), min_size=1, max_size=30
).filter(lambda text: text.strip() == text and not text.startswith("//"))


@given(title=words, prompt=words, right=words, wrong=words, feedback=words, general=words)
def test_escaped_signs_come_back_as_they_were(
    title: str, prompt: str, right: str, wrong: str, feedback: str, general: str
) -> None:
    given_texts = [escape(one) for one in (title, prompt, right, feedback, wrong, general)]
    found = only("::{}::{}{{\n={}#{}\n~{}\n####{}\n}}".format(*given_texts))
    assert found.name == title
    assert [found.text.text, found.why.text] == [prompt, general]
    assert [(one.text.text, one.feedback.text) for one in found.answers] == [(right, feedback), (wrong, "")]


@given(st.lists(words, min_size=2, max_size=4))
def test_line_breaks_come_back_too(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert only(f"::Q::{escape(text)}{{T}}").text.text == text


def test_backslashes_of_formulas_stay(tmp_path: Path) -> None:
    done = brought(tmp_path, "Is \\(\\frac\\{a_1\\}\\{2\\} \\= b\\) so? {T}\n\nAnd \\\\(x\\\\)? {F}")
    assert [item["prompt"]["en"] for item in items(done)] == ["Is `\\(\\frac{a_1}{2} = b\\)` so?", "And `\\(x\\)`?"]
    assert losses(done) == ["formula", "formula"]


def test_a_comment_full_of_tags_that_never_end_keeps_those_that_do() -> None:
    # Were it read anew from each of them, this test would take minutes.
    assert only(f"// [tag:one] {'[tag:' * 40_000}\n{{T}}").tags == ("one",)
