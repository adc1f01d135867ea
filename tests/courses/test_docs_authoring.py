"""docs/authoring.md is a walk through from nothing to a published pack: every command and every change on it is tried, in its order."""

import re
import shlex
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.models import Track
from courses.packs import format as formats
from courses.packs.findings import Findings
from courses.packs.found import GROUP, find_pack
from courses.packs.graded import read_exercise, read_quiz
from courses.packs.marked import read_yaml
from tests.courses.packs.small import write

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^```(console|diff|toml)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
REFERENCE = PAGE.partition("## Files, one by one\n")[2].partition("\n## ")[0]
EXAMPLES = dict(re.findall(r"^`([\w/.-]+)`[^\n]*\n\n((?:    .*\n)+)", REFERENCE, re.MULTILINE))
SHAPES = {
    "pack.yaml": formats.PackFile,
    "skills.yaml": formats.Row,
    "domains.yaml": formats.Row,
    "tracks/prompt-engineering.yaml": formats.TrackFile,
    "modules/pe1/module.yaml": formats.ModuleFile,
    "exercises/recap.yaml": formats.ExerciseFile,
    "quiz.yaml": formats.QuizFile,
    "mission.yaml": formats.MissionFile,
    "reviews.yaml": formats.Question,
}


def says(command: str) -> list[str]:
    """What a terminal would show."""
    out = StringIO()
    try:
        call_command(*shlex.split(command.removeprefix("manage.py ")), stdout=out, stderr=out)
    except CommandError as error:
        out.write(f"CommandError: {error}\n")
    return out.getvalue().splitlines()


def fits(shown: list[str], said: list[str]) -> bool:
    """“…” stands for anything in a line, and alone on a line for any number of lines."""
    lines = [r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in shown]
    return re.fullmatch("".join(lines), "".join(f"{line}\n" for line in said)) is not None


def change(block: str) -> None:
    """Replaces the lines with “-” by those with “+” that follow them, file by file."""
    for name, pairs in re.findall(r"^--- (\S+)\n((?:[-+](?!-- ).*\n)+)", block, re.MULTILINE):
        text = Path(name).read_text(encoding="utf-8")
        for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", pairs, re.MULTILINE):
            before, after = (re.sub(r"^[-+]", "", lines, flags=re.MULTILINE) for lines in (old, new))
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        Path(name).write_text(text, encoding="utf-8")


def install(project: str, site: Path) -> None:
    """Puts the package that pyproject.toml describes where an installer would, with the sample as its pack."""
    said = tomllib.loads(project)["project"]
    (name, value), *_rest = said["entry-points"][GROUP].items()
    info = site / f"{said['name'].replace('-', '_')}-{said['version']}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {said['name']}\nVersion: {said['version']}\n"
    write(info, {"METADATA": metadata, "entry_points.txt": f"[{GROUP}]\n{name} = {value}\n"})
    package, _colon, inside = value.partition(":")
    folder = site / package / inside.replace(".", "/")
    call_command("new_track", folder, "acme-safe", "--skill", "critical-evaluation", "--module", "acme1", stdout=StringIO())
    assert find_pack(name).folder == folder


@pytest.mark.django_db
def test_the_walk_works_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    tried = 0
    for kind, block in STEPS:
        if kind == "diff":
            change(block)
        elif kind == "toml":
            install(block, tmp_path / "site")
        else:
            for call in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
                said = says(call[0])
                assert fits(call[1].splitlines(), said), "\n".join([call[0], *said])
                tried += 1
    assert tried == len(re.findall(r"^\$ ", PAGE, re.MULTILINE))
    assert [track.slug for track in Track.objects.current()] == ["safe-answers"]


def test_every_file_has_an_example() -> None:
    assert set(EXAMPLES) == set(SHAPES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_is_sound_and_names_every_field(name: str) -> None:
    shape = SHAPES[name]
    findings = Findings()
    # “…” at the end of a list stands for more of the same.
    said = read_yaml(name, re.sub(r"\[(.*), …\]", r"[\1, \1]", EXAMPLES[name]), findings).value
    assert [str(problem) for problem in findings.problems] == []
    entry = said[0] if isinstance(said, list) else said
    shape.model_validate(entry, context={"languages": ("en", "fr")})
    optional = {"was"} if name != "reviews.yaml" else {"was", "weight", "brief", "document", "documents"}
    assert set(entry) | optional == set(shape.model_fields) | optional
    if name == "modules/pe1/module.yaml":
        assert {one["kind"] for one in entry["activities"]} == {"lesson", "exercise", "quiz", "mission", "external"}
        named = {field for one in entry["activities"] for field in one}
        assert named | {"was"} == set(formats.ActivityEntry.model_fields)
    if name in ("exercises/recap.yaml", "quiz.yaml"):
        inner = entry.get("variants") or entry["items"]
        shape = formats.Variant if "variants" in entry else formats.PoolQuestion
        assert set(inner[0]) | {"was"} == set(shape.model_fields)


@pytest.mark.parametrize("name", ["exercises/recap.yaml", "quiz.yaml"])
def test_the_key_of_the_example_would_be_accepted(name: str, tmp_path: Path) -> None:
    from courses.packs.desk import Desk
    from courses.packs.files import read_files

    findings = Findings()
    desk = Desk(read_files(write(tmp_path, {name: EXAMPLES[name]}), findings), findings, languages=("en", "fr"))
    assert (read_exercise if name.startswith("exercises") else read_quiz)(desk, name, "") is not None
    assert [str(problem) for problem in findings.problems] == []
