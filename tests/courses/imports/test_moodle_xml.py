"""Moodle XML: what it may say, and what it may not do to us."""

from pathlib import Path

import pytest

from courses.imports.reading import LARGEST_FILE, read_questions
from courses.problems import Problem, ProblemsFound
from tests.courses.imports.samples import answer, brought, items, losses, question, quiz, reasons


def refused(folder: Path, content: str | bytes) -> Problem:
    path = folder / "file.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ProblemsFound) as found:
        read_questions(path)
    [problem] = found.value.problems
    return problem


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE quiz [<!ENTITY a "b">]>',
        '<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE quiz SYSTEM "https://example.com/quiz.dtd">',
        '<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_document_types_and_entities_are_refused(tmp_path: Path, doctype: str) -> None:
    problem = refused(tmp_path, f'<?xml version="1.0"?>{doctype}<quiz><question type="essay"><name>&a;</name></question></quiz>')
    assert (problem.code, problem.where) == ("xml-dtd", "file.xml:1")


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        ("<quiz>\n<question>\n</quiz>", "xml", "file.xml:3:3"),
        ("<quiz>\n&nbsp;</quiz>", "xml", "file.xml:2:1"),
        ('<?xml version="1.0" encoding="klingon"?><quiz/>', "xml", "file.xml:1"),
        ('<?xml version="1.0"?>\n<questestinterop/>', "not-moodle", "file.xml:2"),
        ("<quiz>" + "<b>" * 60 + "</b>" * 60 + "</quiz>", "too-much", "file.xml:1"),
        (b"::Caf\xe9:: What? {T}", "not-utf-8", "file.xml:1"),
        (b"One\n\nT\0wo {T}", "characters", "file.xml:3"),
        (b"x" * (LARGEST_FILE + 1), "too-large", "file.xml"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path, content: str | bytes, code: str, where: str) -> None:
    problem = refused(tmp_path, content)
    assert (problem.code, problem.where) == (code, where)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        read_questions(tmp_path / "none.xml")
    assert [problem.code for problem in found.value.problems] == ["unreadable"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_every_encoding_of_xml_is_understood(tmp_path: Path, encoding: str) -> None:
    text = quiz(question("truefalse", answer("true", 100) + answer("false", 0), name="Été")).replace(
        'encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"'
    )
    done = brought(tmp_path, text.encode(encoding))
    assert [one.question.name for one in done.carried] == ["Été"]


def test_categories_are_not_questions_and_are_kept_with_those_that_follow(tmp_path: Path) -> None:
    category = '<question type="category"><category><text>$course$/top/Geo</text></category></question>'
    done = brought(tmp_path, quiz(question("essay", ""), category, question("essay", "")))
    assert [one.question.category for one in done.judged] == ["", "$course$/top/Geo"]


def test_what_has_no_place_stands_in_comments(tmp_path: Path) -> None:
    more = (
        "<idnumber>G1</idnumber><tags><tag><text>map</text></tag></tags><hint><text>Look\nnorth</text></hint>"
        "<correctfeedback><text>Well done</text></correctfeedback><incorrectfeedback><text>Your answer is incorrect.</text></incorrectfeedback>"
        "<hidden>1</hidden><defaultgrade>0</defaultgrade><shuffleanswers>false</shuffleanswers><penalty>0.3</penalty>"
    )
    done = brought(tmp_path, quiz(question("multichoice", answer("a", 100) + answer("b", 0) + more)))
    assert losses(done) == ["shuffle", "hints", "overall", "weight", "hidden"]
    text = done.pool.path.read_text(encoding="utf-8")
    for comment in ["Id number: G1", "Tags: map", "Hint: Look", "north", "correctfeedback: Well done"]:
        assert f"  # {comment}\n" in text
    assert done.judged[0].question.settings == ("penalty", "incorrectfeedback (standard)")
    assert (items(done)[0]["id"], items(done)[0]["weight"]) == ("g1", 1)


def test_text_without_its_element_and_xhtml_without_cdata_are_read(tmp_path: Path) -> None:
    sloppy = (
        '<question type="multichoice"><name>Plain</name><questiontext format="html"><text><p>What is <b>2 &lt; 3</b>?</p></text>'
        '</questiontext><answer fraction="100">True<feedback>Yes</feedback></answer><answer fraction="0">False</answer></question>'
    )
    [item] = items(brought(tmp_path, quiz(sloppy)))
    assert item["prompt"] == {"en": "What is **2 < 3**?"}
    assert [option["text"]["en"] for option in item["payload"]["options"]] == ["True", "False"]
    assert item["feedback"] == {"true": {"en": "Yes"}}


def test_a_number_that_is_none_is_told_by_question(tmp_path: Path) -> None:
    done = brought(tmp_path, quiz(question("numerical", answer("many", 100)), question("multichoice", answer("a", "all"))))
    assert reasons(done) == ["number", "number"]
    assert [one.reason.where for one in done.not_carried] == ["source.txt:3:1", "source.txt:4:1"]
