"""`manage.py import_questions`, as an author meets it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.courses.imports.samples import FILES
from tests.courses.packs.small import FILES as PACK
from tests.courses.packs.small import write

EXACT_WORDS = (
    "An answer in exact words cannot be asked for: a right one in other words would be wrong. "
    "Offer its answers as a choice, or write an exercise of the mechanic “write”."
)


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("import_questions", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def test_the_report_says_of_every_question_what_became_of_it(tmp_path: Path) -> None:
    (tmp_path / "q.gift").write_text(
        "::One:: What? {=a#Yes ~b}\n\n::Two:: Who? {=Ada =Ben}\n\n::Three:: A <u>thing</u>? {T####Yes.}", encoding="utf-8"
    )
    pool = tmp_path / "pool.yaml"
    assert (
        run(tmp_path / "q.gift", "--into", pool, "--language", "en")
        == f"""\
q.gift (GIFT): 3 questions.

Carried: 1
  q.gift:1 “One” → one (choice)
    Still to write in en: why, feedback.b

Carried with losses: 1
  q.gift:5 “Three” → three (choice)
    - Colours, underlining and alignment are gone.
    Still to write in en: feedback.statement-true, feedback.statement-false

Not carried: 1
  q.gift:3 “Two” (shortanswer)
    {EXACT_WORDS}
    Its text: Who?
      100 %: Ada
      100 %: Ben

2 items were added to {pool}.
Publishing will ask for the texts that are still to write: manage.py publish_content --check
"""
    )


def test_settings_pictures_groups_and_translations_are_told(tmp_path: Path) -> None:
    pool = write(tmp_path, PACK) / "modules/m1/quiz.yaml"
    said = run(FILES / "quizpy.xml", "--into", pool, "--language", "en", "--group", "charts", "--prefix", "m1")
    assert "Settings that our pages decide for themselves, so many times: answernumbering (1), penalty (3)," in said
    assert f"Pictures were kept in {pool.with_name('quiz-pictures')}." in said
    assert "The pool draws nothing from the group “charts” yet: name it in “draw”." in said
    said = run(
        FILES / "moodle-tools.en.xml", "--into", pool, "--language", "en",
        "--translations", FILES / "moodle-tools.fr.xml", "--translation-language", "fr",
    )  # fmt: skip
    assert "The two files do not fit together everywhere:\n  moodle-tools.fr.xml:126:1: Other answers are right" in said


def test_a_trial_writes_nothing_and_says_so(tmp_path: Path) -> None:
    said = run(FILES / "moodlexport.xml", "--into", tmp_path / "pool.yaml", "--language", "en", "--dry-run")
    assert said.endswith("\nNothing was written: this was a trial.\n")
    assert list(tmp_path.iterdir()) == []


def test_the_format_can_be_forced(tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text("<quiz> is a tag. {T}", encoding="utf-8")
    with pytest.raises(CommandError):
        run(tmp_path / "q.txt", "--into", tmp_path / "pool.yaml", "--language", "en")
    assert "1 item was added" in run(tmp_path / "q.txt", "--into", tmp_path / "pool.yaml", "--language", "en", "--format", "gift")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<quiz>", "q.txt:1:7: This is not XML"),
        ("Only words.", "No question could be carried; nothing was written."),
        ("", "No question could be carried; nothing was written."),
    ],
)
def test_what_cannot_be_done_ends_with_an_error(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "q.txt").write_text(content, encoding="utf-8")
    err = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command(
            "import_questions",
            str(tmp_path / "q.txt"),
            "--into",
            str(tmp_path / "p.yaml"),
            "--language",
            "en",
            stdout=err,
            stderr=err,
        )
    assert said in f"{err.getvalue()}{failure.value}"
    assert not (tmp_path / "p.yaml").exists()


def test_a_translation_needs_its_language(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="go together"):
        run(FILES / "quizpy.xml", "--into", tmp_path / "p.yaml", "--language", "en", "--translations", FILES / "quizpy.xml")


def test_the_report_is_in_the_language_of_its_reader(tmp_path: Path) -> None:
    with translation.override("fr"):
        said = run(FILES / "moodlexport.xml", "--into", tmp_path / "pool.yaml", "--language", "en")
    assert "Reprises avec des pertes\u202f: 2\n" in said
    assert "  # Nom\u202f: Up and down\n" in (tmp_path / "pool.yaml").read_text(encoding="utf-8")


def test_a_file_where_the_pictures_would_go_is_said(tmp_path: Path) -> None:
    (tmp_path / "pool-pictures").write_text("here")
    with pytest.raises(CommandError, match="pool-pictures: File exists"):
        run(FILES / "quizpy.xml", "--into", tmp_path / "pool.yaml", "--language", "en")
    assert not (tmp_path / "pool.yaml").exists()


@pytest.mark.parametrize("language", ["EN", "english", "e: n"])
def test_a_language_that_no_pack_could_have_is_refused(tmp_path: Path, language: str) -> None:
    (tmp_path / "q.gift").write_text("Yes? {T}", encoding="utf-8")
    with pytest.raises(CommandError, match="1 thing to mend"):
        run(tmp_path / "q.gift", "--into", tmp_path / "pool.yaml", "--language", language)
    assert not (tmp_path / "pool.yaml").exists()
