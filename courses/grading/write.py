"""`write`: write a prompt or a message. What is checked is coverage, not quality: the page calls it a coverage check."""

from __future__ import annotations

import re
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from courses.grading import write_best
from courses.grading.answers import read_id, read_ids, read_object, refuse
from courses.grading.keys import (
    MOST_ENTRIES,
    Entry,
    KeyFault,
    PartId,
    Path,
    Shape,
    Weight,
    missing_ids,
    repeated_ids,
    shape_faults,
    unknown_ids,
)
from courses.grading.patterns import LONGEST_ANSWER, PREFIX, fault_of
from courses.grading.result import Part, Result, reaches, verdict_of, weighted_mean
from courses.grading.words import fold, is_copied, occurs_in_row, occurs_near, sentences_of, trigrams, words_of

WEAK = 0.5
SELF_CHECK_FROM, SELF_CHECK_SHARE = 0.5, 0.2
RED_LINE_CAP = 0.4
# Words shorter than this are not counted when a text is suspected to be a list of keywords.
COUNTED_FROM = 3

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]{2})?$")]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=220)]
Group = Annotated[list[Pattern], Field(min_length=1, max_length=8)]
Texts = dict[Language, str]


class Payload(Shape):
    max_chars: int = Field(default=1200, ge=1, le=LONGEST_ANSWER)
    criteria: list[Entry] = Field(min_length=1, max_length=MOST_ENTRIES)
    self_check: bool = False


class Criterion(Shape):
    weight: Weight = 1
    any: dict[Language, Annotated[list[Group], Field(min_length=1)]]
    weak: dict[Language, list[Group]] = {}


class Anchors(Shape):
    need: int = Field(ge=1)
    any: dict[Language, list[Pattern]]


class Key(Shape):
    criteria: dict[PartId, Criterion]
    anchors: Anchors | None = None
    red_lines: dict[Language | str, list[Pattern]] = {}
    brief: Texts
    model: Texts


def grade(payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    text, language, claims = _read(payload, key, response)
    sources = [frozenset(trigrams(words_of(source))) for name in ("brief", "model") for source in (key.get(name) or {}).values()]
    kept, copied = [], False
    for sentence in sentences_of(text):
        if is_copied(sentence, sources):
            copied = True
        else:
            kept += sentence
    return _score(payload, key, text, language, claims, kept, ["copied"] if copied else [])


def _score(
    payload: dict[str, Any],
    key: dict[str, Any],
    text: str,
    language: str,
    claims: list[str] | None,
    words: list[str],
    notes: list[str],
) -> Result:
    """The score of what is left (`words`) of the whole `text`."""
    parts: list[Part] = []
    values: dict[str, float] = {}
    matching: set[str] = set()
    for criterion in payload["criteria"]:
        one = criterion["id"]
        expected = key["criteria"][one]
        found = [group for group in _groups(expected.get("any"), language) if occurs_near(group, words)]
        values[one] = 1.0 if found else 0.0
        if not found:
            found = [group for group in _groups(expected.get("weak"), language) if occurs_near(group, words)]
            values[one] = WEAK if found else 0.0
        matching.update(start for group in found for start in group)
        parts.append(Part(one, values[one], float(expected.get("weight", 1)), verdict_of(values[one]), one))

    covered = weighted_mean([(part.score, part.weight) for part in parts])
    anchors = key.get("anchors")
    if anchors:
        phrases = {tuple(words_of(anchor)) for anchor in anchors["any"].get(language, [])}
        found_anchors = sum(occurs_in_row(phrase, words) for phrase in phrases)
        share = min(1.0, found_anchors / anchors["need"]) if anchors["need"] else 1.0
        covered *= share
        parts.append(Part("anchors", share, 1.0, verdict_of(share), "anchors"))

    if _is_keyword_list(words, matching):
        return Result.of(0.0, parts, [*notes, "keyword-list"])
    score = covered
    if payload.get("self_check", False) and claims is not None and reaches(covered, SELF_CHECK_FROM):
        agreement = sum((one in claims) == (value == 1) for one, value in values.items()) / len(values)
        score = (1 - SELF_CHECK_SHARE) * covered + SELF_CHECK_SHARE * agreement
    if _crosses_red_line(key, text, language):
        score = min(score, RED_LINE_CAP)
        parts.append(Part("red_lines", 0.0, 1.0, "harm", "red_lines"))
        notes = [*notes, "red-line"]
    return Result.of(score, parts, notes)


def _read(payload: dict[str, Any], key: dict[str, Any], response: Any) -> tuple[str, str, list[str] | None]:
    asked = bool(payload.get("self_check", False))
    read_object(response, "", ["text", "language", "claims"] if asked else ["text", "language"], ["claims"])
    text = response["text"]
    if not isinstance(text, str):
        raise refuse("shape", _("The answer could not be read."), "text", _("Reload the page and answer again."))
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise refuse(
            "characters",
            _("The text has characters that cannot be kept."),
            "text",
            _("Write it again, or paste it as plain text."),
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as the browser counts line ends
    if not text.strip():
        raise refuse("empty", _("Write your text first."), "text")
    limit = payload.get("max_chars", 1200)
    if len(text) > limit:
        raise refuse("too-long", _("The text has %(n)s characters; %(limit)s fit."), "text", n=len(text), limit=limit)
    language = read_id(response["language"], _languages(key), "language")
    claims = response.get("claims")
    if claims is not None or asked:
        claims = read_ids(claims, {criterion["id"] for criterion in payload["criteria"]}, "claims")
    return text, language, claims


def _languages(key: dict[str, Any]) -> set[str]:
    """In which languages an answer can be read: those that criteria look for."""
    return {language for criterion in key["criteria"].values() for language in criterion.get("any") or {}}


def _groups(by_language: dict[str, list[list[str]]] | None, language: str) -> list[list[str]]:
    """Groups of folded words; an entry with a hyphen counts as its words."""
    groups = [[word for entry in group for word in words_of(entry)] for group in (by_language or {}).get(language, [])]
    return [group for group in groups if group]


def _is_keyword_list(words: list[str], matching: set[str]) -> bool:
    counted = [word for word in words if len(word) >= COUNTED_FROM]
    return 2 * sum(word.startswith(tuple(matching)) for word in counted) > len(counted) if matching else False


def _crosses_red_line(key: dict[str, Any], text: str, language: str) -> bool:
    lines = key.get("red_lines") or {}
    words, folded = words_of(text), fold(text)
    for line in [*lines.get(language, []), *lines.get("any", [])]:
        if line.startswith(PREFIX):
            # The text has no capitals any more, and a pattern may: it must not be blind for that.
            if re.search(line[len(PREFIX) :], folded, re.IGNORECASE):
                return True
        elif occurs_in_row(words_of(line), words):
            return True
    return False


def find_faults(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    found = shape_faults("payload", Payload, payload) + shape_faults("key", Key, key)
    if found:
        return found
    ids = [criterion["id"] for criterion in payload["criteria"]]
    at = ("key", "criteria")
    found += repeated_ids(payload["criteria"], ("payload", "criteria"))
    found += unknown_ids(key["criteria"], ids, at) + missing_ids(ids, key["criteria"], at)
    languages = set(key["brief"])
    anchors = key.get("anchors")
    spoken: list[tuple[set[str], Path]] = [(set(key["model"]), ("key", "model"))]
    spoken += [(set(criterion["any"]), (*at, one, "any")) for one, criterion in key["criteria"].items()]
    spoken += [
        (set(criterion["weak"]), (*at, one, "weak")) for one, criterion in key["criteria"].items() if criterion.get("weak")
    ]
    spoken += [(set(anchors["any"]), ("key", "anchors", "any"))] if anchors else []
    spoken += [(set(key["red_lines"]) - {"any"}, ("key", "red_lines"))] if set(key.get("red_lines") or {}) - {"any"} else []
    for given, path in spoken:
        if given != languages:
            params = {"languages": ", ".join(sorted(languages))}
            found.append(
                KeyFault(
                    "languages",
                    _("The languages here are not those of the brief: %(languages)s."),
                    path,
                    _("Write it in each of them."),
                    params,
                )
            )
    return found or _faults_of_patterns(key) or _faults_of_model(payload, key)


def _faults_of_patterns(key: dict[str, Any]) -> list[KeyFault]:
    found = []
    for one, criterion in key["criteria"].items():
        for name in ("any", "weak"):
            for language, groups in (criterion.get(name) or {}).items():
                path: Path = ("key", "criteria", one, name, language)
                found += [
                    _wordless((*path, index)) for index, group in enumerate(groups) if any(not words_of(word) for word in group)
                ]
    anchors = key.get("anchors") or {"need": 0, "any": {}}
    for language, phrases in anchors["any"].items():
        path = ("key", "anchors", "any", language)
        found += [_wordless((*path, index)) for index, phrase in enumerate(phrases) if not words_of(phrase)]
        if len({tuple(words_of(phrase)) for phrase in phrases}) < anchors["need"]:
            params = {"n": anchors["need"]}
            found.append(
                KeyFault(
                    "too-few-anchors",
                    _("%(n)s anchors are needed and fewer are given."),
                    path,
                    _("Add some, or need fewer."),
                    params,
                )
            )
    for name, lines in (key.get("red_lines") or {}).items():
        for index, line in enumerate(lines):
            path = ("key", "red_lines", name, index)
            if line.startswith(PREFIX):
                fault = fault_of(line[len(PREFIX) :])
                if fault:
                    found.append(KeyFault("pattern", fault, path, _("Make it shorter, with no repeat inside a repeat.")))
            elif not words_of(line):
                found.append(_wordless(path))
    return found


def _wordless(path: Path) -> KeyFault:
    return KeyFault("wordless", _("There is no word here to look for."), path, _("Write letters or digits."))


def _faults_of_model(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    """A model answer must earn everything by its own key, were it not taken out as a copy."""
    found = []
    for language, text in key["model"].items():
        path: Path = ("key", "model", language)
        result = _score(payload, key, text, language, None, words_of(text), [])
        if len(text) > payload.get("max_chars", 1200):
            found.append(
                KeyFault(
                    "model-too-long",
                    _("The model answer is longer than an answer may be."),
                    path,
                    _("Shorten it, or allow more."),
                )
            )
        if not reaches(result.score, 1):
            missing = ", ".join([part.id for part in result.parts if part.verdict != "right"] or result.feedback)
            message = _("The model answer does not earn everything by its own key: %(missing)s.")
            found.append(
                KeyFault("model-fails", message, path, _("Mend the model answer, or the words looked for."), {"missing": missing})
            )
    return found


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    language = next(iter(key["brief"]))
    groups = [_groups(key["criteria"][criterion["id"]]["any"], language)[0] for criterion in payload["criteria"]]
    anchors = key.get("anchors")
    phrases = [words_of(phrase) for phrase in anchors["any"][language][: anchors["need"]]] if anchors else []
    response: dict[str, Any] = {"text": write_best.compose_text(groups, phrases), "language": language}
    if payload.get("self_check", False):
        response["claims"] = [criterion["id"] for criterion in payload["criteria"]]
    return response


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The longest text of the brief's own words: as they stand, and in another order so that no copy is seen."""
    limit = payload.get("max_chars", 1200)
    found: dict[str, list[dict[str, Any]]] = {"brief": [], "brief's words": []}
    for language, brief in key["brief"].items():
        words = words_of(brief)
        turned = " ".join(words[::-1] + words[1::2] + words[::2])
        for name, text in (("brief", brief), ("brief's words", turned)):
            response = {"text": text[:limit] or "-", "language": language}
            if payload.get("self_check", False):
                response["claims"] = [criterion["id"] for criterion in payload["criteria"]]
            found[name].append(response)
    return found
