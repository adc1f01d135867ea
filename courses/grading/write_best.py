"""A text that covers everything that a `write` key asks for: for tests, never for learners. It is no good prose."""

from __future__ import annotations

from collections.abc import Sequence

# Words that no key looks for: they part the words looked for, so that the text is no list of keywords and no copy.
_FILLER = ("zuq", "zoq", "ziq", "zaq")


def compose_text(groups: Sequence[Sequence[str]], phrases: Sequence[Sequence[str]]) -> str:
    sentences = []
    for group in groups:
        spread = [word for index, start in enumerate(group) for word in (start, _FILLER[index % len(_FILLER)])]
        sentences.append(" ".join([_FILLER[0], *spread, _FILLER[1]]))
    for phrase in phrases:
        sentences.append(" ".join([*_FILLER, *phrase, *_FILLER]))
    return ". ".join(sentences) + "."
