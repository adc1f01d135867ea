"""P3: plan nudges over 1,000,000 enrolments of 100,000 people, some 24,000 of them due; every due row is written.

Floor: one hand-written INSERT … SELECT per line of the catalogue, over the same partial indexes, with the same dates given as VALUES
by site, the same conditions and the same rows written.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from benchmarks.company import NOW, empty, hire, more_tracks
from benchmarks.harness import Line, alternate, line
from lms.enums import NudgeKind
from lms.models import Nudge
from lms.nudges.catalogue import CATALOGUE, Anchor, Entry
from lms.nudges.plan import calendars_of_groups, plan_nudges, slots

PEOPLE = 100_000
TRACKS = 10

# Most are under way and due far from today; 1 in 100 is due on each of the days that matter, begins now, or has gone idle.
ENROLMENTS = """
INSERT INTO lms_enrolment (learner_id, track_id, enrolled_at, starts_on, due_on, started_at, last_activity_at, completed_at)
SELECT l.id, t.id, '2026-01-05',
       CASE WHEN k %% 100 = 1 THEN date '2026-03-03' ELSE date '2026-01-05' END,
       CASE WHEN k %% 300 = 2 THEN date '2026-03-11' WHEN k %% 300 = 3 THEN date '2026-03-03' WHEN k %% 300 = 4 THEN date '2026-02-23'
            ELSE date '2026-06-01' + (k %% 200)::int END,
       CASE WHEN k %% 100 < 40 THEN NULL ELSE timestamptz '2026-01-20' END,
       CASE WHEN k %% 100 < 40 THEN NULL WHEN k %% 200 = 141 THEN timestamptz '2026-02-25 10:00+00'
            ELSE timestamptz '2026-02-27 10:00+00' END,
       CASE WHEN k %% 100 >= 60 AND k %% 200 <> 141 THEN timestamptz '2026-02-27 10:00+00' END
FROM lms_learner l CROSS JOIN unnest(%s) WITH ORDINALITY AS t(id, n) CROSS JOIN LATERAL (SELECT l.id * 7 + t.n * 13 AS k) x
"""
INSERT = """
INSERT INTO lms_nudge (recipient_id, kind, occasion, enrolment_id, priority, planned_at, expires_on, send_after, tries, drop_reason,
                       last_error, message_id)
SELECT e.learner_id, %(kind)s, {occasion}, e.id, %(priority)s, %(now)s, s.expires_on, s.send_after, 0, '', '',
       '<{kind}.' || e.learner_id || '.' || {occasion} || '@bench.example>'
FROM lms_enrolment e
JOIN lms_learner l ON l.id = e.learner_id AND (l.left_on IS NULL OR l.left_on > %(today)s)
JOIN (VALUES {slots}) AS s(site_id, anchor, send_after, expires_on) ON s.site_id = l.site_id AND s.anchor = {anchor}
WHERE e.completed_at IS NULL AND e.archived_at IS NULL AND e.starts_on <= %(today)s AND {between} AND {more}
ON CONFLICT DO NOTHING
"""
CONDITIONS = {
    NudgeKind.WELCOME: "e.started_at IS NULL AND l.last_active_at IS NULL",
    NudgeKind.FIRST_PRACTICE: "e.started_at IS NULL",
    NudgeKind.IDLE: """(l.last_active_at IS NULL OR l.last_active_at < e.last_activity_at + interval '1 day')
        AND NOT EXISTS (SELECT 1 FROM lms_enrolment o WHERE o.learner_id = e.learner_id AND o.last_activity_at > e.last_activity_at)""",
}


def statements() -> Iterable[tuple[str, dict[str, Any]]]:
    """One statement per line of the catalogue, as a person would write it for that day."""
    calendars = {site: calendar for (_zone, _days, site), calendar in calendars_of_groups(NOW).items()}
    for entry in CATALOGUE:
        found = [
            (site, anchor, slot) for site, calendar in calendars.items() for anchor, slot in slots(entry, calendar, NOW).items()
        ]
        if not found:
            continue
        rows = ", ".join(
            f"({site}, date '{anchor}', timestamptz '{slot.send_after.isoformat()}', date '{slot.expires_on}')"
            for site, anchor, slot in found
        )
        anchors = [anchor for _site, anchor, _slot in found]
        first, last = min(anchors), max(anchors)
        if entry.anchor == Anchor.LAST_ACTIVITY:
            day = "(e.last_activity_at AT TIME ZONE 'Europe/Paris')::date"
            between = f"e.last_activity_at BETWEEN '{first - dt.timedelta(days=1)}' AND '{last + dt.timedelta(days=2)}'"
        else:
            day = f"e.{entry.anchor.value}"
            between = f"{day} BETWEEN '{first}' AND '{last}'"
        yield (
            INSERT.format(
                kind=entry.kind.value, occasion=_occasion(entry, day), slots=rows, anchor=day, between=between,
                more=CONDITIONS.get(entry.kind, "true"),
            ),
            {"kind": entry.kind.value, "priority": entry.priority, "now": NOW, "today": NOW.date()},
        )  # fmt: skip


def _occasion(entry: Entry, day: str) -> str:
    if entry.kind == NudgeKind.WELCOME:
        return "'once'"
    if entry.kind == NudgeKind.IDLE:
        return f"{day}::text"
    step = f" || '.{entry.step}'" if entry.step else ""
    return f"e.id || '.' || {day}{step}"


def measure() -> list[Line]:
    empty()
    hire(PEOPLE)
    tracks = more_tracks(TRACKS)
    with connection.cursor() as cursor:
        cursor.execute(ENROLMENTS, [[track.pk for track in tracks]])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE lms_enrolment")
        cursor.execute("VACUUM ANALYZE lms_learner")
    written: dict[str, int] = {}

    def ours() -> None:
        plan_nudges(now=NOW)
        written["ours"] = Nudge.objects.count()

    def floor() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, values in statements():
                cursor.execute(sql, values)
        written["floor"] = Nudge.objects.count()

    def clear() -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE lms_nudge")

    mine, raw = alternate(ours=ours, floor=floor, before=clear)
    if written["ours"] != written["floor"]:
        raise AssertionError(f"Not the same work: ours wrote {written['ours']} rows, the floor {written['floor']}.")
    note = f"{written['ours']:,} rows written each time"
    return [line(id="P3", what="plan nudges over 1,000,000 enrolments", goal=1.2, ours=mine, floor=raw, note=note)]
