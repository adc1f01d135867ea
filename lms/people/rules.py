"""Pure decisions about people."""

import datetime as dt
from zoneinfo import ZoneInfo

from lms.conf import conf


def company_day(now: dt.datetime) -> dt.date:
    """The date in the company's zone: the day on which somebody has left or a track begins for everybody."""
    return now.astimezone(ZoneInfo(conf.TIME_ZONE)).date()
