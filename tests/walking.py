"""Going through the modules of the shipped content, badly and well: the order, what is asked, and a learner without scripts who does it."""

import re
from collections.abc import Callable
from graphlib import TopologicalSorter

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import Activity, ActivityKind, Item, Module, Track
from lms.enrolment.actions import enrol_self
from lms.models import Attempt, Completion, Learner
from tests.answering import Answer, Values, best_answer, values_of, worst_answer
from tests.page_forms import Page, open_page

DOMAINS = ["marketing", "hr", "finance", "communication", "operations"]
LANGUAGES = ["en", "fr"]
EVIDENCE = {
    "task": ["Le compte rendu du comité"],
    "checked": ["Each date, against my notes"],
    "lesson": ["Say who reads it"],
    "tool_class": ["approved"],
    "data_colour": ["orange"],
    "outcome": ["edited"],
    "minutes_before": ["from_30"],
    "minutes_after": ["from_5"],
}

#: Which answer: the best or the worst, in the language that one is asked in.
Chosen = Callable[[Item, str], Answer]


def in_order() -> list[Module]:
    """Every module after those that it builds on."""
    modules = {module.pk: module for module in Module.objects.current().prefetch_related("prerequisites").order_by("pk")}
    graph = {pk: [one.pk for one in module.prerequisites.all()] for pk, module in modules.items()}
    return [modules[pk] for pk in TopologicalSorter(graph).static_order()]


def activities_of(module: Module) -> list[Activity]:
    return list(Activity.objects.current().filter(module=module).order_by("position"))


def is_done(learner: Learner, activity: Activity) -> bool:
    return Completion.objects.done().filter(learner=learner, activity=activity).exists()


def attempt_at(address: str) -> Attempt:
    return Attempt.objects.get(uuid=address.partition("?")[0].rstrip("/").rpartition("/")[2])


def wanted(attempt: Attempt, chosen: Chosen) -> Values:
    """What to choose in the page of an attempt."""
    values: Values = {}
    for item in Item.objects.filter(activity=attempt.activity_id, slug__in=attempt.items):
        values |= values_of(item, chosen(item, attempt.language))
    return values


def enrol_everywhere(learner: Learner) -> None:
    for track in Track.objects.current():
        enrol_self(learner=learner, track=track, now=timezone.now())


class Walk:
    """A learner whose browser runs no scripts."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        self.client = Client()
        self.client.force_login(learner.user, backend="django.contrib.auth.backends.ModelBackend")

    def through(self, module: Module) -> None:
        page: Page | None = None
        for activity in activities_of(module):
            address = reverse("lms:activity", args=[activity.slug])
            if page is None or page.address != address:  # a lesson's button leads on to it
                page = open_page(self.client, address)
            assert page.status == 200
            assert f'<html lang="{self.learner.language}"' in page.text
            assert not is_done(self.learner, activity)
            if activity.kind == ActivityKind.LESSON:
                page = page.press(page.form("/done/"))
            elif activity.kind == ActivityKind.MISSION:
                self.do_mission(page)
            else:
                page = page.press(page.form("/try/"))
                self.answer_well(self.answer_badly(page, activity))
            assert is_done(self.learner, activity), activity.slug

    def do_mission(self, page: Page) -> None:
        """With the task alone it is kept, and the page names what is missing."""
        form = page.form("/evidence/")
        form.fill({"task": EVIDENCE["task"]})
        page = page.press(form)
        assert 'class="notice warning"' in page.text
        assert page.text.partition('class="notice warning"')[2].partition("</div>")[0].count("<li>") == len(EVIDENCE) - 1
        form = page.form("/evidence/")
        form.fill(EVIDENCE)
        page.press(form)

    def answer_badly(self, page: Page, activity: Activity) -> Page:
        """The result says that it is not there yet and what was missing; the activity is not done; and one may try again."""
        result = self.answer(page, worst_answer)
        assert 'class="badge warn"' in result.text
        assert 'class="badge good"' not in result.text
        assert re.search(r'class="verdict (missed|partly|extra|harm)"', result.text), activity.slug
        assert not is_done(self.learner, activity)
        return result.press(result.form("/try/"))

    def answer_well(self, page: Page) -> None:
        result = self.answer(page, best_answer)
        assert 'class="badge good"' in result.text
        assert not re.search(r'class="verdict (missed|harm)"', result.text)

    def answer(self, page: Page, chosen: Chosen) -> Page:
        attempt = attempt_at(page.address)
        values = wanted(attempt, chosen)
        while True:
            form = page.form("/submit/")
            shown = {name: wanted for name, wanted in values.items() if name in form.controls}
            form.fill(shown)
            if len(shown) == len(values):
                return page.press(form)
            page = page.press(form, to="/save/")  # the next turn of a conversation
