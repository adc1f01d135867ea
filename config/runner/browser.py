"""A Chromium for the journeys: the machine's own, or Debian's, installed where root allows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_browser() -> str | None:
    """The browser's path: BROWSER_PATH, or the first known name on this machine."""
    given = os.environ.get("BROWSER_PATH")
    return given or next(filter(None, map(shutil.which, NAMES)), None)


def ensure_browser(run: Callable[[str, list[str]], object]) -> str | None:
    """Find one, installing it when we may. `run(title, argv)` runs a long command in sight and raises when it fails."""
    found = find_browser()
    if found or os.getuid() != 0 or not shutil.which("apt-get"):
        return found
    run("Package lists of the system", ["apt-get", "update", "-q"])
    options = ["--yes", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"]
    run("Chromium for the journeys", ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", *options, "chromium"])
    return find_browser()
