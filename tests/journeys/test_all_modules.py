"""All modules of the shipped content in a real browser, by the pages' own controls: badly first, then as well as can be, until the track is
done. One person for each track, each of another domain, who changes the page's language from module to module.

`tests/lms/shipped/test_all_modules.py` walks every module for every domain and language, without a browser.
"""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from courses.models import Activity, ActivityKind, Domain, Item, Track
from courses.packs.publisher import publish_pack
from lms.enrolment.actions import enrol_self
from lms.models import Enrolment, Learner
from tests.answering import Values, best_answer, worst_answer
from tests.courses.shipped import shipped
from tests.walking import DOMAINS, EVIDENCE, LANGUAGES, Chosen, activities_of, attempt_at, in_order, is_done, wanted

TRACKS = ["prompt-engineering", "critical-evaluation", "workflow-design", "change-management", "technology-watch"]
# What the form of a page holds: by name, what is chosen or written.
STATE = """(form) => {
    const found = {};
    for (const [name, value] of new FormData(form)) if (value !== "") (found[name] ??= []).push(value);
    return found;
}"""
CONTROLS = """(form) => Object.fromEntries([...form.elements].filter((one) => one.name).map((one) => [one.name, one.type]))"""


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> Any:
    """The site on the shipped content."""
    publish_pack(pack=shipped(), now=timezone.now())
    return live_server


def somebody(domain: str, track: str) -> Learner:
    email = f"{domain}.{track}@verdane.example"
    user = get_user_model().objects.create_user(username=email, email=email)
    now = timezone.now()
    learner = Learner.objects.create(
        user=user, email=email, external_id=email, first_name="Ada", domain=Domain.objects.get(slug=domain), created_at=now
    )
    enrol_self(learner=learner, track=Track.objects.get(slug=track), now=now)
    return learner


class BrowserWalk:
    """Somebody at a real browser."""

    def __init__(self, learner: Learner, page: Page) -> None:
        self.learner, self.page = learner, page
        self.operated: set[str] = set()

    def go(self, address: str) -> None:
        if not self.page.url.endswith(address):
            self.page.goto(address, wait_until="domcontentloaded")

    def click(self, one: Locator) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            one.click()

    def speak(self, language: str) -> None:
        """By the list of languages that stands on every page."""
        html = self.page.locator("html")
        if html.get_attribute("lang") != language:
            self.click(self.page.locator(f'form[action$="/language/"] button[value="{language}"]'))
        expect(html).to_have_attribute("lang", language)

    def through(self, activity: Activity, *, badly_first: bool) -> None:
        self.go(reverse("lms:activity", args=[activity.slug]))
        anyway = self.page.locator('form[action$="/open/"] button')
        if anyway.count():  # something of another track comes first
            self.click(anyway)
        assert not is_done(self.learner, activity)
        if activity.kind == ActivityKind.LESSON:
            self.click(self.page.locator('form[action$="/done/"] button'))
        elif activity.kind == ActivityKind.MISSION:
            self.do_mission()
        else:
            self.click(self.page.locator('form[action$="/try/"] button'))
            if badly_first:
                self.answer_badly(activity)
            self.answer(best_answer)
            expect(self.page.locator(".score .badge.good")).to_be_visible()
            expect(self.page.locator(".verdict.missed, .verdict.harm")).to_have_count(0)
        assert is_done(self.learner, activity), activity.slug
        forward = self.page.locator(f'aside a.button[href^="{reverse("lms:activity", args=["x"])[:-2]}"]')
        if activity.kind in ActivityKind.graded() and forward.count():
            self.click(forward.first)

    def do_mission(self) -> None:
        form = self.page.locator('form[action$="/evidence/"]')
        self.choose(form, {"task": EVIDENCE["task"]})
        self.click(form.locator(".send .button"))
        expect(self.page.locator(".notice.warning li")).to_have_count(len(EVIDENCE) - 1)
        self.choose(form, EVIDENCE)
        self.click(form.locator(".send .button"))

    def answer_badly(self, activity: Activity) -> None:
        self.answer(worst_answer)
        expect(self.page.locator(".score .badge.warn")).to_be_visible()
        assert self.page.locator(".verdict:not(.right)").count() > 0, activity.slug
        assert not is_done(self.learner, activity)
        self.click(self.page.locator('form[action$="/try/"] button'))

    def answer(self, chosen: Chosen) -> None:
        attempt = attempt_at(self.page.url)
        values = wanted(attempt, chosen)
        mechanics = set(Item.objects.filter(slug__in=attempt.items).values_list("mechanic", flat=True))
        form = self.page.locator("form.task")
        while True:
            shown = self.choose(form, values)
            if shown == set(values):
                break
            self.click(form.locator('button.quiet[formaction$="/save/"]').first)  # say it, and hear the next turn
        if mechanics - self.operated:
            self.keep_and_reload(form)
            self.operated |= mechanics
        self.click(form.locator(".send .button").first)

    def keep_and_reload(self, form: Locator) -> None:
        before = form.evaluate(STATE)
        self.click(form.locator(".send .button.quiet"))
        self.page.reload(wait_until="domcontentloaded")
        after = form.evaluate(STATE)
        assert {**after, "csrfmiddlewaretoken": ""} == {**before, "csrfmiddlewaretoken": ""}

    def choose(self, form: Locator, values: Values) -> set[str]:
        """By the page's own controls, in the order of the values: those that the page shows."""
        controls: dict[str, str] = form.evaluate(CONTROLS)
        for name, given in values.items():
            kind = controls.get(name)
            if kind in {"radio", "checkbox"}:
                for value in given:
                    form.locator(f'[name="{name}"][value="{value}"]').check()
            elif kind == "select-one" and given != [""]:
                form.locator(f'[name="{name}"]').select_option(given[0])
            elif kind and kind != "select-one":
                form.locator(f'[name="{name}"]').fill(given[0])
        return set(values) & set(controls)


def walk(browser: Browser, site: Any, track: str, domain: str, *, shift: int, all_badly: bool) -> None:
    learner = somebody(domain, track)
    client = Client()
    client.force_login(learner.user, backend="django.contrib.auth.backends.ModelBackend")
    # The worker that keeps the offline page has its own test; a click while it is being installed may hang under the test's browser.
    context = browser.new_context(base_url=site.url, reduced_motion="reduce", service_workers="block")
    cookies: list[Any] = [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}]
    context.add_cookies(cookies)
    page = context.new_page()
    page.set_default_timeout(30_000)
    one = BrowserWalk(learner, page)
    modules = [module for module in in_order() if module.track.slug == track]
    for number, module in enumerate(modules):
        activities = activities_of(module)
        badly = [activity for activity in activities if activity.kind in ActivityKind.graded()]
        one.go(reverse("lms:activity", args=[activities[0].slug]))
        one.speak(LANGUAGES[(number + shift) % 2])
        for activity in activities:
            one.through(activity, badly_first=activity in (badly if all_badly else badly[:1]))
    page.goto(reverse("lms:track", args=[track]))
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"(?<!\d)100[\s\u202f\u00a0]?%"))
    context.close()
    assert Enrolment.objects.get(learner=learner).completed_at is not None
    asked = Item.objects.current().filter(activity__module__track__slug=track)
    assert one.operated == set(asked.values_list("mechanic", flat=True).distinct())


@pytest.mark.parametrize(("track", "domain"), list(zip(TRACKS, DOMAINS, strict=True)))
def test_every_module_can_be_done_in_a_browser(site: Any, browser: Browser, track: str, domain: str) -> None:
    """Each module's first exercise badly first; the others are done badly without a browser."""
    walk(browser, site, track, domain, shift=TRACKS.index(track), all_badly=False)


@pytest.mark.battery
@pytest.mark.parametrize("shift", [0, 1])
@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("track", TRACKS)
def test_every_domain_and_language_in_a_browser(site: Any, browser: Browser, track: str, domain: str, shift: int) -> None:
    walk(browser, site, track, domain, shift=shift, all_badly=True)
