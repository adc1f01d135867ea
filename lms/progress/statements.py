"""What is written at every activity and every attempt, compiled once. ``lms.progress.actions`` says when, and in which order."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce, Greatest

from lms.models import Attempt, Completion, Enrolment
from lms.prepared import PreparedUpdate


def _activity_at(now: dt.datetime) -> dict[str, Any]:
    return {"started_at": Coalesce(F("started_at"), Value(now, DateTimeField())), "last_activity_at": now}


ACTIVE = PreparedUpdate(
    lambda learner, track, now: (Enrolment.objects.filter(learner=learner, track=track), _activity_at(now)),
    learner=int,
    track=int,
    now=dt.datetime,
)

SUBMITTED = PreparedUpdate(
    lambda attempt, **outcome: (Attempt.objects.open().filter(pk=attempt), outcome),
    attempt=int,
    answers=dict,
    result=dict,
    score=float,
    submitted_at=dt.datetime,
    idempotency_key=str,
)


def _better(score: float) -> dict[str, Any]:
    return {"best_score": Greatest(Coalesce(F("best_score"), Value(0.0)), Value(score))}


TRIED = PreparedUpdate(
    lambda learner, activity, score: (Completion.objects.filter(learner=learner, activity=activity), _better(score)),
    learner=int,
    activity=int,
    score=float,
)
PASSED = PreparedUpdate(
    lambda learner, activity, score, now: (
        Completion.objects.filter(learner=learner, activity=activity),
        {**_better(score), "completed_at": Coalesce(F("completed_at"), Value(now, DateTimeField()))},
    ),
    learner=int,
    activity=int,
    score=float,
    now=dt.datetime,
)
