"""bin/run as a person uses it: it serves, says what is wrong, starts again quickly, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.runner.process import family_of, is_alive
from config.runner.valkey import free_port

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.services

# Servers of one's own would be used instead of the embedded ones.
KEPT_OUT = {
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "DJANGO_SETTINGS_MODULE",
    "PASSERELLE_DATA",
    "PASSERELLE_URL",
    "DJANGO_SECRET_KEY",
}


class Run:
    """One `python -m config.runner.run`, which is what bin/run hands over to."""

    def __init__(self, data: Path, *arguments: str, port: int) -> None:
        env = {key: value for key, value in os.environ.items() if key not in KEPT_OUT}
        argv = [sys.executable, "-m", "config.runner.run", "--data", str(data), "--port", str(port), *arguments]
        self.data, self.port = data, port
        self.log = data.parent / f"run-{time.monotonic_ns()}.log"
        with self.log.open("wb") as log:
            # A session of its own, as a terminal gives it.
            self.child = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def until_ready(self, within: float = 240) -> None:
        self.until_said("Passerelle is ready", within)

    def until_said(self, text: str, within: float = 60) -> None:
        limit = time.monotonic() + within
        while text not in self.said():
            assert self.child.poll() is None, self.said()
            assert time.monotonic() < limit, self.said()
            time.sleep(0.1)

    def end(self, number: int) -> int:
        self.child.send_signal(number)
        return self.child.wait(timeout=60)

    def family(self) -> set[int]:
        """The runner and all that descends from it: servers, site, their workers, the keeper."""
        return {pid for pid in family_of({self.child.pid}) if is_alive(pid)}


def survivors(pids: set[int], within: float = 15) -> set[int]:
    limit = time.monotonic() + within
    while (left := {pid for pid in pids if is_alive(pid)}) and time.monotonic() < limit:
        time.sleep(0.05)
    return left


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start(data: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(*arguments: str, port: int | None = None) -> Run:
        runs.append(Run(data, *arguments, port=port or free_port()))
        return runs[-1]

    yield begin
    for run in runs:
        if run.child.poll() is None:
            run.end(signal.SIGINT)


def test_it_serves_survives_its_own_murder_starts_again_at_once_and_stops(start: Callable[..., Run]) -> None:
    run = start()
    run.until_ready()
    with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/", timeout=20) as page:
        assert page.status == 200
        assert "lang=" in page.read().decode()
    with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/demo/mailbox/", timeout=20) as page:
        assert page.status == 200
    assert f"http://127.0.0.1:{run.port}/" in run.said()
    assert "Demo company: done" in run.said()

    second = start()
    assert second.child.wait(timeout=30) == 1
    assert "Passerelle is already running on this data folder" in second.said()
    third = start(port=run.port)
    assert third.child.wait(timeout=30) == 1
    assert f"port {run.port} is taken by another program." in third.said()

    run.until_said("celery@")
    family = run.family()
    # Runner, keeper, broker, web with two workers, Celery with two, clock.
    assert len(family) >= 9
    assert run.end(signal.SIGKILL) == -signal.SIGKILL
    assert survivors(family) == set()

    again = start()
    again.until_ready(within=60)
    steps = [line.split(":")[0].strip() for line in again.said().splitlines() if ": done in" in line]
    assert steps == ["Web server"]
    family = again.family()
    assert again.end(signal.SIGINT) == 0
    assert survivors(family, within=1) == set()
    assert "Traceback" not in again.said()


@pytest.mark.battery
def test_on_the_embedded_postgres_an_interrupted_start_is_made_good(start: Callable[..., Run], data: Path) -> None:
    run = start("--postgres")
    limit = time.monotonic() + 120
    while not (data / "steps.json").exists() or "demo begun" not in (data / "steps.json").read_text():
        assert time.monotonic() < limit, run.said()
        time.sleep(0.1)
    # Into the middle of it.
    time.sleep(5)
    assert run.end(signal.SIGINT) == 0
    assert "Passerelle is ready" not in run.said()

    again = start("--postgres")
    again.until_ready()
    steps = [line.split(":")[0].strip() for line in again.said().splitlines() if ": done in" in line]
    assert steps == ["PostgreSQL", "Database tables", "Content", "Demo company", "Web server"]
    with urllib.request.urlopen(f"http://127.0.0.1:{again.port}/", timeout=20) as page:
        assert page.status == 200
    family = again.family()
    assert again.end(signal.SIGKILL) == -signal.SIGKILL
    assert survivors(family) == set()
