"""P6: submit a quiz from its page: graded, attempt, enrolment and completion written.

Floor: a bare view behind the same middleware with the same reads and writes by hand. Every request submits an attempt of its own.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from benchmarks.harness import Line, Measure, line
from benchmarks.p5_today import company
from benchmarks.web import Call, alone, interleave, server, together
from courses.models import Activity
from lms import clock
from lms.models import Attempt, Learner
from lms.progress.actions import start_attempt

CALLS = 40
ROUNDS = 5
TOKEN = "b" * 32


def cookies_of(learner: Learner) -> str:
    session = SessionStore()
    user = learner.user
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


class Attempts:
    """Open attempts, one after the other, of everybody in turn: a submitted one is never used again."""

    def __init__(self) -> None:
        self.quizzes = list(
            Activity.objects.current().filter(kind="quiz", module__prerequisites=None).select_related("module").order_by("pk")
        )
        self.people = [
            (learner, cookies_of(learner)) for learner in Learner.objects.select_related("user", "domain").order_by("pk")
        ]
        self.items = {item.slug: item for quiz in self.quizzes for item in quiz.items.all()}

    def fresh(self, bare: bool) -> Iterator[Call]:
        now = clock.now()
        while True:
            for quiz in self.quizzes:
                for learner, cookies in self.people:
                    attempt = start_attempt(learner=learner, activity=quiz, language=learner.language, now=now)
                    path = f"/bench/submit/{attempt.uuid}/" if bare else f"/attempts/{attempt.uuid}/submit/"
                    yield Call(
                        "POST", path, cookies, urlencode({"csrfmiddlewaretoken": TOKEN, **self.answers(attempt)}, doseq=True)
                    )

    def answers(self, attempt: Attempt) -> dict[str, object]:
        """The first option everywhere, as the page's form sends it."""
        found: dict[str, object] = {}
        for slug in attempt.items:
            payload = self.items[slug].payload
            found[f"{slug}.selected"] = payload["options"][0]["id"]
            if payload.get("confidence"):
                found[f"{slug}.confidence"] = "50" if len(payload["options"]) == 2 else "25"
        return found


def measure() -> list[Line]:
    company()
    attempts = Attempts()
    mine, bare = attempts.fresh(bare=False), attempts.fresh(bare=True)

    def take(calls: Iterator[Call], count: int = CALLS) -> list[Call]:
        return [next(calls) for _call in range(count)]

    with server({"DJANGO_SETTINGS_MODULE": "benchmarks.settings"}) as port:
        for calls in (mine, bare):
            together(port, take(calls), 302)
        one, one_bare = interleave(
            lambda: (alone(port, take(mine), 302),), lambda: (alone(port, take(bare), 302),), repeats=ROUNDS
        )
        many, many_bare = interleave(
            lambda: together(port, take(mine), 302), lambda: together(port, take(bare), 302), repeats=ROUNDS
        )
    submitted = Attempt.objects.submitted().count()
    expected = (2 + 4 * ROUNDS) * CALLS
    if submitted != expected:
        raise AssertionError(f"{submitted} attempts were submitted, not {expected}.")
    alone_line = line(
        id="P6", what="submit a quiz of five, alone, median", goal=1.5,
        ours=Measure([run[0] for run in one]), floor=Measure([run[0] for run in one_bare]),
    )  # fmt: skip
    eight = line(
        id="P6b", what="submit a quiz, 8 learners, 95th percentile", goal=None,
        ours=Measure([run[1] for run in many]), floor=Measure([run[1] for run in many_bare]),
    )  # fmt: skip
    eight.note = f"{eight.ours_s / alone_line.ours_s:.1f} times the median alone (aim 3)"
    return [alone_line, eight]
