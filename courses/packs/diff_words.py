"""What a publish would change, in words and in the language of whoever asks: track by track, module by module."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from i18nfield.strings import LazyI18nString

from courses.models import Activity, ActivityKind, Domain, Item, Module, ReviewCard, Skill, Track
from courses.packs.catalogue_rows import CATALOGUE_KINDS
from courses.packs.content import Pack
from courses.packs.diff import PLACED, Change, Comparison
from courses.packs.diff_people import asked_again, people_in, work_done

_MODELS: Mapping[str, Any] = {
    "skills": Skill,
    "domains": Domain,
    "tracks": Track,
    "modules": Module,
    "activities": Activity,
    "items": Item,
    "cards": ReviewCard,
    **{kind.name: kind.model for kind in CATALOGUE_KINDS},
}
_MARKS = {"added": "+", "changed": "~", "renamed": ">", "revived": "*", "retired": "-"}
# Two values that are shown beside each other, in characters.
LONGEST = 60
_LEGEND = gettext_lazy("+ new   ~ changed   > renamed   * comes back   - retired")


def kind_in_words(kind: str) -> str:
    """What a publisher's kind is called, for several: its name in the code means nothing to a reader."""
    return str(_MODELS[kind]._meta.verbose_name_plural)


def say_comparison(comparison: Comparison, pack: Pack) -> Iterator[str]:
    """Lines to print, the ones that belong to another indented below it."""
    if comparison.newest is None:
        yield _("This pack has not been published yet: everything in it is new.")
        return
    number = {"number": comparison.newest.number}
    if not comparison.is_new:
        yield _("Nothing has changed since version %(number)s.") % number
        return
    yield _("What learners would find changed after version %(number)s (nothing has been written):") % number
    lines = list(_Words(comparison, pack).lines())
    yield f"  {_LEGEND}" if lines else "  " + _("Nothing: the files differ, what learners find does not.")
    yield from lines


class _Words:
    def __init__(self, comparison: Comparison, pack: Pack) -> None:
        self.comparison = comparison
        self.tracks = {track.id: track for track in pack.tracks}
        self.modules = {module.id: module for module in pack.modules}
        self.activities = {activity.id: activity for activity in pack.activities}

    def lines(self) -> Iterator[str]:
        changes = self.comparison.changes
        for track in dict.fromkeys([*self.tracks, *(change.place.track for change in changes if change.place.track)]):
            yield from _headed(
                self._named("tracks", self.tracks.get(track), track) + people_in(self.comparison, track),
                self._track(track, [change for change in changes if change.place.track == track]),
            )
        beside = [line for change in changes if change.kind not in PLACED for line in self._row(change)]
        yield from _headed(_("Beside the tracks"), beside)

    def _track(self, track: str, changes: Sequence[Change]) -> Iterator[str]:
        own = [change for change in changes if change.kind == "tracks"]
        for change in own:
            yield from self._row(change)
        yield from asked_again(self.comparison, track)
        if _is_whole(own):
            return
        modules = [module.id for module in self.tracks[track].modules] if track in self.tracks else []
        for module in dict.fromkeys([*modules, *(change.place.module for change in changes if change.place.module)]):
            of = [change for change in changes if change.place.module == module]
            yield from _headed(self._named("modules", self.modules.get(module), module), self._module(module, of))
        yield from _order(modules, [change for change in changes if change.kind == "modules"])

    def _module(self, module: str, changes: Sequence[Change]) -> Iterator[str]:
        own = [change for change in changes if change.kind == "modules"]
        for change in own:
            yield from self._row(change)
        if _is_whole(own):
            return
        activities = [activity.id for activity in self.modules[module].activities] if module in self.modules else []
        for activity in dict.fromkeys([*activities, *(change.place.activity for change in changes if change.place.activity)]):
            yield from self._activity(activity, [change for change in changes if change.place.activity == activity])
        yield from _order(activities, [change for change in changes if change.kind == "activities"])
        for change in changes:
            if change.kind == "cards":
                yield from self._row(change)

    def _activity(self, activity: str, changes: Sequence[Change]) -> Iterator[str]:
        own = [change for change in changes if change.kind == "activities"]
        items = [change for change in changes if change.kind == "items"]
        for change in own if _is_whole(own) else [*own, *items]:
            yield from self._row(change)
        yield from (f"    {line}" for line in work_done(self.comparison, activity, own, items))

    def _row(self, change: Change) -> Iterator[str]:
        """A line for what became of a row; none where it only stands in another place."""
        line = f"{_MARKS[change.action]} {_noun(change.kind)} {change.id}"
        if change.action == "renamed":
            names = {"noun": _noun(change.kind), "old": change.was, "new": change.id}
            line = f"{_MARKS['renamed']} " + _("%(noun)s %(old)s is called %(new)s: progress follows") % names
            yield _joined([line, *_differences(change)])
        elif change.action in ("added", "revived"):
            yield _with(line, self._about(change))
        elif set(change.differences) != {"position"}:
            yield _with(line, _joined(_differences(change)))

    def _about(self, change: Change) -> str:
        """What a new row brings, in a few words."""
        if change.kind == "activities":
            activity = self.activities[change.id]
            minutes = ngettext("%(n)s minute", "%(n)s minutes", activity.minutes) % {"n": activity.minutes}
            required = _("required") if activity.required else _("not required")
            return ", ".join([_titled(activity.title), str(ActivityKind(activity.kind).label), required, minutes])
        if change.kind == "modules":
            count = len(self.modules[change.id].activities)
            return ngettext("%(n)s activity", "%(n)s activities", count) % {"n": count}
        return ""

    def _named(self, kind: str, row: Any, one: str) -> str:
        noun = _noun(kind)
        said = f"{noun[:1].upper()}{noun[1:]} {one}"
        return f"{said} {_titled(row.title)}" if row else said


def _joined(said: Iterable[str]) -> str:
    return _("; ").join(said)


def _with(line: str, said: str) -> str:
    return _("%(row)s: %(said)s") % {"row": line, "said": said} if said else line


def _headed(head: str, lines: Iterable[str]) -> Iterator[str]:
    for index, line in enumerate(lines):
        if index == 0:
            yield head
        yield f"  {line}"


def _titled(title: Mapping[str, str]) -> str:
    return _("“%(title)s”") % {"title": LazyI18nString(dict(title))}


def _is_whole(own: Iterable[Change]) -> bool:
    """What comes or goes as a whole needs no line for each thing in it."""
    return any(change.action in ("added", "revived", "retired") for change in own)


def _order(ids: Sequence[str], changes: Sequence[Change]) -> Iterator[str]:
    """Whether those that stay follow one another in another order; one that only makes room for a new one does not."""
    by_id = {change.id: change for change in changes}
    places = []
    for index, one in enumerate(ids):
        change = by_id.get(one)
        if change is None:
            places.append(index)
        elif change.action in ("changed", "renamed") and not {"module_id", "track_id"} & set(change.differences):
            places.append(change.differences.get("position", (index, index))[0])
    if places != sorted(places):
        yield f"{_MARKS['changed']} " + _("another order: %(ids)s") % {"ids": ", ".join(ids)}


def _differences(change: Change) -> Iterator[str]:
    for name, (old, new) in change.differences.items():
        if name != "position":
            yield _difference(change.kind, name, old, new)


def _difference(kind: str, name: str, old: Any, new: Any) -> str:
    """The name of what differs; with both values where they are short, with the languages where it is a text."""
    try:
        field = _MODELS[kind]._meta.get_field(name)
    except (KeyError, FieldDoesNotExist):
        return name
    word = str(field.verbose_name)
    if _is_text(old) and _is_text(new):
        return f"{word} ({', '.join(code for code in {**old, **new} if old.get(code) != new.get(code))})"
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(one, str) for one in [*old, *new]):
        return f"{word} {', '.join(old) or '–'} → {', '.join(new) or '–'}"
    if isinstance(old, bool):
        return f"{word} {_yes(old)} → {_yes(new)}"
    if isinstance(old, dict | list) or isinstance(field, ForeignKey) or len(f"{old}{new}") > LONGEST:
        return word
    return f"{word} {_shown(old)} → {_shown(new)}"


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and all(
        re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", code) and isinstance(said, str | dict | list) for code, said in value.items()
    )


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _noun(kind: str) -> str:
    return str(_MODELS[kind]._meta.verbose_name) if kind in _MODELS else kind
