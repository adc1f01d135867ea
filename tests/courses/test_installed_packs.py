"""Packs that installed packages bring: a distribution in a folder on the path, as an installer leaves it."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.models import PackVersion
from courses.packs.found import find_pack, installed_packs
from courses.packs.shipped import SHIPPED
from courses.problems import ProblemsFound
from tests.courses.packs.small import FILES, write

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a distribution with one package, which has a small pack in the given folder."""
    site = tmp_path / "site"
    monkeypatch.syspath_prepend(str(site))

    def installs(
        distribution: str, entry: str, *, folder: str, pack_id: str = "small", files: dict[str, str] | None = None
    ) -> Path:
        info = site / f"{distribution.replace('-', '_')}-2.1.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 2.1\n"
        write(info, {"METADATA": metadata, "entry_points.txt": f"[passerelle.packs]\n{entry}\n"})
        pack = {**FILES, "pack.yaml": FILES["pack.yaml"].replace("id: small", f"id: {pack_id}")}
        return write(site / folder, pack if files is None else files)

    return installs


def run(*arguments: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("publish_content", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("value", "folder"),
    [
        ("acme_learning", "acme_learning"),
        ("acme_learning:pack", "acme_learning/pack"),
        ("acme_learning:content.safety", "acme_learning/content/safety"),
    ],
)
@pytest.mark.django_db
def test_a_pack_in_a_package_is_published_by_its_name(install: Install, value: str, folder: str) -> None:
    where = install("acme-learning", f"safety = {value}", folder=folder)
    out, _err = run("safety")
    assert out.splitlines()[0] == f"Reading {where} …"
    assert "version 1" in out
    assert PackVersion.objects.get().pack.slug == "small"


@pytest.mark.parametrize("value", ["acme_quiet", "acme_quiet.content", "acme_quiet.content:safety"])
def test_the_package_is_not_run_to_find_its_pack(install: Install, value: str) -> None:
    where = install("acme-learning", f"safety = {value}", folder=value.replace(".", "/").replace(":", "/"))
    for folder in (where, *where.parents[:2]):
        write(folder, {"__init__.py": "raise RuntimeError('run')\n"})
    assert find_pack("safety").folder == where


@pytest.mark.django_db
def test_list_says_where_each_was_found_and_what_is_published(install: Install, tmp_path: Path) -> None:
    where = install("acme-learning", "safety = acme_listed:pack", folder="acme_listed/pack")
    call_command("publish_content", "safety", stdout=StringIO())
    own = {"pack.yaml": FILES["pack.yaml"].replace("id: small", "id: desk")}
    skill = "- {id: other, name: {en: A, fr: A}, description: {en: A, fr: A}}\n"
    track = FILES["tracks/prompting.yaml"].replace("prompting", "other").replace("[m1, m2]", "[x1]")
    module = FILES["modules/m2/module.yaml"].replace("m2", "x1").replace("[m1]", "[]")
    texts = {f"modules/x1/text.{code}.md": "Only a text.\n" for code in ("en", "fr")}
    desk = {**own, "skills.yaml": skill, "domains.yaml": FILES["domains.yaml"], "tracks/other.yaml": track}
    run(write(tmp_path / "desk", {**desk, "modules/x1/module.yaml": module, **texts}))
    lines = run("--list")[0].splitlines()
    assert lines[:2] == ["passerelle: not published", f"  {SHIPPED}"]
    assert lines[2].startswith("safety: version 1, published on ")
    assert lines[3] == f"  {where} (acme-learning 2.1)"
    assert lines[4].startswith("desk: version 1, published on ")
    assert lines[5:] == ["  published from a folder; no installed package brings it"]


@pytest.mark.django_db
def test_all_takes_the_shipped_one_first_and_goes_on_past_a_broken_one(install: Install) -> None:
    broken = install("acme-a", "alpha = acme_alpha", folder="acme_alpha")
    write(broken, {"domains.yaml": FILES["domains.yaml"].replace("id: hr", "id: law")})
    last = install("acme-b", "beta = acme_beta", folder="acme_beta", pack_id="beta")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 thing to mend"):
        call_command("publish_content", "--all", "--check", stdout=out, stderr=err)
    said = [line for line in out.getvalue().splitlines() if line.startswith("Reading")]
    assert said == [f"Reading {folder} …" for folder in (SHIPPED, broken, last)]
    assert err.getvalue().startswith("modules/m1/mission.yaml:4:14: ")
    assert out.getvalue().count("all sound") == 2
    with pytest.raises(CommandError, match="not both"):
        run("beta", "--all")


@pytest.mark.django_db
def test_two_packs_of_one_id_do_not_undo_each_other(install: Install) -> None:
    install("acme-a", "alpha = acme_first", folder="acme_first")
    install("acme-b", "beta = acme_second", folder="acme_second")
    err = StringIO()
    with pytest.raises(CommandError, match="1 thing to mend"):
        call_command("publish_content", "--all", "--check", stdout=StringIO(), stderr=err)
    assert err.getvalue() == (
        "passerelle.packs: beta: Its id “small” is that of the pack “alpha” as well; it was left out."
        " Give it an id of its own in pack.yaml.\n"
    )
    run("beta")
    said = [line.partition(",")[0] for line in run("--list")[0].splitlines() if not line.startswith(" ")]
    assert said == ["passerelle: not published", "alpha: version 1", "beta: version 1"]


def test_what_is_wrong_with_a_package_is_said(install: Install) -> None:
    install("acme-a", "alpha = acme_gone", folder="elsewhere")
    install("acme-b", "beta = acme_bare:content", folder="acme_bare/content", files={"readme.txt": "no pack"})
    install("acme-c", "gamma = acme_gamma", folder="acme_gamma")
    install("acme-d", "gamma = acme_gamma", folder="acme_gamma")
    install("acme-e", "passerelle = acme_gamma", folder="acme_gamma")
    found, problems = installed_packs()
    assert [(pack.name, pack.origin) for pack in found] == [("gamma", "acme-c 2.1")]
    assert {problem.where: problem.code for problem in problems} == {
        "passerelle.packs: alpha": "no-package",
        "passerelle.packs: beta": "no-pack-file",
        "passerelle.packs: gamma": "pack-twice",
        "passerelle.packs: passerelle": "pack-twice",
    }
    with pytest.raises(ProblemsFound, match=r"acme-a 2\.1 names the package “acme_gone”, which is not there\."):
        find_pack("alpha")


def test_a_name_that_is_nothing_names_what_there_is(install: Install) -> None:
    install("acme-learning", "safety = acme_named", folder="acme_named")
    err = StringIO()
    with pytest.raises(CommandError, match="1 thing to mend"):
        call_command("publish_content", "safty", "--check", stdout=StringIO(), stderr=err)
    said = "There is neither a folder nor an installed pack “safty”. Name a folder, or one of: passerelle, safety.\n"
    assert err.getvalue() == said


def test_a_path_is_a_folder_even_where_a_pack_has_its_name(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = install("acme-learning", "safety = acme_named", folder="acme_named")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "safety").mkdir()
    assert find_pack("safety").folder == installed
    assert find_pack("./safety").folder == Path("./safety")
    assert find_pack("").folder == SHIPPED
