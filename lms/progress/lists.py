"""Progress of many people at once: for lists, exports, the API and reports. Set-based: a constant number of queries, however many enrolments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from courses.models import Track
from lms.enrolment.queries import with_state
from lms.enums import EnrolmentState
from lms.models import Completion, Enrolment
from lms.progress import catalogue as catalogues
from lms.progress import rules
from lms.progress.catalogue import Catalogue
from lms.progress.pages import ProgressRow

CHUNK = 5000


def with_done(enrolments: QuerySet[Enrolment, Any], catalogue: Catalogue) -> QuerySet[Enrolment, Any]:
    """Annotate ``done_required``: how many of the activities that the track requires now the learner has done.

    Counted per enrolment over the index of completions: twice as fast as a join that is grouped again.
    """
    counts = []
    for track in catalogue.tracks.values():
        done = Completion.objects.done().filter(learner=OuterRef("learner"), activity__in=track.required_ids).order_by()
        count = Subquery(done.values("learner").annotate(n=Count("pk")).values("n"))
        counts.append(When(track=track.pk, then=Coalesce(count, 0)))
    return enrolments.annotate(done_required=Case(*counts, default=Value(0), output_field=IntegerField()))


def progress_of(enrolments: QuerySet[Enrolment, Any]) -> dict[int, int]:
    """Per cent by enrolment id, over what is required now."""
    catalogue = catalogues.current()
    required = _required_of(catalogue)
    fields = ("pk", "track_id", "done_required")
    rows = with_done(enrolments.order_by(), catalogue).values_list(*fields)
    return {pk: rules.percent(done, required.get(track_id, 0)) for pk, track_id, done in rows}


def progress_rows(enrolments: QuerySet[Enrolment, Any], *, today: dt.date) -> Iterator[ProgressRow]:
    """One row per enrolment, in the queryset's order, streamed: memory does not grow with their number.

    ``today`` decides what is late.
    """
    catalogue = catalogues.current()
    required = _required_of(catalogue)
    titles = {pk: str(title) for pk, title in Track.objects.values_list("pk", "title")}
    states = {state.value: state for state in EnrolmentState}
    fields = (
        "pk", "learner_id", "learner__external_id", "learner__first_name", "learner__last_name", "learner__email",
        "track_id", "track__slug", "state", "done_required",
        "enrolled_at", "due_on", "started_at", "last_activity_at", "completed_at",
    )  # fmt: skip
    rows = with_done(with_state(enrolments, today=today), catalogue).values_list(*fields)
    for row in rows.iterator(chunk_size=CHUNK):
        pk, learner_id, external_id, first, last, email, track_id, slug, state, done, *moments = row
        enrolled_at, due_on, started_at, last_activity_at, completed_at = moments
        yield ProgressRow(
            enrolment_id=pk,
            learner_id=learner_id,
            external_id=external_id,
            name=f"{first} {last}".strip() or email,
            track_slug=slug,
            track_title=titles[track_id],
            state=states[state],
            percent=rules.percent(done, required.get(track_id, 0)),
            enrolled_at=enrolled_at,
            due_on=due_on,
            started_at=started_at,
            last_activity_at=last_activity_at,
            completed_at=completed_at,
        )


def _required_of(catalogue: Catalogue) -> dict[int, int]:
    return {pk: len(track.required_ids) for pk, track in catalogue.tracks.items()}
