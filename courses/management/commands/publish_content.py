from argparse import ArgumentParser
from functools import partial
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.packs.content import Pack
from courses.packs.diff import compare_pack
from courses.packs.diff_words import kind_in_words, say_comparison
from courses.packs.found import FoundPack, Newest, find_pack, id_of, installed_packs, published, shipped_pack, with_own_ids
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from courses.packs.rows import Changes
from courses.problems import Problem, ProblemsFound


class Command(BaseCommand):
    help = "Publishes a content pack: validates every file, then writes a numbered version in one transaction."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "pack", nargs="?", default="", help="Folder of the pack, or name of an installed one; the shipped one if left out."
        )
        parser.add_argument("--all", action="store_true", help="The shipped pack, then every installed one by name.")
        doing = parser.add_mutually_exclusive_group()
        doing.add_argument("--check", action="store_true", help="Only validate, and report everything that is wrong.")
        doing.add_argument("--diff", action="store_true", help="Write nothing; say what a publish would change for learners.")
        doing.add_argument("--list", action="store_true", help="Only say which packs there are, where, and what is published.")

    def handle(self, *args: Any, pack: str, check: bool, diff: bool, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        if pack and options["all"]:
            raise CommandError(_("Name a pack, or say --all; not both."))
        packs, problems = self._every() if options["all"] else self._named(pack)
        self._show(problems)
        # One that cannot be published is no reason to leave the others out.
        count = len(problems) + sum(self._take(one, check=check, diff=diff) for one in packs)
        if count:
            raise CommandError(ngettext("%(n)s thing to mend.", "%(n)s things to mend.", count) % {"n": count})

    def _every(self) -> tuple[list[FoundPack], list[Problem]]:
        installed, broken = installed_packs()
        packs, of_one_id = with_own_ids([shipped_pack(), *installed])
        return packs, [*broken, *of_one_id]

    def _named(self, pack: str) -> tuple[list[FoundPack], list[Problem]]:
        try:
            return [find_pack(str(pack))], []
        except ProblemsFound as raised:
            return [], raised.problems

    def _take(self, found: FoundPack, *, check: bool, diff: bool) -> int:
        """Does with one pack what is asked; returns how many things are to be mended."""
        started = monotonic()
        self.stdout.write(_("Reading %(path)s …") % {"path": found.folder})
        try:
            pack = read_pack(found.folder)
            self._say_sound(pack)
            if diff:
                for line in say_comparison(compare_pack(pack=pack, now=timezone.now()), pack):
                    self.stdout.write(line)
            elif not check:
                self._publish(pack, started)
        except ProblemsFound as raised:
            self._show(raised.problems)
            return len(raised.problems)
        return 0

    def _say_sound(self, pack: Pack) -> None:
        said = _(
            "%(tracks)s tracks, %(modules)s modules, %(activities)s activities, %(items)s exercises and questions: all sound."
        )
        self.stdout.write(
            said
            % {
                "tracks": len(pack.tracks),
                "modules": len(pack.modules),
                "activities": len(pack.activities),
                "items": sum(len(activity.items) for activity in pack.activities),
            }
        )
        beside = {kind: len(entries) for kind, entries in vars(pack.catalogue).items() if entries}
        if beside:
            counts = ", ".join(f"{kind_in_words(kind)} {count}" for kind, count in beside.items())
            self.stdout.write(_("Beside the tracks: %(counts)s.") % {"counts": counts})

    def _publish(self, pack: Pack, started: float) -> None:
        absent = {kind for kind, entries in vars(pack.catalogue).items() if not entries}
        publication = publish_pack(pack=pack, now=timezone.now(), tell=partial(self._tell, absent))
        number = publication.version.number
        if publication.is_new:
            said = _("Published as version %(number)s in %(seconds)s s.")
            self.stdout.write(said % {"number": number, "seconds": round(monotonic() - started, 1)})
        else:
            self.stdout.write(_("Nothing has changed since version %(number)s.") % {"number": number})

    def _list(self) -> None:
        installed, problems = installed_packs()
        versions = published()
        brought: set[str] = set()
        for found in [shipped_pack(), *installed]:
            own = id_of(found.folder)
            brought.add(own)
            self.stdout.write(f"{found.name}: {_version_in_words(versions.get(own))}")
            self.stdout.write(f"  {found.folder}" + (f" ({found.origin})" if found.origin else ""))
        for slug, version in sorted(versions.items()):
            if slug in brought:
                continue
            self.stdout.write(f"{slug}: {_version_in_words(version)}")
            self.stdout.write("  " + _("published from a folder; no installed package brings it"))
        self._show(problems)

    def _show(self, problems: list[Problem]) -> None:
        for problem in problems:
            self.stderr.write(str(problem))

    def _tell(self, absent: set[str], kind: str, changes: Changes) -> None:
        if kind in absent and not changes:
            return
        said = [
            f"{word} {len(ids)}"
            for word, ids in [
                (_("added"), changes.added),
                (_("changed"), changes.changed),
                (_("renamed"), list(changes.renamed)),
                (_("brought back"), changes.revived),
                (_("retired"), changes.retired),
            ]
            if ids
        ]
        told = {"kind": kind_in_words(kind), "changes": ", ".join(said) or _("nothing changed")}
        self.stdout.write("  " + _("%(kind)s: %(changes)s") % told)


def _version_in_words(version: Newest | None) -> str:
    if version is None:
        return _("not published")
    moment = date_format(timezone.localtime(version.published_at), "SHORT_DATETIME_FORMAT")
    return _("version %(number)s, published on %(moment)s") % {"number": version.number, "moment": moment}
