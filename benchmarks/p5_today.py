"""P5: Today, signed in, with the shipped content: how many queries, how quick alone, how many a second with eight readers.

Floor: a bare view behind the same middleware that runs the same statements and answers as many bytes.
"""

import json
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.bare import RECORDED
from benchmarks.company import NOW, empty, hire
from benchmarks.harness import Line, Measure, line
from benchmarks.web import Call, alone, interleave, server, together
from courses.models import Activity, Track
from lms import clock
from lms.enrolment.actions import add_members, assign_tracks
from lms.enums import DueRule, Source
from lms.journal.actions import write_entry
from lms.models import Cohort, Learner
from lms.progress.actions import complete_lesson

PEOPLE = 200
CALLS = 200
MOST_QUERIES = 7


def company() -> Learner:
    """200 people in one cohort with both tracks; one of them has begun."""
    empty()
    hire(PEOPLE)
    cohort = Cohort.objects.create(name="Everybody", created_at=NOW)
    add_members(cohort=cohort, learners=Learner.objects.all(), actor=None, source=Source.JOB, now=NOW)
    assign_tracks(
        cohort=cohort,
        tracks=Track.objects.current(),
        starts_on=NOW.date(),
        due_rule=DueRule.NONE,
        actor=None,
        source=Source.JOB,
        now=NOW,
    )
    reader = Learner.objects.select_related("user").order_by("pk")[10]
    lesson = Activity.objects.current().select_related("module").filter(kind="lesson").order_by("module", "position")[0]
    complete_lesson(learner=reader, activity=lesson, now=clock.now())
    write_entry(learner=reader, fields={"task": "Minutes of Monday’s meeting"}, now=clock.now())
    return reader


def signed_in(learner: Learner) -> tuple[Client, str]:
    client = Client()
    client.force_login(learner.user, backend="django.contrib.auth.backends.ModelBackend")
    # As the browser of anybody who was here before sends them: the session, and the token of the page's forms.
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return client, f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={'b' * 32}"


def measure() -> list[Line]:
    client, cookie = signed_in(company())
    client.get("/", HTTP_HOST="localhost")
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/", HTTP_HOST="localhost")
    assert page.status_code == 200
    statements = [query["sql"] for query in captured]
    # Session, user and learner are read by the middleware, for the bare view too.
    own = [
        sql
        for sql in statements
        if not any(table in sql for table in ('"django_session"', 'FROM "auth_user"', '"lms_learner"."user_id" ='))
    ]
    with tempfile.TemporaryDirectory() as folder:
        recorded = Path(folder) / "today.json"
        recorded.write_text(json.dumps({"statements": own, "bytes": len(page.content)}))
        environment = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", RECORDED: str(recorded)}
        os.environ[RECORDED] = str(recorded)
        with server(environment) as port:
            today, bare = [[Call("GET", path, cookie)] * CALLS for path in ("/", "/bench/replay/")]
            for calls in (today, bare):
                together(port, calls, 200)  # both workers have seen it
            mine, floor = interleave(lambda: (alone(port, today, 200),), lambda: (alone(port, bare, 200),))
            many, floor_many = interleave(lambda: together(port, today, 200), lambda: together(port, bare, 200))
    queries = Line(
        id="P5", what="Today: queries in all", ours_s=len(statements), floor_s=MOST_QUERIES, ratio=len(statements) / MOST_QUERIES,
        goal=1.0, ours_peak_mb=0, ours_runs=[], floor_runs=[], unit="",
    )  # fmt: skip
    first = line(
        id="P5a", what="Today, alone, median", goal=1.5,
        ours=Measure([run[0] for run in mine]), floor=Measure([run[0] for run in floor]), note=f"{len(own)} of {len(statements)} queries are the page's own",
    )  # fmt: skip
    rate = line(
        id="P5b", what="Today, 8 readers, per request", goal=1 / 0.67,
        ours=Measure([run[0] for run in many]), floor=Measure([run[0] for run in floor_many]),
    )  # fmt: skip
    rate.note = f"{1 / rate.ours_s:.0f} against {1 / rate.floor_s:.0f} requests a second"
    return [queries, first, rate]
