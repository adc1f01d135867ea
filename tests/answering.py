"""The best and the worst that somebody can answer to a question of the catalogue, and the page's controls that say it."""

import math
from typing import Any

from courses.grading import best_response, constant_responses, grade
from courses.models import Item

Answer = dict[str, Any]
#: By name of the control: what is chosen or written; an empty list where nothing is.
Values = dict[str, list[str]]


def best_answer(item: Item, language: str) -> Answer:
    answer = best_response(item.mechanic, item.payload, _key_for(item, language))
    assert math.isclose(score_of(item, answer), 1), item.slug
    return answer


def worst_answer(item: Item, language: str) -> Answer:
    """The lowest of the answers that somebody gives who does always the same; for a written text, one that says nothing."""
    if item.mechanic == "write":
        return {"text": "…", "language": language, **({"claims": []} if item.payload.get("self_check") else {})}
    blind = [one for responses in constant_responses(item.mechanic, item.payload, item.answer_key).values() for one in responses]
    if item.mechanic == "sort" and not blind:  # no bin has room for everything
        turned = best_response(item.mechanic, item.payload, item.answer_key)["bin_of"]
        blind = [{"bin_of": dict(zip(turned, [*list(turned.values())[1:], *list(turned.values())[:1]], strict=True))}]
    return min(blind, key=lambda answer: score_of(item, answer))


def score_of(item: Item, answer: Answer) -> float:
    return grade(item.mechanic, item.payload, item.answer_key, answer).score


def _key_for(item: Item, language: str) -> dict[str, Any]:
    """A text is best in the language that one is asked in."""
    key = item.answer_key
    return {**key, "brief": {language: key["brief"][language], **key["brief"]}} if item.mechanic == "write" else key


def values_of(item: Item, answer: Answer) -> Values:
    """What to choose in the page for an answer. A `scenario` is answered turn by turn: those of its later turns come with their page."""
    return {f"{item.slug}.{name}": wanted for name, wanted in _VALUES[item.mechanic](item.payload, answer).items()}


def _choice(payload: Answer, answer: Answer, prefix: str = "") -> Values:
    if "steps" in payload:
        found: Values = {}
        for index, (step, given) in enumerate(zip(payload["steps"], answer["steps"], strict=True)):
            found |= _choice(step, given, f"steps.{index}.")
        return found
    sure = {f"{prefix}confidence": [str(answer["confidence"])]} if payload.get("confidence") else {}
    return {f"{prefix}selected": list(answer["selected"]), **sure}


def _mark(payload: Answer, answer: Answer) -> Values:
    kinds = {f"kind.{one}": [kind] for one, kind in answer["marked"].items() if kind}
    return {"marked": list(answer["marked"]), **kinds}


def _sort(payload: Answer, answer: Answer) -> Values:
    return {f"bin.{one}": [chosen] for one, chosen in answer["bin_of"].items()}


def _rank(payload: Answer, answer: Answer) -> Values:
    return {f"place.{one}": [str(place)] for place, one in enumerate(answer["order"], start=1)}


def _sequence(payload: Answer, answer: Answer) -> Values:
    used = [step["id"] for step in answer["steps"]]
    places = {f"place.{one}": [str(place)] for place, one in enumerate(used, start=1)}
    unused = {f"place.{step['id']}": [""] for step in payload["steps"] if step["id"] not in used}
    actors = {f"actor.{step['id']}": [step["actor"]] for step in answer["steps"] if step["actor"]}
    return {**places, **unused, **actors}


def _compose(payload: Answer, answer: Answer) -> Values:
    return {"blocks": list(answer["blocks"])}


def _write(payload: Answer, answer: Answer) -> Values:
    return {"text": [answer["text"]], **({"claims": list(answer["claims"])} if "claims" in answer else {})}


def _scenario(payload: Answer, answer: Answer) -> Values:
    return {f"node.{node}": [choice] for node, choice in answer["path"]}


def _calculate(payload: Answer, answer: Answer) -> Values:
    return {f"field.{one}": [value] for one, value in answer["fields"].items()}


_VALUES = {
    "choice": _choice,
    "mark": _mark,
    "sort": _sort,
    "rank": _rank,
    "sequence": _sequence,
    "compose": _compose,
    "write": _write,
    "scenario": _scenario,
    "calculate": _calculate,
}
