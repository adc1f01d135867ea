import shlex
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.packs.scaffold import scaffold_track, write_files
from courses.problems import ProblemsFound


class Command(BaseCommand):
    help = "Writes the files of a small track to begin with, and those of a pack around it where the folder has none."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="Folder of the pack; made if it is not there.")
        parser.add_argument("track", metavar="track_id", help="Id of the track: lower-case words, joined by hyphens.")
        parser.add_argument("--skill", required=True, help="Id of the skill that the track teaches.")
        parser.add_argument(
            "--module", nargs="+", action="extend", default=[], metavar="ID", help="Ids of its modules; one module if left out."
        )
        parser.add_argument(
            "--languages", nargs="+", default=[], metavar="CODE", help="Languages of a new pack; en and fr if left out."
        )

    def handle(
        self, *args: Any, path: Path, track: str, skill: str, module: list[str], languages: list[str], **options: Any
    ) -> None:
        try:
            files = scaffold_track(path, track, skill=skill, modules=module, languages=languages)
            write_files(files)
        except ProblemsFound as found:
            raise CommandError("\n".join(str(problem) for problem in found.problems)) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        for written in files:
            self.stdout.write(f"  {written}")
        self.stdout.write(_("A sound track to begin with. Change its texts, then look whether all is well:"))
        self.stdout.write(f"  manage.py publish_content {shlex.quote(str(path))} --check")
