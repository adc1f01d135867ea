"""`manage.py import_directory FILE`: the same import as in the administration, for a nightly job or a first filling."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.problems import Problem, ProblemsFound
from lms import clock
from lms.calendar.actions import fill_non_working_days
from lms.conf import conf
from lms.enrolment.actions import admit_invited
from lms.enums import Source
from lms.models import DirectoryImport
from lms.people.actions import apply_directory, preview_directory, upload_directory
from lms.people.directory import MEGABYTE


class Command(BaseCommand):
    """Prints what the file would do, then does it. Ends with code 1 and the line numbers when something is wrong: then nobody was changed."""

    help = "Imports people from a directory file (CSV or XLSX): creates, updates, moves and marks as left; never deletes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX with headings in English or French.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would change.")
        parser.add_argument("--full", action="store_true", help="The file is complete: people who are not in it have left.")
        parser.add_argument(
            "--confirm-leavers",
            action="store_true",
            help=f"With --full: go on even if more than {conf.IMPORT_LEAVER_GUARD_PERCENT:g} %% of the people would leave.",
        )

    def handle(self, *, file: Path, dry_run: bool, full: bool, confirm_leavers: bool, verbosity: int, **_options: Any) -> None:
        now = clock.now()
        try:
            kept = upload_directory(
                content=self._read(file), file_name=file.name, full=full, actor=None, source=Source.COMMAND, now=now
            )
            kept = preview_directory(directory_import=kept, now=now)
            if kept.problems:
                raise ProblemsFound(Problem(**each) for each in kept.problems)
            if verbosity:
                self._tell(kept.summary)
            if dry_run:
                DirectoryImport.objects.filter(pk=kept.pk).update(content=None)
                return
            progress = self._progress if verbosity else None
            done = apply_directory(
                directory_import=kept,
                actor=None,
                source=Source.COMMAND,
                now=now,
                confirm_leavers=confirm_leavers,
                progress=progress,
            )
        except ProblemsFound as error:
            raise CommandError("\n".join(str(problem) for problem in error.problems)) from error
        joined = admit_invited(now=now, source=Source.COMMAND)
        # A site that the file brought has no public holidays yet.
        fill_non_working_days(years=range(now.year, now.year + 3), now=now)
        if verbosity:
            self.stdout.write(_("Applied: %(count)s people, of whom %(new)s are new.") % {
                "count": done.total_rows, "new": len(done.new_learner_ids),
            })  # fmt: skip
            if joined:
                self.stdout.write(_("%(count)s invited people joined their cohorts.") % {"count": joined})

    def _read(self, file: Path) -> bytes:
        try:
            with file.open("rb") as stream:
                # One byte more than is allowed tells that there is more, without reading all of it.
                return stream.read(conf.IMPORT_MAX_MEGABYTES * MEGABYTE + 1)
        except OSError as error:
            raise CommandError(_("%(file)s cannot be read: %(error)s") % {"file": file, "error": error.strerror}) from error

    def _tell(self, summary: dict[str, Any]) -> None:
        self.stdout.write(
            _(
                "%(total)s people: %(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(moved)s moved, %(leaving)s leaving, %(returning)s back."
            )
            % summary
        )
        for warning in summary["warnings"]:
            self.stdout.write(self.style.WARNING(str(Problem(**warning))))

    def _progress(self, done: int, total: int) -> None:
        self.stdout.write(f"{done}/{total}")
