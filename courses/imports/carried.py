"""What our pool can hold of a question: all of it, a part of it with its losses told, or nothing and why."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.grading import check_key
from courses.imports.found import FoundQuestion
from courses.imports.item import PoolItem
from courses.imports.mechanics import Shaped, Voices, shape
from courses.imports.texts import NotCarried, Writer
from courses.packs.findings import Findings
from courses.problems import Problem

HEAVIEST = 1000
_HTML_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)


@dataclass(frozen=True)
class Judged:
    """A question and what became of it: an item (with or without losses), or the reason why there is none."""

    question: FoundQuestion
    item: PoolItem | None = None
    losses: tuple[Problem, ...] = ()
    reason: Problem | None = None

    def missing(self, languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Texts that a pack in these languages asks for and that are not written yet: place -> languages.

        The reason and every text that is there at all must be there in each language. Feedback is not demanded; an option
        without any is named with all languages too, because an author wants to know.
        """
        if self.item is None:
            return {}
        found = {
            place: tuple(language for language in languages if language not in text) for place, text in self.item.texts().items()
        }
        if self.item.mechanic == "choice":
            for entry in self.item.payload["options"]:
                if entry["id"] not in self.item.feedback:
                    found[f"feedback.{entry['id']}"] = languages
        return {place: missing for place, missing in found.items() if missing}


def judge(questions: dict[str, FoundQuestion], *, item_id: str) -> Judged:
    """The question in each language that was given, the leading one first."""
    first = next(iter(questions.values()))
    losses = Findings()
    try:
        if first.problem is not None:
            raise NotCarried(first.problem.code, first.problem.message, first.problem.hint)
        writers = {language: Writer(one.where, item_id, losses) for language, one in questions.items()}
        for writer in writers.values():  # a picture that both languages show is kept once
            writer.pictures = next(iter(writers.values())).pictures
        item = _item(Voices(questions, writers), item_id)
    except NotCarried as refused:
        return Judged(first, reason=replace(refused.problem, where=first.where))
    return Judged(first, item, tuple(losses.problems))


def _item(voices: Voices, item_id: str) -> PoolItem:
    first = voices.first
    shaped = shape(voices)
    prompt = voices.markdown(lambda question: question.text, asks=True)
    if next(iter(voices.questions)) not in prompt:
        raise NotCarried("no-text", _("One of its texts is empty."))
    _check(shaped)
    comments = _comments(voices, shaped)
    weight = first.weight
    if not 0 < weight <= HEAVIEST:
        voices.writer.lose("weight", _("Its grade of %(grade)s cannot be a weight; it counts 1 here."), grade=f"{weight:g}")
        weight = 1.0
    if first.hidden:
        voices.writer.lose("hidden", _("It was hidden where it comes from; here it is not."))
    return PoolItem(
        id=item_id,
        mechanic=shaped.mechanic,
        weight=weight,
        prompt=prompt,
        payload=shaped.payload,
        key=shaped.key,
        feedback=shaped.feedback,
        why=voices.markdown(lambda question: question.why),
        comments=comments,
        pictures=tuple(voices.writer.pictures),
    )


def _check(shaped: Shaped) -> None:
    """Asks the mechanic itself, so that nothing is written which publishing would refuse."""
    payload: dict[str, Any] = deepcopy(shaped.payload)
    for entries in payload.values():
        for entry in entries if isinstance(entries, list) else ():
            entry.pop("text", None)
    faults = check_key(shaped.mechanic, payload, shaped.key)
    if faults:
        fault = faults[0]
        raise NotCarried(fault.code, fault.message, fault.hint, **fault.params)


def _comments(voices: Voices, shaped: Shaped) -> tuple[str, ...]:
    """What has no place among ours and still belongs to the question: it goes with the item, for its author to read."""
    first = voices.first
    said = [gettext("From %(where)s (%(kind)s).") % {"where": first.where, "kind": first.kind}]
    labelled = [
        (gettext("Name"), first.name),
        (gettext("Id number"), first.idnumber),
        (gettext("Category"), first.category),
        (gettext("Tags"), ", ".join(first.tags)),
    ]
    said += [_labelled(label, text) for label, text in labelled if text]
    said += first.comments
    if first.text.form != "plain":  # some tools write the author and the licence there
        said += [note.strip() for note in _HTML_COMMENT.findall(first.text.text) if not note.lstrip().startswith("[")]
    hints = [_labelled(gettext("Hint"), hint.text) for question in voices.questions.values() for hint in question.hints]
    if hints:
        voices.writer.lose("hints", _("Hints have no place; they stand in a comment."))
    overall = [_labelled(name, text.text) for question in voices.questions.values() for name, text in question.overall.items()]
    if overall:
        message = _("What it said to every right, partly right or wrong answer has no place; it stands in a comment.")
        voices.writer.lose("overall", message)
    return (*said, *hints, *overall, *shaped.comments)


def _labelled(label: str, text: str) -> str:
    return gettext("%(label)s: %(text)s") % {"label": label, "text": text.strip()}
