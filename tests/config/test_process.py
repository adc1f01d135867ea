"""Child processes end when the one that started them ends, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.runner.process import Child, family_of, is_alive

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.services

# A child that will not hear SIGTERM, and its own child, which moved to a session of its own.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
open(sys.argv[1] + "/" + str(os.getpid()), "w").close()
time.sleep(300)
"""
PARENT = f"""
import sys, time
from config.runner.process import Child, Keeper
keeper = Keeper()
child = Child([sys.executable, "-c", {STUBBORN!r}, sys.argv[1]])
keeper.watch(child)
time.sleep(300)
"""


def started(folder: Path, count: int) -> set[int]:
    limit = time.monotonic() + 20
    while len(found := {int(path.name) for path in folder.iterdir()}) < count:
        assert time.monotonic() < limit, f"{len(found)} of {count} processes came up"
        time.sleep(0.02)
    return found


def gone(pids: set[int], within: float = 10) -> bool:
    limit = time.monotonic() + within
    while any(is_alive(pid) for pid in pids) and time.monotonic() < limit:
        time.sleep(0.05)
    return not any(is_alive(pid) for pid in pids)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_survives_a_runner_that_is_killed(tmp_path: Path, number: int) -> None:
    runner = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], cwd=ROOT)
    pids = started(tmp_path, 2)
    assert all(is_alive(pid) for pid in pids)
    keepers = family_of({runner.pid}) - pids - {runner.pid}
    assert len(keepers) == 1

    os.kill(runner.pid, number)
    runner.wait()

    assert gone(pids | keepers)


def test_stopping_a_child_ends_what_it_left_in_other_sessions(tmp_path: Path) -> None:
    child = Child([sys.executable, "-c", STUBBORN, str(tmp_path)])
    pids = started(tmp_path, 2)

    began = time.monotonic()
    child.stop(within=0.5)

    assert gone(pids, within=2)
    assert child.returncode == -signal.SIGKILL
    assert time.monotonic() - began > 0.4, "it was not asked politely first"
