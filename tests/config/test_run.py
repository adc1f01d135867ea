"""bin/run as a person uses it: it serves, says what is wrong, starts again quickly, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runner.process import is_alive
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

    def until_ready(self, within: float = 240) -> float:
        began = time.monotonic()
        while "Passerelle is ready" not in self.said():
            assert self.child.poll() is None, self.said()
            assert time.monotonic() < began + within, self.said()
            time.sleep(0.1)
        return time.monotonic() - began

    def end(self, number: int) -> int:
        self.child.send_signal(number)
        return self.child.wait(timeout=60)

    def processes(self) -> set[int]:
        """Every living process that was given this data folder, by its arguments or its environment."""
        found = set()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if f"{self.data}".encode() in words and is_alive(int(entry.name)):
                found.add(int(entry.name))
        return found

    def nothing_left(self, within: float = 15) -> set[int]:
        limit = time.monotonic() + within
        while (left := self.processes()) and time.monotonic() < limit:
            time.sleep(0.1)
        return left


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "data"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def first(data: Path, port: int) -> Iterator[Run]:
    run = Run(data, port=port)
    run.until_ready()
    yield run
    if run.child.poll() is None:
        run.end(signal.SIGINT)


def test_it_serves_and_leaves_nothing_behind_when_it_is_killed(first: Run, data: Path, port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
        assert page.status == 200
        assert "lang=" in page.read().decode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/demo/mailbox/", timeout=20) as page:
        assert page.status == 200
    said = first.said()
    assert f"http://127.0.0.1:{port}/" in said
    assert "Demo company: done" in said
    # Web with two workers, Celery with two, the clock, the broker, and the runner itself at the least.
    assert len(first.processes()) >= 8

    second = Run(data, port=free_port())
    assert second.child.wait(timeout=30) == 1
    assert "Passerelle is already running on this data folder" in second.said()
    third = Run(data, port=port)
    assert third.child.wait(timeout=30) == 1
    assert f"port {port} is taken by another program." in third.said()

    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert first.nothing_left() == set()


def test_after_that_it_starts_again_without_the_steps_and_stops_cleanly(data: Path, port: int) -> None:
    run = Run(data, port=port)
    run.until_ready(within=60)
    steps = [line.split(":")[0].strip() for line in run.said().splitlines() if ": done in" in line]
    assert steps == ["Web server, worker and clock"]

    assert run.end(signal.SIGINT) == 0
    assert run.nothing_left(within=1) == set()
    assert "Traceback" not in run.said()


def test_the_same_on_the_embedded_postgres(data: Path, port: int) -> None:
    run = Run(data, "--postgres", port=port)
    run.until_ready()
    assert "PostgreSQL: done" in run.said()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
        assert page.status == 200

    assert run.end(signal.SIGKILL) == -signal.SIGKILL
    assert run.nothing_left() == set()
