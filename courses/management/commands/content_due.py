import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.queries import DueForReview, content_due


class Command(BaseCommand):
    help = "Lists the facts, roles and training offers that somebody must look at again, with where they come from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=_day, metavar="DATE", help="The day that counts as today, as in 2026-11-21.")
        parser.add_argument("--within", type=_days, default=0, metavar="DAYS", help="Also what will be due within so many days.")
        parser.add_argument(
            "--fail", action="store_true", help="End with exit code 1 where something is due, for a job that watches."
        )

    def handle(self, *args: Any, on: dt.date | None, within: int, fail: bool, **options: Any) -> None:
        day = _later(on or timezone.localdate(), within)
        due = content_due(on=day)
        for one in due:
            self._tell(one)
        if not due:
            self.stdout.write(_("Nothing is due for review on %(date)s.") % {"date": _said(day)})
            return
        count = ngettext("%(n)s text is due for review.", "%(n)s texts are due for review.", len(due)) % {"n": len(due)}
        if fail:
            raise CommandError(count)
        self.stdout.write(count)

    def _tell(self, due: DueForReview) -> None:
        kind = capfirst(due.row._meta.verbose_name)
        self.stdout.write(f"{due.review_after.isoformat()}  {kind}: {due.row} ({due.row.slug})")
        self.stdout.write(
            "    "
            + _("Last looked at on %(date)s. Source: %(source)s") % {"date": _said(due.last_looked), "source": due.source.strip()}
        )


def _day(said: str) -> dt.date:
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise ArgumentTypeError(f"{said!r} is not a date such as 2026-11-21.") from None


def _days(said: str) -> int:
    if not said.isdecimal() or int(said) > 36_500:
        raise ArgumentTypeError(f"{said!r} is not a number of days.")
    return int(said)


def _later(day: dt.date, days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.max


def _said(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")
