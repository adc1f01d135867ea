"""Nothing of a key, a feedback, a why or a model answer reaches the browser before its attempt is submitted.

Each of these carries a mark of its own (a canary) in the published content. Attempts of all nine mechanics and of every quiz are opened,
kept as drafts and refused; then every address of the learner's pages, of the API and of the admin is read. After the submission the marks
of that attempt, and no others, are found: the search can find them.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse

from courses.grading import MECHANICS
from courses.models import Activity, ActivityKind, Document, Domain, Item, LearningPath, Portrait, ReviewCard, Role, Track
from lms.journal.actions import write_entry
from lms.models import Attempt, Learner
from lms.urls import urlpatterns
from tests.answering import worst_answer
from tests.conftest import NOW
from tests.page_forms import Page, open_page
from tests.walking import attempt_at, enrol_everywhere, wanted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_catalogue")]

CANARY = re.compile(r"CANARY-(KEY|WHY|FEEDBACK|MODEL)-([a-z0-9-]+)-END")
# How keys name what they hold, as JSON, as an attribute or in a comment of the page.
KEY_WORDS = re.compile(
    r"answer_key|tier_of|red_lines|(?:[\"'{,]|&quot;|&#x27;|data-)(?:correct|faults|bin_of|utility|worth|anchors)(?:[\"':=]|&quot;|&#x27;)"
)
REFUSED_WHEN_EMPTY = {"choice", "sort", "scenario", "calculate", "write"}


def mark(kind: str, slug: str) -> str:
    return f"CANARY-{kind}-{slug}-END"


@pytest.fixture
def marked() -> None:
    """Every item and review card of the shipped content with its marks."""
    for model in (Item, ReviewCard):
        rows = list(model.objects.all())
        for row in rows:
            row.answer_key = {**row.answer_key, "canary": mark("KEY", row.slug)}
            if row.mechanic == "write":
                row.answer_key["model"] = {language: mark("MODEL", row.slug) for language in row.texts}
            for texts in row.texts.values():
                texts["why"] = f"<p>{mark('WHY', row.slug)}</p>"
                texts["feedback"] = {one: f"<p>{mark('FEEDBACK', row.slug)}</p>" for one in texts.get("feedback", {})}
        model.objects.bulk_update(rows, ["answer_key", "texts"], batch_size=200)


@pytest.fixture
def opened(marked: None, make_learner: Callable[..., Learner]) -> SimpleNamespace:
    """A learner with an open attempt at an exercise of each mechanic and at each quiz."""
    learner = make_learner("Ada", domain=Domain.objects.get(slug="hr"), language="fr")
    enrol_everywhere(learner)
    client = Client()
    client.force_login(learner.user, backend="django.contrib.auth.backends.ModelBackend")
    exercises: dict[str, Activity] = {}
    for item in Item.objects.current().filter(activity__kind=ActivityKind.EXERCISE).select_related("activity").order_by("pk"):
        exercises.setdefault(item.mechanic, item.activity)
    assert set(exercises) == set(MECHANICS)
    activities = [*exercises.values(), *Activity.objects.current().filter(kind=ActivityKind.QUIZ)]
    pages = []
    for activity in activities:
        client.post(reverse("lms:activity_open", args=[activity.slug]))
        page = open_page(client, reverse("lms:activity", args=[activity.slug]))
        pages.append(page.press(page.form("/try/")))
    return SimpleNamespace(learner=learner, client=client, activities=activities, pages=pages)


def leaks(text: str, *, words: bool = True) -> list[str]:
    return [found[0] for found in CANARY.finditer(text)] + (KEY_WORDS.findall(text) if words else [])


def told(response: Any) -> str:
    """Everything that the browser gets: the head of the answer, its cookies and its body."""
    head = [f"{name}: {value}" for name, value in response.items()]
    return "\n".join([*head, *map(str, response.cookies.values()), response.content.decode()])


def without_own_answers(body: dict[str, Any]) -> str:
    """What the learner gave is told back as it was given, by the names that answers have."""
    return json.dumps({**body, "questions": [{**one, "answer": None} for one in body["questions"]]}, ensure_ascii=False)


def test_an_open_attempt_tells_nothing_however_it_is_asked(opened: SimpleNamespace) -> None:
    client, wrong = opened.client, {}
    for page in opened.pages:
        attempt = attempt_at(page.address)
        items = Item.objects.filter(slug__in=attempt.items)
        form = page.form("/submit/")
        values = {name: chosen for name, chosen in wanted(attempt, worst_answer).items() if name in form.controls}
        form.fill(values)
        save, submit = (reverse(f"lms:{name}", args=[attempt.uuid]) for name in ("attempt_save", "attempt_submit"))
        data = form.data(form.buttons[0])
        api = reverse("lms:api:attempt", args=[attempt.uuid])
        answers = [
            client.get(page.address),
            client.post(save, data, headers={"HX-Request": "true"}),
            client.post(save, data, follow=True),
            client.post(reverse("lms:contest", args=[attempt.uuid]), {"words": "No.", "consent": "on"}, follow=True),
        ]
        if {item.mechanic for item in items} <= REFUSED_WHEN_EMPTY:
            answers.append(client.post(submit, {}))
            assert answers[-1].status_code == 422, attempt.items
        refused = client.post(
            reverse("lms:api:submit_attempt", args=[attempt.uuid]),
            {"answers": {slug: {"nonsense": 1} for slug in attempt.items}},
            content_type="application/json",
        )
        assert refused.status_code == 422
        said = client.get(api)
        assert (said.status_code, said.json()["result"]) == (200, None)
        found = [leak for answer in [*answers, refused] for leak in leaks(told(answer))]
        found += leaks(told(said), words=False) + leaks(without_own_answers(said.json()))
        # The key as it stands, in whole or in its parts.
        keys = [json.dumps(part, ensure_ascii=False) for item in items for part in (item.answer_key, *item.answer_key.values())]
        whole = "\n".join(map(told, [*answers, refused])) + without_own_answers(said.json())
        found += [key for key in keys if len(key) > 12 and key in whole]
        if found:
            wrong[attempt.activity.slug] = found
    assert wrong == {}
    assert Attempt.objects.filter(submitted_at=None).count() == len(opened.pages)


def addresses(patterns: list[URLPattern | URLResolver], known: dict[str, list[Any]], space: str = "lms") -> Iterator[str]:
    """Every named address, with everything that its places may stand for."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, known, f"{space}:{one.app_name}" if one.app_name else space)
        elif one.name and "format" not in one.pattern.regex.groupindex:
            places = list(one.pattern.regex.groupindex)
            choices = known.get(one.name) or known[",".join(places)] if places else [()]
            for choice in choices:
                yield reverse(f"{space}:{one.name}", args=choice if isinstance(choice, tuple) else (choice,))


def test_no_page_and_no_api_answer_tells_anything(opened: SimpleNamespace) -> None:
    entry = write_entry(learner=opened.learner, fields={"task": "A note", "tried_on": NOW.date()}, now=NOW)
    tracks = list(Track.objects.values_list("slug", flat=True))
    attempts = list(Attempt.objects.values_list("uuid", flat=True))
    token = opened.pages[0].client.cookies["sessionid"].value
    known: dict[str, list[Any]] = {
        "track": tracks,
        "my_progress": tracks,
        "track_join": tracks[:1],
        "track_leave": tracks[:1],
        "activity": list(Activity.objects.values_list("slug", flat=True)),
        "explore_path": list(LearningPath.objects.values_list("slug", flat=True)) or ["none"],
        "explore_role": list(Role.objects.values_list("slug", flat=True)) or ["none"],
        "explore_portrait": list(Portrait.objects.values_list("slug", flat=True)) or ["none"],
        "explore_document": list(Document.objects.values_list("slug", flat=True)) or ["none"],
        "attempt": attempts,
        "slug": [opened.activities[0].slug],
        "start_attempt": [opened.activities[0].slug],
        "uuid": attempts[:1],
        "pk": [entry.pk],
        "token": [attempts[0]],
        "unsubscribe": [token],
        "uidb64,token": [("Mg", token)],
    }
    asked = list(addresses(urlpatterns, known))
    assert len(asked) > 250
    answers = {address: opened.client.get(address) for address in asked if address != reverse("lms:sign_out")}
    assert {address for address, answer in answers.items() if answer.status_code >= 500} == set()
    assert sum(answer.status_code == 200 for answer in answers.values()) > 200
    found = {address: leaks(told(answer)) for address, answer in answers.items()}
    assert {address: leak for address, leak in found.items() if leak} == {}


def test_the_admin_tells_nothing_to_whoever_may_not_see_it(opened: SimpleNamespace) -> None:
    """Neither to the learner, nor to somebody who may sign in there and has no permission."""
    technician = Client()
    user = get_user_model().objects.create_user("technician", is_staff=True)
    technician.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    graded = 0
    for model, of in admin.site._registry.items():
        row = model._default_manager.order_by("pk").first()
        names = {pattern.name for pattern in of.get_urls() if pattern.name}
        for name, arguments in itertools.product(names, ([], [row.pk if row else 1])):
            try:
                address = reverse(f"admin:{name}", args=arguments)
            except NoReverseMatch:
                continue
            answers = [opened.client.get(address), technician.get(address)]
            assert [leaks(told(answer)) for answer in answers] == [[], []], address
            if model in {Item, ReviewCard, Attempt, Activity}:
                graded += 1
                assert answers[0].status_code == 302, address
                assert answers[1].status_code in {302, 403}, address
    assert graded > 12


def test_after_the_submission_its_marks_are_found_and_no_others(opened: SimpleNamespace) -> None:
    seen: set[str] = set()
    for page in opened.pages:
        attempt = attempt_at(page.address)
        result = submit_badly(page, attempt)
        found = list(CANARY.finditer(result.text))
        assert {one[2] for one in found if one[1] == "WHY"} == set(attempt.items)
        assert {one[2] for one in found} == set(attempt.items)
        assert "KEY" not in {one[1] for one in found}  # it explains the result; nobody is shown it as it stands
        seen |= {one[1] for one in found}
        said = opened.client.get(reverse("lms:api:attempt", args=[attempt.uuid]))
        assert set(said.json()["result"]) == set(attempt.items)
    assert seen == {"WHY", "FEEDBACK", "MODEL"}
    assert leaks(json.dumps(Item.objects.first().answer_key))


def submit_badly(page: Page, attempt: Attempt) -> Page:
    values = wanted(attempt, worst_answer)
    while True:
        form = page.form("/submit/")
        form.fill({name: chosen for name, chosen in values.items() if name in form.controls})
        if set(values) <= set(form.controls):
            return page.press(form)
        page = page.press(form, to="/save/")
