"""Takes what a person reads out of a payload: answers are graded on ids, and one payload serves every language.

A text's path is the part's own id where grading speaks of the part; what only stands around it has its list's name in front:

    choice     a, or 1.a in step 1; the step's own question is 1        sequence   draft, actors.human
    mark       s3, kinds.outdated                                      compose    goal-decisions
    sort       card, bins.red                                          write      audience
    rank       card                                                    scenario   n1 for the node, n1.listen for the choice
    calculate  hours, hours.unit where the unit is written by language
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.packs.findings import Findings
from courses.packs.marked import Document, Path

_LISTS = {
    "choice": (("options", ""),),
    "mark": (("segments", ""), ("kinds", "kinds.")),
    "sort": (("items", ""), ("bins", "bins.")),
    "rank": (("items", ""),),
    "sequence": (("steps", ""), ("actors", "actors.")),
    "compose": (("blocks", ""),),
    "write": (("criteria", ""),),
    "calculate": (("fields", ""),),
}
# Written with id and text, graded as plain ids.
_PLAIN = ("kinds", "actors")
# Actors that every page can name; another one brings its text.
KNOWN_ACTORS = ("human", "ai", "both", "automation")


def split_texts(
    mechanic: str, authored: dict[str, Any], document: Document, at: Path, languages: tuple[str, ...], findings: Findings
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """The payload with ids alone, and for each language its texts by path. What is malformed stays for the check of the key."""
    payload = deepcopy(authored)
    texts: dict[str, dict[str, str]] = {language: {} for language in languages}
    for entry, place, path in _entries(mechanic, payload):
        given = entry.pop("text", None)
        _keep(given, path, (*at, *place), document, texts, findings)
        if mechanic == "calculate" and isinstance(entry.get("unit"), dict):
            unit = entry["unit"]
            _keep(unit, f"{path}.unit", (*at, *place, "unit"), document, texts, findings)
            entry["unit"] = str(unit.get(languages[0], ""))
    for name in _PLAIN:
        if isinstance(payload.get(name), list):
            payload[name] = [
                entry["id"] if isinstance(entry, dict) and set(entry) == {"id"} else entry for entry in payload[name]
            ]
    for index, kind in enumerate(payload.get("kinds") or []) if mechanic == "mark" else ():
        if isinstance(authored["kinds"][index], str):
            findings.add(
                "text", _("“%(id)s” has no text."), document.where((*at, "kinds", index)), _("Write {id: …, text: {…}}."), id=kind
            )
    for index, actor in enumerate(payload.get("actors") or []) if mechanic == "sequence" else ():
        if isinstance(authored["actors"][index], str) and actor not in KNOWN_ACTORS:
            findings.add(
                "text",
                _("“%(id)s” has no text."),
                document.where((*at, "actors", index)),
                _("Write {id: …, text: {…}}."),
                id=actor,
            )
    return payload, texts


def _keep(given: Any, path: str, place: Path, document: Document, texts: dict[str, dict[str, str]], findings: Findings) -> None:
    if (
        not isinstance(given, dict)
        or set(given) != set(texts)
        or not all(isinstance(one, str) and one.strip() for one in given.values())
    ):
        hint = _("Write its text in each language of the pack: %(languages)s.")
        params = {"id": path, "languages": ", ".join(texts)}
        findings.add(
            "text", _("“%(id)s” has no text, or not in every language."), document.where((*place, "text")), hint, **params
        )
        return
    for language, text in given.items():
        texts[language][path] = text.strip()


def _entries(mechanic: str, payload: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Path, str]]:
    """Every entry that has a text: itself, where it is in the payload, and the path of its text."""
    if mechanic == "scenario":
        yield from _nodes(payload.get("nodes"))
    elif mechanic == "choice" and isinstance(payload.get("steps"), list):
        for index, step in enumerate(payload["steps"]):
            if isinstance(step, dict):
                yield step, ("steps", index), str(index)
                yield from _listed(step.get("options"), ("steps", index, "options"), f"{index}.")
    else:
        for name, prefix in _LISTS.get(mechanic, ()):
            yield from _listed(payload.get(name), (name,), prefix)


def _nodes(nodes: Any) -> Iterator[tuple[dict[str, Any], Path, str]]:
    for name, node in nodes.items() if isinstance(nodes, dict) else ():
        if isinstance(node, dict):
            yield node, ("nodes", name), name
            yield from _listed(node.get("choices"), ("nodes", name, "choices"), f"{name}.")


def _listed(entries: Any, place: Path, prefix: str) -> Iterator[tuple[dict[str, Any], Path, str]]:
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield entry, (*place, index), f"{prefix}{entry.get('id')}"


def part_ids(mechanic: str, payload: dict[str, Any], key: dict[str, Any]) -> set[str]:
    """The ids that feedback may be written for."""
    found = {path for _entry, _place, path in _entries(mechanic, payload)}
    if mechanic == "sequence":
        found |= {f"checkpoint.{index}" for index in range(len(key.get("checkpoints") or []))}
    if mechanic == "write":
        found |= {"anchors", "red_lines", "copied", "keyword-list", "red-line"}
    if mechanic == "calculate":
        found.add("unit")
    return found | {"critical-check", "grave-risk"}
