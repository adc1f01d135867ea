"""The floor of a page: the same middleware, the same reads and writes written by hand, no ORM, no template, no rules."""

import json
import os
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

#: Written by the benchmark: the statements that the page makes after the middleware's, and how long its body is.
RECORDED = "BENCH_RECORDED"


def replay(request: HttpRequest) -> HttpResponse:
    """Runs what a page read, row for row, and answers as many bytes."""
    recorded = json.loads(Path(os.environ[RECORDED]).read_text())
    bool(request.learner)  # type: ignore[attr-defined]  # as every page does: session, user, learner
    with connection.cursor() as cursor:
        for statement in recorded["statements"]:
            cursor.execute(statement)
            cursor.fetchall()
    return HttpResponse("x" * recorded["bytes"])


def submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What submitting an attempt has to read and write: the attempt, its items; attempt, enrolment, completion."""
    learner = request.learner  # type: ignore[attr-defined]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.items, a.answers, a.activity_id, c.pass_mark, m.track_id FROM lms_attempt a"
            " JOIN courses_activity c ON c.id = a.activity_id JOIN courses_module m ON m.id = c.module_id"
            " WHERE a.uuid = %s AND a.learner_id = %s",
            [uuid, learner.pk],
        )
        key, items, _answers, activity, _mark, track = cursor.fetchone()
        cursor.execute(
            "SELECT slug, mechanic, weight, payload, answer_key FROM courses_item WHERE activity_id = %s AND slug = ANY(%s)",
            [activity, json.loads(items) if isinstance(items, str) else items],
        )
        answers = {row[0]: request.POST.get(row[0], "") for row in cursor.fetchall()}
        cursor.execute(
            "UPDATE lms_attempt SET answers = %s, result = %s, score = 0, submitted_at = now() WHERE id = %s AND submitted_at IS NULL",
            [json.dumps(answers), json.dumps({name: {"score": 0, "parts": []} for name in answers}), key],
        )
        cursor.execute(
            "UPDATE lms_enrolment SET started_at = coalesce(started_at, now()), last_activity_at = now()"
            " WHERE learner_id = %s AND track_id = %s",
            [learner.pk, track],
        )
        cursor.execute(
            "UPDATE lms_completion SET best_score = greatest(coalesce(best_score, 0), 0) WHERE learner_id = %s AND activity_id = %s",
            [learner.pk, activity],
        )
    return HttpResponseRedirect(f"/attempts/{uuid}/")
