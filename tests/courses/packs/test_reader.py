import os
from pathlib import Path

import pytest

from courses.packs.reader import read_pack
from tests.courses.packs.small import FILES, edited, problems_of, write

MODULE = "modules/m1/module.yaml"
RECAP = "modules/m1/exercises/recap.yaml"
QUIZ = "modules/m1/quiz.yaml"

MISTAKES = [
    # YAML itself
    ("pack.yaml", "id: small", "id: [small", "pack.yaml:2:6", "yaml"),
    ("pack.yaml", "licence: BSD-3-Clause", "licence: *x", "pack.yaml:4:10", "alias"),
    ("pack.yaml", "licence: BSD-3-Clause", "licence: &x BSD", "pack.yaml:4:10", "alias"),
    ("pack.yaml", "licence: BSD-3-Clause", "licence: !!python/name:os.system x", "pack.yaml:4:10", "tag"),
    ("pack.yaml", "licence: BSD-3-Clause\n", "licence: B\n---\nid: two\n", "pack.yaml:5:1", "two-documents"),
    ("pack.yaml", "licence: BSD-3-Clause", "licence: B\nlicence: C", "pack.yaml:5:1", "name-twice"),
    ("pack.yaml", "licence: BSD-3-Clause", 'licence: "a\\0b"', "pack.yaml:4:10", "characters"),
    ("pack.yaml", "licence: BSD-3-Clause", "licence: " + "[" * 30 + "]" * 30, "pack.yaml:4:30", "too-deep"),
    ("pack.yaml", "licence: BSD-3-Clause", "licence: B\n[1, 2]: x", "pack.yaml:5:1", "name"),
    # shapes
    ("pack.yaml", "licence: BSD-3-Clause", "", "pack.yaml:1:1", "missing"),
    ("pack.yaml", "licence: BSD-3-Clause", "licence: B\ncolour: red", "pack.yaml:5:1", "unknown-key"),
    ("pack.yaml", "licence: BSD-3-Clause", "licence: 3", "pack.yaml:4:10", "type"),
    ("pack.yaml", "id: small", "id: Small Pack", "pack.yaml:1:5", "id"),
    ("pack.yaml", "[en, fr]", "[en, fr, en]", "pack.yaml:3:12", "language-twice"),
    (MODULE, "level: 1", "level: 5", f"{MODULE}:6:8", "range"),
    (MODULE, "level: 1", "level: 1.5", f"{MODULE}:6:8", "type"),
    (MODULE, "kind: lesson", "kind: film", f"{MODULE}:9:27", "choice"),
    (MODULE, "pass_mark: 0.8", "pass_mark: 80", f"{MODULE}:12:104", "range"),
    (MODULE, "activities:", "activities: []\nold:", f"{MODULE}:8:13", "empty"),
    # languages
    ("pack.yaml", ', fr: "Petit"', "", "pack.yaml:2:8", "language-missing"),
    (MODULE, 'fr: "Premier"', 'fr: ""', f"{MODULE}:2:8", "language-missing"),
    (MODULE, 'fr: "Premier"', 'fr: "Premier", de: "Erster"', f"{MODULE}:2:8", "language-unknown"),
    (RECAP, 'text: {en: "Fluff", fr: "Du vent"}', 'text: {en: "Fluff"}', f"{RECAP}:10:29", "text"),
    (RECAP, ', text: {en: "Fluff", fr: "Du vent"}', "", f"{RECAP}:10:11", "text"),
    (RECAP, 'goal: {en: "Yes.", fr: "Oui."}', 'goal: {en: "Yes."}', f"{RECAP}:17:13", "language-missing"),
    # ids and references
    (MODULE, "id: m1\n", "id: m9\n", f"{MODULE}:1:5", "id-and-name"),
    ("tracks/prompting.yaml", "id: prompting", "id: asking", "tracks/prompting.yaml:1:5", "id-and-name"),
    ("tracks/prompting.yaml", "skill: prompting", "skill: cooking", "tracks/prompting.yaml:2:8", "no-such-id"),
    ("tracks/prompting.yaml", "[m1, m2]", "[m1, m2, m3]", "tracks/prompting.yaml:5:19", "no-such-file"),
    ("tracks/prompting.yaml", "[m1, m2]", "[m1, m2, m1]", "tracks/prompting.yaml:5:19", "module-twice"),
    ("tracks/prompting.yaml", "[m1, m2]", "[m1]", "modules/m2/module.yaml", "orphan"),
    ("domains.yaml", "id: hr", "id: marketing", "domains.yaml:4:7", "id-twice"),
    ("domains.yaml", "id: hr\n", "id: hr\n  was: marketing\n", "domains.yaml:5:8", "was-in-use"),
    ("modules/m2/module.yaml", "id: m2-lesson", "id: m1-lesson", "modules/m2/module.yaml:9:10", "id-twice"),
    ("modules/m2/module.yaml", "prerequisites: [m1]", "prerequisites: [m7]", "modules/m2/module.yaml:7:17", "no-such-id"),
    (MODULE, "prerequisites: []", "prerequisites: [m2]", f"{MODULE}:1:5", "circle"),
    (RECAP, "domain: marketing", "domain: sales", f"{RECAP}:5:13", "no-such-id"),
    (RECAP, "id: m1-recap-any\n", "id: m1-recap-any\n    domain: marketing\n", f"{RECAP}:20:13", "domain-twice"),
    (RECAP, "id: m1-recap-any", "id: m1-recap-marketing", f"{RECAP}:19:9", "id-twice"),
    (QUIZ, "id: m1-q-two", "id: m1-recap-any", f"{QUIZ}:17:9", "id-twice"),
    ("modules/m1/mission.yaml", "domain: hr", "domain: law", "modules/m1/mission.yaml:4:14", "no-such-id"),
    # files
    (MODULE, "file: mission.yaml", "file: misson.yaml", f"{MODULE}:11:98", "no-such-file"),
    (MODULE, "file: mission.yaml", "file: ../../pack.yaml", f"{MODULE}:11:98", "outside"),
    (MODULE, ", file: mission.yaml", "", f"{MODULE}:11:5", "file"),
    (MODULE, "reviews: reviews.yaml", "", "modules/m1/reviews.yaml", "stray"),
    (MODULE, 'url: "https://example.com/a"', 'url: "javascript:alert(1)"', f"{MODULE}:13:84", "url"),
    # lessons
    ("modules/m1/lesson.en.md", "## First card", "# First card", "modules/m1/lesson.en.md:1:1", "heading"),
    ("modules/m1/lesson.en.md", "## Second card", "Second card", f"{MODULE}:9:86", "cards"),
    ("modules/m1/lesson.en.md", "Some *text*", "![a](b.png)", "modules/m1/lesson.en.md:3:1", "image"),
    ("modules/m1/lesson.en.md", "Some *text*", "[a](../pack.yaml)", "modules/m1/lesson.en.md:3:1", "link"),
    # exercises
    (RECAP, "mechanic: compose", "mechanic: guess", f"{RECAP}:1:11", "mechanic"),
    (RECAP, "goal: {slot: goal, quality: 1}", "goal: {slot: goal, quality: 0.7}", f"{RECAP}:14:37", "quality"),
    (RECAP, "goal: {slot: goal, quality: 1}", "gaol: {slot: goal, quality: 1}", f"{RECAP}:14:9", "unknown-id"),
    (RECAP, "goal: {slot: goal, quality: 1}", "goal: {slot: goal, quality: 0}", f"{RECAP}:12:21", "slot-unserved"),
    (RECAP, "goal: {slot: goal, quality: 1}", "goal: {slot: goal, quality: 1, note: x}", f"{RECAP}:14:40", "unknown-key"),
    (RECAP, "- {id: fluff", "- {id: goal", f"{RECAP}:9:9", "id-twice"),
    (RECAP, "      goal: {en", "      gaol: {en", f"{RECAP}:17:7", "feedback"),
    (QUIZ, "correct: [b]", "correct: [a, b]", f"{QUIZ}:14:20", "everything-correct"),
    (QUIZ, "correct: [b]", "correct: [c]", f"{QUIZ}:14:21", "unknown-id"),
    (QUIZ, "draw: {core: 1}", "draw: {core: 3}", f"{QUIZ}:1:14", "draw"),
    (QUIZ, "draw: {core: 1}", "draw: {case: 1}", f"{QUIZ}:1:14", "draw"),
    (QUIZ, "y: no}", "y: yes}", f"{QUIZ}:29:19", "one-bin"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "where", "code"), MISTAKES, ids=[f"{row[4]}-{row[3]}" for row in MISTAKES])
def test_each_mistake_is_told_with_file_line_and_column(
    tmp_path: Path, name: str, old: str, new: str, where: str, code: str
) -> None:
    assert (where, code) in problems_of(write(tmp_path, edited(name, old, new)))


def test_everything_wrong_is_told_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    files = edited(QUIZ, "correct: [b]", "correct: []")
    files[RECAP] = files[RECAP].replace("domain: marketing", "domain: sales").replace('fr: "Oui."', 'de: "Ja."')
    files[MODULE] = files[MODULE].replace("level: 1", "level: 0")
    write(tmp_path, files)
    # the module itself cannot be read, so that its files are not looked at yet
    assert problems_of(tmp_path) == [(f"{MODULE}:6:8", "range")]
    write(tmp_path, {MODULE: FILES[MODULE]})
    assert problems_of(tmp_path) == [
        (f"{RECAP}:17:13", "language-missing"),
        (f"{QUIZ}:14:20", "nothing-correct"),
    ]


def test_a_sound_pack_is_read(tmp_path: Path) -> None:
    pack = read_pack(write(tmp_path, FILES))
    assert [(track.id, [module.id for module in track.modules]) for track in pack.tracks] == [("prompting", ["m1", "m2"])]
    first = pack.modules[0]
    assert [(activity.id, activity.kind, activity.required, activity.pass_mark) for activity in first.activities] == [
        ("m1-lesson", "lesson", True, 0.7),
        ("m1-recap", "exercise", True, 0.7),
        ("m1-mission", "mission", True, 0.7),
        ("m1-quiz", "quiz", True, 0.8),
        ("m1-site", "external", False, 0.7),
    ]
    assert first.goals == {"en": ["Explain it."], "fr": ["Expliquer."]}
    assert [card.id for card in first.cards] == ["m1-r-one"]


def test_texts_leave_the_payload_and_order_stays(tmp_path: Path) -> None:
    exercise = read_pack(write(tmp_path, FILES)).modules[0].activities[1]
    marketing, for_all = exercise.items
    assert marketing.payload == {"blocks": [{"id": "goal"}, {"id": "fluff"}]}
    assert (marketing.domain, for_all.domain) == ("marketing", None)
    assert marketing.texts["fr"] == {
        "prompt": "",
        "brief": "<p>Une publication.</p>",
        "document": "",
        "why": "<p>C’est l’essentiel.</p>",
        "parts": {"goal": "Le but", "fluff": "Du vent"},
        "feedback": {"goal": "<p>Oui.</p>"},
    }
    assert exercise.body == {
        "en": {"prompt": "<p>Choose <strong>blocks</strong>.</p>"},
        "fr": {"prompt": "<p>Choisissez des <strong>blocs</strong>.</p>"},
    }


def test_words_of_yaml_stay_words(tmp_path: Path) -> None:
    """`yes` and `no` are bins here, and would be true and false to many a reader of YAML."""
    item = read_pack(write(tmp_path, FILES)).modules[0].activities[3].items[1]
    assert item.payload["bins"] == [{"id": "yes"}, {"id": "no"}]
    assert item.key == {"bin_of": {"x": "yes", "y": "no"}}
    assert item.texts["fr"]["parts"] == {"x": "X", "y": "Y", "bins.yes": "Oui", "bins.no": "Non"}


def test_mission_by_domain(tmp_path: Path) -> None:
    assert read_pack(write(tmp_path, FILES)).modules[0].activities[2].body["fr"] == {
        "brief": "<p>Essayez.</p>",
        "without_tool": "<p>Sur papier.</p>",
        "variants": {"hr": "<p>Une annonce.</p>"},
    }


def test_the_digest_follows_the_files_and_nothing_else(tmp_path: Path) -> None:
    digest = read_pack(write(tmp_path / "one", FILES)).digest
    assert read_pack(write(tmp_path / "two", dict(reversed(FILES.items())))).digest == digest
    assert (
        read_pack(write(tmp_path / "two", {"notes.txt": "x", ".hidden.yaml": "x", "modules/m2/text.en.md~": "x"})).digest
        == digest
    )
    assert read_pack(write(tmp_path / "two", {"modules/m2/text.en.md": "Another text.\n"})).digest != digest


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "nowhere") == [("", "no-folder")]


def test_a_folder_without_a_pack(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == [("pack.yaml", "no-such-file")]


def test_a_link_out_of_the_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("## Secret\n")
    pack = write(tmp_path / "pack", FILES)
    (pack / "modules/m2/text.en.md").unlink()
    (pack / "modules/m2/text.en.md").symlink_to(tmp_path / "secret.md")
    assert problems_of(pack) == [("modules/m2/text.en.md", "outside")]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pack = write(tmp_path, {name: text for name, text in FILES.items() if name != "skills.yaml"})
    os.mkfifo(pack / "skills.yaml")
    assert problems_of(pack) == [("skills.yaml", "no-file")]


@pytest.mark.parametrize(
    ("content", "where"), [(b"id: x\ntitle: \xe9t\xe9\n", "pack.yaml:2:8"), (b"\xff\xfei\0", "pack.yaml:1:1")]
)
def test_a_file_that_is_not_utf_8(tmp_path: Path, content: bytes, where: str) -> None:
    (write(tmp_path, FILES) / "pack.yaml").write_bytes(content)
    assert problems_of(tmp_path) == [(where, "not-utf-8")]


def test_a_byte_order_mark_and_windows_line_ends_are_no_trouble(tmp_path: Path) -> None:
    for name, text in FILES.items():
        write(tmp_path, {name: ""})
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_pack(tmp_path).title == {"en": "Small", "fr": "Petit"}


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    pack = write(tmp_path, FILES)
    with (pack / "skills.yaml").open("wb") as file:
        file.truncate(3_000_000_000)
    assert problems_of(pack) == [("skills.yaml", "too-large")]


def test_a_yaml_bomb_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" for n in range(1, 12)]
    assert problems_of(write(tmp_path, {**FILES, "skills.yaml": "\n".join(lines)}))[0] == ("skills.yaml:1:5", "alias")


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    assert problems_of(write(tmp_path, {**FILES, "skills.yaml": "[" * 200_000}))[0][1] in {"too-deep", "yaml"}
    assert problems_of(write(tmp_path, {**FILES, "skills.yaml": "- " * 200_000}))[0][1] in {"too-deep", "yaml"}


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    assert ("skills.yaml:1:1", "empty-file") in problems_of(write(tmp_path, {**FILES, "skills.yaml": "# nothing\n"}))
