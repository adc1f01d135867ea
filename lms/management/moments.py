"""How commands read ``--date``."""

import argparse
import datetime as dt
from zoneinfo import ZoneInfo

from lms import clock
from lms.conf import conf

#: A day without an hour means this hour of it, in the company's zone: inside the usual sending hours.
MORNING = dt.time(10, 0)


def moment(text: str) -> dt.datetime:
    """``2026-03-04`` or ``2026-03-04T14:30``, in the company's zone unless it names its own."""
    try:
        only_a_day = len(text) == len("2026-03-04")
        found = dt.datetime.combine(dt.date.fromisoformat(text), MORNING) if only_a_day else dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day (2026-03-04) and no moment (2026-03-04T14:30).") from error
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(conf.TIME_ZONE))
    return found.astimezone(dt.UTC)


def add_date(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", type=moment, default=None, help="As if it were this day (10:00) or moment. Default: now.")


def chosen(options: dict[str, object]) -> dt.datetime:
    given = options["date"]
    return given if isinstance(given, dt.datetime) else clock.now()
