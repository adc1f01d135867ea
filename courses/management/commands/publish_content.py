from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from courses.packs.rows import Changes
from courses.packs.shipped import SHIPPED
from courses.problems import ProblemsFound


class Command(BaseCommand):
    help = "Publishes a content pack: validates every file, then writes a numbered version in one transaction."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, default=SHIPPED, help="Folder of the pack; the shipped one if left out."
        )
        parser.add_argument("--check", action="store_true", help="Only validate, and report everything that is wrong.")

    def handle(self, *args: Any, path: Path, check: bool, **options: Any) -> None:
        started = monotonic()
        try:
            self.stdout.write(_("Reading %(path)s …") % {"path": path})
            pack = read_pack(path)
            self.stdout.write(
                _(
                    "%(tracks)s tracks, %(modules)s modules, %(activities)s activities, %(items)s exercises and questions: all sound."
                )
                % {
                    "tracks": len(pack.tracks),
                    "modules": len(pack.modules),
                    "activities": len(pack.activities),
                    "items": sum(len(activity.items) for activity in pack.activities),
                }
            )
            beside = {kind: len(entries) for kind, entries in vars(pack.catalogue).items() if entries}
            if beside:
                counts = ", ".join(f"{kind} {count}" for kind, count in beside.items())
                self.stdout.write(_("Beside the tracks: %(counts)s.") % {"counts": counts})
            if check:
                return
            publication = publish_pack(pack=pack, now=timezone.now(), tell=self._tell)
        except ProblemsFound as found:
            for problem in found.problems:
                self.stderr.write(str(problem))
            count = len(found.problems)
            raise CommandError(ngettext("%(n)s thing to mend.", "%(n)s things to mend.", count) % {"n": count}) from None
        number = publication.version.number
        if publication.is_new:
            said = _("Published as version %(number)s in %(seconds)s s.")
            self.stdout.write(said % {"number": number, "seconds": round(monotonic() - started, 1)})
        else:
            self.stdout.write(_("Nothing has changed since version %(number)s.") % {"number": number})

    def _tell(self, kind: str, changes: Changes) -> None:
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
        self.stdout.write(f"  {kind}: {', '.join(said) or _('unchanged')}")
