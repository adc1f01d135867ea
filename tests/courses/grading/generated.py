"""Exercises of every mechanic with an answer that fits them, of sizes that pages show and of sizes that they do not."""

from typing import Any

from hypothesis import strategies as st

from tests.courses.grading.samples import entries

Triple = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
Draw = st.DrawFn

WEIGHTS = st.sampled_from([1, 2, 3, 0.4, 0.6, 0.1, 1000, 1e-6]) | st.floats(1e-6, 1000)


def ids(draw: Draw, least: int, usual: int, most: int) -> list[str]:
    return [f"x{number}" for number in range(draw(st.integers(least, usual) | st.integers(least, most)))]


def some(draw: Draw, of: list, least: int = 0, most: int | None = None) -> list:
    return draw(st.lists(st.sampled_from(of), unique=True, min_size=least, max_size=most)) if of else []


def weighted(draw: Draw, entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "weight": draw(WEIGHTS)} if draw(st.booleans()) else entry


@st.composite
def questions(draw: Draw) -> Triple:
    options = ids(draw, 2, 6, 60)
    multiple, sure = draw(st.booleans()), draw(st.booleans())
    correct = some(draw, options, 1, len(options) - 1)
    selected = some(draw, options) if multiple else [draw(st.sampled_from(options))]
    response: dict[str, Any] = {"selected": draw(st.sampled_from([selected, correct if multiple else correct[:1]]))}
    if sure:
        response["confidence"] = draw(st.sampled_from([50, 75, 90, 99]))
    return {"options": entries(*options), "multiple": multiple, "confidence": sure}, {"correct": correct}, response


@st.composite
def choices(draw: Draw) -> Triple:
    if draw(st.booleans()):
        return draw(questions())
    steps = draw(st.lists(questions(), min_size=1, max_size=5))
    keys = [weighted(draw, key) for _, key, _ in steps]
    for index, key in enumerate(keys):
        if index and draw(st.booleans()):
            key["requires"] = draw(st.integers(0, index - 1))
    return {"steps": [payload for payload, _, _ in steps]}, {"steps": keys}, {"steps": [response for _, _, response in steps]}


@st.composite
def marks(draw: Draw) -> Triple:
    segments = ids(draw, 1, 12, 100)
    kinds = draw(st.sampled_from([[], ["fabricated", "outdated"]]))
    faults = {}
    for one in some(draw, segments, 0, len(segments) * 3 // 7):  # more of them are refused
        faults[one] = weighted(draw, {"kind": draw(st.sampled_from(kinds))} if kinds else {})
    chosen = {*draw(st.sampled_from([[], list(faults)])), *some(draw, segments, 0, 5)}
    marked = {one: draw(st.sampled_from([None, *kinds])) for one in sorted(chosen)}
    return {"segments": entries(*segments), "kinds": kinds}, {"faults": faults}, {"marked": marked}


@st.composite
def sorts(draw: Draw) -> Triple:
    items, bins = ids(draw, 1, 8, 40), [f"b{number}" for number in range(draw(st.integers(2, 5)))]
    with_costs = draw(st.booleans())
    true = st.sampled_from([*bins, "must", "no"] if with_costs else bins)
    key: dict[str, Any] = {"bin_of": {one: draw(true) for one in items}, "cost": None}
    if with_costs:
        costs = st.sampled_from([0, 0.1, 0.5, 1, 3]) | st.floats(0, 1000)
        key["cost"] = {one: {other: draw(costs) for other in some(draw, bins)} for one in some(draw, bins)}
        key["cost"].update({one: {other: draw(costs) for other in bins} for one in sorted({*key["bin_of"].values()} - {*bins})})
    given = {one: draw(st.sampled_from([*bins, key["bin_of"][one]] if key["bin_of"][one] in bins else bins)) for one in items}
    return {"items": entries(*items), "bins": entries(*bins), "ordered": draw(st.booleans())}, key, {"bin_of": given}


@st.composite
def ranks(draw: Draw) -> Triple:
    items = ids(draw, 2, 8, 40)
    tiers = draw(st.sampled_from([st.integers(1, 4), st.floats(-1000, 1000), st.sampled_from([0.1, 0.2, 0.3])]))
    return {"items": entries(*items)}, {"tier_of": {one: draw(tiers) for one in items}}, {"order": draw(st.permutations(items))}


@st.composite
def sequences(draw: Draw) -> Triple:
    steps, actors = ids(draw, 1, 6, 20), draw(st.sampled_from([[], ["human", "ai", "both"]]))
    checks = {one: draw(st.sampled_from([None, None, "review", "privacy"])) for one in steps}
    kinds = sorted({kind for kind in checks.values() if kind})
    forbidden = some(draw, steps, 0, 2)
    free = draw(st.permutations([one for one in steps if one not in forbidden]))
    pairs = st.lists(st.integers(0, max(0, len(free) - 1)), min_size=2, max_size=2, unique=True).map(sorted)
    key: dict[str, Any] = {
        "before": [[free[first], free[then]] for first, then in draw(st.lists(pairs, max_size=5))] if len(free) > 1 else [],
        "required": some(draw, free),
        "forbidden": forbidden,
        "actors": {
            one: {actor: draw(st.sampled_from([0, 0.3, 0.5, 1])) for actor in some(draw, actors)}
            for one in (some(draw, steps) if actors else [])
        },
        "checkpoints": [],
    }
    place = st.none() | st.sampled_from([None, *steps])
    for _ in range(draw(st.integers(0, 4)) if kinds else 0):
        demand = {
            "kind": draw(st.sampled_from(kinds)),
            "after": draw(place),
            "before": draw(place),
            "critical": draw(st.booleans()),
        }
        key["checkpoints"].append(demand)
    if not any(key.values()):
        key["required"] = steps[:1]
    key = {name: value for name, value in key.items() if value or draw(st.booleans())}
    order = draw(st.permutations(steps))[draw(st.integers(0, len(steps))) :]
    response = {"steps": [{"id": one, "actor": draw(st.sampled_from([None, *actors]))} for one in order]}
    return {"steps": [{"id": one, "checkpoint": checks[one]} for one in steps], "actors": actors}, key, response


@st.composite
def composes(draw: Draw) -> Triple:
    blocks = ids(draw, 1, 8, 40)
    slots = [f"s{number}" for number in range(draw(st.integers(1, min(len(blocks), 9))))]
    keys: dict[str, Any] = {one: {"slot": slot, "quality": 1} for one, slot in zip(blocks, slots, strict=False)}
    for one in blocks[len(slots) :]:
        quality = draw(st.sampled_from([0, 0.5, 1]))
        keys[one] = {"slot": draw(st.sampled_from(slots)), "quality": quality, "harm": draw(st.booleans())}
    key = {"slots": {slot: draw(WEIGHTS) for slot in slots}, "blocks": keys}
    return {"blocks": entries(*draw(st.permutations(blocks)))}, key, {"blocks": some(draw, blocks)}


@st.composite
def scenarios(draw: Draw) -> Triple:
    last = draw(st.integers(0, 5))
    values = st.integers(-3, 3) | st.sampled_from([0.1, 0.2, -3 + 5e-10, -2.999]) | st.floats(-3, 3)
    nodes: dict[str, Any] = {}
    utility: dict[str, Any] = {}
    for number in range(last + 1):
        following = st.sampled_from([None, *(f"n{later}" for later in range(number + 1, last + 1))])
        ends = [f"n{number + 1}" if number < last else None, *draw(st.lists(following, min_size=not number, max_size=2))]
        nodes[f"n{number}"] = {"choices": [{"id": f"c{index}", "next": end} for index, end in enumerate(ends)]}
        utility[f"n{number}"] = {
            f"c{index}": {axis: draw(values) for axis in some(draw, ["trust", "adoption", "risk"], 1)}
            for index in range(len(ends))
        }
    path: list[list[str]] = []
    node: str | None = "n0"
    while node is not None:
        taken = draw(st.sampled_from(nodes[node]["choices"]))
        path.append([node, taken["id"]])
        node = taken["next"]
    return {"start": "n0", "nodes": nodes}, {"utility": utility}, {"path": path}


def written(draw: Draw, number: float) -> str:
    """A number as somebody may type it, in English or in French."""
    text = f"{abs(number):,.{draw(st.integers(0, 9))}f}"
    space = draw(st.sampled_from([" ", "\u202f", "\u00a0", ""]))
    if draw(st.booleans()):
        text = text.replace(",", space).replace(".", draw(st.sampled_from([",", "."])))
    elif "." not in text:
        text = text.replace(",", space)  # a single comma would be a decimal mark
    sign = draw(st.sampled_from(["-", "\N{MINUS SIGN}", "- "])) if number < 0 else draw(st.sampled_from(["", "+", " "]))
    return sign + text


@st.composite
def calculations(draw: Draw) -> Triple:
    fields: dict[str, Any] = {}
    given = {}
    for one in ids(draw, 1, 5, 5):
        value = draw(st.sampled_from([0, 13.9, 100, -5, 0.001, 1842.5]) | st.integers(-(10**6), 10**6))
        scale = draw(st.sampled_from([1, 0.95, 1.05, 0.85, 1.15, 1.0500000001, 1.16, 10, 0.001, 60, 1 / 60]) | st.floats(-3, 3))
        fields[one] = weighted(draw, {"value": value, **draw(st.sampled_from([{}, {"full": 0, "half": 0.5}, {"full": 0.1}]))})
        given[one] = written(draw, value * scale or draw(st.sampled_from([0, 0.05, -0.15, 0.2])))
    return {"fields": [{"id": one, "unit": "h"} for one in fields]}, {"fields": fields}, {"fields": given}


WORDS = "directors Directeur management committee five lines l'équipe VX-2 38 dB 3 m months price unreleased été people straße"
WORDS += " the write please prepare something budget risk owner deadline next week 1200 euros co-ordination résumé"
STARTS = [
    "direct",
    "manage",
    "committee",
    "five",
    "line",
    "équipe",
    "people",
    "budget",
    "risk",
    "owner",
    "deadline",
    "next",
    "STRASSE",
    "été",
    "resume",
    "price",
    "co-ord",
]
JOINTS = [" ", " ", " ", " ", ", ", ". ", "! ", "?\n", "\n", "\u202f", " - ", "’"]
PROSE = st.lists(st.sampled_from(WORDS.split()) | st.sampled_from(JOINTS), max_size=40).map(" ".join)
GROUPS = st.lists(st.lists(st.sampled_from(STARTS), min_size=1, max_size=3, unique=True), min_size=1, max_size=3)
PLAIN = "this is some plain wording which nobody looks for in any way whatever and so on and on. "


@st.composite
def writings(draw: Draw) -> Triple:
    criteria = ids(draw, 1, 4, 4)
    key: dict[str, Any] = {"criteria": {}, "brief": {"en": draw(PROSE)}, "model": {"en": draw(PROSE)}}
    for one in criteria:
        weak = {"weak": {"en": draw(GROUPS)}} if draw(st.booleans()) else {}
        key["criteria"][one] = weighted(draw, {"any": {"en": draw(GROUPS)}, **weak})
    if draw(st.booleans()):
        phrases = some(draw, ["38 dB", "3 m", "VX-2", "the price", "Résumé"], 1)
        key["anchors"] = {"need": draw(st.integers(1, len(phrases))), "any": {"en": phrases}}
    if draw(st.booleans()):
        key["red_lines"] = {"en": some(draw, ["unreleased price", "Straße"]), "any": some(draw, ["regex:[0-9]{4} ?euros"])}
    criteria_said = [criterion.get(name, {}).get("en", []) for criterion in key["criteria"].values() for name in ("any", "weak")]
    groups = [group for said in criteria_said for group in said]
    spread = st.tuples(st.sampled_from(groups), st.integers(0, 12)).map(lambda one: (" on" * one[1] + " ").join(one[0]))
    copied = st.tuples(st.sampled_from([key["brief"]["en"], key["model"]["en"]]), st.sampled_from(["", " other", " quite other"]))
    phrases = ["38 dB, 3 m", "VX-2. The price", "an unreleased price", "in Straße", "1200 euros", PLAIN, PLAIN * 2, ". "]
    pieces = PROSE | st.sampled_from(phrases) | spread | spread | copied.map("".join)
    checked = draw(st.booleans())
    response = {"text": "Text " + " ".join(draw(st.lists(pieces, min_size=1, max_size=9))), "language": "en"}
    if checked:
        response["claims"] = some(draw, criteria)
    return {"max_chars": 6000, "criteria": entries(*criteria), "self_check": checked}, key, response


GENERATED: dict[str, st.SearchStrategy[Triple]] = {
    "choice": choices(),
    "mark": marks(),
    "sort": sorts(),
    "rank": ranks(),
    "sequence": sequences(),
    "compose": composes(),
    "write": writings(),
    "scenario": scenarios(),
    "calculate": calculations(),
}
# Sound of shape, yet not to be graded by: what the check of a key says of those that tell nobody apart.
UNDISCRIMINATING = {"one-bin", "one-tier", "no-difference", "best-is-grave"}
