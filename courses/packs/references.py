"""What the files of a pack say about one another: no id twice, nothing that leads nowhere, no circle of prerequisites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from courses.packs.content import Module
from courses.packs.findings import Findings


@dataclass
class References:
    """Noted while the files are read, looked at when all of them are. Places are "file:line:column"."""

    placed: dict[str, dict[str, str]] = field(default_factory=dict)
    renamed: list[tuple[str, str, str]] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    # Ids of a kind that may be in a file which could not be read: what refers to them is not called wrong.
    unreadable: set[tuple[str, str]] = field(default_factory=set)

    def place(self, kind: str, one: str, where: str, findings: Findings, *, was: str | None = None, was_where: str = "") -> None:
        known = self.placed.setdefault(kind, {})
        if one in known:
            hint = _("It is used in %(place)s already: ids are unique in the pack.")
            findings.add("id-twice", _("The id “%(id)s” is used twice."), where, hint, id=one, place=known[one])
        else:
            known[one] = where
        if was:
            self.renamed.append((kind, was, was_where))

    def refer(self, kind: str, one: str, where: str) -> None:
        self.asked.append((kind, one, where))

    def check(self, findings: Findings) -> None:
        for kind, one, where in self.asked:
            if one not in self.placed.get(kind, {}) and not self.unreadable & {(kind, one), (kind, "*")}:
                hint = _("Check the spelling, or add it.")
                findings.add("no-such-id", _("There is no “%(id)s” among the %(kind)s."), where, hint, id=one, kind=_KINDS[kind])
        old: set[tuple[str, str]] = set()
        for kind, was, where in self.renamed:
            if was in self.placed.get(kind, {}):
                findings.add(
                    "was-in-use", _("“%(id)s” is still in use."), where, _("“was” names an id that is used no more."), id=was
                )
            if (kind, was) in old:
                findings.add("was-twice", _("“%(id)s” was renamed twice."), where, _("Name it in one place."), id=was)
            old.add((kind, was))

    def check_prerequisites(self, modules: Iterable[Module], findings: Findings) -> None:
        requires = {module.id: set(module.prerequisites) for module in modules}
        open_modules = dict(requires)
        while True:
            free = [one for one, required in open_modules.items() if not required & set(open_modules)]
            if not free:
                break
            for one in free:
                del open_modules[one]
        # What is left stands in a circle, or behind one; those in it are told.
        for one in open_modules:
            if _leads_back(one, requires):
                where = self.placed["modules"][one]
                findings.add(
                    "circle", _("The prerequisites of “%(id)s” run in a circle."), where, _("Take one of them away."), id=one
                )


_KINDS = {
    "skills": _("skills"),
    "domains": _("domains"),
    "modules": _("modules"),
    "sectors": _("sectors"),
    "documents": _("documents"),
    "roles": _("roles"),
    "terms": _("terms"),
}


def _leads_back(start: str, requires: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(requires[start])
    while waiting:
        one = waiting.pop()
        if one == start:
            return True
        if one not in seen:
            seen.add(one)
            waiting += requires.get(one, ())
    return False
