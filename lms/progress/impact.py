"""How many people the publication of changed content would touch: asked by ``courses.packs.diff`` before anything is written."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from courses.models import Activity
from courses.packs.impact import ActivityReach, Reach, Touched, TrackReach
from lms.models import Attempt, Completion, Enrolment, Learner
from lms.people.rules import company_day


def count_people(touched: Touched) -> Reach:
    """Four queries, whatever is touched.

    ``asked_again`` are those who have completed a track and would find something required in it that they have not done: they stay
    finished where its edition is not raised, and are reopened where it is. Who has left the company is not counted.
    """
    done_by_learner = Completion.objects.done().filter(activity=OuterRef("pk"), learner=OuterRef(OuterRef("learner")))
    open_for_learner = Activity.objects.filter(slug__in=touched.required, module__track=OuterRef("track")).exclude(
        Exists(done_by_learner)
    )
    completed = Q(completed_at__isnull=False)
    works_here = Learner.objects.active(company_day(touched.now)).order_by()
    enrolments = Enrolment.objects.live().filter(track__slug__in=touched.tracks, learner__in=works_here).order_by()
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
