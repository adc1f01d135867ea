"""The pictures of README: ``python -m tests.readme_pictures``. The demo company in a temporary folder, six pages, docs/images/."""

import tempfile
from pathlib import Path
from typing import Any

from tests.screenshots import CHROMIUM, QUIET, prepare, serving

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
#: name, whose eyes, address, width, height, colour scheme
PICTURES = (
    ("today", "ENGLISH", "/", 1280, 1000, "light"),
    ("exercise", "ENGLISH", "/activities/ce1-spot/", 1280, 1000, "light"),
    ("admin-home", "HR", "/admin/", 1280, 800, "light"),
    ("role", "ENGLISH", "/explore/roles/ai-operations-manager/", 1280, 1000, "light"),
    ("report", "MANAGER", "/team/", 1280, 1000, "light"),
    ("today-phone-dark", "EMPLOYEE", "/", 390, 1000, "dark"),
)


def take(browser: Any, base: str, name: str, who: str, address: str, width: int, height: int, theme: str) -> None:
    from config.demo import people

    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/sign-in/")
    page.locator("input[name=username]").fill(people.person(getattr(people, who)).email)
    page.locator("input[name=password]").fill(people.PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    page.goto(address)
    if name == "exercise":
        start = page.locator("main form button").first
        start.click()
        page.wait_for_selector("form.task")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        prepare(Path(data))
        from django.core.management import call_command
        from playwright.sync_api import sync_playwright

        from courses.models import Track
        from lms import clock
        from lms.enrolment.actions import enrol_self

        call_command("publish_content", verbosity=0)
        call_command("demo", "--quiet")
        from config.demo import people

        reader = people.person(people.ENGLISH)
        enrol_self(learner=reader, track=Track.objects.get(slug="critical-evaluation"), now=clock.now())
        IMAGES.mkdir(parents=True, exist_ok=True)
        with serving() as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            for picture in PICTURES:
                take(browser, base, *picture)
            browser.close()


if __name__ == "__main__":
    main()
