"""Real services for tests: a Redis-protocol broker, an SMTP sink, processes of our own (worker, beat, web) and a browser.

A pytest plugin (``pytest_plugins = ["tests.services"]`` in the root conftest). Everything under tests/journeys and tests/faults carries the marker
``services``; other tests that start processes set it themselves.
"""

import datetime as dt
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from config.runner.arguments import ROOT
from config.runner.browser import find_browser
from config.runner.process import Child, end_now, family_of
from config.runner.valkey import Valkey, free_port
from tests.smtp_sink import SmtpSink

# Debian's Chromium as root needs --no-sandbox; the others stop it from calling home in the background.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"journeys", "faults"} & set(item.path.relative_to(ROOT / "tests").parts[:1]):
            item.add_marker("services")
        # What touches no database says the same on each of them: bin/test runs it once.
        if "db" in getattr(item, "fixturenames", ()) or item.get_closest_marker("django_db"):
            item.add_marker("database")


def eventually(check: Callable[[], Any], *, within: float = 20.0, what: str = "") -> Any:
    """The first true answer of `check`, asked again until the time is over; then a failure that says what never came."""
    limit = time.monotonic() + within
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > limit:
            pytest.fail(f"Not within {within:g} s: {what or check}")
        time.sleep(0.05)


class Broker(Valkey):
    """A Redis-protocol server of this test alone, which may be killed, wiped and started again at the same address."""

    def start(self) -> None:
        super().start()
        self.fixed_port = self.port

    def kill(self) -> None:
        assert self.child is not None
        self.child.kill()
        self.child.wait()

    def wipe(self) -> None:
        """Everything that was queued is lost."""
        import redis

        with redis.Redis.from_url(self.url()) as client:
            client.flushall()


class Clock:
    """The moment that our processes take for now (setting LMS_TEST_CLOCK_FILE)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def set(self, moment: dt.datetime) -> None:
        # Replaced in one go: a process may be reading it.
        fresh = self.path.with_suffix(".new")
        fresh.write_text(moment.isoformat(), encoding="ascii")
        fresh.replace(self.path)


class Running:
    """One process of ours with what it says in a file."""

    def __init__(self, name: str, argv: list[str], env: dict[str, str], log: Path) -> None:
        self.name, self.log = name, log
        with log.open("ab") as output:
            self.child = Child(argv, env=env, output=output, cwd=ROOT)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_until_said(self, text: str, *, within: float = 40.0) -> None:
        def ready() -> bool:
            if text in self.said():
                return True
            if self.child.poll() is not None:
                pytest.fail(f"{self.name} ended with {self.child.returncode}:\n{self.said()[-3000:]}")
            return False

        eventually(ready, within=within, what=f"{self.name} saying {text!r}; it said:\n{self.said()[-3000:]}")

    def kill(self) -> None:
        """SIGKILL, the children first: nothing gets the chance to tidy up."""
        end_now(family_of({self.child.pid}))
        self.child.wait()

    def stop(self) -> None:
        self.child.stop(within=10)


def current_database_url() -> str:
    """The URL of the database that this test uses, for a process of its own."""
    at = connection.settings_dict
    if connection.vendor != "postgresql":
        pytest.fail("Processes of their own need a test database on PostgreSQL: bin/test --pg PATH")
    login = quote(at["USER"], safe="") + (f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else "")
    if at["HOST"].startswith("/"):
        return f"postgres://{login}@/{quote(at['HOST'])}/{at['NAME']}"
    return f"postgres://{login}@{at['HOST'] or 'localhost'}:{at['PORT'] or 5432}/{at['NAME']}"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    server = Broker(tmp_path / "valkey")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    sink = SmtpSink(free_port())
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "clock")


@pytest.fixture
def live_db(transactional_db: None) -> None:
    """A database that other processes see, with what the migrations put into it present in every test: HR's group is made again,
    because the transactional test before this one emptied every table."""
    from tests.conftest import hr_group

    hr_group()


@pytest.fixture
def process_env(live_db: None, broker: Broker, smtp: SmtpSink, clock: Clock) -> dict[str, str]:
    """What a process of ours needs to work on this test's database, broker, sink and clock."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "PYTEST_"))}
    return env | {
        # The settings of the test run: a process must know the test's password hashes.
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": current_database_url(),
        "REDIS_URL": broker.url(),
        "EMAIL_URL": smtp.url,
        "LMS_TEST_CLOCK_FILE": str(clock.path),
        "DJANGO_SECRET_KEY": settings.SECRET_KEY,
        "PASSERELLE_DATA": str(settings.DATA_DIR),
        "PASSERELLE_HTTPS": "0",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def start_process(process_env: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """`start_process(name, argv, EXTRA=…)`; whatever still runs at the end of the test is stopped."""
    running: list[Running] = []

    def start(name: str, argv: list[str], **extra: str) -> Running:
        log = tmp_path / f"{name}-{len(running)}.log"
        running.append(Running(name, argv, process_env | extra, log))
        return running[-1]

    yield start
    for each in reversed(running):
        each.stop()


@pytest.fixture
def start_worker(start_process: Callable[..., Running]) -> Callable[..., Running]:
    """`start_worker(concurrency=2, EXTRA=…)`: a Celery worker, ready."""

    def start(*, concurrency: int = 2, **extra: str) -> Running:
        argv = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", str(concurrency), "--loglevel", "INFO"]
        # Several workers may share this machine in one test.
        argv += ["--without-gossip", "--without-mingle", "--hostname", f"test-{time.monotonic_ns()}@%h"]
        worker = start_process("worker", argv, **extra)
        worker.wait_until_said(" ready.")
        return worker

    return start


@pytest.fixture
def start_beat(start_process: Callable[..., Running], tmp_path: Path) -> Callable[..., Running]:
    """`start_beat(EXTRA=…)`: Celery's clock, started."""

    def start(**extra: str) -> Running:
        schedule = tmp_path / f"schedule-{time.monotonic_ns()}"
        argv = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "beat",
            "--loglevel",
            "INFO",
            "--schedule",
            str(schedule),
            "--pidfile",
            "",
        ]
        beat = start_process("beat", argv, **extra)
        beat.wait_until_said("beat: Starting")
        return beat

    return start


class Web(Running):
    """A web server of our own at `url`."""

    url: str


@pytest.fixture
def start_web(process_env: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Web]]:
    """`start_web(EXTRA=…)`: the site as bin/run serves it, answering at `.url`."""
    running: list[Web] = []
    # bin/test collects the static files beforehand; a bare pytest has not.
    if not (Path(settings.STATIC_ROOT) / "lms").exists():
        run_manage(process_env, "collectstatic", "--noinput", "--verbosity", "0")

    def start(*, port: int | None = None, **extra: str) -> Web:
        port = port or free_port()
        url = f"http://127.0.0.1:{port}"
        argv = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--workers",
            "2",
        ]
        argv += ["--blocking-threads", "2", "--no-ws", "config.wsgi:application"]
        web = Web("web", argv, process_env | {"PASSERELLE_URL": url} | extra, tmp_path / f"web-{port}.log")
        web.url = url
        running.append(web)
        eventually(lambda: _listens(port) or web.child.poll() is not None, within=40, what=f"web listening:\n{web.said()}")
        if web.child.poll() is not None:
            pytest.fail(f"web ended with {web.child.returncode}:\n{web.said()[-3000:]}")
        return web

    yield start
    for each in running:
        each.stop()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def run_manage(env: dict[str, str], *arguments: str, succeeds: bool = True) -> str:
    """What a management command said, in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if succeeds and done.returncode:
        pytest.fail(f"manage.py {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


@pytest.fixture
def manage(process_env: dict[str, str]) -> Callable[..., str]:
    """`manage("send_nudges", "--date", …)`: a management command in a process of its own, on this test's services."""
    return lambda *arguments, **options: run_manage(process_env, *arguments, **options)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's browser is the machine's Chromium; without one a journey is left out, and fails where CI=true."""
    # Playwright's loop runs in this thread; the tests' own ORM calls are synchronous all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = os.environ["BROWSER_PATH"] if "BROWSER_PATH" in os.environ else find_browser()
    if not path:
        if os.environ.get("CI") == "true":
            pytest.fail("NO BROWSER: the journeys need Chromium.")
        pytest.skip("NO BROWSER: install chromium or set BROWSER_PATH.")
    return {**browser_type_launch_args, "executable_path": path, "args": CHROMIUM_ARGUMENTS}
