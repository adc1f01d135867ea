"""What the person at the keyboard sees: one line a step, then one log with a prefix for each process."""

from __future__ import annotations

import os
import shutil
import sys
import time

COLOURS = {"web": "36", "worker": "33", "clock": "35"}


class Screen:
    """Writes lines; on a terminal, the line of the step under way counts its seconds and shows the latest word from it."""

    def __init__(self) -> None:
        self.live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self.colour = self.live and "NO_COLOR" not in os.environ
        self._step = ""
        self._began = 0.0
        self._shown = 0.0

    def line(self, text: str = "") -> None:
        print(text, flush=True)

    def begin(self, step: str) -> None:
        self._step, self._began, self._shown = step, time.monotonic(), time.monotonic()
        if self.live:
            print(f"  {step} …", end="", flush=True)

    def going_on(self, word: str) -> None:
        """Called often while a step runs; shows something about twice a second, or every five seconds in a file."""
        moment = time.monotonic()
        if moment - self._shown < (0.4 if self.live else 5):
            return
        self._shown = moment
        text = f"  {self._step} … {moment - self._began:.0f} s  {word.strip()}"
        if self.live:
            print(f"\r\x1b[K{text[: shutil.get_terminal_size().columns - 1]}", end="", flush=True)
        else:
            print(text[:160], flush=True)

    def end(self, result: str = "") -> None:
        took = time.monotonic() - self._began
        text = f"  {self._step}: {result or f'done in {took:.1f} s'}"
        print(f"\r\x1b[K{text}" if self.live else text, flush=True)

    def broken(self) -> None:
        """Leave a half-written step line."""
        if self.live:
            print(flush=True)

    def log(self, name: str, text: str) -> None:
        prefix = f"{name:<6} │ "
        if self.colour:
            prefix = f"\x1b[{COLOURS.get(name, '37')}m{prefix}\x1b[0m"
        print(f"{prefix}{text}", flush=True)
