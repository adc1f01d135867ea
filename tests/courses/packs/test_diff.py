"""What a publish would change is told by the publisher itself, and nothing is written."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from courses.models import Activity, PackVersion
from courses.packs import impact
from courses.packs.diff import Comparison, compare_pack
from courses.packs.diff_words import say_comparison
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from tests.courses.packs.full import FULL
from tests.courses.packs.small import FILES, LESSON_LINE, write

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
MORE = '  - {id: m1-more, kind: lesson, title: {en: "More", fr: "Plus"}, minutes: 3, file: more}\n'


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue in a project without people."""
    monkeypatch.setattr(impact, "impact_providers", [])


@pytest.fixture
def published(tmp_path: Path, alone: None) -> Path:
    folder = write(tmp_path, FULL)
    publish_pack(pack=read_pack(folder), now=NOW)
    return folder


def edit(folder: Path, name: str, *pairs: tuple[str, str]) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")


def compare(folder: Path) -> Comparison:
    return compare_pack(pack=read_pack(folder), now=NOW)


def lines(folder: Path) -> list[str]:
    pack = read_pack(folder)
    return list(say_comparison(compare_pack(pack=pack, now=NOW), pack))[2:]


def everything() -> dict[str, list[dict[str, object]]]:
    models = apps.get_app_config("courses").get_models(include_auto_created=True)
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def test_a_day_of_edits_is_told_module_by_module(published: Path) -> None:
    edit(
        published,
        "modules/m1/module.yaml",
        ("minutes: 5, file: lesson}\n", f"minutes: 7, file: lesson}}\n{MORE}"),
        ("pass_mark: 0.8", "pass_mark: 0.9"),
        ("id: m1-site", "id: m1-place, was: m1-site"),
        (", required: false", ""),
        ("Begin.", "Begin here."),
    )
    write(published, {"modules/m1/more.en.md": "More.\n", "modules/m1/more.fr.md": "Plus.\n"})
    edit(published, "modules/m1/lesson.fr.md", ("Un *texte*.", "Un *autre texte*."))
    edit(published, "modules/m1/quiz.yaml", ("correct: [b]", "correct: [a]"), ('"Sort."', '"Sort them."'), ("core: 1", "core: 2"))
    edit(
        published,
        "modules/m1/exercises/recap.yaml",
        ("    domain: marketing\n", ""),
        ("m1-recap-any\n", "m1-recap-any\n    domain: hr\n"),
    )
    edit(published, "modules/m1/quiz.yaml", ("id: m1-q-two", "id: m1-q-last\n    was: m1-q-two"))
    edit(published, "modules/m1/reviews.yaml", ("m1-r-one", "m1-r-first"))
    edit(published, "modules/m2/module.yaml", ("prerequisites: [m1]", "prerequisites: []"))
    edit(published, "domains.yaml", ('"People."', '"Folk."'))
    assert lines(published) == [
        "Track prompting “Prompting”",
        "  Newly required: m1-more, m1-place.",
        "    Who has completed the track keeps that, and finds it still to do.",
        "    To ask it of them too, write edition: 2 in tracks/prompting.yaml.",
        "  Module m1 “First”",
        "    ~ module m1: summary (en)",
        "    ~ activity m1-lesson: minutes 5 → 7; text (fr)",
        "    + activity m1-more: “More”, lesson, required, 3 minutes",
        "    ~ item m1-recap-marketing: domain",
        "    ~ item m1-recap-any: domain",
        "    ~ activity m1-quiz: pass mark 0.80 → 0.90; draw",
        "    + item m1-q-last",
        "    ~ item m1-q-one: key",
        "    - item m1-q-two",
        "        Who has done it already has done it: that stays.",
        "        Attempts handed in keep their score; the next ones are graded by the new key.",
        "    > activity m1-site is called m1-place: progress follows; required no → yes",
        "    + review card m1-r-first",
        "    - review card m1-r-one",
        "  Module m2 “Second”",
        "    ~ module m2: prerequisites m1 → –",
        "Beside the tracks",
        "  ~ domain hr: description (en)",
    ]


def test_what_comes_and_goes_as_a_whole_is_one_line(published: Path) -> None:
    edit(published, "tracks/prompting.yaml", ("[m1, m2]", "[m1, m3]"))
    moved = {f"modules/m3/{path.name}": path.read_text() for path in (published / "modules" / "m2").iterdir()}
    for path in (published / "modules" / "m2").iterdir():
        path.unlink()
    write(published, {name: text.replace("m2", "m3") for name, text in moved.items()})
    for path in published.rglob("*.yaml"):
        path.write_text(path.read_text().replace("modules: [m2]", "modules: [m3]").replace("[m1, m2]", "[m1, m3]"))
    said = lines(published)
    assert said[:8] == [
        "Track prompting “Prompting”",
        "  Newly required: m3-lesson.",
        "    Who has completed the track keeps that, and finds it still to do.",
        "    To ask it of them too, write edition: 2 in tracks/prompting.yaml.",
        "  Module m3 “Second”",
        "    + module m3: 1 activity",
        "  Module m2",
        "    - module m2",
    ]
    publish_pack(pack=read_pack(published), now=NOW)
    edit(published, "modules/m1/module.yaml", (LESSON_LINE, ""))
    for code in ("en", "fr"):
        (published / f"modules/m1/lesson.{code}.md").unlink()
    assert lines(published) == [
        "Track prompting “Prompting”",
        "  Module m1 “First”",
        "    - activity m1-lesson",
        "        Who has done it keeps that in their history; it counts no more.",
    ]


def test_what_only_makes_room_is_not_another_order(published: Path) -> None:
    text = (published / "modules/m1/module.yaml").read_text()
    first = next(line for line in text.splitlines(keepends=True) if "m1-lesson" in line)
    mission = next(line for line in text.splitlines(keepends=True) if "m1-mission" in line)
    edit(published, "modules/m1/module.yaml", (mission, ""), (first, mission + first))
    assert lines(published)[1:] == [
        "  Module m1 “First”",
        "    ~ another order: m1-mission, m1-lesson, m1-recap, m1-quiz, m1-site",
    ]


def test_files_that_differ_in_nothing_that_learners_find(published: Path) -> None:
    edit(published, "modules/m1/quiz.yaml", ("draw:", "# A remark.\ndraw:"))
    pack = read_pack(published)
    assert list(say_comparison(compare_pack(pack=pack, now=NOW), pack))[1:] == [
        "  Nothing: the files differ, what learners find does not."
    ]


def test_nothing_is_written_and_the_publisher_then_does_what_was_told(published: Path) -> None:
    edit(
        published, "modules/m1/module.yaml", (LESSON_LINE, f"{LESSON_LINE}{MORE}"), ("id: m1-site", "id: m1-place, was: m1-site")
    )
    write(published, {"modules/m1/more.en.md": "More.\n", "modules/m1/more.fr.md": "Plus.\n"})
    edit(published, "modules/m2/module.yaml", ("prerequisites: [m1]", "prerequisites: []"))
    edit(published, "domains.yaml", ('"People."', '"Folk."'))
    before = everything()
    told = compare(published)
    assert everything() == before
    made = publish_pack(pack=read_pack(published), now=NOW).changes
    assert {(change.kind, change.id) for change in told.changes if change.action == "added"} == {("activities", "m1-more")}
    assert made["activities"].added == ["m1-more"]
    assert made["activities"].renamed == {"m1-site": "m1-place"}
    changed = {(change.kind, change.id) for change in told.changes if change.action in ("changed", "renamed")}
    prerequisites = {("modules", "m2")}  # joined with other modules; its own row is as it was
    assert changed - prerequisites == {(kind, one) for kind, of in made.items() for one in of.changed}


def test_before_the_first_publication_everything_is_new(tmp_path: Path, alone: None) -> None:
    folder = write(tmp_path, FILES)
    out = StringIO()
    call_command("publish_content", str(folder), "--diff", stdout=out)
    assert out.getvalue().splitlines()[-1] == "This pack has not been published yet: everything in it is new."
    assert not PackVersion.objects.exists()
    assert not Activity.objects.exists()


def test_the_same_files_again(published: Path) -> None:
    out = StringIO()
    call_command("publish_content", str(published), "--diff", stdout=out)
    assert out.getvalue().splitlines()[-1] == "Nothing has changed since version 1."


def test_what_could_not_be_published_is_said_in_the_same_way(published: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", {**FILES, "pack.yaml": FILES["pack.yaml"].replace("id: small", "id: other")})
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("publish_content", str(other), "--diff", stdout=StringIO(), stderr=err)
    assert "The id “prompting” belongs to another pack." in err.getvalue()


def test_in_french(published: Path) -> None:
    edit(published, "modules/m1/quiz.yaml", ("correct: [b]", "correct: [a]"), ("Parce que.", "Voici pourquoi."))
    with translation.override("fr"):
        assert lines(published) == [
            "Parcours prompting «\u202fFormuler\u202f»",
            "  Module m1 «\u202fPremier\u202f»",
            "    ~ question m1-q-one\u202f: corrigé\u202f; textes (fr)",
            "        Les tentatives rendues gardent leur note\u202f; les suivantes suivent le nouveau corrigé.",
        ]


def test_it_costs_the_same_for_one_change_and_for_many(published: Path) -> None:
    edit(published, "modules/m1/quiz.yaml", ("correct: [b]", "correct: [a]"))
    with CaptureQueriesContext(connection) as one:
        assert len(compare(published).changes) == 1
    for name in ("modules/m1/quiz.yaml", "modules/m1/exercises/recap.yaml"):
        text = (published / name).read_text(encoding="utf-8")
        (published / name).write_text(text.replace('why: {en: "', 'why: {en: "So: '), encoding="utf-8")
    with CaptureQueriesContext(connection) as many:
        assert len(compare(published).changes) == 4
    assert len(many) == len(one)
