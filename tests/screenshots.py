"""Pictures of the pages: ``python -m tests.screenshots [FOLDER] [--only NAME]``.

A database of its own in a temporary folder, the shipped content, a few people with a history; then every page in both languages, both
colour schemes, on a desk and on a phone. What one does not look at is not designed.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--metrics-recording-only",
]
WIDTHS = {"phone": 320, "desk": 1440}


def prepare(folder: Path) -> None:
    os.environ.update(
        DJANGO_DEBUG="1", PASSERELLE_DATA=str(folder), DJANGO_SETTINGS_MODULE="config.settings", DJANGO_ALLOW_ASYNC_UNSAFE="1",
        DATABASE_URL=f"sqlite:///{folder / 'pictures.sqlite3'}", LOG_LEVEL="ERROR",
    )  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@contextmanager
def serving() -> Iterator[str]:
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()


def shoot(base: str, pages: dict[str, tuple[str | None, Callable[[], str]]], folder: Path, only: str, sizes: list[str]) -> None:
    """``pages``: name -> (user name or None, address)."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from playwright.sync_api import sync_playwright

    from lms.models import Learner

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name, (user, address) in pages.items():
            if only and only not in name:
                continue
            for language in ("en", "fr"):
                for theme in ("light", "dark"):
                    for size in sizes:
                        if theme == "dark" and (size == "phone" or language == "en"):
                            continue
                        context = browser.new_context(
                            viewport={"width": WIDTHS[size], "height": 900}, color_scheme=theme, reduced_motion="reduce"
                        )
                        cookies: list[dict[str, Any]] = [{"name": "django_language", "value": language, "url": base}]
                        if user:
                            Learner.objects.filter(user__username=user).update(language=language)
                            client = Client()
                            client.force_login(
                                get_user_model().objects.get(username=user), backend="django.contrib.auth.backends.ModelBackend"
                            )
                            cookies.append({"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base})
                        context.add_cookies(cookies)
                        page = context.new_page()
                        page.on("console", lambda said, name=name: said.type == "error" and print(name, said.text))
                        page.goto(base + address())
                        page.wait_for_load_state("networkidle")
                        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                        if wide > 0:
                            print(f"{name} {language} {size}: {wide} px too wide")
                        page.screenshot(path=folder / f"{name}-{language}-{theme}-{size}.png", full_page=True)
                        context.close()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("test-results/pages"))
    parser.add_argument("--only", default="")
    parser.add_argument("--size", default="", choices=["", *WIDTHS])
    parser.add_argument("--pack", type=Path, default=None, help="Another folder of content than the shipped one.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        prepare(Path(data))
        from tests.company import build_company, page_list

        company = build_company(given.pack)
        with serving() as base:
            shoot(base, page_list(company), given.folder, given.only, [given.size] if given.size else list(WIDTHS))


if __name__ == "__main__":
    main()
