"""``manage.py demo``: the demo company with ten weeks of history, in an empty database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import people
from config.demo.history import History
from lms import clock
from lms.audit.actions import record
from lms.enums import Source
from lms.models import AuditEntry, Learner

DONE = "make_demo_company"
ACCOUNTS = (
    ("employee", people.EMPLOYEE),
    ("employee (English)", people.ENGLISH),
    ("manager", people.MANAGER),
    ("champion", people.CHAMPION),
    ("HR (administration)", people.HR),
)


class Command(BaseCommand):
    help = "Make the demo company: 60 people, two cohorts under way, ten weeks of history. Only in a database without learners."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--quiet", action="store_true", help="Do not print the accounts.")

    def handle(self, *args: Any, **options: Any) -> None:
        if Learner.objects.exists():
            if not Learner.objects.filter(external_id=people.HR, email__endswith="@verdane.example").exists():
                raise CommandError("This database has people in it: the demo company would mix with them.")
            # The audit trail's last line of the story: mails are sent on the way, so that it cannot be one transaction.
            if not AuditEntry.objects.filter(verb=DONE).exists():
                raise CommandError(
                    "Making the demo company was interrupted. Start again with an empty database (bin/run --fresh)."
                )
            self.stdout.write("The demo company is there already.")
            self._accounts(quiet=options["quiet"])
            return
        now = clock.now()
        History(now=now, tell=self._tell).live()
        record(actor=None, verb=DONE, obj=people.person(people.HR), source=Source.COMMAND, now=now)
        self._accounts(quiet=options["quiet"])

    def _tell(self, done: int, days: int) -> None:
        if done % 7 == 0 or done == days:
            self.stdout.write(f"  week {-(-done // 7)} of {-(-days // 7)}", ending="\n")
            self.stdout.flush()

    def _accounts(self, *, quiet: bool) -> None:
        width = max(len(role) for role, _id in ACCOUNTS)
        lines = [f"  {role:<{width}}  {people.person(external_id).email}" for role, external_id in ACCOUNTS]
        text = "\n".join(["Demo accounts, all with the password “" + people.PASSWORD + "”:", *lines])
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        (settings.DATA_DIR / "demo-accounts.txt").write_text(text + "\n", encoding="utf-8")
        if not quiet:
            self.stdout.write(text)
