from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.packs.reader import read_pack
from courses.packs.shipped import SHIPPED
from courses.packs.summary import describe_pack
from courses.problems import ProblemsFound


class Command(BaseCommand):
    help = "Describes a content pack in figures: every module with its words, items and minutes in each language."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="The page to write (docs/modules.md); shown only, if left out.")
        parser.add_argument("--check", action="store_true", help="Only compare the page with the content.")
        parser.add_argument("--pack", type=Path, default=SHIPPED, help="Folder of the pack; the shipped one if left out.")

    def handle(self, *args: Any, path: Path | None, check: bool, pack: Path, **options: Any) -> None:
        try:
            page = describe_pack(read_pack(pack))
        except ProblemsFound as found:
            for problem in found.problems:
                self.stderr.write(str(problem))
            raise CommandError(_("The pack cannot be read.")) from None
        if path is None:
            self.stdout.write(page, ending="")
        elif not check:
            try:
                path.write_text(page, encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from None
            self.stdout.write(_("Written: %(path)s") % {"path": path})
        elif not path.is_file() or path.read_text(encoding="utf-8") != page:
            raise CommandError(
                _("%(path)s does not say what the content holds. Write it again without --check.") % {"path": path}
            )
        else:
            self.stdout.write(_("%(path)s says what the content holds.") % {"path": path})
