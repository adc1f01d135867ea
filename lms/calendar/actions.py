"""Fill the table of non-working days."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from lms.calendar.queries import public_holidays
from lms.models import NonWorkingDay, Site


@transaction.atomic
def fill_non_working_days(*, years: Iterable[int], now: dt.datetime) -> int:
    """Write every site's public holidays for those years; returns how many days are new.

    Days that are there already stay as they are, renamed or added by HR included; so a second run writes nothing. A public
    holiday before ``now``'s day is left out where it is missing: HR may have deleted it, and the past is of no use any more.
    """
    today = now.date()
    have = set(NonWorkingDay.objects.values_list("site_id", "date"))
    rows = [
        NonWorkingDay(site=site, date=day, name=name[:120])
        for site in Site.objects.all()
        for year in sorted(set(years))
        for day, name in public_holidays(site.country, site.region, year).items()
        if day >= today and (site.pk, day) not in have
    ]
    NonWorkingDay.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)
