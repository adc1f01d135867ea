"""P1: a cohort of 100,000 into 4 tracks (400,000 enrolments with their reasons), and P2: the same again.

Floor: the same rows by INSERT … SELECT on the same tables, constraints and indexes, in one transaction. For P2 the floor is that
statement again, every row conflicting; its second goal is the first time itself.
"""

import datetime as dt

from django.db import connection, transaction

from benchmarks.company import NOW, empty, hire, more_tracks
from benchmarks.harness import Line, alternate, line
from lms.enrolment.actions import assign_tracks
from lms.enums import DueRule, Source
from lms.models import Assignment, Cohort

PEOPLE = 100_000
TRACKS = 4
STARTS_ON, DUE_ON = dt.date(2026, 3, 9), dt.date(2026, 6, 30)

MEMBERS = """
INSERT INTO lms_cohortmembership (cohort_id, learner_id, since) SELECT %s, id, %s FROM lms_learner
"""
ENROLMENTS = """
INSERT INTO lms_enrolment (learner_id, track_id, enrolled_at, starts_on, due_on)
SELECT m.learner_id, a.track_id, %(now)s, a.starts_on, a.due_on
FROM lms_assignment a JOIN lms_cohortmembership m ON m.cohort_id = a.cohort_id AND m.until IS NULL
JOIN lms_learner l ON l.id = m.learner_id AND (l.left_on IS NULL OR l.left_on > %(today)s)
WHERE a.withdrawn_at IS NULL
ON CONFLICT DO NOTHING
"""
REASONS = """
INSERT INTO lms_enrolmentreason (enrolment_id, assignment_id, due_on, since)
SELECT e.id, a.id, a.due_on, %(now)s
FROM lms_assignment a JOIN lms_cohortmembership m ON m.cohort_id = a.cohort_id AND m.until IS NULL
JOIN lms_enrolment e ON e.learner_id = m.learner_id AND e.track_id = a.track_id
WHERE a.withdrawn_at IS NULL
ON CONFLICT DO NOTHING
"""


def measure() -> list[Line]:
    empty()
    hire(PEOPLE)
    cohort = Cohort.objects.create(name="Everybody", created_at=NOW)
    tracks = more_tracks(TRACKS)
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS, [cohort.pk, NOW])
        cursor.execute("ANALYZE")

    def ours() -> None:
        assign_tracks(
            cohort=cohort,
            tracks=tracks,
            starts_on=STARTS_ON,
            due_rule=DueRule.DATE,
            due_on=DUE_ON,
            actor=None,
            source=Source.JOB,
            now=NOW,
        )

    def floor() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for track in tracks:
                Assignment.objects.get_or_create(
                    cohort=cohort,
                    track=track,
                    defaults={"starts_on": STARTS_ON, "due_rule": DueRule.DATE, "due_on": DUE_ON, "created_at": NOW},
                )
            values = {"now": NOW, "today": NOW.date()}
            cursor.execute(ENROLMENTS, values)
            cursor.execute(REASONS, values)

    def clear() -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE lms_enrolmentreason, lms_enrolment, lms_assignment CASCADE")
            # The statistics of the empty tables, as they are on the day of a first assignment, for both alike.
            cursor.execute("ANALYZE lms_enrolment")

    first_ours, first_floor = alternate(ours=ours, floor=floor, before=clear)
    first = line(id="P1", what="assign 100,000 people to 4 tracks", goal=1.3, ours=first_ours, floor=first_floor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    again_ours, again_floor = alternate(ours=ours, floor=floor)
    again = line(
        id="P2", what="assign them again, against the raw statements again", goal=1.3, ours=again_ours, floor=again_floor
    )
    share = line(id="P2b", what="assign them again, against our first time", goal=0.25, ours=again_ours, floor=first_ours)
    return [first, again, share]
