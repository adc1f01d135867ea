"""bin/test: the quality floor, then the suite on SQLite and PostgreSQL, then journeys and faults. Every part runs, even after one failed."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from config.runner.arguments import ROOT, test_parser
from config.runner.browser import ensure_browser
from config.runner.postgres import Postgres
from config.runner.process import Child, Keeper
from config.runner.screen import Screen
from config.runner.steps import Stamps, plan, run_command, run_steps
from config.runner.trouble import Trouble, check_folder
from config.runner.valkey import Valkey

BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-m", "pytest"]
# A part that takes longer hangs.
PART_LIMIT_SECONDS = 30 * 60
# Paths whose tests need PostgreSQL.
ON_POSTGRES = ("tests/journeys", "tests/faults")


@dataclass
class Outcome:
    """What came of one part; a quality check counts as one test."""

    title: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    broken: bool = False


@dataclass
class Check:
    """One quality check, running beside others."""

    title: str
    argv: list[str]
    env: dict[str, str]
    child: Child | None = None
    log: Path = field(default_factory=Path)
    began: float = 0.0


class TestRun:
    """One call of bin/test."""

    def __init__(self) -> None:
        self.screen = Screen()
        self.keeper = Keeper()
        self.data = ROOT / ".data" / "test"
        # Servers of this call alone: two calls at once in one checkout do not end each other's database.
        self.servers = self.data / f"servers-{os.getpid()}"
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.outcomes: list[Outcome] = []
        self.env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}}
        self.env.update(
            DJANGO_SETTINGS_MODULE="tests.settings",
            DATABASE_URL=f"sqlite:///{self.data / 'test.sqlite3'}",
            PASSERELLE_DATA=str(self.data),
            DJANGO_SECRET_KEY=secrets.token_urlsafe(48),
        )

    # ---- what the parts need

    def prepare(self) -> None:
        check_folder(self.data)
        self._browser()
        steps = [step for step in plan(self.data, demo=False) if not step.in_database]
        stamps = Stamps(self.data / "steps.json")
        run_steps(steps, env=self.env, stamps=stamps, database=None, screen=self.screen, keeper=self.keeper, data=self.data)

    def _browser(self) -> None:
        def run(title: str, argv: list[str]) -> None:
            self.screen.begin(title)
            run_command(title, argv, env=self.env, keeper=self.keeper, folder=self.data, on_line=self.screen.going_on)
            self.screen.end()

        reason = "none on this machine; with root and apt it is installed, or name one: BROWSER_PATH=/path/to/chromium"
        try:
            browser = ensure_browser(run)
        except Trouble as trouble:
            self.screen.broken()
            browser, reason = None, str(trouble)
        self.env["BROWSER_PATH"] = browser or ""
        if not browser:
            self.no_browser = reason
            self._say_no_browser()

    no_browser = ""

    def _say_no_browser(self) -> None:
        self.screen.line("!" * 100)
        self.screen.line(
            f"NO BROWSER: the journeys are {'a failure (CI)' if os.environ.get('CI') == 'true' else 'left out'}. {self.no_browser}"
        )
        self.screen.line("!" * 100)

    def start_postgres(self) -> dict[str, str]:
        """The environment of a part that runs on PostgreSQL."""
        if self.postgres is None:
            self.postgres = Postgres(self.servers / "postgres", keeper=self.keeper, mode="quick")
            self.postgres.start()
            self.postgres.make_database("passerelle")
        url = self.postgres.url("passerelle")
        return {**self.env, "DATABASE_URL": url, "TEST_POSTGRES_URL": url}

    def start_valkey(self) -> str:
        if self.valkey is None:
            self.valkey = Valkey(self.servers / "valkey", keeper=self.keeper, durable=False)
            self.valkey.start()
        return self.valkey.url()

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()
        self.keeper.close()
        shutil.rmtree(self.servers, ignore_errors=True)

    # ---- the parts

    def everything(self, *, battery: bool) -> int:
        on_postgres = self.start_postgres()
        on_postgres["TEST_REDIS_URL"] = self.start_valkey()
        self._quality(on_postgres)
        without = "" if battery else " and not battery"
        # Two at a time: the parts are bound by the processor, and CI has two. Each has a database of its own, and brokers and ports too.
        two = ["-n", "2", "--dist", "worksteal"]
        suite = ["tests", "-q", "--migrations", *two, "-m"]
        self._pytest("Rules, rooms and pages on SQLite", [*suite, f"not services{without}"], self.env)
        # What asks for no database was tried above, and says the same on any.
        self._pytest("Rooms and pages on PostgreSQL", [*suite, f"database and not services{without}"], on_postgres)
        self._pytest(
            "Journeys, faults and services on PostgreSQL",
            ["tests", "-v", "--migrations", *two, "-m", f"services{without}"],
            on_postgres,
        )
        return self._close()

    def _quality(self, on_postgres: dict[str, str]) -> None:
        manage = [sys.executable, "manage.py"]
        production = {
            **on_postgres,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DJANGO_DEBUG": "0",
            "PASSERELLE_DEMO": "0",
            "DJANGO_ALLOWED_HOSTS": "learning.example.com",
            "PASSERELLE_URL": "https://learning.example.com",
            "REDIS_URL": on_postgres["TEST_REDIS_URL"],
            "EMAIL_URL": "smtp://mail.example.com:25",
        }
        wanted = {
            # The longest first, so that the short ones run beside it.
            # As a module: a package that ships a `tests` of its own would come before ours.
            "mypy": [sys.executable, "-m", "mypy"],
            "ruff check": [str(BIN / "ruff"), "check", "--quiet", "."],
            "ruff format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
            "import order": [str(BIN / "lint-imports"), "--no-cache"],
            "migrations complete": [*manage, "makemigrations", "--check", "--dry-run"],
            "French complete": [*manage, "update_locale", "--check"],
            "production settings": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        }
        waiting = [Check(title, argv, production if "settings" in title else self.env) for title, argv in wanted.items()]
        self.screen.line("\n=== Quality floor")
        running: list[Check] = []
        while waiting or running:
            while waiting and len(running) < 2:
                running.append(self._begin(waiting.pop(0)))
            for check in [each for each in running if each.child and each.child.poll() is not None]:
                running.remove(check)
                self._end(check)
            time.sleep(0.05)

    def _begin(self, check: Check) -> Check:
        check.log = self.data / f"check-{check.title.replace(' ', '-')}.log"
        check.began = time.monotonic()
        with check.log.open("wb") as log:
            check.child = Child(check.argv, env=check.env, output=log, cwd=ROOT)
        self.keeper.watch(check.child)
        return check

    def _end(self, check: Check) -> None:
        assert check.child is not None
        self.keeper.forget(check.child)
        good = check.child.returncode == 0
        took = time.monotonic() - check.began
        self.screen.line(f"  {'ok    ' if good else 'FAILED'} {check.title} ({took:.1f} s)")
        if not good:
            self.screen.line(check.log.read_text(errors="replace").rstrip())
        self.outcomes.append(Outcome(check.title, passed=int(good), failed=int(not good), seconds=took))

    def _pytest(self, title: str, arguments: list[str], env: dict[str, str]) -> None:
        self.screen.line(f"\n=== {title}")
        report = self.data / "junit.xml"
        report.unlink(missing_ok=True)
        began = time.monotonic()
        code = self.run_pytest([*arguments, f"--junitxml={report}"], env)
        outcome = Outcome(title, seconds=time.monotonic() - began, broken=code != 0)
        with contextlib.suppress(OSError, ElementTree.ParseError):
            for suite in ElementTree.parse(report).iter("testsuite"):  # noqa: S314 - written by our own pytest a moment ago
                count = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
                outcome.failed += count["failures"] + count["errors"]
                outcome.skipped += count["skipped"]
                outcome.passed += count["tests"] - count["failures"] - count["errors"] - count["skipped"]
        # pytest may fail without a failed test: nothing collected, a crash, an interruption.
        if outcome.broken and not outcome.failed:
            outcome.failed = 1
        self.outcomes.append(outcome)

    def run_pytest(self, arguments: list[str], env: dict[str, str]) -> int:
        """Run pytest in sight; one that never ends is ended."""
        child = Child([*PYTEST, *arguments], env=env, output=sys.stdout.fileno(), cwd=ROOT, stop_signal=signal.SIGINT)
        self.keeper.watch(child)
        try:
            limit = time.monotonic() + PART_LIMIT_SECONDS
            while child.poll() is None and time.monotonic() < limit:
                time.sleep(0.05)
            if child.poll() is None:
                self.screen.line(f"Ended after {PART_LIMIT_SECONDS // 60} minutes: it hangs.")
                return 1
        finally:
            child.stop(within=10)
            self.keeper.forget(child)
        return child.returncode

    def _close(self) -> int:
        """The summary; its last line is the count that machines read."""
        self.screen.line("\n=== Summary")
        for each in self.outcomes:
            skipped = f", {each.skipped} skipped" if each.skipped else ""
            self.screen.line(f"  {each.title}: {each.passed} passed, {each.failed} failed{skipped} in {each.seconds:.1f} s")
        if self.no_browser:
            self._say_no_browser()
        passed, failed, skipped = (sum(getattr(each, name) for each in self.outcomes) for name in ("passed", "failed", "skipped"))
        self.screen.line(f"  Total time: {time.monotonic() - BEGAN:.1f} s")
        self.screen.line(f"{passed} passed, {failed} failed, {skipped} skipped")
        return 1 if failed else 0


BEGAN = time.monotonic()


def main(argv: list[str]) -> int:
    options, rest = test_parser().parse_known_args(argv)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    run = TestRun()
    try:
        run.prepare()
        if not rest:
            return run.everything(battery=options.battery)
        arguments = rest if options.battery else ["-m", "not battery", *rest]
        if options.pg or any(each.startswith(ON_POSTGRES) for each in rest):
            return run.run_pytest(arguments, run.start_postgres())
        # Nothing to end afterwards: pytest takes our place, and its debugger the terminal.
        os.chdir(ROOT)
        os.execve(sys.executable, [*PYTEST, *arguments], run.env)
    except Trouble as trouble:
        run.screen.broken()
        print(trouble, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        run.screen.line("\nStopped.")
        return 130
    finally:
        run.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
