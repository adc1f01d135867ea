"""bin/run: embedded servers, set-up steps, then web, worker and clock together until Ctrl-C."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from config.runner.arguments import RunOptions, parse_run
from config.runner.postgres import Postgres
from config.runner.process import Keeper
from config.runner.screen import Screen
from config.runner.serve import Site
from config.runner.steps import Stamps, plan, run_steps
from config.runner.trouble import Trouble, check_folder, check_port
from config.runner.valkey import Valkey

# What --fresh throws away: everything that we put into a data folder, and nothing else that may be there.
OURS = (
    "passerelle.sqlite3*",
    "postgres",
    "valkey",
    "mailbox",
    "assets",
    "static",
    "steps.json",
    "schedule*",
    "demo-accounts.txt",
)


class Stopped(Exception):
    """Somebody asked us to stop (Ctrl-C, a closed terminal, a stop signal)."""


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise Stopped


class Runner:
    """One run, from the checks to the end of the last process."""

    def __init__(self, options: RunOptions) -> None:
        self.options = options
        self.data = options.data
        self.screen = Screen()
        self.keeper = Keeper()
        self.servers: list[Postgres | Valkey] = []
        self.site: Site | None = None
        self.env = dict(os.environ)

    # ---- from nothing to serving

    def prepare(self) -> None:
        """Everything before the site itself: checks, servers, set-up steps."""
        check_port(self.options.host, self.options.port)
        check_folder(self.data)
        self._take_lock()
        if self.options.fresh:
            throw_away(self.data)
        self.stamps = Stamps(self.data / "steps.json")
        self._settings()
        database = self._database()
        self._broker()
        # A database of one's own gets no invented people unless asked for.
        demo = database is not None or self.options.demo
        run_steps(
            plan(self.data, demo=demo),
            env=self.env,
            stamps=self.stamps,
            database=database,
            screen=self.screen,
            keeper=self.keeper,
            data=self.data,
        )

    def _take_lock(self) -> None:
        # Kept open, and so held, until this process ends - however it ends.
        self.lock = (self.data / "lock").open("a+")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.lock.seek(0)
            number = self.lock.read().strip()
            raise Trouble(
                f"Passerelle is already running on this data folder ({self.data}{f', process {number}' if number else ''}).",
                hint="Stop that one, or give this one a folder of its own: bin/run --data DIR",
            ) from None
        self.lock.truncate(0)
        self.lock.write(str(os.getpid()))
        self.lock.flush()

    def _settings(self) -> None:
        host, port = self.options.host, self.options.port
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host
        hosts = dict.fromkeys(["127.0.0.1", "localhost", "[::1]", shown, socket.gethostname()])
        self.env.setdefault("PASSERELLE_URL", f"http://{shown}:{port}")
        self.env.setdefault("DJANGO_ALLOWED_HOSTS", ",".join(hosts))
        self.env.setdefault("DJANGO_SECRET_KEY", kept_secret(self.data / "secret-key"))
        self.env.update(
            DJANGO_SETTINGS_MODULE="config.settings", PASSERELLE_DATA=str(self.data), PASSERELLE_DEMO="1", PYTHONUNBUFFERED="1"
        )

    def _database(self) -> str | None:
        """Start or name the database; the answer is the embedded one's kind, None for a server of the person's own."""
        if self.env.get("DATABASE_URL"):
            return None
        if not self.options.postgres:
            file = self.data / "passerelle.sqlite3"
            if self.stamps.half_made("sqlite"):
                remove(self.data, ("passerelle.sqlite3*", "mailbox"))
            if not file.exists():
                self.stamps.forget("sqlite")
            self.env["DATABASE_URL"] = f"sqlite:///{file}"
            return "sqlite"
        self.screen.begin("PostgreSQL")
        server = Postgres(self.data / "postgres", keeper=self.keeper)
        self.servers.append(server)
        server.start()
        if self.stamps.half_made("postgres"):
            server.drop_database("passerelle")
            remove(self.data, ("mailbox",))
        if server.make_database("passerelle"):
            self.stamps.forget("postgres")
        self.env["DATABASE_URL"] = server.url("passerelle")
        self.screen.end()
        return "postgres"

    def _broker(self) -> None:
        if self.env.get("REDIS_URL"):
            return
        server = Valkey(self.data / "valkey", keeper=self.keeper)
        self.servers.append(server)
        server.start()
        self.env["REDIS_URL"] = server.url()

    # ---- serving

    def serve(self) -> None:
        """Serve until somebody stops us."""
        self.site = Site(
            host=self.options.host, port=self.options.port, data=self.data, env=self.env, screen=self.screen, keeper=self.keeper
        )
        self.site.serve(self.welcome)

    def welcome(self) -> None:
        url = self.env["PASSERELLE_URL"]
        self.screen.line()
        self.screen.line(f"Passerelle is ready: {url}/")
        if not self.env.get("EMAIL_URL"):
            self.screen.line(f"Mails that it sends: {url}/demo/mailbox/")
        accounts = self.data / "demo-accounts.txt"
        if accounts.exists():
            self.screen.line()
            self.screen.line(accounts.read_text(encoding="utf-8").rstrip())
        elif "DATABASE_URL" in os.environ and not self.options.demo:
            self.screen.line("Your own database: no demo company was put into it (--demo does).")
        if self.options.host not in {"127.0.0.1", "localhost", "::1"}:
            self.screen.line("Whoever reaches this address can read the demo mailbox and use the demo accounts.")
        self.screen.line()
        self.screen.line("Ctrl-C stops it.")
        self.screen.line()

    # ---- the end

    def stop(self) -> None:
        """End everything: first who works, then what they work on."""
        if self.site:
            self.site.stop()
        for server in reversed(self.servers):
            server.stop()
        self.keeper.close()


def throw_away(data: Path) -> None:
    """Remove our own things from the data folder."""
    moved = data / "postgres" / "moved-to"
    if moved.exists():
        shutil.rmtree(Path(moved.read_text().strip()).parent, ignore_errors=True)
    remove(data, OURS)


def remove(data: Path, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        for path in data.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def kept_secret(path: Path) -> str:
    """The key that signs sessions and links: made once, readable by its owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def main(argv: list[str]) -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    runner = Runner(parse_run(argv))
    code = 0
    try:
        runner.prepare()
        runner.serve()
    except Stopped:
        runner.screen.broken()
        with contextlib.suppress(OSError):
            runner.screen.line("Stopping …")
    except Trouble as trouble:
        runner.screen.broken()
        print(trouble, file=sys.stderr, flush=True)
        code = 1
    except BrokenPipeError:
        code = 1  # nobody reads us any more
    finally:
        # From here on a second Ctrl-C ends us at once; the keeper ends the rest.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        runner.stop()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
