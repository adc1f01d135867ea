"""An item of a pool as it will be written: plain values, texts by language where there are some."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from courses.imports.pictures import Picture

LONGEST_ID = 80


@dataclass(frozen=True)
class PoolItem:
    id: str
    mechanic: str
    weight: float
    prompt: dict[str, str]
    payload: dict[str, Any]
    key: dict[str, Any]
    feedback: dict[str, dict[str, str]]
    why: dict[str, str]
    comments: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = field(default=())

    def texts(self) -> dict[str, dict[str, str]]:
        """Every text that learners read, by its place in the item."""
        found = {"prompt": self.prompt, "why": self.why}
        for entries in self.payload.values():
            for entry in entries if isinstance(entries, list) else ():
                found[entry["id"]] = entry["text"]
        return found | {f"feedback.{part}": text for part, text in self.feedback.items()}


def slug(text: str, longest: int = LONGEST_ID) -> str:
    """Lower-case words joined by hyphens, cut between words; empty where nothing of the text can be kept."""
    ascii_text = unicodedata.normalize("NFKD", text.replace("’", " ")).encode("ascii", "ignore").decode().lower()
    joined = "-".join(re.findall(r"[a-z0-9]+", ascii_text))
    if len(joined) <= longest:
        return joined
    return joined[: longest + 1].rpartition("-")[0] or joined[:longest]


def numbered(wanted: str, taken: Container[str]) -> str:
    """The id, with a number behind it where it is taken."""
    if wanted not in taken:
        return wanted
    number = 2
    while (found := f"{wanted[: LONGEST_ID - 5].rstrip('-')}-{number}") in taken:
        number += 1
    return found


def part_ids(texts: Iterable[str], otherwise: str) -> list[str]:
    """Ids of options, cards or bins, from their words. They never say by their order which one is right."""
    found: list[str] = []
    for index, text in enumerate(texts, start=1):
        found.append(numbered(slug(text, 40) or f"{otherwise}-{index}", found))
    return found
