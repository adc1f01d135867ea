"""Child processes that end when we end, however we end.

Two nets, because each has a hole. A child asks the kernel for a signal when its parent dies (Linux only, and a server may take its time over it or leave
children of its own). The keeper, a process forked before anything else, holds one end of a pipe whose other end only we hold: when it closes, it ends
everything that still descends from our children.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
# How long a server may take to end politely after its runner was killed.
GRACE_AFTER_DEATH = 2.5

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Identity:
    """As whom a child runs: `uid` and `gid` for real, or the same user under an ordinary number in a namespace of its own."""

    uid: int
    gid: int
    namespace: bool = False


def _before_exec(death_signal: int, parent: int, identity: Identity | None) -> Callable[[], None]:
    """What the child does between fork and exec. The user changes first: a change of user forgets the death signal."""

    def prepare() -> None:
        if identity and identity.namespace and _libc:
            outside = (os.getuid(), os.getgid())
            if _libc.unshare(CLONE_NEWUSER) != 0:
                raise OSError(ctypes.get_errno(), "no user namespace")
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{identity.uid} {outside[0]} 1")
            Path("/proc/self/gid_map").write_text(f"{identity.gid} {outside[1]} 1")
        elif identity:
            os.setgroups([])
            os.setgid(identity.gid)
            os.setuid(identity.uid)
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)  # the parent died before we could ask for the signal

    return prepare


class Child(subprocess.Popen[bytes]):
    """A process in a session of its own, so that Ctrl-C reaches the runner alone, which then ends the others in order."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        output: int | IO[bytes] = subprocess.DEVNULL,
        cwd: Path | None = None,
        stop_signal: int = signal.SIGTERM,
        identity: Identity | None = None,
    ) -> None:
        self.stop_signal = stop_signal
        super().__init__(
            list(argv),
            env=dict(env) if env is not None else None,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_before_exec(stop_signal, os.getpid(), identity),
        )

    def stop(self, *, within: float = 10.0) -> None:
        """End politely, then not, with everything that descends from it."""
        family = family_of({self.pid})
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.wait(timeout=within)
        end_now(family)
        self.wait()


@dataclass(frozen=True)
class _Stat:
    parent: int
    session: int
    state: str


def _stat_of(pid: int) -> _Stat | None:
    """What the system says of a process (Linux)."""
    try:
        # The name in parentheses may hold anything, so read after its end.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return _Stat(state=fields[0], parent=int(fields[1]), session=int(fields[3]))
    except (OSError, IndexError):
        return None


def family_of(pids: set[int]) -> set[int]:
    """These processes, all that descends from them, and all that still is in a session which one of them opened."""
    stats: dict[int, _Stat] = {}
    with contextlib.suppress(OSError):
        for entry in os.listdir("/proc"):
            if entry.isdigit() and (stat := _stat_of(int(entry))):
                stats[int(entry)] = stat
    found = set(pids)
    edge = found
    while edge:
        edge = {pid for pid, stat in stats.items() if pid not in found and (stat.parent in found or stat.session in pids)}
        found |= edge
    return found


def is_alive(pid: int) -> bool:
    stat = _stat_of(pid)
    if stat is not None:
        return stat.state not in "ZX"
    if sys.platform == "linux":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end_now(pids: set[int]) -> None:
    for pid in pids:
        if is_alive(pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


class Keeper:
    """Outlives the runner just long enough to end what the runner started. Make it first, while there is one thread."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            # Never return into the caller's stack: this process only waits and cleans up.
            try:
                os.close(self._writing)
                os.setsid()
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                _keep(reading)
            finally:
                os._exit(0)
        os.close(reading)

    def watch(self, child: Child) -> None:
        os.write(self._writing, f"+{child.pid} {child.stop_signal:d}\n".encode())

    def forget(self, child: Child) -> None:
        os.write(self._writing, f"-{child.pid}\n".encode())

    def remove_folder(self, folder: Path) -> None:
        """Also take this folder (sockets) away at the end."""
        os.write(self._writing, f"/{folder}\n".encode())

    def close(self) -> None:
        os.close(self._writing)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _keep(reading: int) -> None:
    watched: dict[int, int] = {}
    folders: set[str] = set()
    with os.fdopen(reading) as lines:
        for line in lines:
            kind, value = line[0], line[1:].rstrip("\n")
            if kind == "/":
                folders.add(value)
            elif kind == "+":
                number, _, ending = value.partition(" ")
                watched[int(number)] = int(ending)
            else:
                watched.pop(int(value), None)
    # The runner is gone.
    family = family_of(set(watched))
    for pid, stop_signal in watched.items():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, stop_signal)
    limit = time.monotonic() + GRACE_AFTER_DEATH
    while time.monotonic() < limit and any(is_alive(pid) for pid in family):
        time.sleep(0.05)
    end_now(family | family_of(set(watched)))
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
