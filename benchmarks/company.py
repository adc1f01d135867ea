"""A made company of any size, written by SQL so that the benchmark spends its time on what it measures. PostgreSQL only."""

import datetime as dt

from django.core.management import call_command
from django.db import connection

from courses.models import Track
from lms.calendar.actions import fill_non_working_days

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)

PEOPLE = """
INSERT INTO auth_user (username, email, password, first_name, last_name, is_superuser, is_staff, is_active, date_joined)
SELECT 'p' || n || '@bench.example', 'p' || n || '@bench.example', '!', '', '', false, false, true, now() FROM generate_series(1, %(n)s) n;
INSERT INTO lms_department (name, path) SELECT 'D' || n, 'D' || n FROM generate_series(1, 40) n;
INSERT INTO lms_site (name, country, region) VALUES ('Lyon', 'FR', ''), ('Gand', 'BE', '');
INSERT INTO lms_learner (user_id, external_id, email, first_name, last_name, job_title, language, time_zone, working_days, attributes,
                         created_at, hired_on, department_id, domain_id, site_id)
SELECT u.id, 'E' || u.id, u.email, 'P' || u.id, 'Bench', '', CASE WHEN u.id %% 2 = 0 THEN 'fr' ELSE 'en' END, 'Europe/Paris', '01234', '{}',
       '2026-01-05', '2020-01-06'::date + (u.id %% 1500)::int,
       (SELECT min(id) FROM lms_department) + (u.id %% 40), (SELECT min(id) FROM courses_domain) + (u.id %% 5),
       (SELECT min(id) FROM lms_site) + (u.id %% 2)
FROM auth_user u;
"""


def empty() -> None:
    """An empty, migrated database with the shipped content published."""
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("publish_content", verbosity=0)


def hire(people: int) -> None:
    """``people`` learners in 40 departments, 5 domains and 2 sites, without managers."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE % {"n": people})
    fill_non_working_days(years=range(NOW.year - 1, NOW.year + 2), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def more_tracks(wanted: int) -> list[Track]:
    """At least ``wanted`` published tracks: the shipped ones, and copies without modules for what is missing."""
    tracks = list(Track.objects.current())
    for number in range(len(tracks), wanted):
        tracks.append(
            Track.objects.create(
                pack=tracks[0].pack, skill=tracks[0].skill, slug=f"bench-{number}", position=number, title=tracks[0].title
            )
        )
    return tracks[:wanted]
