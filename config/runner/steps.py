"""The steps between an empty folder and a running site; each is skipped while what it works from has not changed.

A step's inputs are remembered by their digest: those of the files in DATA/steps.json, those of a database beside its name, because another database has
not seen them. A database that is not ours is asked every time.
"""

from __future__ import annotations

import hashlib
import json
import selectors
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.runner.arguments import ROOT
from config.runner.process import Child, Keeper
from config.runner.screen import Screen
from config.runner.trouble import failed

BEGUN = " begun"
PACK = ROOT / "courses" / "content" / "passerelle"


@dataclass(frozen=True)
class Step:
    """One management command. Without inputs it runs once for ever; `result` must exist for a run to be skipped."""

    title: str
    command: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    result: Path | None = None
    in_database: bool = False
    # Interrupted, it leaves a database that nobody can use and that must be made anew.
    whole: bool = False


def plan(data: Path, *, demo: bool) -> list[Step]:
    """The steps, in order."""
    packages, lms = "requirements.txt", ROOT / "lms"
    steps = [
        Step("Translations", ("compile_locale",), ("*/locale/**/*.po",), lms / "locale" / "fr" / "LC_MESSAGES" / "django.mo"),
        Step("Fonts", ("build_assets",), (packages, "lms/management/fonts.py"), lms / "static" / "lms" / "fonts" / "fonts.css"),
        Step(
            "Static files",
            ("collectstatic", "--noinput", "--verbosity", "0"),
            (packages, "*/static/**/*"),
            data / "static" / "lms",
        ),
        Step("Database tables", ("migrate", "--noinput"), (packages, "*/migrations/*.py"), in_database=True),
        Step("Content", ("publish_content", str(PACK)), ("courses/content/**/*",), in_database=True),
    ]
    if demo:
        steps.append(Step("Demo company", ("demo",), in_database=True, whole=True))
    return steps


def digest_of(patterns: Iterable[str], root: Path = ROOT) -> str:
    """One digest over the names and contents of the files that match."""
    total = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            # Environments and data folders are not ours to read.
            if path.is_file() and not path.relative_to(root).parts[0].startswith(".") and "__pycache__" not in path.parts:
                total.update(f"{path.relative_to(root)}\0".encode())
                total.update(path.read_bytes())
    return total.hexdigest()


class Stamps:
    """What was done already, in a file of the data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.done: dict[str, str] = json.loads(path.read_text())
        except (OSError, ValueError):
            self.done = {}

    def put(self, key: str, digest: str) -> None:
        self.done[key] = digest
        self.path.write_text(json.dumps(self.done, indent=1))

    def half_made(self, database: str) -> bool:
        """Whether a step that must be whole was begun on this database and not finished."""
        begun = [key.removesuffix(BEGUN) for key in self.done if key.startswith(f"{database}: ") and key.endswith(BEGUN)]
        return any(key not in self.done for key in begun)

    def forget(self, database: str) -> None:
        """A database that is new has seen none of the steps."""
        self.done = {key: digest for key, digest in self.done.items() if not key.startswith(f"{database}: ")}


def exists(command: str) -> bool:
    """Whether one of our apps has the command (Django's own always do)."""
    return command in {"migrate", "collectstatic"} or any(ROOT.glob(f"*/management/commands/{command}.py"))


def run_steps(
    steps: list[Step], *, env: Mapping[str, str], stamps: Stamps, database: str | None, screen: Screen, keeper: Keeper, data: Path
) -> None:
    """Run what is not done yet. `database` names an embedded one; None is a server of the person's own."""
    for step in steps:
        if not exists(step.command[0]):
            continue
        digest = digest_of(step.inputs)
        key = f"{database}: {step.command[0]}" if step.in_database else step.command[0]
        known = stamps.done.get(key) == digest and not (step.in_database and database is None)
        if known and (step.result is None or step.result.exists()):
            continue
        if step.whole and database is not None:
            stamps.put(key + BEGUN, "")
        screen.begin(step.title)
        command = [sys.executable, str(ROOT / "manage.py"), *step.command]
        run_command(step.title, command, env=env, keeper=keeper, folder=data, on_line=screen.going_on)
        screen.end()
        stamps.put(key, digest)


def run_command(
    title: str, argv: list[str], *, env: Mapping[str, str], keeper: Keeper, folder: Path, on_line: Callable[[str], None]
) -> str:
    """Run one command to its end; its words go to `on_line` as they come. A failure is a Trouble that shows them."""
    child = Child(argv, env=env, output=-1, cwd=ROOT)
    keeper.watch(child)
    assert child.stdout is not None
    spoken = bytearray()
    try:
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            while True:
                if ready.select(timeout=0.5):
                    part = child.stdout.read1(65536)  # type: ignore[attr-defined]
                    if not part:
                        break
                    spoken += part
                words = spoken.decode(errors="replace").split()
                last = spoken.decode(errors="replace").replace("\r", "\n").rstrip().rpartition("\n")[2] if words else ""
                on_line(last)
        code = child.wait()
    except BaseException:
        child.stop(within=3)
        raise
    finally:
        child.stdout.close()
        keeper.forget(child)
    text = spoken.decode(errors="replace")
    if code:
        raise failed(title, text, folder)
    return text
