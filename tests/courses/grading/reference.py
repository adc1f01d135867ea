"""The rules of grading written a second time, apart from the code and in exact fractions: what scores are compared with.

Slow and plain on purpose (scenarios walk every path, words are looked for window by window). It knows valid answers only.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

NEAR = Fraction(1, 10**9)


def exact(number: Any) -> Fraction:
    return Fraction(str(number))


def weight_of(entry: dict) -> Fraction:
    return exact(entry.get("weight", 1))


def f1(precision: Fraction, recall: Fraction) -> Fraction:
    return 2 * precision * recall / (precision + recall) if precision + recall else Fraction(0)


def choice(payload: dict, key: dict, response: dict) -> Fraction:
    if "steps" in payload:
        own = [choice(*one) for one in zip(payload["steps"], key["steps"], response["steps"], strict=True)]
        earned = Fraction(0)
        for score, step in zip(own, key["steps"], strict=True):
            halved = step.get("requires") is not None and own[step["requires"]] < 1 - NEAR
            earned += weight_of(step) * (score / 2 if halved else score)
        return earned / sum(map(weight_of, key["steps"]))
    right, selected = set(key["correct"]), set(response["selected"])
    if not payload.get("multiple"):
        return Fraction(selected <= right)
    wrong = len(payload["options"]) - len(right)
    return max(Fraction(0), Fraction(len(selected & right), len(right)) - Fraction(len(selected - right), wrong))


def mark(payload: dict, key: dict, response: dict) -> Fraction:
    marked, faults = response["marked"], key["faults"]
    if not faults:
        return max(Fraction(0), 1 - exact("0.34") * len(marked))
    hits = [one for one in marked if one in faults]
    precision = Fraction(len(hits), len(marked)) if marked else Fraction(0)
    recall = sum((weight_of(faults[one]) for one in hits), Fraction(0)) / sum(map(weight_of, faults.values()))
    base = f1(Fraction(len(faults), len(payload["segments"])), Fraction(1))
    found = max(Fraction(0), (f1(precision, recall) - base) / (1 - base))
    if not payload.get("kinds"):
        return found
    named = sum(marked[one] is not None and marked[one] == faults[one].get("kind") for one in hits)
    return exact("0.8") * found + exact("0.2") * (Fraction(named, len(hits)) if hits else 0)


def cost_of(payload: dict, key: dict, true: str, given: str) -> Fraction:
    bins = [one["id"] for one in payload["bins"]]
    if given == true:
        return Fraction(0)
    if key.get("cost") is not None:
        return exact(key["cost"].get(true, {}).get(given, 1))
    return Fraction(abs(bins.index(true) - bins.index(given)), len(bins) - 1) if payload.get("ordered") else Fraction(1)


def sort(payload: dict, key: dict, response: dict) -> Fraction:
    true, given = key["bin_of"], response["bin_of"]
    least = min(sum(cost_of(payload, key, true[one], chosen["id"]) for one in true) for chosen in payload["bins"])
    return max(Fraction(0), 1 - sum(cost_of(payload, key, true[one], given[one]) for one in true) / least)


def rank(payload: dict, key: dict, response: dict) -> Fraction:
    order, tier = response["order"], key["tier_of"]
    distances = [exact(tier[one]) - exact(tier[then]) for at, one in enumerate(order) for then in order[at + 1 :]]
    return max(Fraction(0), Fraction(sum(distances)) / sum(map(abs, distances)))


def sequence(payload: dict, key: dict, response: dict) -> Fraction:
    order = [step["id"] for step in response["steps"]]
    actor = {step["id"]: step.get("actor") for step in response["steps"]}
    kind = {step["id"]: step.get("checkpoint") for step in payload["steps"]}

    def ordered(first: str, then: str) -> bool:
        return first in order and then in order and order.index(first) < order.index(then)

    def serves(check: str, demand: dict) -> bool:
        after, before = demand.get("after"), demand.get("before")
        in_place = (after is None or ordered(after, check)) and (before is None or ordered(check, before))
        return kind[check] == demand["kind"] and in_place

    components: list[tuple[str, Fraction]] = []
    if key.get("before"):
        components.append(("0.35", Fraction(sum(ordered(*pair) for pair in key["before"]), len(key["before"]))))
    if key.get("actors"):
        values = [exact(table.get(actor.get(one), 0)) for one, table in key["actors"].items()]
        components.append(("0.25", sum(values) / len(values)))
    demands = key.get("checkpoints") or []
    placed = [one for one in order if kind[one]]
    met = [any(serves(one, demand) for one in placed) for demand in demands]
    if demands:
        useful = sum(any(serves(one, demand) for demand in demands) for one in placed)
        precision = Fraction(useful, len(placed)) if placed else Fraction(0)
        components.append(("0.25", f1(precision, Fraction(sum(met), len(met)))))
    required, forbidden = key.get("required") or [], key.get("forbidden") or []
    if required or forbidden:
        used = Fraction(sum(one in order for one in required), len(required)) if required else Fraction(1)
        misused = Fraction(sum(one in order for one in forbidden), len(forbidden)) if forbidden else Fraction(0)
        components.append(("0.15", max(Fraction(0), used - misused)))
    score = sum((exact(share) * value for share, value in components), Fraction(0)) / sum(exact(share) for share, _ in components)
    missed = any(demand.get("critical") and not found for demand, found in zip(demands, met, strict=True))
    return min(score, Fraction(1, 2)) if missed else score


def compose(payload: dict, key: dict, response: dict) -> Fraction:
    chosen = [key["blocks"][one] for one in response["blocks"]]
    earned, extras = Fraction(0), 0
    for slot, weight in key["slots"].items():
        qualities = [exact(block["quality"]) for block in chosen if block["slot"] == slot and not block.get("harm")]
        earned += exact(weight) * max(qualities, default=Fraction(0))
        extras += max(0, len(qualities) - 1)
    harms = sum(bool(block.get("harm")) for block in chosen)
    score = earned / sum(map(exact, key["slots"].values())) - Fraction(harms, 4) - Fraction(max(0, extras - 2), 10)
    return max(Fraction(0), score)


def words_of(text: str) -> list[str]:
    plain = "".join(one for one in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(one))
    return "".join(one if one.isalnum() else " " for one in plain).split()


def trigrams_of(words: list[str]) -> list[list[str]]:
    return [words[at : at + 3] for at in range(len(words) - 2)]


def is_copied(sentence: list[str], sources: list[list[str]]) -> bool:
    own = trigrams_of(sentence)
    shares = [Fraction(sum(one in trigrams_of(source) for one in own), len(own)) for source in sources if len(sentence) >= 5]
    return any(share > exact("0.8") + NEAR for share in shares)


def stands(phrase: list[str], words: list[str]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words)))


def occurs(group: list[str], words: list[str]) -> bool:
    windows = [words[at : at + 12] for at in range(len(words))]
    return any(all(any(word.startswith(start) for word in window) for start in group) for window in windows)


def write(payload: dict, key: dict, response: dict) -> Fraction:
    text, language = response["text"], response["language"]
    sources = [words_of(source) for name in ("brief", "model") for source in key[name].values()]
    sentences = [words_of(sentence) for sentence in re.split(r"[.!?\n]", text)]
    words = [word for sentence in sentences if not is_copied(sentence, sources) for word in sentence]
    values: dict[str, Fraction] = {}
    matched: list[str] = []
    for one, criterion in key["criteria"].items():
        values[one] = Fraction(0)
        for name, value in (("any", Fraction(1)), ("weak", Fraction(1, 2))):
            groups = [
                [start for entry in group for start in words_of(entry)] for group in criterion.get(name, {}).get(language, [])
            ]
            found = [group for group in groups if occurs(group, words)]
            if found and not values[one]:
                values[one] = value
                matched += [start for group in found for start in group]
    total = sum(map(weight_of, key["criteria"].values()))
    covered = sum((weight_of(key["criteria"][one]) * value for one, value in values.items()), Fraction(0)) / total
    anchors = key.get("anchors")
    if anchors:
        found_anchors = sum(stands(words_of(anchor), words) for anchor in anchors["any"][language])
        covered *= min(Fraction(1), Fraction(found_anchors, anchors["need"]))
    long = [word for word in words if len(word) >= 3]
    if 2 * sum(any(word.startswith(start) for start in matched) for word in long) > len(long):
        return Fraction(0)
    score = covered
    if payload.get("self_check") and covered >= Fraction(1, 2) - NEAR:
        agreed = Fraction(sum((one in response["claims"]) == (value == 1) for one, value in values.items()), len(values))
        score = exact("0.8") * covered + exact("0.2") * agreed
    lines = [line for name in (language, "any") for line in key.get("red_lines", {}).get(name, [])]
    crossed = any(
        re.search(line.removeprefix("regex:"), text.casefold())
        if line.startswith("regex:")
        else stands(words_of(line), words_of(text))
        for line in lines
    )
    return min(score, exact("0.4")) if crossed else score


def paths_from(payload: dict, node: str) -> Iterator[list[tuple[str, str]]]:
    for one in payload["nodes"][node]["choices"]:
        for rest in [[]] if one["next"] is None else paths_from(payload, one["next"]):
            yield [(node, one["id"]), *rest]


def scenario(payload: dict, key: dict, response: dict) -> Fraction:
    def utility(path: Any) -> Fraction:
        axes = [key["utility"][node][one].values() for node, one in path]
        return sum((sum(map(exact, values), Fraction(0)) / len(values) for values in axes), Fraction(0))

    everything = [utility(path) for path in paths_from(payload, payload["start"])]
    score = (utility(response["path"]) - min(everything)) / (max(everything) - min(everything))
    grave = any(exact(key["utility"][node][one].get("risk", 0)) <= -3 + NEAR for node, one in response["path"])
    return min(score, exact("0.4")) if grave else score


def read_number(text: str) -> Fraction:
    """As `generated.written` writes numbers: a lone mark is the decimal one, several groups come in threes."""
    plain = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    marks = [one for one in plain if one in ",."]
    if len(set(marks)) == 2 or len(marks) == 1:
        whole, decimal = plain.rsplit(marks[-1], 1)
        return exact(re.sub("[,.]", "", whole) + "." + decimal)
    return exact(re.sub("[,.]", "", plain))


def calculate(payload: dict, key: dict, response: dict) -> Fraction:
    earned = Fraction(0)
    for one, expected in key["fields"].items():
        value, number = exact(expected["value"]), read_number(response["fields"][one])
        off = abs(number - value) / (abs(value) if value else 1)
        full, half = exact(expected.get("full", 0.05)), exact(expected.get("half", 0.15))
        earned += weight_of(expected) * (1 if off <= full + NEAR else Fraction(1, 2) if off <= half + NEAR else 0)
    return earned / sum(map(weight_of, key["fields"].values()))


REFERENCE: dict[str, Callable[[dict, dict, dict], Fraction]] = {
    "choice": choice,
    "mark": mark,
    "sort": sort,
    "rank": rank,
    "sequence": sequence,
    "compose": compose,
    "write": write,
    "scenario": scenario,
    "calculate": calculate,
}
