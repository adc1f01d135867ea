"""Files that other people's tools wrote: what becomes of each of their questions."""

from pathlib import Path

import pytest

from courses.grading import best_response, grade
from courses.imports.actions import Import, import_questions
from tests.courses.imports.samples import FILES, items


def became(done: Import) -> list[tuple[str, str]]:
    """Each question with its mechanic, or with the reason why it has none."""
    return [(one.question.name, one.item.mechanic if one.item else one.reason.code) for one in done.judged]


def lost(done: Import) -> dict[str, list[str]]:
    return {one.item.id: [loss.code for loss in one.losses] for one in done.with_losses}


def bring(folder: Path, name: str, **options: object) -> Import:
    return import_questions(path=FILES / name, into=folder / "pool.yaml", language="en", **options)


def test_moodle_tools_in_two_languages(tmp_path: Path) -> None:
    done = bring(tmp_path, "moodle-tools.en.xml", translations=(("fr", FILES / "moodle-tools.fr.xml"),))
    assert became(done) == [
        ("Checking a figure", "choice"),
        ("Safe to paste", "choice"),
        ("Memory", "choice"),
        ("Net gain", "calculate"),
        ("Who does what", "sort"),
        ("From notes to minutes", "rank"),
        ("One word", "kind-shortanswer"),
        ("In your words", "kind-essay"),
        ("Before you begin", "kind-description"),
        ("Gaps", "kind-cloze"),
    ]
    assert lost(done) == {
        "checking-a-figure": ["format"],
        "safe-to-paste": ["partial", "partial", "partial", "shuffle"],
        "net-gain": ["feedback"],
    }
    assert [(problem.code, problem.where) for problem in done.of_translation] == [("differs", "moodle-tools.fr.xml:126:1")]
    written = {item["id"]: item for item in items(done)}
    assert written["memory"]["prompt"] == {"en": "An assistant remembers every earlier conversation."}
    assert written["memory"]["key"] == {"correct": ["statement-false"]}
    assert written["memory"]["feedback"]["statement-false"] == {"en": "Right: only what it was given."}
    first = written["checking-a-figure"]
    assert first["prompt"]["fr"].endswith("1. Relire la phrase.\n2. Choisir ci-dessous.")
    assert first["feedback"]["look-the-figure-up-where-it-was-first"] == {
        "en": "Yes: \\`first\\` hand.",
        "fr": "Oui : de \\`première\\` main.",
    }
    assert first["why"] == {
        "en": "A figure without a source is a *claim*.",
        "fr": "Un chiffre sans source est une *affirmation*.",
    }
    assert written["who-does-what"]["key"]["bin_of"] == {
        "deciding-who-is-invited": "a-person",
        "a-first-list-of-titles": "the-tool",
        "signing-the-letter": "a-person",
    }
    assert written["net-gain"]["key"] == {"fields": {"answer": {"value": 60, "full": 0.05, "half": 0.05}}}


def test_quizpy_with_a_picture_and_units(tmp_path: Path) -> None:
    done = bring(tmp_path, "quizpy.xml")
    assert became(done) == [
        ("Bars", "choice"),
        ("Units", "sort"),
        ("Power", "calculate"),
        ("Words", "kind-essay"),
        ("Note", "kind-description"),
        ("Unit", "kind-shortanswer"),
        ("Statements", "kind-mtf"),
    ]
    assert lost(done) == {
        "bars": ["format", "weights", "picture", "overall"],
        "units": ["formula"],
        "power": ["units", "feedback", "formula"],
    }
    assert [path.name for path in done.pictures_folder.iterdir()] == ["bars-1.png"]
    bars, units, power = items(done)
    assert bars["prompt"] == {"en": "Which bar is the highest?\\\n\\[three bars, each higher than the last]"}
    assert units["prompt"] == {"en": "Match the quantity with its unit: `\\( P = U \\cdot I \\)`"}
    assert [entry["id"] for entry in units["payload"]["bins"]] == ["ampere", "kilogram", "watt"]
    assert power["payload"]["fields"][0]["unit"] == "W"
    scores = [
        grade("calculate", power["payload"], power["key"], {"fields": {"answer": said}}).score for said in ["116", "119", "121"]
    ]
    assert scores == [1, 0.5, 0]


def test_moodlexport_with_formulas_everywhere(tmp_path: Path) -> None:
    done = bring(tmp_path, "moodlexport.xml")
    assert became(done) == [("Up and down", "choice"), ("Which hold", "choice"), ("Why", "kind-essay")]
    assert lost(done) == {"up-and-down": ["formula"], "which-hold": ["formula"]}
    up, which = items(done)
    assert up["prompt"] == {"en": "A price of `\\( p \\)` rises by `\\(10\\%\\)`, then falls by 10 %. What is it now?"}
    assert [option["text"]["en"] for option in up["payload"]["options"]] == ["\\(0.99 p\\)", "\\(p\\)", "\\(1.01 p\\)"]
    assert which["prompt"] == {"en": "Which hold for all `\\(a < b\\)`? `\\[ a + c < b + c \\]`"}
    assert (which["payload"]["multiple"], which["key"]) == (True, {"correct": ["a-1-b", "a-1-b-1"]})


def test_pymoodef_with_the_licence_of_each_question(tmp_path: Path) -> None:
    done = bring(tmp_path, "pymoodef.xml", prefix="t")
    found = [
        "choice",
        "sort",
        "choice",
        "kind-shortanswer",
        "kind-ddwtos",
        "rank",
        "calculate",
        "calculate",
        "kind-essay",
        "choice",
    ]
    assert [kind for _name, kind in became(done)] == found
    assert list(lost(done).values()) == [
        ["partial", "overall"],
        ["overall"],
        ["overall"],
        ["number"],
        ["partial", "picture", "overall"],
    ]
    text = done.pool.path.read_text(encoding="utf-8")
    assert (
        text.count("  # The Passerelle authors\n  # BSD-3-Clause\n  - id: t-q0") + text.count("  # BSD-3-Clause\n  # correct")
        == 7
    )
    order = items(done)[3]
    assert order["key"] == {"tier_of": {"press-release": 4, "price-list": 3, "sick-note": 2, "password": 1}}
    assert [entry["id"] for entry in order["payload"]["items"]] == ["password", "press-release", "price-list", "sick-note"]
    assert items(done)[6]["prompt"] == {"en": "Which bar is the highest?\n\n\\[Three bars]"}


def test_gift_wrapper_with_escaped_formulas(tmp_path: Path) -> None:
    done = bring(tmp_path, "gift-wrapper.gift.txt")
    assert became(done) == [("Slope", "choice"), ("Half", "calculate"), ("Picture", "choice")]
    assert lost(done) == {"slope": ["partial", "formula"], "half": ["formula"], "picture": ["elements"]}
    slope, half, _picture = items(done)
    assert slope["prompt"] == {"en": "The sales are `\\(s(t) = s_0 e^{k t}\\)` with `\\(k < 0\\)`.\\\nWhat happens?"}
    assert slope["why"] == {"en": "The sign of `\\(k\\)` decides."}
    assert half["key"] == {"fields": {"answer": {"value": 6, "full": 0.01, "half": 0.01}}}


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.iterdir() if path.suffix != ".md"))
def test_counts_add_up_and_the_best_answer_earns_everything(tmp_path: Path, name: str) -> None:
    done = bring(tmp_path, name)
    content = (FILES / name).read_text(encoding="utf-8")
    questions = (
        content.count("<question type=") - content.count('type="category"') if name.endswith(".xml") else content.count("\n::")
    )
    assert len(done.carried) + len(done.with_losses) + len(done.not_carried) == questions == len(done.judged)
    for item in items(done):
        best = best_response(item["mechanic"], item["payload"], item["key"])
        assert grade(item["mechanic"], item["payload"], item["key"], best).score == pytest.approx(1)
