"""axe finds nothing on any page, in both languages and colour schemes, before and after an answer; everything fits a narrow phone; the
first load stays small; and the exercises work by keyboard, with scripts and without."""

import gzip
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from lms.models import Attempt, Completion, Learner
from tests.company import build_company, page_list

TARGET = 24  # WCAG 2.2 AA, in CSS pixels; ours are 44 where a finger presses
PHONE, DESK = 320, 1280


@pytest.fixture
def company(transactional_db: None) -> SimpleNamespace:
    return build_company()


@pytest.fixture
def open_as(browser: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """A browser window in which somebody is signed in (nobody, for None)."""
    opened: list[BrowserContext] = []

    def window(learner: Learner | None, language: str = "en", **options: Any) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        opened.append(context)
        cookies: list[Any] = [{"name": "django_language", "value": language, "url": live_server.url}]
        if learner is not None:
            Learner.objects.filter(pk=learner.pk).update(language=language)
            client = Client()
            client.force_login(learner.user, backend="django.contrib.auth.backends.ModelBackend")
            cookies.append({"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url})
        context.add_cookies(cookies)
        return context

    yield window
    for context in opened:
        context.close()


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


# Each page in both languages and both themes; every pair of them in the battery.
@pytest.mark.parametrize(
    ("theme", "language"),
    [
        ("light", "en"),
        ("dark", "fr"),
        pytest.param("light", "fr", marks=pytest.mark.battery),
        pytest.param("dark", "en", marks=pytest.mark.battery),
    ],
)
def test_axe_finds_nothing(
    language: str, theme: str, company: SimpleNamespace, open_as: Callable[..., BrowserContext], settings: Any
) -> None:
    people = {one.user.username: one for one in (company.maite, company.nora, company.claire, company.luc)}
    windows: dict[str | None, Page] = {}
    wrong: dict[str, list[str]] = {}
    for name, (who, address) in page_list(company).items():
        if who not in windows:
            context = open_as(people[who] if who else None, language, color_scheme=theme, viewport={"width": DESK, "height": 900})
            windows[who] = context.new_page()
        page = windows[who]
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
        settings.DEBUG = name == "style"  # that page is for developers; all others are as people see them
        page.goto(address())
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = faults(page) + [one for one in said if "Content Security Policy" in one]
        if found:
            wrong[name] = found
    assert wrong == {}


def test_nothing_is_wider_than_a_narrow_phone(
    company: SimpleNamespace, open_as: Callable[..., BrowserContext], settings: Any
) -> None:
    people = {one.user.username: one for one in (company.maite, company.nora, company.claire, company.luc)}
    windows: dict[str | None, Page] = {}
    wrong: dict[str, Any] = {}
    for name, (who, address) in page_list(company).items():
        if who not in windows:
            windows[who] = open_as(people[who] if who else None, "fr", viewport={"width": PHONE, "height": 640}).new_page()
        page = windows[who]
        settings.DEBUG = name == "style"
        page.goto(address())
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        small = page.evaluate(
            """(least) => [...document.querySelectorAll("button, select, .button, .bar a, input[type=text], input[type=date]")]
                .filter((one) => one.offsetParent && !one.closest(".visually-hidden"))
                .filter((one) => one.getBoundingClientRect().height < least).map((one) => one.outerHTML.slice(0, 80))""",
            TARGET,
        )
        if over > 0 or small:
            wrong[name] = (over, small)
    assert wrong == {}


def test_the_first_load_of_today_is_small(company: SimpleNamespace, open_as: Callable[..., BrowserContext]) -> None:
    """As a production server sends it: text compressed, fonts as they are. Under 60 kB without fonts, under 160 kB with; from nowhere else."""
    page = open_as(company.maite, "fr", viewport={"width": DESK, "height": 900}).new_page()
    asked: list[Any] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto(reverse("lms:today"))
    page.wait_for_load_state("networkidle")
    text = fonts = 0
    for request in asked:
        body = request.response().body()
        if request.resource_type == "font":
            fonts += len(body)
        else:
            text += len(gzip.compress(body, 6)) + 300  # headers
    assert {urlsplit(request.url).netloc for request in asked} == {urlsplit(page.url).netloc}
    assert text < 60_000
    assert text + fonts < 160_000
    if finders.find("lms/fonts/fonts.css"):
        assert fonts > 0


def test_an_exercise_by_keyboard_alone(company: SimpleNamespace, open_as: Callable[..., BrowserContext]) -> None:
    """The mark exercise: boxes by tab and space, the draft keeps itself, Enter on the button submits, axe is content with the result."""
    page = open_as(company.luc, "fr", viewport={"width": DESK, "height": 900}).new_page()
    page.goto(reverse("lms:activity", args=[company.exercise.slug]))
    page.get_by_role("main").get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/attempts/"))
    first = page.locator("form.task input[type=checkbox], form.task input[type=radio]").first
    first.focus()
    with page.expect_response(re.compile("/save/")) as kept:
        page.keyboard.press("Space")
    assert kept.value.status == 200
    attempt = Attempt.objects.get(learner=company.luc)
    assert attempt.answers != {}
    page.reload()
    assert page.locator("form.task input:checked").count() == 1
    page.locator("form.task .send .button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".score")
    attempt.refresh_from_db()
    assert attempt.submitted_at is not None
    assert faults(page) == []


def test_an_exercise_without_scripts(company: SimpleNamespace, open_as: Callable[..., BrowserContext]) -> None:
    page = open_as(company.luc, "en", java_script_enabled=False).new_page()
    page.goto(reverse("lms:activity", args=[company.exercise.slug]))
    page.locator("main form button").first.click()
    page.locator("form.task input[type=checkbox], form.task input[type=radio]").first.check()
    page.locator("form.task .send button.quiet").click()
    attempt = Attempt.objects.get(learner=company.luc)
    assert (attempt.submitted_at, attempt.answers != {}) == (None, True)
    assert page.locator("form.task input:checked").count() == 1
    page.locator("form.task .send .button").first.click()
    assert page.locator(".score").count() == 1
    attempt.refresh_from_db()
    assert attempt.submitted_at is not None


def test_a_lesson_without_scripts_in_french(company: SimpleNamespace, open_as: Callable[..., BrowserContext]) -> None:
    page = open_as(company.luc, "fr", java_script_enabled=False).new_page()
    page.goto(reverse("lms:today"))
    page.locator(".next .button").click()
    page.locator("main .send .button").click()
    assert list(Completion.objects.done().filter(learner=company.luc).values_list("activity__slug", flat=True)) == [
        company.lesson.slug
    ]


@pytest.mark.parametrize("script", [True, False])
def test_a_ranking_moves_by_its_buttons(script: bool, db: None, open_as: Callable[..., BrowserContext], settings: Any) -> None:
    """On the style page, where every mechanic stands: with scripts a line moves at once and keeps the focus; without, the same buttons are
    there and belong to the form."""
    settings.DEBUG = True
    page = open_as(None, "en", java_script_enabled=script).new_page()
    page.goto(reverse("lms:style"))
    ranking = page.locator("form.task:has(#sample-4)")
    before = ranking.locator("li .say").all_inner_texts()
    second = ranking.locator("li").nth(1).locator("button").first
    assert second.get_attribute("name") == "sample-4.move"
    if not script:
        assert second.get_attribute("value").endswith(":up")
        return
    second.click()
    assert ranking.locator("li .say").all_inner_texts() == [before[1], before[0], *before[2:]]
    assert [one.input_value() for one in ranking.locator("li select").all()] == [str(n + 1) for n in range(len(before))]
    assert second.page.evaluate("document.activeElement.value").endswith(":up")


@pytest.mark.parametrize(("language", "said"), [("en", "You are offline"), ("fr", "Vous êtes hors ligne")])
def test_without_a_network_the_page_is_ours(
    language: str, said: str, company: SimpleNamespace, open_as: Callable[..., BrowserContext]
) -> None:
    context = open_as(company.luc, language)
    page = context.new_page()
    page.goto(reverse("lms:today"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(f"caches.has('passerelle-offline-{language}')")
    context.set_offline(True)
    page.goto(reverse("lms:tracks"))
    assert page.locator("h1").inner_text() == said
    assert company.luc.full_name not in page.content()
    context.set_offline(False)
    page.locator("main a").click()
    page.wait_for_selector("nav a[aria-current=page]")
