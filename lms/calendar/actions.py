"""Fill the table of non-working days."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from lms.calendar.queries import public_holidays
from lms.models import NonWorkingDay, Site


@transaction.atomic
def fill_non_working_days(*, years: Iterable[int], now: dt.datetime) -> int:
    """Write the public holidays of every site for those years and those of ``now``; returns how many days are new.

    A site's year is filled once. As soon as one of its public holidays is there the year is HR's: a day that HR deleted (the
    company works then) does not come back, and a second run writes nothing.
    """
    have = set(NonWorkingDay.objects.values_list("site_id", "date"))
    rows = []
    for site in Site.objects.all():
        for year in sorted({*years, now.year}):
            days = public_holidays(site.country, site.region, year)
            if not any((site.pk, day) in have for day in days):
                rows += [NonWorkingDay(site=site, date=day, name=name[:120]) for day, name in days.items()]
    NonWorkingDay.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)
