"""``manage.py send_reports``: build the reports that are due and send them, as the timed jobs do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lms.management.moments import add_date, chosen
from lms.reports.actions import build_due_reports, deliver_all_reports


class Command(BaseCommand):
    help = "Build the reports whose moment has come and send them. Running it twice sends nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        add_date(parser)
        parser.add_argument("--dry-run", action="store_true", help="Say what would be built; keep and send nothing.")
        parser.add_argument("--only", action="append", metavar="EMAIL", help="Only the reports of this recipient.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = chosen(options)
        built = build_due_reports(now=now, only=options["only"], dry_run=options["dry_run"])
        self.stdout.write(f"{now:%Y-%m-%d %H:%M} UTC. {'Would be:' if options['dry_run'] else 'Done:'}")
        self.stdout.write(f"  {built['built']:6d}  built")
        if built["put_off"]:
            self.stdout.write(f"  {built['put_off']:6d}  put off until the recipient is back")
        if built["failed"]:
            self.stderr.write(f"  {built['failed']:6d}  could not be built: see the log")
        if not options["dry_run"]:
            for what, count in sorted(deliver_all_reports(now=now, only=options["only"]).items()):
                self.stdout.write(f"  {count:6d}  {what.replace('_', ' ')}")
