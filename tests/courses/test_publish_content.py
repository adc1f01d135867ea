from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.models import PackVersion
from tests.courses.packs.full import FULL
from tests.courses.packs.small import FILES, edited, write

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("publish_content", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_publishes_and_says_what_changed(tmp_path: Path) -> None:
    folder = write(tmp_path, FILES)
    out, err = run(folder)
    assert "1 tracks, 2 modules, 6 activities, 4 exercises and questions" in out
    assert "  items: added 4\n" in out
    assert "version 1" in out
    assert err == ""
    write(folder, edited("modules/m2/module.yaml", "level: 2", "level: 3"))
    assert "  modules: changed 1\n  activities: nothing changed\n" in run(folder)[0]


def test_it_counts_what_stands_beside_the_tracks(tmp_path: Path) -> None:
    out, _err = run(write(tmp_path, FULL))
    assert (
        "Beside the tracks: sectors 2, documents 1, roles 2, training offers 1, use cases 2, glossary terms 2, facts 1, portraits 1,"
        " paths 1.\n" in out
    )
    assert "  roles: added 2\n  training offers: added 1\n" in out


def test_a_second_run_says_that_nothing_has_changed(tmp_path: Path) -> None:
    folder = write(tmp_path, FILES)
    run(folder)
    assert run(folder)[0].splitlines()[-1] == "Nothing has changed since version 1."


def test_check_writes_nothing(tmp_path: Path) -> None:
    run(write(tmp_path, FILES), "--check")
    assert not PackVersion.objects.exists()


@pytest.mark.parametrize("option", [[], ["--check"]])
def test_everything_wrong_is_printed_and_the_exit_code_is_one(tmp_path: Path, option: list[str]) -> None:
    files = edited("modules/m1/quiz.yaml", "correct: [b]", "correct: []")
    files["domains.yaml"] = files["domains.yaml"].replace("id: hr", "id: law")
    err = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("publish_content", str(write(tmp_path, files)), *option, stdout=StringIO(), stderr=err)
    assert failure.value.returncode == 1
    lines = err.getvalue().splitlines()
    assert [line.split(": ")[0] for line in lines] == ["modules/m1/mission.yaml:4:14", "modules/m1/quiz.yaml:14:20"]
    assert not PackVersion.objects.exists()


def test_without_a_path_the_shipped_pack_is_meant() -> None:
    assert "content/passerelle" in run("--check")[0]
