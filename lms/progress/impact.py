"""How many people the publication of changed content would touch: asked by ``courses.packs.diff`` before anything is written."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from courses.models import Activity
from courses.packs.impact import ActivityReach, Reach, Touched, TrackReach
from lms.models import Attempt, Completion, Enrolment


def count_people(touched: Touched) -> Reach:
    """Four queries, whatever is touched.

    A completed track stays completed (``Enrolment.completed_at`` is sticky): ``asked_again`` are those who have completed it and
    would find something required in it that they have not done.
    """
    done_by_learner = Completion.objects.done().filter(activity=OuterRef("pk"), learner=OuterRef(OuterRef("learner")))
    open_for_learner = Activity.objects.filter(slug__in=touched.required, module__track=OuterRef("track")).exclude(
        Exists(done_by_learner)
    )
    completed = Q(completed_at__isnull=False)
    enrolments = Enrolment.objects.live().filter(track__slug__in=touched.tracks).order_by()
    rows = enrolments.values_list("track__slug").annotate(enrolled=Count("pk"), completed=Count("pk", filter=completed))
    asked = dict(
        enrolments.filter(completed).filter(Exists(open_for_learner)).values_list("track__slug").annotate(people=Count("pk"))
    )
    done = dict(
        Completion.objects.done()
        .filter(activity__slug__in=touched.activities)
        .order_by()
        .values_list("activity__slug")
        .annotate(people=Count("pk"))
    )
    under_way = Q(submitted_at__isnull=True)
    attempts = (
        Attempt.objects.filter(activity__slug__in=touched.activities)
        .order_by()
        .values_list("activity__slug")
        .annotate(handed_in=Count("pk", filter=~under_way), under_way=Count("pk", filter=under_way))
    )
    tries = {slug: (handed_in, open_now) for slug, handed_in, open_now in attempts}
    return Reach(
        tracks={
            slug: TrackReach(enrolled, finished, finished if slug in touched.renewed else asked.get(slug, 0))
            for slug, enrolled, finished in rows
        },
        activities={slug: ActivityReach(done.get(slug, 0), *tries.get(slug, (0, 0))) for slug in touched.activities},
    )
