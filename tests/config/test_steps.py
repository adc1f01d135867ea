"""Set-up steps run when what they work from changed, and only then."""

from pathlib import Path

from config.runner.steps import Stamps, digest_of


def test_the_digest_follows_names_and_contents_not_dates(tmp_path: Path) -> None:
    (tmp_path / "app" / "static").mkdir(parents=True)
    sheet = tmp_path / "app" / "static" / "a.css"
    sheet.write_text("a {}")
    before = digest_of(["*/static/**/*"], tmp_path)

    sheet.touch()
    assert digest_of(["*/static/**/*"], tmp_path) == before
    sheet.write_text("b {}")
    assert digest_of(["*/static/**/*"], tmp_path) != before
    sheet.write_text("a {}")
    sheet.rename(sheet.with_name("b.css"))
    assert digest_of(["*/static/**/*"], tmp_path) != before


def test_folders_with_a_dot_are_not_read(tmp_path: Path) -> None:
    before = digest_of(["**/*.po"], tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "x.po").write_text("x")
    assert digest_of(["**/*.po"], tmp_path) == before


def test_a_new_database_has_seen_no_step_of_the_old_one(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "steps.json")
    stamps.put("sqlite: migrate", "1")
    stamps.put("postgres: migrate", "2")
    stamps.put("collectstatic", "3")
    stamps.forget("sqlite")
    stamps.put("compile_locale", "4")
    assert Stamps(tmp_path / "steps.json").done == {"postgres: migrate": "2", "collectstatic": "3", "compile_locale": "4"}


def test_a_broken_file_of_stamps_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "steps.json").write_text("{")
    assert Stamps(tmp_path / "steps.json").done == {}


def test_a_step_that_must_be_whole_and_was_interrupted_is_remembered(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "steps.json")
    assert stamps.half_made("sqlite") is False
    stamps.put("sqlite: demo begun", "")
    assert Stamps(tmp_path / "steps.json").half_made("sqlite") is True
    assert stamps.half_made("postgres") is False
    stamps.put("sqlite: demo", "1")
    assert stamps.half_made("sqlite") is False
    stamps.put("postgres: demo begun", "")
    stamps.forget("postgres")
    assert stamps.half_made("postgres") is False
