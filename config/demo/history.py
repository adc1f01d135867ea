"""Ten weeks of learning, day by day, through the rooms' own actions: what one sees afterwards really happened, only earlier."""

import datetime as dt
import random
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from config.demo import people, words
from courses.grading import best_response, constant_responses
from courses.models import Activity, ActivityKind, Item, Track
from courses.problems import ProblemsFound
from lms.calendar.actions import fill_non_working_days
from lms.champions.actions import answer_help, ask_help, contest_score
from lms.enrolment.actions import enrol_everybody
from lms.enums import DataColour, MinutesRange, Outcome, Source, ToolClass
from lms.journal.actions import write_entry
from lms.mail.actions import deliver_messages
from lms.models import Attempt, HelpRequest, Learner
from lms.nudges.deliver import deliver_all_nudges
from lms.nudges.plan import plan_nudges
from lms.people.tokens import password_link
from lms.progress.actions import complete_lesson, open_activity, start_attempt, submit_attempt
from lms.progress.queries import today_page
from lms.reports.actions import build_due_reports, deliver_all_reports

WEEKS = 10
#: How likely somebody is to do something on a working day, and how often a first answer is right; by kind of person.
PERSONAS = {"keen": (0.6, 0.92), "steady": (0.28, 0.8), "slow": (0.1, 0.65), "absent": (0.0, 0.5)}
SHARES = ["keen"] * 2 + ["steady"] * 3 + ["slow"] * 3 + ["absent"] * 2


class History:
    """Lives the days from ``WEEKS`` ago to yesterday. Everything is drawn from one seed: the same company each time."""

    def __init__(self, *, now: dt.datetime, tell: Callable[[int, int], None]) -> None:
        self.now = now
        self.tell = tell
        self.dice = random.Random(20)  # noqa: S311 - a story, not a secret
        self.first = (now - dt.timedelta(weeks=WEEKS)).date()
        while self.first.weekday() != 0:
            self.first -= dt.timedelta(days=1)
        self.personas: dict[int, tuple[float, float]] = {}
        self.items: dict[int, list[Item]] = {}

    def live(self) -> None:
        start = self._at(self.first, 8)
        people.hire(start)
        fill_non_working_days(years=range(start.year, self.now.year + 3), now=start)
        people.name_champions(start)
        tracks = list(Track.objects.current().order_by("position")[:2])
        days = (self.now.date() - self.first).days
        chosen = list(Learner.objects.select_related("user", "department", "domain", "site").order_by("external_id"))
        for learner in chosen:
            self.personas[learner.pk] = PERSONAS[self.dice.choice(SHARES)]
        # Whoever opens the demo should find a story that goes on.
        self.personas[people.person(people.EMPLOYEE).pk] = (0.3, 0.9)
        self.personas[people.person(people.ENGLISH).pk] = (0.4, 0.9)
        for number in range(days):
            day = self.first + dt.timedelta(days=number)
            self._plans_of_hr(number, day, tracks)
            self._morning(day)
            if day.weekday() < 5:
                for learner in chosen:
                    if self.dice.random() < self.personas[learner.pk][0]:
                        self._an_hour_of(learner, day)
                self._words_between_people(number, day)
            self.tell(number + 1, days)

    def _at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=dt.UTC)

    def _plans_of_hr(self, number: int, day: dt.date, tracks: list[Track]) -> None:
        moment = self._at(day, 7)
        if number == 7:
            people.gather(
                "Opérations, première vague", "Toute la direction des opérations, Lyon et Gand.",
                ["Direction/Opérations"], tracks, days={tracks[0].slug: 63, tracks[1].slug: 112}, now=moment,
            )  # fmt: skip
            people.subscribe_managers(moment)
        if number == 35:
            people.gather(
                "Commercial, finance et RH", "Deuxième vague : commercial, finance, ressources humaines.",
                ["Direction/Commercial", "Direction/Finance", "Direction/Ressources humaines"], tracks,
                days={tracks[0].slug: 98, tracks[1].slug: 140}, now=moment,
            )  # fmt: skip

    def _morning(self, day: dt.date) -> None:
        """What the scheduled jobs do, once in the morning and once in the afternoon."""
        enrol_everybody(now=self._at(day, 2))
        for hour in (9, 14):
            moment = self._at(day, hour)
            build_due_reports(now=moment)
            deliver_all_reports(now=moment)
            plan_nudges(now=moment)
            deliver_all_nudges(now=moment)
            deliver_messages(now=moment, links={"password_link": partial(password_link, now=moment)})

    def _an_hour_of(self, learner: Learner, day: dt.date) -> None:
        moment = self._at(day, self.dice.randrange(8, 16), self.dice.randrange(60))
        for _step in range(self.dice.choice([1, 2, 2])):
            page = today_page(learner=learner, now=moment)
            if page.step is None:
                break
            activity = Activity.objects.select_related("module").get(pk=page.step.activity.pk)
            try:
                self._do(learner, activity, moment)
            except ProblemsFound:
                break
            moment += dt.timedelta(minutes=activity.minutes)
        if page.enrolments and self.dice.random() < 0.35:
            self._note(learner, moment, activity=None)

    def _do(self, learner: Learner, activity: Activity, moment: dt.datetime) -> None:
        open_activity(learner=learner, activity=activity, now=moment)
        if activity.kind == ActivityKind.LESSON:
            complete_lesson(learner=learner, activity=activity, now=moment)
        elif activity.kind == ActivityKind.MISSION:
            self._note(learner, moment, activity=activity)
        else:
            attempt = start_attempt(learner=learner, activity=activity, language=learner.language, now=moment)
            later = moment + dt.timedelta(minutes=activity.minutes)
            submit_attempt(attempt=attempt, answers=self._answers(attempt, activity, self.personas[learner.pk][1]), now=later)

    def _answers(self, attempt: Attempt, activity: Activity, skill: float) -> dict[str, Any]:
        if activity.pk not in self.items:
            self.items[activity.pk] = list(activity.items.all())
        drawn = [item for item in self.items[activity.pk] if item.slug in attempt.items]
        return {item.slug: self._answer(item, skill) for item in drawn}

    def _answer(self, item: Item, skill: float) -> Any:
        if self.dice.random() < skill:
            return best_response(item.mechanic, item.payload, item.answer_key)
        wrong = [
            answer for answers in constant_responses(item.mechanic, item.payload, item.answer_key).values() for answer in answers
        ]
        return self.dice.choice(wrong)

    def _note(self, learner: Learner, moment: dt.datetime, *, activity: Activity | None) -> None:
        task, checked, lesson = self.dice.choice(words.TRIES[learner.language])
        fields = {
            "task": task,
            "checked": checked,
            "lesson": lesson,
            "tool_class": self.dice.choice([ToolClass.APPROVED] * 4 + [ToolClass.NONE]),
            "data_colour": self.dice.choice([DataColour.GREEN, DataColour.ORANGE, DataColour.ORANGE]),
            "outcome": self.dice.choice([Outcome.KEPT, Outcome.EDITED, Outcome.EDITED, Outcome.DROPPED]),
            "minutes_before": self.dice.choice([MinutesRange.FROM_15, MinutesRange.FROM_30]),
            "minutes_after": self.dice.choice([MinutesRange.FROM_5, MinutesRange.FROM_15]),
        }
        write_entry(learner=learner, fields=fields, activity=activity, now=moment)

    def _words_between_people(self, number: int, day: dt.date) -> None:
        days = (self.now.date() - self.first).days
        for place, (external_id, question, answer) in enumerate(words.QUESTIONS):
            asked_on = days - 2 if not answer else 30 + 9 * place
            if number == asked_on or (number > asked_on and day.weekday() == 0 and not self._asked(external_id)):
                moment = self._at(day, 10)
                request = ask_help(
                    learner=people.person(external_id), question=question, token=uuid.UUID(int=place + 1), now=moment
                )
                if answer:
                    champion = request.champion.learner.user if request.champion else people.hr()
                    answer_help(
                        request=request, answer=answer, actor=champion, source=Source.PAGE, now=moment + dt.timedelta(hours=5)
                    )
        if number == days - 4 or (number == days - 2):
            weak = (
                Attempt.objects.submitted()
                .filter(contest__isnull=True, activity__kind=ActivityKind.EXERCISE, score__lt=0.7)
                .filter(learner__department__path="Direction/Opérations")
                .exclude(learner__external_id=people.CHAMPION)
                .order_by("-submitted_at")
                .first()
            )
            if weak is not None and not Attempt.objects.filter(contest__isnull=False).exists():
                contest_score(attempt=weak, words=words.CONTEST, consent=True, now=self._at(day, 15))

    def _asked(self, external_id: str) -> bool:
        return HelpRequest.objects.filter(learner__external_id=external_id).exists()
