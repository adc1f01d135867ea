"""A text that covers everything that a `write` key asks for: for tests, never for learners. It is no good prose."""

from __future__ import annotations

from collections.abc import Sequence

from courses.grading.words import SPAN

# Words that no key looks for: they part the words looked for, so that the text is no list of keywords and no copy.
_FILLER = ("zuq", "zoq", "ziq", "zaq")


def compose_text(groups: Sequence[Sequence[str]], phrases: Sequence[Sequence[str]]) -> str:
    """As many fillers as words, and no more: the text has to fit where a model answer does."""
    sentences = []
    for group in groups:
        parted = [word for pair in zip(group, _fillers(len(group)), strict=True) for word in pair]
        # The last filler may stand outside the span in which the group is looked for.
        sentences.append(" ".join(parted if len(parted) - 1 <= SPAN else [*group, *_fillers(len(group))]))
    sentences += [" ".join([*phrase, *_fillers(len(phrase))]) for phrase in phrases]
    return ". ".join(sentences) + "."


def _fillers(count: int) -> list[str]:
    return [_FILLER[index % len(_FILLER)] for index in range(count)]
