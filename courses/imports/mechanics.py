"""Which of our mechanics a question becomes, with its payload and key; `NotCarried` says why it becomes none.

A number that a mechanic cannot hold (partial marks, a second unit) is not bent in silence: the writer notes each loss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from courses.imports.found import FoundAnswer, FoundQuestion, Markup
from courses.imports.item import part_ids
from courses.imports.texts import NotCarried, Writer

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Texts = dict[str, str]
# Numbers of a pool are written out, without powers of ten.
SMALLEST, LARGEST = 1e-6, 1e15
_EQUAL = 0.01  # per cent: thirds are written 33.33333


@dataclass(frozen=True)
class Voices:
    """One question in each language that was given, and who writes its texts. The first one decides what is right."""

    questions: dict[str, FoundQuestion]
    writers: dict[str, Writer]

    @property
    def first(self) -> FoundQuestion:
        return next(iter(self.questions.values()))

    @property
    def writer(self) -> Writer:
        return next(iter(self.writers.values()))

    def plain(self, pick: Callable[[FoundQuestion], Markup]) -> Texts:
        said = {language: self.writers[language].plain(pick(question)) for language, question in self.questions.items()}
        return {language: text for language, text in said.items() if text}

    def markdown(self, pick: Callable[[FoundQuestion], Markup], *, asks: bool = False) -> Texts:
        said = {
            language: self.writers[language].markdown(pick(question), asks=asks) for language, question in self.questions.items()
        }
        return {language: text for language, text in said.items() if text}

    def word(self, text: StrOrPromise) -> Texts:
        """A word of our own, in the languages that we have it in."""
        found = {}
        for language in self.questions:
            if language in dict(settings.LANGUAGES):
                with override(language):
                    found[language] = str(text)
        return found


@dataclass(frozen=True)
class Shaped:
    mechanic: str
    payload: dict[str, Any]
    key: dict[str, Any]
    feedback: dict[str, Texts]
    comments: tuple[str, ...] = ()


def shape(voices: Voices) -> Shaped:
    kind = voices.first.kind
    if kind in SHAPES:
        return SHAPES[kind](voices)
    message, hint = REASONS.get(kind, _UNKNOWN)
    raise NotCarried(f"kind-{kind}", message, hint, kind=kind or "?")


def _choice(voices: Voices) -> Shaped:
    first = voices.first
    texts = [voices.plain(_answer_text(index)) for index in range(len(first.answers))]
    ids = part_ids(_told_apart(texts), "option")
    right = _right(voices) if first.single else {index for index, one in enumerate(first.answers) if one.fraction > 0}
    if not right:
        raise NotCarried("nothing-right", _("No answer of it is right."))
    if not first.single:
        _note_weights(voices, right)
    if not first.shuffled:
        voices.writer.lose(
            "shuffle", _("Its answers had a fixed order; here they are shuffled."), _("Look for “all of the above”.")
        )
    return Shaped(
        "choice",
        {"options": _entries(ids, texts), "multiple": not first.single, "confidence": False},
        {"correct": [ids[index] for index in sorted(right)]},
        _feedback(voices, ids),
    )


def _right(voices: Voices) -> set[int]:
    """Of a question with one answer: what earned everything. Less than that is nothing here."""
    answers = voices.first.answers
    best = max((one.fraction for one in answers), default=0)
    if best <= 0:
        return set()
    for one in answers:
        if one.fraction not in (0, best) or (one.fraction == best and abs(best - 100) > _EQUAL):
            message = _("An answer was worth %(fraction)s %%; here an answer is right or wrong.")
            voices.writer.lose("partial", message, fraction=f"{one.fraction:g}")
    return {index for index, one in enumerate(answers) if one.fraction == best}


def _note_weights(voices: Voices, right: set[int]) -> None:
    fractions = [one.fraction for one in voices.first.answers]
    gains = [fraction for index, fraction in enumerate(fractions) if index in right]
    costs = [fraction for index, fraction in enumerate(fractions) if index not in right]
    if any(max(some) - min(some) > _EQUAL for some in (gains, costs) if some):
        message = _("Its answers had different weights (%(weights)s); here right ones count alike, and so do wrong ones.")
        voices.writer.lose("weights", message, weights=", ".join(f"{fraction:g} %" for fraction in fractions))


def _all_or_nothing(voices: Voices) -> Shaped:
    voices.writer.lose("all-or-nothing", _("It was all or nothing; here a part of the right answers earns a part."))
    return _choice(_as_multiple(voices))


def _as_multiple(voices: Voices) -> Voices:
    return Voices({language: replace(one, single=False) for language, one in voices.questions.items()}, voices.writers)


def _true_or_false(voices: Voices) -> Shaped:
    by_words = {one.text.text.strip().lower(): index for index, one in enumerate(voices.first.answers)}
    if set(by_words) != {"true", "false"} or len(voices.first.answers) != 2:
        return _choice(voices)  # a tool that wrote other words than Moodle does
    order = [by_words["true"], by_words["false"]]
    ids = ["statement-true", "statement-false"]
    texts = [voices.word(_("True")), voices.word(_("False"))]
    right = [one for one, index in zip(ids, order, strict=True) if voices.first.answers[index].fraction > 0]
    feedback = _feedback(voices, [ids[order.index(index)] for index in range(2)])
    return Shaped(
        "choice", {"options": _entries(ids, texts), "multiple": False, "confidence": False}, {"correct": right}, feedback
    )


def _calculate(voices: Voices) -> Shaped:
    first = voices.first
    numbers = [(index, one) for index, one in enumerate(first.answers) if one.value is not None and one.fraction > 0]
    if not numbers:
        raise NotCarried("nothing-right", _("No answer of it is right."))
    index, best = max(numbers, key=lambda pair: pair[1].fraction)  # the first one of those that earn most
    if best.value and not SMALLEST <= abs(best.value) < LARGEST:
        raise NotCarried("number", _("Its number is too large or too small to be written out."), _("Ask for it in another unit."))
    half = _half(voices, index, best)
    full = _relative(best, best)
    if max(full, half) >= 1:
        message = _("Its tolerance is as wide as the number itself.")
        raise NotCarried("tolerance", message, _("Ask for something that can be wrong."))
    field: dict[str, Any] = {"id": "answer", "text": voices.word(_("Your answer"))}
    if first.units:
        field["unit"] = first.units[0][:40]
        if len(first.units) > 1:
            voices.writer.lose("units", _("Only one unit is asked for; gone are: %(units)s."), units=", ".join(first.units[1:]))
    given = voices.markdown(_answer_feedback(index))
    key = {"fields": {"answer": {"value": best.value, "full": full, "half": half}}}
    return Shaped("calculate", {"fields": [field]}, key, {"answer": given} if given else {}, _other_feedback(voices, index))


def _half(voices: Voices, index: int, best: FoundAnswer) -> float:
    """The tolerance that earns half; that of the full mark where there is none."""
    full = half = _relative(best, best)
    for other, one in enumerate(voices.first.answers):
        if other == index or one.fraction <= 0:
            continue
        if one.value == best.value and abs(one.fraction - 50) <= _EQUAL and _relative(one, best) >= full:
            half = max(half, _relative(one, best))
        else:
            message = _("Another number was accepted too: %(number)s for %(fraction)s %%.")
            voices.writer.lose("number", message, number=one.text.text.strip(), fraction=f"{one.fraction:g}")
    return half


def _relative(one: FoundAnswer, best: FoundAnswer) -> float:
    """Moodle's tolerance is absolute, ours is a share of the value (absolute for 0)."""
    return one.tolerance / abs(best.value) if best.value else one.tolerance


def _sort(voices: Voices) -> Shaped:
    pairs = voices.first.pairs
    cards = [index for index, pair in enumerate(pairs) if pair.card]
    places: dict[str, int] = {}  # each place once, by its words, with the first pair that names it
    for index, pair in enumerate(pairs):
        places.setdefault(pair.place.text.strip(), index)
    if "" in places:
        raise NotCarried("no-text", _("One of its texts is empty."))
    items = [voices.plain(_card_text(index)) for index in cards]
    bins = [voices.plain(_place_text(index)) for index in places.values()]
    item_ids, bin_ids = part_ids(_told_apart(items), "card"), part_ids(_told_apart(bins), "bin")
    of_place = dict(zip(places, bin_ids, strict=True))
    bin_of = {one: of_place[pairs[index].place.text.strip()] for one, index in zip(item_ids, cards, strict=True)}
    # By their names: as the file has them, each card would stand beside its place.
    listed = sorted(({**entry, "limit": None} for entry in _entries(bin_ids, bins)), key=lambda entry: str(entry["id"]))
    return Shaped("sort", {"items": _entries(item_ids, items), "bins": listed, "ordered": False}, {"bin_of": bin_of}, {})


def _rank(voices: Voices) -> Shaped:
    if voices.first.partial:
        voices.writer.lose("subset", _("Only some of its items were shown at a time; here all of them are."))
    texts = [voices.plain(_answer_text(index)) for index in range(len(voices.first.answers))]
    ids = part_ids(_told_apart(texts), "item")
    tiers = {one: len(ids) - place for place, one in enumerate(ids)}
    # By their names: the order of the file is the answer.
    items = sorted(_entries(ids, texts), key=lambda entry: str(entry["id"]))
    return Shaped("rank", {"items": items}, {"tier_of": tiers}, _feedback(voices, ids))


def _entries(ids: list[str], texts: list[Texts]) -> list[dict[str, Any]]:
    return [{"id": one, "text": text} for one, text in zip(ids, texts, strict=True)]


def _told_apart(texts: list[Texts]) -> list[str]:
    """The words in the first language, where every one has some and no two are the same."""
    words = [next(iter(text.values()), "") for text in texts]
    if not all(words):
        raise NotCarried("no-text", _("One of its texts is empty."))
    if len(set(words)) < len(words):
        raise NotCarried("same-text", _("Two of its answers or cards read the same."))
    return words


def _feedback(voices: Voices, ids: list[str]) -> dict[str, Texts]:
    said = {one: voices.markdown(_answer_feedback(index)) for index, one in enumerate(ids)}
    return {one: text for one, text in said.items() if text}


def _other_feedback(voices: Voices, right: int) -> tuple[str, ...]:
    """What was said to wrong numbers has no place in `calculate`: it is kept for the author."""
    said = [
        f"{one.text.text.strip()}: {one.feedback.text.strip()}"
        for question in voices.questions.values()
        for index, one in enumerate(question.answers)
        if index != right and one.feedback
    ]
    if said:
        voices.writer.lose("feedback", _("Feedback to other numbers has no place; it stands in a comment."))
    return tuple(said)


def _answer_text(index: int) -> Callable[[FoundQuestion], Markup]:
    return lambda question: question.answers[index].text


def _answer_feedback(index: int) -> Callable[[FoundQuestion], Markup]:
    return lambda question: question.answers[index].feedback


def _card_text(index: int) -> Callable[[FoundQuestion], Markup]:
    return lambda question: question.pairs[index].card


def _place_text(index: int) -> Callable[[FoundQuestion], Markup]:
    return lambda question: question.pairs[index].place


SHAPES: dict[str, Callable[[Voices], Shaped]] = {
    "multichoice": _choice,
    "multichoiceset": _all_or_nothing,
    "truefalse": _true_or_false,
    "numerical": _calculate,
    "matching": _sort,
    "ordering": _rank,
}

_UNKNOWN = (_("Questions of the type “%(kind)s” are not known here."), _("Write it again as one of the nine mechanics."))
REASONS = {
    "shortanswer": (
        _("An answer in exact words cannot be asked for: a right one in other words would be wrong."),
        _("Offer its answers as a choice, or write an exercise of the mechanic “write”."),
    ),
    "essay": (_("A free text needs a reader."), _("Write an exercise of the mechanic “write”, or a mission.")),
    "description": (_("It is a text without a question."), _("Put it into a lesson.")),
    "cloze": (_("Gaps inside a text are not one of our mechanics."), _("Make a question of each gap.")),
    "gapselect": (_("Gaps inside a text are not one of our mechanics."), _("Make a question of each gap.")),
    "ddwtos": (_("Gaps inside a text are not one of our mechanics."), _("Make a question of each gap.")),
    "ddmarker": (_("Places on a picture cannot be asked for: pictures are not shown."), _("Ask for it in words.")),
    "ddimageortext": (_("Places on a picture cannot be asked for: pictures are not shown."), _("Ask for it in words.")),
    "calculated": (_("Its numbers are drawn anew each time; ours are fixed."), _("Write it with one set of numbers.")),
    "calculatedsimple": (_("Its numbers are drawn anew each time; ours are fixed."), _("Write it with one set of numbers.")),
    "calculatedmulti": (_("Its numbers are drawn anew each time; ours are fixed."), _("Write it with one set of numbers.")),
    "random": (_("It only stands for another question, drawn at random."), _("Draw from a group of the pool.")),
    "": (_("It does not say of which type it is."), _("Export it again.")),
}
