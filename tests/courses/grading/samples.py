"""One sound exercise for each mechanic, small enough to reckon by hand."""

from copy import deepcopy
from typing import Any


def entries(*ids: str) -> list[dict[str, Any]]:
    return [{"id": one} for one in ids]


CHOICE = ({"options": entries("a", "b", "c"), "multiple": False, "confidence": False}, {"correct": ["b"]})
SURE = ({"options": entries("a", "b"), "multiple": False, "confidence": True}, {"correct": ["b"]})
SEVERAL = ({"options": entries("a", "b", "c", "d", "e"), "multiple": True, "confidence": False}, {"correct": ["a", "b"]})
STEPS = (
    {"steps": [{"options": entries("a", "b", "c")}, {"options": entries("a", "b", "c")}]},
    {"steps": [{"correct": ["b"], "weight": 0.4}, {"correct": ["c"], "weight": 0.6, "requires": 0}]},
)
MARK = (
    {"segments": entries(*(f"s{number}" for number in range(1, 13))), "kinds": []},
    {"faults": {"s1": {"weight": 3}, "s4": {"weight": 2}, "s7": {"weight": 1}}},
)
KINDS = (
    {"segments": entries(*(f"s{number}" for number in range(1, 13))), "kinds": ["fabricated", "outdated"]},
    {"faults": {"s1": {"weight": 3, "kind": "fabricated"}, "s4": {"weight": 2, "kind": "outdated"}}},
)
CLEAN = ({"segments": entries("s1", "s2", "s3", "s4"), "kinds": []}, {"faults": {}})
TRIAGE = (
    {"items": entries(*(f"i{number}" for number in range(10))), "bins": entries("verify", "skip"), "ordered": False},
    {
        "bin_of": {f"i{number}": "must" if number < 4 else "no" if number < 9 else "optional" for number in range(10)},
        "cost": {"must": {"verify": 0, "skip": 3}, "no": {"verify": 1, "skip": 0}, "optional": {"verify": 0, "skip": 0}},
    },
)
ORDERED = (
    {"items": entries("a", "b", "c", "d"), "bins": [{"id": "low"}, {"id": "mid", "limit": 2}, {"id": "high"}], "ordered": True},
    {"bin_of": {"a": "low", "b": "mid", "c": "mid", "d": "high"}},
)
RANK = ({"items": entries("a", "b", "c", "d", "e")}, {"tier_of": {"a": 4, "b": 4, "c": 3, "d": 2, "e": 1}})
SEQUENCE = (
    {
        "steps": [
            {"id": "collect"},
            {"id": "draft"},
            {"id": "review", "checkpoint": "human_review"},
            {"id": "sample", "checkpoint": "human_review"},
            {"id": "send"},
            {"id": "publish-all"},
        ],
        "actors": ["human", "ai", "both"],
    },
    {
        "before": [["collect", "draft"], ["draft", "send"]],
        "required": ["collect", "draft"],
        "forbidden": ["publish-all"],
        "actors": {"collect": {"human": 1, "both": 0.5}, "draft": {"ai": 1, "both": 0.5}},
        "checkpoints": [{"kind": "human_review", "after": "draft", "before": "send", "critical": True}],
    },
)
COMPOSE = (
    {"blocks": entries("goal", "goal-weak", "goal-two", "goal-three", "goal-four", "context", "context-none", "leak")},
    {
        "slots": {"goal": 3, "context": 1},
        "blocks": {
            "goal": {"slot": "goal", "quality": 1},
            "goal-weak": {"slot": "goal", "quality": 0.5},
            "goal-two": {"slot": "goal", "quality": 0},
            "goal-three": {"slot": "goal", "quality": 0},
            "goal-four": {"slot": "goal", "quality": 0},
            "context": {"slot": "context", "quality": 1},
            "context-none": {"slot": "context", "quality": 0},
            "leak": {"slot": "context", "quality": 1, "harm": True},
        },
    },
)
WRITE = (
    {"max_chars": 600, "criteria": entries("audience", "format"), "self_check": True},
    {
        "criteria": {
            "audience": {
                "weight": 2,
                "any": {"en": [["director"], ["management", "committee"]], "fr": [["direction"]]},
                "weak": {"en": [["people"]], "fr": [["gens"]]},
            },
            "format": {"any": {"en": [["five", "line"]], "fr": [["cinq", "ligne"]]}},
        },
        "anchors": {"need": 2, "any": {"en": ["38 dB", "3 m", "VX-2"], "fr": ["38 dB", "3 m", "VX-2"]}},
        "red_lines": {"en": ["unreleased price"], "fr": ["prix non publié"], "any": ["regex:[0-9]{2,6} ?(eur|euros)"]},
        "brief": {
            "en": "Write the text of a product post from the sheet that you find beside this task.",
            "fr": "Écrivez le texte d’une publication à partir de la fiche produit placée à côté de cette tâche.",
        },
        "model": {
            "en": "Write a post for the directors of installation firms. Use five lines. Say that the VX-2 stays at 38 dB(A), 3 m away.",
            "fr": "Rédigez une publication pour la direction des entreprises. Tenez en cinq lignes. Dites que la VX-2 reste à 38 dB(A), à 3 m.",
        },
    },
)
SCENARIO = (
    {
        "start": "n1",
        "nodes": {
            "n1": {"choices": [{"id": "listen", "next": "n2"}, {"id": "order", "next": "n2"}, {"id": "hide", "next": None}]},
            "n2": {"choices": [{"id": "show", "next": None}, {"id": "promise", "next": None}]},
        },
    },
    {
        "utility": {
            "n1": {"listen": {"trust": 2, "risk": 0}, "order": {"trust": -2}, "hide": {"trust": 2, "risk": -3}},
            "n2": {"show": {"trust": 1, "adoption": 2}, "promise": {"trust": -1}},
        }
    },
)
CALCULATE = (
    {"fields": [{"id": "hours", "unit": "h"}, {"id": "gain", "unit": "h"}]},
    {"fields": {"hours": {"value": 13.9}, "gain": {"value": 0, "weight": 3, "full": 0.5, "half": 0.9}}},
)

SAMPLES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("choice", *CHOICE),
    ("choice", *SURE),
    ("choice", *SEVERAL),
    ("choice", *STEPS),
    ("mark", *MARK),
    ("mark", *KINDS),
    ("mark", *CLEAN),
    ("sort", *TRIAGE),
    ("sort", *ORDERED),
    ("rank", *RANK),
    ("sequence", *SEQUENCE),
    ("compose", *COMPOSE),
    ("write", *WRITE),
    ("scenario", *SCENARIO),
    ("calculate", *CALCULATE),
]
NAMES = [
    *("choice", "sure", "several", "steps", "mark", "kinds", "clean", "triage", "ordered"),
    *("rank", "sequence", "compose", "write", "scenario", "calculate"),
]


def changed(value: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**deepcopy(value), **changes}
