import datetime as dt

from lms.calendar.actions import fill_non_working_days
from lms.calendar.queries import calendars_of
from lms.models import Leave, NonWorkingDay, Site


def test_public_holidays_are_filled_once_and_stay_as_hr_left_them(db, now):
    lyon = Site.objects.create(name="Lyon", country="FR")
    brussels = Site.objects.create(name="Bruxelles", country="BE")
    nowhere = Site.objects.create(name="Elsewhere", country="XX")
    written = fill_non_working_days(years=[2026, 2027], now=now)
    assert written == NonWorkingDay.objects.count() > 30
    assert NonWorkingDay.objects.filter(date=dt.date(2026, 7, 14)).values_list("site", flat=True).get() == lyon.pk
    assert NonWorkingDay.objects.filter(date=dt.date(2026, 7, 21)).values_list("site", flat=True).get() == brussels.pk
    assert not NonWorkingDay.objects.filter(site=nowhere).exists()
    NonWorkingDay.objects.filter(site=lyon, date=dt.date(2026, 5, 25)).delete()
    NonWorkingDay.objects.create(site=lyon, date=dt.date(2028, 5, 26), name="Bridge day")
    assert fill_non_working_days(years=[2026, 2027], now=now) == 0
    assert not NonWorkingDay.objects.filter(site=lyon, date=dt.date(2026, 5, 25)).exists()
    assert fill_non_working_days(years=[2028], now=now) > 15


def test_a_region_has_its_own_days(db, now):
    alsace = Site.objects.create(name="Strasbourg", country="FR", region="6AE")
    fill_non_working_days(years=[2026], now=now)
    assert NonWorkingDay.objects.filter(site=alsace, date=dt.date(2026, 12, 26)).exists()


def test_calendars_of_many_take_three_queries(cast, now, django_assert_num_queries):
    NonWorkingDay.objects.create(site=cast.site, date=dt.date(2026, 3, 6), name="Company day")
    Leave.objects.create(learner=cast.ada, starts_on=dt.date(2026, 3, 9), ends_on=dt.date(2026, 3, 10))
    cast.ben.working_days = "13"
    cast.ben.time_zone = "America/Montreal"
    cast.ben.save()
    with django_assert_num_queries(3):
        found = calendars_of([cast.ada.pk, cast.ben.pk, cast.mira.pk], around=now.date())
    assert found.keys() == {cast.ada.pk, cast.ben.pk, cast.mira.pk}
    thursday = dt.date(2026, 3, 5)
    assert found[cast.ada.pk].add_working(thursday, 1) == dt.date(2026, 3, 11)
    assert found[cast.mira.pk].add_working(thursday, 1) == dt.date(2026, 3, 9)
    assert found[cast.ben.pk].add_working(thursday, 1) == dt.date(2026, 3, 10)
    assert found[cast.ben.pk].today(dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)) == dt.date(2026, 3, 3)


def test_without_a_site_the_company_country_counts(make_learner, now):
    learner = make_learner()
    calendar = calendars_of([learner.pk], around=now.date())[learner.pk]
    assert not calendar.is_working(dt.date(2026, 5, 1))
    assert calendar.is_working(dt.date(2026, 5, 4))


def test_a_new_site_has_its_country_s_days_before_the_night(cast, now):
    calendar = calendars_of([cast.ada.pk], around=now.date())[cast.ada.pk]
    assert not calendar.is_working(dt.date(2026, 5, 1))
    assert calendar.is_working(dt.date(2026, 5, 4))
