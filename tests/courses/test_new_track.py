"""`new_track` writes something that can be published as it stands, and never writes over anything."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from courses import models
from courses.grading import best_response, constant_responses, grade
from courses.models import Activity, PackVersion, Track
from courses.packs.content import Graded, Module
from courses.packs.reader import read_pack
from courses.packs.shipped import SHIPPED
from tests.courses.packs.small import FILES, write


def new_track(*arguments: object) -> str:
    out = StringIO()
    call_command("new_track", *map(str, arguments), stdout=out)
    return out.getvalue()


def graded(module: Module) -> Iterator[Graded]:
    for activity in module.activities:
        yield from activity.items
    yield from module.cards


def both(value: Any) -> Iterator[tuple[str, str]]:
    """Every text below a value, English and French: a text is what stands under both languages."""
    if is_dataclass(value):
        for one in fields(value):
            yield from both(getattr(value, one.name))
    elif isinstance(value, dict) and set(value) == {"en", "fr"}:
        yield from zip(leaves(value["en"]), leaves(value["fr"]), strict=True)
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from both(inner)


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [leaf for inner in (value.values() if isinstance(value, dict) else value) for leaf in leaves(inner)]
    return [re.sub(r"<[^>]+>", "", value)]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "Safety first"
    new_track(folder, "safe-answers", "--skill", "critical-evaluation", "--module", "safe1", "safe2")
    return folder


@pytest.mark.django_db
def test_from_nothing_to_a_published_track(tmp_path: Path) -> None:
    folder = tmp_path / "safety"
    said = new_track(folder, "safe-answers", "--skill", "critical-evaluation")
    assert said.splitlines()[-1] == f"  manage.py publish_content {folder} --check"
    assert str(folder / "modules" / "safe-answers-1" / "quiz.yaml") in said
    out = StringIO()
    call_command("publish_content", str(folder), "--check", stdout=out)
    assert "1 tracks, 1 modules, 6 activities, 8 exercises and questions: all sound." in out.getvalue()
    call_command("publish_content", str(folder), stdout=out)
    assert "version 1" in out.getvalue()
    assert [track.slug for track in Track.objects.current()] == ["safe-answers"]
    before = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.*")}
    with pytest.raises(CommandError) as refusal:
        new_track(folder, "safe-answers", "--skill", "critical-evaluation")
    existing = [line.split(": ")[0] for line in str(refusal.value).splitlines()]
    assert existing == [line.strip() for line in said.splitlines()[3:-2]]
    assert {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.*")} == before


@pytest.mark.django_db
def test_a_second_track_for_a_pack_that_is_published_with_it(pack: Path) -> None:
    new_track(pack, "more-answers", "--skill", "critical-evaluation")
    call_command("publish_content", str(pack), stdout=StringIO())
    assert set(models.Module.objects.values_list("slug", flat=True)) == {"safe1", "safe2", "more-answers-1"}
    assert [one.slug for one in models.Module.objects.get(slug="safe2").prerequisites.all()] == ["safe1"]
    assert Activity.objects.count() == 18
    assert PackVersion.objects.get().pack.slug == "safety-first"


def test_a_track_for_a_pack_of_other_domains_and_languages(tmp_path: Path) -> None:
    files = {name: re.sub(r', fr: "[^"]*"', "", text).replace("[en, fr]", "[en]") for name, text in FILES.items()}
    files = {name: text for name, text in files.items() if not name.endswith(".fr.md")}
    folder = write(tmp_path, {**files, "domains.yaml": files["domains.yaml"].replace("marketing", "aid")})
    write(folder, {"modules/m1/exercises/recap.yaml": files["modules/m1/exercises/recap.yaml"].replace("marketing", "aid")})
    new_track(folder, "second", "--skill", "prompting", "--module", "s1")
    found = read_pack(folder)
    assert found.languages == ("en",)
    assert {item.domain for activity in found.activities for item in activity.items if item.id.startswith("s1-")} == {"aid", None}


def test_a_new_pack_in_languages_of_its_own(tmp_path: Path) -> None:
    new_track(tmp_path, "first", "--skill", "listening", "--languages", "fr", "de")
    pack = read_pack(tmp_path)
    assert pack.languages == ("fr", "de")
    assert pack.skills[0].name == {"fr": "Listening", "de": "Listening"}
    lesson = pack.activities[0]
    assert lesson.body["fr"]["cards"][0]["title"] == "Cela se lit bien dans les deux cas"
    assert lesson.body["de"]["cards"][0]["title"] == "It reads well either way"


def test_a_shipped_skill_brings_its_own_words(pack: Path) -> None:
    shipped = {skill.id: skill for skill in read_pack(SHIPPED).skills}
    assert read_pack(pack).skills[0] == shipped["critical-evaluation"]


def test_every_id_begins_with_its_module(pack: Path) -> None:
    for module in read_pack(pack).modules:
        ids = [activity.id for activity in module.activities] + [item.id for item in graded(module)]
        assert [one for one in ids if not one.startswith(f"{module.id}-")] == []


def test_the_sample_keeps_the_rules_that_it_teaches(pack: Path) -> None:
    module = read_pack(pack).modules[0]
    assert {activity.kind for activity in module.activities} == {"lesson", "exercise", "mission", "quiz"}
    assert len({item.mechanic for activity in module.activities if activity.kind == "exercise" for item in activity.items}) == 2
    quiz = module.activities[-1]
    assert sum(quiz.draw.values()) < len(quiz.items)
    pairs = list(both(module))
    assert len(pairs) > 100
    for english, french in pairs:
        assert re.findall(r"\d+", english) == re.findall(r"\d+", french)
        assert not re.search(r"(?<![\u202f\d])[;:!?»](?!\d)|«(?!\u202f)|['\"]", french), french
        assert not re.search(r"['\"«»\u202f]", english), english


def test_the_sample_can_be_answered_and_not_guessed(pack: Path) -> None:
    blind: dict[tuple[str, str], list[float]] = {}
    for item in graded(read_pack(pack).modules[0]):
        best = best_response(item.mechanic, item.payload, item.key)
        assert grade(item.mechanic, item.payload, item.key, best).score == pytest.approx(1)
        for strategy, responses in constant_responses(item.mechanic, item.payload, item.key).items():
            scores = [grade(item.mechanic, item.payload, item.key, response).score for response in responses]
            blind.setdefault((item.mechanic, strategy), []).append(sum(scores) / len(scores))
    assert {strategy for strategy, scores in blind.items() if sum(scores) / len(scores) >= 0.7} == set()


def test_a_place_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(CommandError, match="This is not a folder"):
        new_track(tmp_path / "file", "safe", "--skill", "prompting")
    (tmp_path / "tracks").write_text("here")
    with pytest.raises(CommandError, match="tracks: "):
        new_track(tmp_path, "safe", "--skill", "prompting")
    assert not list(tmp_path.rglob("*.yaml"))


def test_a_pack_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").mkdir()
    with pytest.raises(CommandError, match=r"pack\.yaml: Is a directory"):
        new_track(tmp_path, "safe", "--skill", "prompting")


def test_a_folder_with_a_very_long_name_makes_a_sound_pack(tmp_path: Path) -> None:
    new_track(tmp_path / ("x" * 240), "safe", "--skill", "prompting")
    assert read_pack(tmp_path / ("x" * 240)).title["en"] == "x" * 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Safe Answers", "--skill", "prompting"], "“Safe Answers” is not an id."),
        (["safe", "--skill", "listening"], "skills.yaml: This pack has no skill “listening”. It has: prompting."),
        (["safe", "--skill", "prompting", "--module", "s1", "s1"], "The module “s1” is named twice."),
        (["safe", "--skill", "prompting", "--module", "m" * 41], "is too long for a module."),
        (["safe", "--skill", "prompting", "--languages", "en"], "pack.yaml: This pack is in: en, fr."),
        (["safe", "--skill", "prompting", "--module", "m1"], "modules/m1/module.yaml: This file exists already."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(tmp_path: Path, arguments: list[str], said: str) -> None:
    write(tmp_path, FILES)
    with pytest.raises(CommandError) as refusal:
        new_track(tmp_path, *arguments)
    assert said in str(refusal.value)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")} == set(FILES)
