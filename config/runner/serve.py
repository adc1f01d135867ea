"""Web server, worker and clock together, in one log, until one of them ends."""

from __future__ import annotations

import http.client
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from config.runner.arguments import ROOT
from config.runner.process import Child, Keeper
from config.runner.screen import Screen
from config.runner.trouble import Trouble

# Where a server that listens everywhere is asked whether it answers.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class Site:
    """The three processes of the site."""

    def __init__(self, *, host: str, port: int, data: Path, env: Mapping[str, str], screen: Screen, keeper: Keeper) -> None:
        self.host, self.port, self.data, self.env, self.screen, self.keeper = host, port, data, env, screen, keeper
        self.processes: dict[str, Child] = {}

    def serve(self, welcome: Callable[[], None]) -> None:
        """Start everything, and show what the processes say until one of them ends, which is a Trouble.

        The web server comes first, alone: each process reads the whole of the code in, and a person waits for this one. `welcome` is called when it answers.
        """
        web = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            self.host,
            "--port",
            str(self.port),
            "--workers",
            "2",
        ]
        web += [
            "--blocking-threads",
            "2",
            "--no-ws",
            "--workers-kill-timeout",
            "5",
            "--log-level",
            "warning",
            "config.wsgi:application",
        ]
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
        worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        clock = [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(self.data / "schedule"), "--pidfile", ""]

        answered = False
        early: list[tuple[str, str]] = []
        rest: dict[str, bytes] = {}
        with selectors.DefaultSelector() as ready:
            self.screen.begin("Web server")
            self._start("web", web, ready)
            while True:
                for key, _ in ready.select(timeout=1 if answered else 0.1):
                    for line in self._lines(ready, key, rest):
                        if answered:
                            self.screen.log(key.data, line)
                        else:
                            # The step line has the screen; these words are shown only if the start fails.
                            early.append((key.data, line))
                gone = [name for name, child in self.processes.items() if child.poll() is not None]
                if gone:
                    self.screen.broken()
                    for name, line in [] if answered else early:
                        self.screen.log(name, line)
                    code = self.processes[gone[0]].returncode
                    raise Trouble(f"the {gone[0]} process ended by itself (code {code}).", hint="Its words are above.")
                if answered:
                    continue
                if self._answers():
                    answered = True
                    self.screen.end()
                    self._start("worker", worker, ready)
                    self._start("clock", clock, ready)
                    welcome()
                else:
                    self.screen.going_on("")

    def _start(self, name: str, argv: list[str], ready: selectors.BaseSelector) -> None:
        child = Child(argv, env=self.env, output=-1, cwd=ROOT)
        self.processes[name] = child
        self.keeper.watch(child)
        assert child.stdout is not None
        os.set_blocking(child.stdout.fileno(), False)
        ready.register(child.stdout, selectors.EVENT_READ, name)

    def _lines(self, ready: selectors.BaseSelector, key: selectors.SelectorKey, rest: dict[str, bytes]) -> Iterator[str]:
        part = os.read(key.fd, 65536)
        if not part:
            ready.unregister(key.fileobj)
        *lines, rest[key.data] = (rest.get(key.data, b"") + part).split(b"\n")
        for line in lines:
            if line.strip():
                yield line.decode(errors="replace").rstrip()

    def _answers(self) -> bool:
        line = http.client.HTTPConnection(EVERYWHERE.get(self.host, self.host), self.port, timeout=5)
        try:
            line.request("GET", "/healthz", headers={"Host": "localhost"})
            line.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        return True

    def stop(self) -> None:
        """Ask all of them to end, then see to it."""
        for child in self.processes.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        limit = time.monotonic() + 10
        for child in self.processes.values():
            child.stop(within=max(0.1, limit - time.monotonic()))
            self.keeper.forget(child)
