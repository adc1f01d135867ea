"""The result of an answered question in words: what each part was, what was given, what was asked for, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from lms.forms.board import ACTORS, Texts

#: What a verdict is called, by mechanic; the empty one is for all others.
HEADS: dict[str, dict[str, Any]] = {
    "": {"right": _("right"), "partly": _("partly right"), "missed": _("missed"), "extra": _("too much"), "harm": _("does harm")},
    "choice": {"right": _("right"), "missed": _("right, and not chosen"), "extra": _("chosen, and not right")},
    "mark": {"right": _("found"), "partly": _("found, of another kind"), "missed": _("missed"), "extra": _("false alarm: this one is sound")},
    "sort": {"right": _("well placed"), "partly": _("close"), "missed": _("belongs elsewhere")},
    "rank": {"right": _("in its place"), "partly": _("not quite in its place"), "missed": _("out of place")},
    "sequence": {"right": _("well placed"), "partly": _("partly right"), "missed": _("missing or misplaced"), "extra": _("not needed"), "harm": _("does harm")},
    "compose": {
        "right": _("well chosen"),
        "partly": _("useful, and another says it better"),
        "missed": _("would have helped"),
        "extra": _("adds nothing"),
        "harm": _("does harm"),
    },
    "write": {"right": _("covered"), "partly": _("hinted at"), "missed": _("missing"), "harm": _("must not go out")},
    "scenario": {"right": _("a good choice"), "partly": _("a choice with a cost"), "missed": _("a costly choice"), "harm": _("a grave risk")},
    "calculate": {"right": _("right"), "partly": _("close"), "missed": _("not yet")},
}  # fmt: skip
ICONS = {"right": "check", "partly": "circle-dashed", "missed": "circle-dashed", "extra": "minus", "harm": "triangle-alert"}
#: Where the answer is an order.
ORDERED = {"rank", "sequence"}
OWN_WORDS = {"anchors": _("Facts from the document"), "red_lines": _("Something that must not go out")}


@dataclass(frozen=True)
class Line:
    """One part. ``step`` numbers the question it belongs to, where there are several."""

    verdict: str
    icon: str
    head: Any
    text: Any
    given: Any = ""
    asked: Any = ""
    feedback: Any = ""
    step: int = 0


@dataclass(frozen=True)
class Reading:
    """``model``: an answer that would do, where the author wrote one."""

    slug: str
    prompt: str
    brief: str
    document: str
    score: float
    passed: bool
    lines: tuple[Line, ...]
    notes: tuple[Any, ...]
    why: str
    own_text: str = ""
    model: str = ""
    counts: Mapping[str, int] | None = None


def read_out(explained: Any, language: str = "") -> Reading:
    """``explained``: as ``lms.progress.pages.Explained``. ``language`` is the one that was written in."""
    question = explained.question
    answer = question.answer if isinstance(question.answer, dict) else {}
    texts = Texts(question.parts)
    detail = _DETAILS.get(question.mechanic)
    places = {one: place for place, one in enumerate(_own_order(answer) if question.mechanic in ORDERED else [])}
    # An order is read again as it was given; what was left out comes after it.
    parts = sorted(explained.parts, key=lambda one: places.get(one.part.id, len(places)))
    lines = tuple(_line(question, explained, texts, answer, one, detail) for one in parts if not _is_whole_step(question, one))
    written = question.mechanic == "write"
    return Reading(
        slug=question.slug,
        prompt=question.prompt,
        brief=question.brief,
        document=question.document,
        score=explained.score,
        passed=explained.passed,
        lines=lines,
        notes=explained.notes,
        why=explained.why,
        own_text=answer.get("text", "") if written else "",
        model=(explained.key.get("model") or {}).get(answer.get("language", language), "") if written else "",
    )


def _is_whole_step(question: Any, one: Any) -> bool:
    """In a choice of several steps each step has a part of its own; its answers say the same with their reasons."""
    return question.mechanic == "choice" and "steps" in question.payload and one.part.id.isdigit()


def _line(question: Any, explained: Any, texts: Texts, answer: Mapping[str, Any], one: Any, detail: Any) -> Line:
    part = one.part
    given, asked = detail(texts, answer, explained.key, part) if detail else ("", "")
    step, _dot, _rest = part.id.partition(".")
    heads, verdict = HEADS.get(question.mechanic, {}), part.verdict
    if question.mechanic == "rank" and given and not asked:
        # The points go by pairs: a card in its own place loses some to neighbours out of theirs. What is said goes by places.
        verdict = "right"
    return Line(
        verdict=verdict,
        icon=ICONS.get(verdict, "circle"),
        head=heads.get(verdict) or HEADS[""].get(verdict, verdict),
        text=_text(question, explained, texts, part.id) or one.text,
        given=given,
        asked=asked,
        feedback=one.feedback,
        step=int(step) + 1 if "steps" in question.payload and question.mechanic == "choice" and step.isdigit() else 0,
    )


def _text(question: Any, explained: Any, texts: Texts, part_id: str) -> Any:
    if part_id in OWN_WORDS and question.mechanic == "write":
        return OWN_WORDS[part_id]
    if question.mechanic == "sequence" and part_id.startswith("checkpoint."):
        demand = (explained.key.get("checkpoints") or [])[int(part_id.partition(".")[2])]
        after, before = texts.maybe(demand.get("after") or ""), texts.maybe(demand.get("before") or "")
        if after and before:
            return _("A check by a person between “%(after)s” and “%(before)s”") % {"after": after, "before": before}
        return _("A check by a person before “%(before)s”") % {"before": before} if before else _("A check by a person")
    return texts(part_id)


def _sorted(texts: Texts, answer: Mapping[str, Any], key: Mapping[str, Any], part: Any) -> tuple[Any, Any]:
    given, asked = (answer.get("bin_of") or {}).get(part.id, ""), key["bin_of"].get(part.id, "")
    if part.verdict == "right":
        return texts.maybe(f"bins.{given}"), ""
    return texts.maybe(f"bins.{given}"), texts.maybe(f"bins.{asked}")


def _marked(texts: Texts, answer: Mapping[str, Any], key: Mapping[str, Any], part: Any) -> tuple[Any, Any]:
    fault = key["faults"].get(part.id) or {}
    kind, given = fault.get("kind"), (answer.get("marked") or {}).get(part.id)
    if not kind or part.verdict == "right":
        return (texts.maybe(f"kinds.{kind}") if kind else "", "")
    return texts.maybe(f"kinds.{given}") if given else "", texts.maybe(f"kinds.{kind}")


def _calculated(texts: Texts, answer: Mapping[str, Any], key: Mapping[str, Any], part: Any) -> tuple[Any, Any]:
    expected = key["fields"].get(part.id, {}).get("value")
    asked = number_format(expected, force_grouping=True) if isinstance(expected, int | float) else ""
    return (answer.get("fields") or {}).get(part.id, ""), "" if part.verdict == "right" else asked


def _own_order(answer: Mapping[str, Any]) -> list[str]:
    return answer.get("order") or [step["id"] for step in answer.get("steps") or []]


def _places_meant(key: Mapping[str, Any], part_id: str) -> range:
    """Counted from one. Cards that count the same may stand in any of their places."""
    tiers = key["tier_of"]
    above = sum(tier > tiers[part_id] for tier in tiers.values())
    return range(above + 1, above + 1 + sum(tier == tiers[part_id] for tier in tiers.values()))


def _ranked(texts: Texts, answer: Mapping[str, Any], key: Mapping[str, Any], part: Any) -> tuple[Any, Any]:
    order, meant = _own_order(answer), _places_meant(key, part.id)
    if part.id not in order:
        return "", ""
    place = order.index(part.id) + 1
    given = _("place %(place)s") % {"place": place}
    if place in meant:
        return given, ""
    if len(meant) == 1:
        return given, _("place %(place)s") % {"place": meant[0]}
    return given, _("places %(first)s to %(last)s") % {"first": meant[0], "last": meant[-1]}


def _placed(texts: Texts, answer: Mapping[str, Any], key: Mapping[str, Any], part: Any) -> tuple[Any, Any]:
    """Who should act; where that is not the trouble, the first step that this one stands on the wrong side of."""
    order = _own_order(answer)
    if part.verdict == "missed" and not part.id.startswith("checkpoint.") and part.id not in order:
        return _("left out"), ""
    given, asked = _acted(texts, answer, key, part)
    if asked or part.verdict == "right" or part.id not in order:
        return given, asked
    place = {one: index for index, one in enumerate(order)}
    for first, then in key.get("before") or []:
        if part.id in (first, then) and first in place and then in place and place[first] > place[then]:
            other, words = (then, _("before “%(step)s”")) if part.id == first else (first, _("after “%(step)s”"))
            return _("place %(place)s") % {"place": place[part.id] + 1}, words % {"step": texts(other)}
    return given, asked


def _acted(texts: Texts, answer: Mapping[str, Any], key: Mapping[str, Any], part: Any) -> tuple[Any, Any]:
    values = (key.get("actors") or {}).get(part.id)
    if not values or part.verdict == "right":
        return "", ""
    actor = next((one.get("actor") for one in answer.get("steps") or [] if one.get("id") == part.id), None)
    best = max(values, key=lambda one: values[one])
    if actor == best:
        return "", ""
    name: Callable[[str], Any] = lambda one: texts.parts.get(f"actors.{one}") or ACTORS.get(one, one)  # noqa: E731
    return name(actor) if actor else "", name(best)


_DETAILS: dict[str, Callable[[Texts, Mapping[str, Any], Mapping[str, Any], Any], tuple[Any, Any]]] = {
    "sort": _sorted,
    "mark": _marked,
    "calculate": _calculated,
    "rank": _ranked,
    "sequence": _placed,
}
