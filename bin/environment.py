"""Makes .venv with the pinned packages when it must, then hands over to the command of the same name in config/runner/.

Only the standard library here: nothing is installed yet when this runs. Installed sets are remembered by the digest of their requirements file, so that a
second start costs nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

# The development set contains the two others, at the same versions.
CONTAINED = {"requirements-dev.txt": ("requirements.txt", "requirements-postgres.txt")}
# Room that the installed packages and their download need, in megabytes.
ROOM = {"requirements.txt": 400, "requirements-postgres.txt": 250, "requirements-dev.txt": 1000}

NETWORK_WORDS = (
    "failed to fetch",
    "error sending request",
    "dns error",
    "name resolution",
    "name or service not known",
    "max retries",
    "connection refused",
    "network is unreachable",
    "timed out",
    "could not connect",
    "no matching distribution found",
)


def needed_sets(command: str, arguments: list[str]) -> list[str]:
    """The requirements files that a command needs."""
    if command == "test":
        return ["requirements-dev.txt"]
    if command == "bench" or "--postgres" in arguments:
        return ["requirements.txt", "requirements-postgres.txt"]
    return ["requirements.txt"]


def stamp_of(name: str) -> Path:
    return VENV / f".installed-{name}"


def digest_of(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def is_installed(name: str) -> bool:
    stamp = stamp_of(name)
    return stamp.exists() and stamp.read_text().strip() == digest_of(name)


def stop(message: str, *, hint: str = "", detail: str = "") -> None:
    """End with what is wrong, in words for the person at the keyboard."""
    if detail:
        print(detail, file=sys.stderr)
    print(f"\nError: {message}", file=sys.stderr)
    if hint:
        print(f"       {hint}", file=sys.stderr)
    raise SystemExit(1)


def explain_failure(what: str, output: str) -> None:
    """Say why an installation failed: no room, no network, or its own last lines."""
    low, tail = output.lower(), "\n".join(output.splitlines()[-12:])
    if "no space left" in low:
        stop("the disk is full.", hint="Free about 1 GB and start again; what is already there is kept.", detail=tail)
    if any(word in low for word in NETWORK_WORDS):
        stop(
            "the package index cannot be reached (no network?).",
            hint="Packages are needed once. Connect, or configure your own index for pip or uv, and start again.",
            detail=tail,
        )
    if "ensurepip" in low:
        stop(
            "this Python cannot make environments.",
            hint="On Debian or Ubuntu: apt install python3-venv. Or install uv.",
            detail=tail,
        )
    stop(f"{what} failed.", detail=tail)


def run_shown(what: str, argv: list[str]) -> None:
    """Run a long command, with the time that it takes and its latest line in sight."""
    log = VENV.parent / ".venv-log"
    began = time.monotonic()
    live = sys.stdout.isatty()
    print(f"{what} …", end="" if live else "\n", flush=True)
    with log.open("w+b") as sink:
        child = subprocess.Popen(argv, stdout=sink, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=ROOT)
        shown = began
        try:
            while child.poll() is None:
                time.sleep(0.1)
                pause = 0.5 if live else 10
                if time.monotonic() - shown >= pause:
                    shown = time.monotonic()
                    lines = log.read_text(errors="replace").splitlines()
                    last = lines[-1].strip()[:70] if lines else ""
                    text = f"{what} … {shown - began:.0f} s  {last}"
                    print(f"\r\x1b[K{text}" if live else text, end="" if live else "\n", flush=True)
        except BaseException:
            child.terminate()
            child.wait()
            raise
    output = log.read_text(errors="replace")
    log.unlink()
    if child.returncode:
        print()
        explain_failure(what, output)
    took = f"{what}: done in {time.monotonic() - began:.1f} s"
    print(f"\r\x1b[K{took}" if live else took, flush=True)


def make_environment() -> None:
    """Make .venv when it is missing or its Python is gone or too old."""
    if PYTHON.exists():
        check = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        if subprocess.run(check, capture_output=True, check=False).returncode == 0:
            return
    version = ".".join(map(str, sys.version_info[:2]))
    base = getattr(sys, "_base_executable", sys.executable) or sys.executable
    uv = shutil.which("uv")
    argv = [uv, "venv", "--quiet", "--clear", "--python", base, str(VENV)] if uv else [base, "-m", "venv", "--clear", str(VENV)]
    run_shown(f"Environment in .venv (Python {version})", argv)


def install(names: list[str]) -> None:
    """Install the pinned sets, checked by their hashes."""
    free = shutil.disk_usage(ROOT).free // 2**20
    needed = sum(ROOM[name] for name in names)
    if free < needed:
        stop(f"only {free} MB are free on this disk, the packages need about {needed} MB.", hint=f"Folder: {ROOT}")
    files = [part for name in names for part in ("-r", name)]
    uv = shutil.which("uv")
    if uv:
        argv = [uv, "pip", "install", "--python", str(PYTHON), "--require-hashes", *files]
    else:
        pip = [str(PYTHON), "-m", "pip"]
        if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
            run_shown("pip", [str(PYTHON), "-m", "ensurepip"])
        argv = [*pip, "install", "--disable-pip-version-check", "--no-input", "--require-hashes", *files]
    count = sum(line[:1].isalnum() and "==" in line for name in names for line in (ROOT / name).read_text().splitlines())
    run_shown(f"Packages with {'uv' if uv else 'pip'} (about {count})", argv)
    for name in names:
        for each in (name, *CONTAINED.get(name, ())):
            stamp_of(each).write_text(digest_of(each) + "\n")


def main() -> None:
    command, arguments = sys.argv[1], sys.argv[2:]
    if {"-h", "--help"} & set(arguments):
        # Help must not cost an installation: the parsers need the standard library alone.
        os.execv(sys.executable, [sys.executable, str(ROOT / "config" / "runner" / "arguments.py"), command])
    missing = [name for name in needed_sets(command, arguments) if not is_installed(name)]
    if missing or not PYTHON.exists():
        # Two commands started at once must not install into the same folder.
        with (ROOT / ".venv-lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            make_environment()
            missing = [name for name in needed_sets(command, arguments) if not is_installed(name)]
            if missing:
                install(missing)
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", f"config.runner.{command}", *arguments])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
