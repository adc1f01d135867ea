"""The wheel that we would publish, installed into a host project in an environment of its own."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = Path(__file__).parent / "project"

pytestmark = pytest.mark.services


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def host(wheel, tmp_path_factory) -> tuple[Path, Path]:
    """A copy of the host project, and a Python that sees our dependencies and the wheel, but not this checkout."""
    folder = tmp_path_factory.mktemp("host")
    shutil.copytree(PROJECT, folder / "project")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n" + sysconfig.get_path("platlib") + "\n")
    return folder / "project", python


def clean_environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return {**kept, "DJANGO_SETTINGS_MODULE": "hostsite.settings", "HOST_DATABASE": str(folder / "host.sqlite3")}


def test_the_wheel_carries_what_a_host_needs(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "lms/locale/fr/LC_MESSAGES/django.mo",
        "courses/content/passerelle/pack.yaml",
        "courses/packs/starter/module/lesson.en.md",
        "lms/migrations/0001_initial.py",
    } <= names
    assert any(name.startswith("lms/templates/lms/mail/") for name in names)
    assert any(name.startswith("lms/static/lms/") for name in names)
    assert not [name for name in names if name.startswith(("config/", "tests/", "benchmarks/"))]


def test_a_host_migrates_checks_and_passes_its_suite(host):
    project, python = host
    env = clean_environment(project)
    checks = run(python, "manage.py", "check", "--fail-level", "WARNING", cwd=project, env=env)
    assert "no issues" in checks
    run(python, "manage.py", "migrate", "-v0", cwd=project, env=env)
    run(python, "manage.py", "makemigrations", "--check", "--dry-run", cwd=project, env=env)
    suite = run(python, "-m", "pytest", "suite", "-q", "-p", "no:cacheprovider", "--rootdir", project, cwd=project, env=env)
    assert "7 passed" in suite, suite[-3000:]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ('LMS = {"BASE_UR": "x"}', "BASE_UR"),
        ('MIDDLEWARE = [m for m in MIDDLEWARE if not m.startswith("lms.")]', "lms.middleware.LearnerMiddleware"),
        ('LMS_TEST_CLOCK_FILE = "/tmp/clock"', "LMS_TEST_CLOCK_FILE"),
    ],
)
def test_system_checks_tell_a_host_what_it_forgot(host, change, expected):
    project, python = host
    (project / "hostsite" / "wrong.py").write_text(f"from hostsite.settings import *\n{change}\n")
    env = {**clean_environment(project), "DJANGO_SETTINGS_MODULE": "hostsite.wrong"}
    done = subprocess.run(
        [str(python), "manage.py", "check"], cwd=project, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert done.returncode != 0
    assert expected in done.stdout
