"""`scenario`: a conversation that branches, with consequences. On every axis high is good, `risk` included."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from courses.grading.answers import read_id, read_list, read_object, refuse
from courses.grading.keys import MOST_ENTRIES, Entry, KeyFault, PartId, Shape, repeated_ids, shape_faults, unknown_ids
from courses.grading.result import EXACTNESS, Part, Result, reaches, verdict_of

RISK_AXIS = "risk"
GRAVE_RISK = -3
GRAVE_CAP = 0.4


class Choice(Entry):
    next: PartId | None


class Node(Shape):
    choices: list[Choice] = Field(min_length=1, max_length=MOST_ENTRIES)


class Payload(Shape):
    start: PartId
    nodes: dict[PartId, Node] = Field(min_length=1)


class Key(Shape):
    utility: dict[PartId, dict[PartId, dict[PartId, Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]]]]


def grade(payload: dict[str, Any], key: dict[str, Any], response: Any) -> Result:
    path = _read(payload, response)
    ranges = _ranges(payload, key)
    lowest, highest, _grave = ranges[payload["start"]]
    total = sum(_utility(key, node, choice) for node, choice in path)
    score = (total - lowest) / (highest - lowest)
    parts = []
    grave = False
    for node, choice in path:
        options = [_utility(key, node, one["id"]) for one in payload["nodes"][node]["choices"]]
        spread = max(options) - min(options)
        own = (_utility(key, node, choice) - min(options)) / spread if spread else 1.0
        risky = _is_grave(key, node, choice)
        grave = grave or risky
        name = f"{node}.{choice}"
        parts.append(Part(name, own, 1.0, "harm" if risky else verdict_of(own), name))
    if grave:
        return Result.of(min(score, GRAVE_CAP), parts, ["grave-risk"])
    return Result.of(score, parts)


def _read(payload: dict[str, Any], response: Any) -> list[tuple[str, str]]:
    read_object(response, "", ["path"])
    path: list[tuple[str, str]] = []
    expected: str | None = payload["start"]
    for index, taken in enumerate(read_list(response["path"], "path")):
        where = f"path.{index}"
        pair = read_list(taken, where)
        if len(pair) != 2:
            raise refuse("shape", _("The answer could not be read."), where, _("Reload the page and answer again."))
        node = read_id(pair[0], payload["nodes"], where)
        if expected is None or node != expected:
            raise refuse(
                "broken-path",
                _("The steps of the conversation do not follow one another."),
                where,
                _("Go back to the last step and choose again."),
            )
        choices = {choice["id"]: choice["next"] for choice in payload["nodes"][node]["choices"]}
        path.append((node, read_id(pair[1], choices, where)))
        expected = choices[pair[1]]
    if expected is not None:
        raise refuse("unfinished", _("The conversation is not finished: choose until it ends."), "path")
    return path


def _axes(key: dict[str, Any], node: str, choice: str) -> dict[str, float]:
    axes: dict[str, float] = key["utility"].get(node, {}).get(choice, {})
    return axes


def _utility(key: dict[str, Any], node: str, choice: str) -> float:
    axes = _axes(key, node, choice)
    return sum(axes.values()) / len(axes) if axes else 0.0


def _is_grave(key: dict[str, Any], node: str, choice: str) -> bool:
    return reaches(GRAVE_RISK, _axes(key, node, choice).get(RISK_AXIS, 0))


def _backwards(payload: dict[str, Any]) -> list[str] | None:
    """The nodes that can be reached, each after all that follow it; None where they run in a circle."""
    order: list[str] = []
    state: dict[str, bool] = {}  # False while what follows is being visited, True when it is done
    stack = [(payload["start"], False)]
    while stack:
        node, done = stack.pop()
        if done:
            state[node] = True
            order.append(node)
        elif node not in state:
            state[node] = False
            stack.append((node, True))
            for choice in payload["nodes"][node]["choices"]:
                following = choice["next"]
                if following is not None and state.get(following) is False:
                    return None
                if following is not None and following not in state:
                    stack.append((following, False))
    return order


def _ranges(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, tuple[float, float, float]]:
    """For each node: the least and the most to be had from there on, and the most with a grave risk on the way."""
    none = float("-inf")
    found: dict[str, tuple[float, float, float]] = {}
    for node in _backwards(payload) or []:
        lows, highs, graves = [], [], []
        for choice in payload["nodes"][node]["choices"]:
            own = _utility(key, node, choice["id"])
            low, high, grave = found[choice["next"]] if choice["next"] is not None else (0.0, 0.0, none)
            lows.append(own + low)
            highs.append(own + high)
            graves.append(own + (high if _is_grave(key, node, choice["id"]) else grave))
        found[node] = (min(lows), max(highs), max(graves))
    return found


def find_faults(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    found = shape_faults("payload", Payload, payload) + shape_faults("key", Key, key)
    if found:
        return found
    nodes, utility = payload["nodes"], key["utility"]
    found += unknown_ids([payload["start"]], nodes, ("payload", "start"))
    for name, node in nodes.items():
        found += repeated_ids(node["choices"], ("payload", "nodes", name, "choices"))
        for index, choice in enumerate(node["choices"]):
            if choice["next"] is not None:
                found += unknown_ids([choice["next"]], nodes, ("payload", "nodes", name, "choices", index, "next"))
            if choice["id"] not in utility.get(name, {}):
                at = ("key", "utility", name) if name in utility else ("key", "utility")
                params = {"id": f"{name}.{choice['id']}"}
                found.append(
                    KeyFault("missing-id", _("The key says nothing about “%(id)s”."), at, _("Add it to the key."), params)
                )
    for name, choices in utility.items():
        found += unknown_ids([name], nodes, ("key", "utility"))
        if name in nodes:
            found += unknown_ids(choices, [choice["id"] for choice in nodes[name]["choices"]], ("key", "utility", name))
    return found or _faults_of_graph(payload, key)


def _faults_of_graph(payload: dict[str, Any], key: dict[str, Any]) -> list[KeyFault]:
    at = ("payload", "nodes")
    reached = _backwards(payload)
    if reached is None:
        return [KeyFault("cycle", _("The conversation can run in a circle."), at, _("Let each choice lead forward."))]
    found = [
        KeyFault(
            "unreachable-node", _("No choice leads to “%(id)s”."), (*at, name), _("Lead there, or take it away."), {"id": name}
        )
        for name in payload["nodes"]
        if name not in reached
    ]
    lowest, highest, grave = _ranges(payload, key)[payload["start"]]
    if highest - lowest <= EXACTNESS:
        found.append(
            KeyFault(
                "no-difference",
                _("Every conversation earns the same."),
                ("key", "utility"),
                _("Let some choices be better than others."),
            )
        )
    elif grave >= highest - EXACTNESS:
        message = _("A best conversation takes a grave risk.")
        found.append(KeyFault("best-is-grave", message, ("key", "utility"), _("Let a way without that risk earn more.")))
    return found


def best_response(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    ranges = _ranges(payload, key)
    path: list[list[str]] = []
    node: str | None = payload["start"]
    while node is not None:
        here = node
        best = max(
            payload["nodes"][here]["choices"],
            key=lambda choice: (
                _utility(key, here, choice["id"]) + (ranges[choice["next"]][1] if choice["next"] is not None else 0.0)
            ),
        )
        path.append([here, best["id"]])
        node = best["next"]
    return {"path": path}


def constant_responses(payload: dict[str, Any], key: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Choices are shuffled in the page: turn by turn, each of them is the first."""
    turns = max(len(node["choices"]) for node in payload["nodes"].values())
    found = []
    for turn in range(turns):
        path: list[list[str]] = []
        node: str | None = payload["start"]
        while node is not None:
            choices = payload["nodes"][node]["choices"]
            choice = choices[turn % len(choices)]
            path.append([node, choice["id"]])
            node = choice["next"]
        found.append({"path": path})
    return {"first choice": found}
