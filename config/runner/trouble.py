"""What can be wrong with the machine, said in words that a person can act on."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

# Free room below which nothing is started, in megabytes.
NEEDED_ROOM = 200

FULL_WORDS = ("no space left on device", "database or disk is full", "disk quota exceeded")


@dataclass
class Trouble(Exception):
    """Something is wrong that a person can put right."""

    message: str
    hint: str = ""
    detail: str = ""

    def __str__(self) -> str:
        lines = [self.detail] if self.detail else []
        lines.append(f"Error: {self.message}")
        if self.hint:
            lines.append(f"       {self.hint}")
        return "\n".join(lines)


def check_port(host: str, port: int) -> None:
    """Refuse a port that the web server could not have."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            raise Trouble(f"{port} is not a port: choose one between 1024 and 65535.") from None
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise Trouble(
                    f"port {port} is taken by another program.",
                    hint=f"Stop that one, or choose another: bin/run --port {port + 1}",
                ) from None
            if problem.errno == errno.EACCES:
                raise Trouble(
                    f"port {port} is reserved for the administrator.", hint="Choose one from 1024 on: bin/run --port 8000"
                ) from None
            raise Trouble(
                f"the address {host} cannot be used here ({problem.strerror}).", hint="Leave --host out to use 127.0.0.1."
            ) from None


def check_folder(folder: Path) -> None:
    """Make the data folder, and refuse one that cannot be written to or a disk without room."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as problem:
        if problem.errno == errno.ENOSPC:
            raise disk_full(folder) from None
        raise Trouble(
            f"the data folder {folder} cannot be written to ({problem.strerror}).", hint="Choose another: bin/run --data DIR"
        ) from None
    free = shutil.disk_usage(folder).free // 2**20
    if free < NEEDED_ROOM:
        raise Trouble(
            f"only {free} MB are free where the data would go ({folder}), {NEEDED_ROOM} MB are needed.",
            hint="Free some room, or choose another disk: bin/run --data DIR",
        )


def disk_full(folder: Path, detail: str = "") -> Trouble:
    return Trouble(f"the disk is full ({folder}).", hint="Free some room and start again; what was done is kept.", detail=detail)


def failed(what: str, output: str, folder: Path) -> Trouble:
    """The trouble behind a command that failed, from what it printed."""
    tail = "\n".join(output.rstrip().splitlines()[-15:])
    if any(word in output.lower() for word in FULL_WORDS):
        return disk_full(folder, detail=tail)
    return Trouble(f"{what} failed; its last lines are above.", detail=tail)
