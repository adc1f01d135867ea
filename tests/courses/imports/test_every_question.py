"""Whatever a file holds, each of its questions is in exactly one of the three lists, and what was carried is a sound pool."""

import tempfile
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.grading import best_response, check_key, grade
from courses.imports.actions import Import
from courses.packs.findings import Findings
from courses.packs.format import QuizFile
from courses.packs.marked import read_yaml
from tests.courses.imports.samples import answer, brought, question, quiz

KINDS = [
    "multichoice",
    "truefalse",
    "numerical",
    "matching",
    "ordering",
    "shortanswer",
    "essay",
    "description",
    "cloze",
    "stack",
    "",
]

texts = st.text(
    st.one_of(st.sampled_from("<>&*_`[]{}=~#:%\\-1ab \n"), st.characters(exclude_categories=["Cs", "Cc"])), max_size=25
)
in_xml = texts.map(lambda text: text.replace("]]>", "").replace("￾", "").replace("￿", ""))
fractions = st.sampled_from(["100", "50", "33.33333", "0", "-50", "", "many"])


@st.composite
def xml_questions(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(KINDS))
    inner = "".join(answer(draw(in_xml), draw(fractions)) for _ in range(draw(st.integers(0, 4))))
    if kind == "truefalse":
        inner = answer("true", draw(fractions)) + answer("false", draw(fractions))
    if kind == "numerical":
        inner = "".join(answer(draw(st.sampled_from(["1", "-2.5", "*", "x", "1e30"])), draw(fractions)) for _ in range(2))
    if kind == "matching":
        inner = "".join(
            f"<subquestion><text><![CDATA[{draw(in_xml)}]]></text><answer><text><![CDATA[{draw(in_xml)}]]></text></answer></subquestion>"
            for _ in range(draw(st.integers(0, 3)))
        )
    single = draw(st.sampled_from(["", "<single>false</single>", "<single>true</single>"]))
    return question(kind, inner + single, name="Q", text=draw(in_xml))


gift_bodies = st.one_of(
    st.sampled_from(
        ["{T}", "{}", "{#1:2}", "{=a ~b}", "{~%50%a ~%50%b ~c}", "{=a -> b =c -> d}", "{=a =b}", "", "{", "}", "{#}", "{~a}"]
    ),
    texts.map(lambda text: f"{{{text}}}"),
)


def check(done: Import, count: int) -> None:
    lists = [done.carried, done.with_losses, done.not_carried]
    assert sorted(one.question.number for listed in lists for one in listed) == list(range(1, count + 1))
    assert all(one.losses for one in done.with_losses)
    assert all(one.reason and str(one.reason.message) and one.reason.where for one in done.not_carried)
    kept = [one.item for one in done.judged if one.item]
    if not kept:
        assert not done.pool.path.exists()
        return
    text = done.pool.path.read_text(encoding="utf-8")
    findings = Findings()
    said = read_yaml("pool.yaml", text, findings).value
    assert not findings
    assert said == yaml.safe_load(text)
    assert [item["id"] for item in said["items"]] == [item.id for item in kept]
    for item, written in zip(kept, said["items"], strict=True):
        for entries in written["payload"].values():
            for entry in entries if isinstance(entries, list) else ():
                assert entry.pop("text")["en"].strip()
        assert check_key(item.mechanic, written["payload"], written["key"]) == []
        best = best_response(item.mechanic, written["payload"], written["key"])
        assert grade(item.mechanic, written["payload"], written["key"], best).score > 1 - 1e-9
        assert item.prompt["en"].strip()
        written.setdefault("why", {"en": "x"})
    QuizFile.model_validate(said, context={"languages": ("en",)})


@given(st.lists(xml_questions(), min_size=1, max_size=5))
@settings(deadline=None)
def test_every_question_of_moodle_xml_is_accounted_for(questions: list[str]) -> None:
    category = '<question type="category"><category><text>C</text></category></question>'
    with tempfile.TemporaryDirectory() as folder:
        check(brought(Path(folder), quiz(category, *questions)), len(questions))


@given(st.lists(st.tuples(texts, gift_bodies), min_size=1, max_size=5))
@settings(deadline=None)
def test_every_question_of_gift_is_accounted_for(questions: list[tuple[str, str]]) -> None:
    # A word at the start and no empty line inside, so that each is one question; braces may stand anywhere, and be open.
    blocks = [" ".join(f"Q{number} {text} {body}".split()) for number, (text, body) in enumerate(questions)]
    with tempfile.TemporaryDirectory() as folder:
        done = brought(Path(folder), "\n\n".join(blocks))
        assert len(done.judged) <= len(blocks)
        check(done, len(done.judged))
        # Blocks with open braces may have been read together; no word of any block is gone.
        said = repr([one.question for one in done.judged])
        assert [f"Q{number}" in said for number in range(len(blocks))] == [True] * len(blocks)
