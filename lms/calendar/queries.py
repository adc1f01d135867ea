"""People's calendars, read for many at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as holiday_library

from lms.calendar.rules import WorkCalendar
from lms.conf import conf
from lms.models import Learner, Leave, NonWorkingDay

#: How far from ``around`` holidays and leaves are read; no rule of ours looks further.
REACH = dt.timedelta(days=400)


@lru_cache(maxsize=64)
def public_holidays(country: str, region: str, year: int) -> dict[dt.date, str]:
    """Public holidays by the library; a country or region that it does not know has none."""
    try:
        found = holiday_library.country_holidays(country, subdiv=region or None, years=year)
    except NotImplementedError:
        if region:
            return public_holidays(country, "", year)
        return {}
    return dict(found.items())


def default_holidays(around: dt.date) -> frozenset[dt.date]:
    """For people without a site: the holidays of the company's country."""
    years = range((around - REACH).year, (around + REACH).year + 1)
    return frozenset(day for year in years for day in public_holidays(conf.DEFAULT_COUNTRY, "", year))


def weekdays_of(working_days: str) -> frozenset[int]:
    """From the stored digits; somebody without any is taken to work the company's usual days."""
    return frozenset(int(digit) for digit in working_days) or frozenset(conf.DEFAULT_WORKING_DAYS)


def holidays_of_sites(site_ids: Iterable[int], *, around: dt.date) -> dict[int, frozenset[dt.date]]:
    """Non-working days per site: one query."""
    days: dict[int, set[dt.date]] = {site_id: set() for site_id in site_ids}
    rows = NonWorkingDay.objects.filter(site__in=days, date__range=(around - REACH, around + REACH)).order_by()
    for site_id, date in rows.values_list("site_id", "date"):
        days[site_id].add(date)
    return {site_id: frozenset(found) for site_id, found in days.items()}


def calendars_of(learner_ids: Collection[int], *, around: dt.date) -> dict[int, WorkCalendar]:
    """The calendar of each learner: three queries however many. Meant for batches of up to some thousand people."""
    people = list(Learner.objects.filter(pk__in=learner_ids).order_by().values_list("pk", "time_zone", "working_days", "site_id"))
    by_site = holidays_of_sites({site_id for *_rest, site_id in people if site_id}, around=around)
    leaves: dict[int, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    rows = Leave.objects.filter(learner__in=learner_ids, ends_on__gte=around - REACH, starts_on__lte=around + REACH)
    for learner_id, starts_on, ends_on in rows.values_list("learner_id", "starts_on", "ends_on"):
        leaves[learner_id].append((starts_on, ends_on))
    return {
        pk: WorkCalendar(
            zone=ZoneInfo(time_zone),
            weekdays=weekdays_of(working_days),
            holidays=by_site[site_id] if site_id else default_holidays(around),
            leaves=tuple(leaves.get(pk, ())),
        )
        for pk, time_zone, working_days, site_id in people
    }
