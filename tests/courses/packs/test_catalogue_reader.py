import datetime as dt
from pathlib import Path

import pytest

from courses.packs.content import Catalogue
from courses.packs.reader import read_pack
from courses.problems import ProblemsFound
from tests.courses.packs.full import FULL, changed
from tests.courses.packs.small import FILES, problems_of, write

ROLE = "roles/prompt-engineer.yaml"
CASES = "use-cases/office.yaml"
OFFER = "offers/short-course.yaml"
STORY = "portraits/nadia.yaml"
WORDS = "glossary/words.yaml"
FACTS = "facts/figures.yaml"
PAPER = "documents/policy.yaml"
PATH = "paths/first-weeks.yaml"
PAY = "low: 38000, high: null"

MISTAKES = [
    # references
    (CASES, "domain: hr", "domain: law", f"{CASES}:6:11", "no-such-id"),
    (CASES, "banking]", "farming]", f"{CASES}:7:23", "no-such-id"),
    (CASES, "modules: [m1]", "modules: [m9]", f"{CASES}:10:13", "no-such-id"),
    (ROLE, "levels: {prompting: 3}", "levels: {cooking: 3}", f"{ROLE}:14:10", "no-such-id"),
    (ROLE, "sectors: [banking]", "sectors: [farming]", f"{ROLE}:15:11", "no-such-id"),
    (ROLE, "leads_to: [trainer]", "leads_to: [tamer]", f"{ROLE}:16:12", "no-such-id"),
    (OFFER, "skills: [prompting]", "skills: [cooking]", f"{OFFER}:10:10", "no-such-id"),
    (STORY, "domain: hr", "domain: law", f"{STORY}:10:9", "no-such-id"),
    (STORY, "role: prompt-engineer", "role: tamer", f"{STORY}:11:7", "no-such-id"),
    (STORY, "[m1, m2]", "[m1, m9]", f"{STORY}:12:15", "no-such-id"),
    (WORDS, "see: [text]", "see: [texte]", f"{WORDS}:5:9", "no-such-id"),
    (WORDS, "skill: prompting", "skill: cooking", f"{WORDS}:6:10", "no-such-id"),
    (FACTS, "modules: [m1]", "modules: [m9]", f"{FACTS}:7:13", "no-such-id"),
    (PATH, "domain: marketing", "domain: law", f"{PATH}:4:9", "no-such-id"),
    (PATH, "modules: [m2]", "modules: [m9]", f"{PATH}:7:56", "no-such-id"),
    ("modules/m1/quiz.yaml", "documents: [policy]", "documents: [charter]", "modules/m1/quiz.yaml:4:17", "no-such-id"),
    ("modules/m1/module.yaml", "documents: [policy]", "documents: [charter]", "modules/m1/module.yaml:11:124", "no-such-id"),
    (
        "modules/m1/exercises/recap.yaml",
        "documents: [policy]",
        "documents: [charter]",
        "modules/m1/exercises/recap.yaml:6:17",
        "no-such-id",
    ),
    # ids
    ("sectors.yaml", "id: banking", "id: industry", "sectors.yaml:4:7", "id-twice"),
    (CASES, "id: replies", "id: minutes", f"{CASES}:11:7", "id-twice"),
    (CASES, "id: replies", "id: replies\n  was: minutes", f"{CASES}:12:8", "was-in-use"),
    (ROLE, "id: prompt-engineer", "id: prompter", f"{ROLE}:1:5", "id-and-name"),
    (PAPER, "id: policy", "id: charter", f"{PAPER}:1:5", "id-and-name"),
    (WORDS, "fr: [texte, textes]", "fr: [texte, Ancrage]", f"{WORDS}:10:42", "form-twice"),
    # shapes
    (ROLE, "family: business", "family: magic", f"{ROLE}:3:9", "choice"),
    (ROLE, "technicality: light", "technicality: heavy", f"{ROLE}:4:15", "choice"),
    (ROLE, "levels: {prompting: 3}", "levels: {prompting: 5}", f"{ROLE}:14:21", "range"),
    (ROLE, '  - {en: "Teach.", fr: "Transmettre."}\n', "", f"{ROLE}:7:3", "empty"),
    (ROLE, PAY, "low: null, high: null", f"{ROLE}:18:80", "pay"),
    (ROLE, PAY, "low: 38000, high: 3800", f"{ROLE}:18:81", "pay"),
    (ROLE, "per: year", "per: month", f"{ROLE}:18:107", "choice"),
    (OFFER, "kind: course", "kind: cruise", f"{OFFER}:3:7", "choice"),
    (OFFER, "[cpf, own]", "[cpf, luck]", f"{OFFER}:8:16", "choice"),
    (CASES, "value: 2", "value: 4", f"{CASES}:8:10", "range"),
    (PAPER, "kind: policy", "kind: poem", f"{PAPER}:3:7", "choice"),
    (WORDS, "fr: [ancrage, ancrages]", "fr: []", f"{WORDS}:4:10", "language-missing"),
    (WORDS, "en: [anchoring]", 'en: ["-"]', f"{WORDS}:4:10", "form"),
    (STORY, 'fr: "Mois 1"', 'de: "Monat 1"', f"{STORY}:8:12", "language-missing"),
    ("modules/m1/reviews.yaml", "mechanic: choice", "documents: [policy]\n  mechanic: choice", "modules/m1/reviews.yaml:2:3", "unknown-key"),
    # dates
    (ROLE, 'as_of: "2026-01-15"', 'as_of: "2026-02-30"', f"{ROLE}:21:8", "date"),
    (ROLE, 'as_of: "2026-01-15"', "as_of: 15/01/2026", f"{ROLE}:21:8", "date"),
    (ROLE, "review_after: 2027-01-15", "review_after: 2026-01-15", f"{ROLE}:22:15", "dates"),
    (OFFER, 'review_after: "2026-08-01"', 'review_after: "2025-08-01"', f"{OFFER}:12:15", "dates"),
    (FACTS, 'review_after: "2026-06-01"', 'review_after: "2025-06-01"', f"{FACTS}:6:17", "dates"),
    # texts
    (CASES, "**drafts**", "[drafts](there)", f"{CASES}:3:21", "link"),
    (PATH, "Only *one*.", "# One", f"{PATH}:6:57", "heading"),
    (PATH, "modules: [m2]", "modules: []", f"{PATH}:7:55", "step"),
]  # fmt: skip


def test_a_form_with_the_other_apostrophe_is_the_same_form(tmp_path: Path) -> None:
    words = FULL[WORDS].replace("[ancrage, ancrages]", "[ancrage, l’ancre]").replace("[texte, textes]", '[texte, "l\'ancre"]')
    with pytest.raises(ProblemsFound) as raised:
        read_pack(write(tmp_path, {**FULL, WORDS: words}))
    assert [problem.code for problem in raised.value.problems] == ["form-twice"]


@pytest.mark.parametrize(("name", "old", "new", "where", "code"), MISTAKES, ids=[f"{row[4]}-{row[3]}" for row in MISTAKES])
def test_each_mistake_is_told_with_file_line_and_column(
    tmp_path: Path, name: str, old: str, new: str, where: str, code: str
) -> None:
    assert (where, code) in problems_of(write(tmp_path, changed(name, old, new)))


def test_a_step_of_a_path_may_be_an_hour_together(tmp_path: Path) -> None:
    files = changed("paths/first-weeks.yaml", "modules: [m1]", "modules: []")
    (path,) = read_pack(write(tmp_path, files)).catalogue.paths
    assert [step["modules"] for step in path.steps] == [[], ["m2"]]


@pytest.mark.parametrize(
    "name",
    [
        "documents/charter.en.md",
        "documents/policy.de.md",
        "documents/old/policy.en.md",
        "glossary/more.md",
        "facts/old/figures.yaml",
        "roles/notes.md",
        "use_cases/office.yaml",
        "sector.yaml",
    ],
)
def test_a_file_that_nothing_refers_to_is_told(tmp_path: Path, name: str) -> None:
    assert problems_of(write(tmp_path, {**FULL, name: "[]\n"})) == [(name, "stray")]


def test_a_document_needs_its_text_in_every_language(tmp_path: Path) -> None:
    files = {name: text for name, text in FULL.items() if name != "documents/policy.fr.md"}
    assert problems_of(write(tmp_path, files)) == [(f"{PAPER}:1:5", "no-such-file")]


def test_what_refers_to_a_file_that_could_not_be_read_is_not_called_wrong(tmp_path: Path) -> None:
    files = {**FULL, PAPER: FULL[PAPER].replace("kind: policy", "kind: poem")}
    files[WORDS] = files[WORDS].replace('name: {en: "Text", fr: "Texte"}', 'name: "Text"')
    assert problems_of(write(tmp_path, files)) == [(PAPER + ":3:7", "choice"), (f"{WORDS}:8:9", "type")]


def test_all_of_it_is_optional(tmp_path: Path) -> None:
    assert read_pack(write(tmp_path, FILES)).catalogue == Catalogue()


def test_entries_stand_in_the_order_of_files_and_in_files(tmp_path: Path) -> None:
    more = FULL[CASES].replace("id: minutes", "id: plan").replace("id: replies", "id: notes")
    catalogue = read_pack(write(tmp_path, {**FULL, "use-cases/a-first.yaml": more})).catalogue
    assert [one.id for one in catalogue.use_cases] == ["plan", "notes", "minutes", "replies"]
    assert [one.id for one in catalogue.roles] == ["prompt-engineer", "trainer"]


def test_a_sound_catalogue_is_read(tmp_path: Path) -> None:
    pack = read_pack(write(tmp_path, FULL))
    catalogue = pack.catalogue
    role, trainer = catalogue.roles
    assert (role.levels, role.sectors, role.leads_to, trainer.levels) == ({"prompting": 3}, ("banking",), ["trainer"], {})
    assert role.summary["fr"] == "<p>Écrit des <em>demandes</em>.</p>"
    assert role.duties == {"en": ["Write.", "Test.", "Teach."], "fr": ["Écrire.", "Tester.", "Transmettre."]}
    assert (role.as_of, role.review_after) == (dt.date(2026, 1, 15), dt.date(2027, 1, 15))
    assert role.pay == [
        {
            "country": "FR",
            "experience": {"en": "Junior", "fr": "Débutant"},
            "low": 38000,
            "high": None,
            "currency": "EUR",
            "per": "year",
            "year": 2024,
            "source": {"en": "A survey", "fr": "Une enquête"},
        }
    ]
    assert catalogue.portraits[0].steps == {
        "en": [{"when": "Month 1", "what": "Tried."}],
        "fr": [{"when": "Mois 1", "what": "Essayé."}],
    }
    assert catalogue.paths[0].steps == [
        {
            "title": {"en": "Week 1", "fr": "Semaine 1"},
            "note": {"en": "<p>Only <em>one</em>.</p>", "fr": "<p>Un <em>seul</em>.</p>"},
            "modules": ["m1"],
        },
        {"title": {"en": "Week 2", "fr": "Semaine 2"}, "note": None, "modules": ["m2"]},
    ]
    assert catalogue.documents[0].html["fr"].startswith("<h2>Règles</h2>\n<table>")
    assert catalogue.terms[0].forms == {"en": ["anchoring"], "fr": ["ancrage", "ancrages"]}
    first = pack.modules[0]
    assert [activity.documents for activity in first.activities] == [(), (), ("policy",), (), ()]
    assert [item.documents for activity in first.activities for item in activity.items] == [("policy",), (), ("policy",), ()]
