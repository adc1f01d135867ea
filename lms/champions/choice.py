"""Who gets a question, and by when it is answered."""

from __future__ import annotations

import datetime as dt

from lms.calendar.queries import calendars_of
from lms.champions.queries import candidate_for
from lms.conf import conf
from lms.models import Champion, Learner

# A champion whose last free place was taken in the meantime is passed over; then the leads answer.
CHOOSE_TRIES = 3


def choose(learner: Learner, now: dt.datetime) -> Champion | None:
    """The champion who fits, with their row locked until the question is theirs: two askers never share one last place.

    Runs inside the transaction that makes the question.
    """
    for _try in range(CHOOSE_TRIES):
        chosen = candidate_for(learner=learner, now=now)
        if chosen is None:
            return None
        champion = Champion.objects.select_for_update(of=("self",)).select_related("learner").get(pk=chosen)
        # Looked at again now that nobody else can add to their desk.
        if candidate_for(learner=learner, now=now, only=chosen) is not None:
            Champion.objects.filter(pk=chosen).update(last_asked_at=now)
            return champion
    return None


def promise(champion: Champion | None, asker: Learner, now: dt.datetime) -> dt.date:
    """So many working days of whoever answers; of the asker's own where nobody is named yet."""
    person = champion.learner if champion is not None else asker
    calendar = calendars_of([person.pk], around=now.astimezone(person.zone).date())[person.pk]
    return calendar.add_working(calendar.today(now), conf.CHAMPION_ANSWER_WORKING_DAYS)
