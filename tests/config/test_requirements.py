"""The pinned packages: each with its hashes, the same versions everywhere, from whatever index the machine uses."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ["requirements.txt", "requirements-postgres.txt", "requirements-dev.txt"]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,._-]+\])?==(\S+)", re.IGNORECASE)


def entries(name: str) -> list[str]:
    """One text per package: its pin with the hashes on the lines that continue it."""
    text = (ROOT / name).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def pins(name: str) -> dict[str, str]:
    return {found[1].lower(): found[2] for line in entries(name) if (found := PIN.match(line))}


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_a_pin_with_hashes_and_names_no_index(name: str) -> None:
    assert [line for line in entries(name) if not PIN.match(line) or "--hash=sha256:" not in line] == []
    assert "://" not in (ROOT / name).read_text()


def test_the_development_set_holds_the_runtime_sets_at_the_same_versions() -> None:
    development = pins("requirements-dev.txt")
    assert len(development) > len(pins("requirements.txt")) > 50
    for name in ("requirements.txt", "requirements-postgres.txt"):
        assert {package: development.get(package) for package in pins(name)} == pins(name)


@pytest.mark.parametrize("name", FILES)
def test_everything_asked_for_is_pinned(name: str) -> None:
    asked = [line.split("#")[0].strip() for line in (ROOT / name.replace(".txt", ".in")).read_text().splitlines()]
    wanted = {re.split(r"[\[<>=]", line)[0].lower() for line in asked if line and not line.startswith("-")}
    assert wanted - set(pins(name)) == set()
