"""People's calendars, read for many at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as holiday_library
from django.db.models import FilteredRelation, Q

from lms.calendar.rules import WorkCalendar
from lms.conf import conf
from lms.models import Learner, Leave, Site

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


def _from_library(country: str, region: str, around: dt.date) -> frozenset[dt.date]:
    years = range((around - REACH).year, (around + REACH).year + 1)
    return frozenset(day for year in years for day in public_holidays(country, region, year))


def default_holidays(around: dt.date) -> frozenset[dt.date]:
    """For people without a site: the holidays of the company's country."""
    return _from_library(conf.DEFAULT_COUNTRY, "", around)


def weekdays_of(working_days: str) -> frozenset[int]:
    """From the stored digits; somebody without any is taken to work the company's usual days."""
    return frozenset(int(digit) for digit in working_days) or frozenset(conf.DEFAULT_WORKING_DAYS)


def holidays_of_sites(site_ids: Iterable[int], *, around: dt.date) -> dict[int, frozenset[dt.date]]:
    """Non-working days per site: one query. A new site that the night's job has not filled yet has the library's days."""
    near = Q(non_working_days__date__range=(around - REACH, around + REACH))
    rows = (
        Site.objects.filter(pk__in=list(site_ids))
        .annotate(near=FilteredRelation("non_working_days", condition=near))
        .order_by()
        .values_list("pk", "country", "region", "near__date")
    )
    days: dict[int, set[dt.date]] = {}
    for pk, country, region, date in rows:
        known = days.setdefault(pk, set())
        if date is not None:
            known.add(date)
        else:
            known |= _from_library(country, region, around)
    return {pk: frozenset(known) for pk, known in days.items()}


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
