"""Text as `write` reads it: folded words, sentences, and what is found among them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# A point between two digits is a decimal mark and ends no sentence.
_SENTENCE_END = re.compile(r"[!?\n]|(?<![0-9])\.|\.(?![0-9])")
_WORD = re.compile(r"[^\W_]+")
SPAN = 12
TRIGRAM = 3
COPY_FROM_WORDS = 5
COPIED_SHARE = 0.8


def fold(text: str) -> str:
    """Case, accents and white space made equal."""
    plain = "".join(one for one in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(one))
    return " ".join(plain.split())


def words_of(text: str) -> list[str]:
    """Runs of letters and digits, folded; an apostrophe or a hyphen ends one."""
    return _WORD.findall(fold(text))


def sentences_of(text: str) -> list[list[str]]:
    return [words for words in map(words_of, _SENTENCE_END.split(text)) if words]


def trigrams(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[index : index + TRIGRAM]) for index in range(len(words) - TRIGRAM + 1)]


def is_copied(sentence: Sequence[str], sources: Sequence[frozenset[tuple[str, ...]]]) -> bool:
    """Whether a sentence of five words or more shares over 80 % of its trigrams with one of the sources."""
    if len(sentence) < COPY_FROM_WORDS:
        return False
    own = trigrams(sentence)
    return any(sum(one in source for one in own) > COPIED_SHARE * len(own) + 1e-9 for source in sources)


def occurs_near(group: Sequence[str], words: Sequence[str]) -> bool:
    """Whether every word of the group begins some word, first to last within a span of twelve."""
    last: dict[str, int] = {}
    for index, word in enumerate(words):
        for start in group:
            if word.startswith(start):
                last[start] = index
        if len(last) == len(set(group)) and index - min(last.values()) < SPAN:
            return True
    return False


def occurs_in_row(phrase: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the words of the phrase stand whole, one after the other."""
    size = len(phrase)
    return size > 0 and any(list(words[index : index + size]) == list(phrase) for index in range(len(words) - size + 1))
