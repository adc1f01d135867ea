"""``manage.py send_nudges``: plan what is due and send it, as the timed jobs do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import override

from lms.enums import NudgeKind
from lms.mail.reasons import label
from lms.management.moments import add_date, chosen
from lms.nudges.deliver import deliver_all_nudges, preview_nudges
from lms.nudges.plan import plan_nudges

SAYS = {
    "planned": "planned",
    "sent": "sent",
    "dropped": "dropped",
    "wait": "waiting for a better moment",
    "put_off": "put off by the mail server",
    "put_back": "put back",
}


class Command(BaseCommand):
    help = "Plan the reminders that are due and send those that may go out now. Running it twice sends nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        add_date(parser)
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen; change and send nothing.")
        parser.add_argument(
            "--only", action="append", choices=NudgeKind.values, metavar="KIND", help=f"One of {', '.join(NudgeKind.values)}."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = chosen(options)
        if options["dry_run"]:
            counts = preview_nudges(now=now, only=options["only"])
            heading = "Would be:"
        else:
            planned = plan_nudges(now=now, only=options["only"])
            counts = deliver_all_nudges(now=now, only=options["only"])
            counts["planned"] = sum(planned.values())
            heading = "Done:"
        self.stdout.write(f"{now:%Y-%m-%d %H:%M} UTC. {heading}")
        with override("en"):
            for what, count in sorted(counts.items(), key=lambda item: list(SAYS).index(item[0]) if item[0] in SAYS else 99):
                self.stdout.write(f"  {count:6d}  {SAYS.get(what) or 'dropped: ' + label(what)}")
