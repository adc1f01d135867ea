"""The main job, in a real browser against real web, worker, broker, mail server and PostgreSQL: HR imports and assigns, an employee learns
in French, later days nudge only who is due and nobody twice, the manager's report says what happened, and another unit's manager gets
none of it.
"""

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.contrib.auth import get_user_model
from playwright.sync_api import Browser, Page, expect

from config.runner.arguments import ROOT
from courses.grading import best_response
from courses.models import Activity, ActivityKind, Item
from lms.enums import DataColour, MinutesRange, Outcome, ToolClass
from lms.journal.actions import write_entry
from lms.models import Attempt, Completion, Enrolment, JournalEntry, Learner, Nudge, Report
from lms.progress.actions import complete_lesson
from tests.conftest import PASSWORD, hr_group
from tests.services import eventually

PARIS = dt.timezone(dt.timedelta(hours=1))  # until the clocks change on 29 March
WEDNESDAY = dt.datetime(2026, 3, 4, 9, 30, tzinfo=PARIS)
HEADINGS = [
    "external_id", "email", "first_name", "last_name", "department", "manager", "domain", "job_title", "site", "country", "language",
    "time_zone", "hired_on",
]  # fmt: skip
PEOPLE = 40
TEAM = 20


def directory(path: Path, *, mistakes: bool) -> Path:
    """Mira and her team of twenty in Operations; Omar and Otto in the plant; others elsewhere: forty people."""
    rows: list[list[Any]] = [
        ["1", "mira@verdane.example", "Mira", "Petit", "Operations", "", "operations", "Director", "Lyon", "FR", "en"],
        ["2", "omar@verdane.example", "Omar", "Saïdi", "Plant", "", "operations", "Plant manager", "Lyon", "FR", "en"],
        ["3", "otto@verdane.example", "Otto", "Maes", "Plant", "2", "operations", "Planner", "Lyon", "FR", "fr"],
        ["4", "ada@verdane.example", "Ada", "Lemaire", "Operations", "1", "marketing", "Assistante", "Lyon", "FR", "fr"],
    ]
    for number in range(5, 4 + TEAM):
        rows.append(
            [
                str(number),
                f"p{number}@verdane.example",
                f"P{number}",
                "Roche",
                "Operations",
                "1",
                "operations",
                "",
                "Lyon",
                "FR",
                "fr",
            ]
        )
    for number in range(4 + TEAM, PEOPLE + 1):
        rows.append(
            [str(number), f"p{number}@verdane.example", f"P{number}", "Girard", "Sales", "", "sales", "", "Lyon", "FR", "fr"]
        )
    rows = [[*row, "Europe/Paris", "2020-01-06"] for row in rows]
    if mistakes:
        rows[9][0] = "8"  # line 11: an external id that is there already
        rows[19][5] = "9999"  # line 21: a manager whom nobody knows
        rows[29][12] = "31/02/2020"  # line 31: a date that does not exist
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for line, row in enumerate([HEADINGS, *rows]):
        sheet.write_row(line, 0, row)
    book.close()
    return path


class Ring:
    """Asks the worker for a task as beat would, and waits until nothing is left to do."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env

    def __call__(self, *tasks: str) -> None:
        script = "from config.celery import app\nimport sys\nfor name in sys.argv[1:]: app.send_task(name)"
        subprocess.run(
            [sys.executable, "-c", script, *(f"lms.tasks.{task}" for task in tasks)],
            env=self.env,
            cwd=ROOT,
            check=True,
            timeout=60,
        )


@pytest.fixture
def company(
    process_env: dict[str, str],
    start_web: Callable[..., Any],
    start_worker: Callable[..., Any],
    manage: Callable[..., str],
    clock: Any,
    smtp: Any,
) -> SimpleNamespace:
    """An empty company: the shipped content and one HR account. Two workers, a web server, and a clock that we move."""
    clock.set(WEDNESDAY)
    manage("publish_content", "--verbosity", "0")
    manage_hr = get_user_model().objects.create_user("hana@verdane.example", email="hana@verdane.example", password=PASSWORD)
    manage_hr.is_staff = True
    manage_hr.save()
    manage_hr.groups.add(hr_group())
    web = start_web()
    for _worker in range(2):
        start_worker(PASSERELLE_URL=web.url)
    return SimpleNamespace(url=web.url, ring=Ring(process_env), clock=clock, smtp=smtp, env=process_env)


def answer(page: Page, attempt: Attempt) -> None:
    """Tick the best answers in the page's own controls."""
    for item in Item.objects.filter(slug__in=attempt.items):
        best = best_response(item.mechanic, item.payload, item.answer_key)
        if item.mechanic == "choice":
            for chosen in best["selected"]:
                page.locator(f'input[name="{item.slug}.selected"][value="{chosen}"]').check()
            if "confidence" in best:
                page.locator(f'input[name="{item.slug}.confidence"][value="{best["confidence"]}"]').check()
        elif item.mechanic == "compose":
            for block in best["blocks"]:
                page.locator(f'input[name="{item.slug}.blocks"][value="{block}"]').check()
        elif item.mechanic == "sort":
            for card, bin_id in best["bin_of"].items():
                page.locator(f'input[name="{item.slug}.bin.{card}"][value="{bin_id}"]').check()
        else:
            pytest.fail(f"This journey knows no {item.mechanic}.")


def window(browser: Browser, company: SimpleNamespace, locale: str) -> Page:
    page = browser.new_context(base_url=company.url, locale=locale).new_page()
    page.set_default_timeout(15_000)
    return page


def test_the_main_job(company: SimpleNamespace, browser: Browser, tmp_path: Path) -> None:
    hr_imports_and_assigns(company, browser, tmp_path)
    an_employee_learns(company, browser)
    later_days(company)
    the_manager_hears(company, browser)


def hr_imports_and_assigns(company: SimpleNamespace, browser: Browser, tmp_path: Path) -> None:
    page = window(browser, company, "en-GB")
    page.goto("/admin/")
    page.locator("input[name=username]").fill("hana@verdane.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.get_by_role("heading", name="What needs you today").wait_for()

    # A file with three mistakes: each is named with its line, and nothing changes.
    page.goto("/admin/lms/directoryimport/add/")
    page.locator("input[type=file]").set_input_files(directory(tmp_path / "directory.xlsx", mistakes=True))
    page.get_by_role("button", name="Check the file").click()
    problems = page.get_by_role("main").or_(page.locator("#content")).first
    for line in ("line 11", "line 21", "line 31"):
        expect(problems).to_contain_text(line)
    assert Learner.objects.count() == 0

    # The corrected one: previewed, applied in the background, and seen to the end.
    page.goto("/admin/lms/directoryimport/add/")
    page.locator("input[type=file]").set_input_files(directory(tmp_path / "directory.xlsx", mistakes=False))
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("The file is in order.")).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("This is what happened")).to_be_visible(timeout=60_000)
    assert Learner.objects.count() == PEOPLE

    # A cohort of Mira's team and Otto, by a pasted list.
    page.goto("/admin/lms/cohort/add/")
    page.locator("input[name=name]").fill("Spring")
    page.locator("input[name=name]").press("Enter")
    team = [*Learner.objects.filter(department__path="Operations").exclude(first_name="Mira").values_list("email", flat=True)]
    page.locator("#id_pasted").fill("\n".join([*team, "otto@verdane.example"]))
    page.get_by_role("button", name="See who it is").click()
    page.get_by_role("button", name="Add them").click()
    page.wait_for_url(re.compile(r"/cohort/\d+/"))

    # The first track, from today, due on 20 March; the preview says how many, a double click assigns once.
    page.goto("/admin/lms/assignment/assign/")
    pick(page, "cohorts", "Spring")
    page.get_by_label("Prompt engineering").check()
    page.locator("input[name=starts_on]").fill("2026-03-04")
    page.get_by_label(re.compile("on a date", re.IGNORECASE)).check()
    page.locator("input[name=due_on]").fill("2026-03-20")
    page.get_by_role("button", name="See what it will do").click()
    fact = page.locator(".pa-fact", has_text="Newly enrolled").locator("dd")
    expect(fact).to_have_text(str(TEAM + 1))
    page.get_by_role("button", name="Assign", exact=True).dblclick()
    eventually(lambda: Enrolment.objects.count() == TEAM + 1, what="the cohort enrolled")

    # Mira and Omar hear of their teams every month.
    for name in ("Mira", "Omar"):
        page.goto("/admin/lms/reportsubscription/add/")
        pick(page, "recipient", name)
        page.get_by_role("button", name="Subscribe").click()
        page.wait_for_url(lambda url: "/add/" not in url)
    page.context.close()


def pick(page: Page, field: str, name: str) -> None:
    """Choose in the admin's autocomplete."""
    page.locator(
        f".field-{field} .select2-selection, [data-field={field}] .select2-selection, #id_{field} + .select2"
    ).first.click()
    page.locator(".select2-search__field").last.type(name)
    page.locator(".select2-results__option", has_text=name).first.click()


def an_employee_learns(company: SimpleNamespace, browser: Browser) -> None:
    company.ring("plan_nudges")
    eventually(lambda: Nudge.objects.filter(kind="welcome").count() == TEAM + 1, what="welcomes planned")
    company.ring("deliver_nudges", "deliver_nudges")
    eventually(lambda: len(company.smtp.to("ada@verdane.example")) == 1, what="Ada's welcome")
    welcome = company.smtp.to("ada@verdane.example")[0].text
    link = re.search(r"https?://\S+/welcome/\S+", welcome)
    assert link, welcome

    page = window(browser, company, "fr-FR")
    page.goto(link.group())
    for field in page.locator("input[type=password]").all():
        field.fill("une passerelle solide")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_load_state()
    if "/sign-in/" in page.url:
        page.locator("input[name=username]").fill("ada@verdane.example")
        page.locator("input[name=password]").fill("une passerelle solide")
        page.locator("main button[type=submit]").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ada")

    for activity in Activity.objects.current().filter(module__slug="pe1").order_by("position"):
        page.goto(f"/activities/{activity.slug}/")
        if activity.kind == ActivityKind.LESSON:
            page.locator("main .send .button").first.click()
        elif activity.kind == ActivityKind.MISSION:
            mission(page)
        else:
            page.get_by_role("main").get_by_role("button").first.click()
            page.wait_for_url(re.compile("/attempts/"))
            answer(page, Attempt.objects.get(learner__first_name="Ada", activity=activity, submitted_at=None))
            page.locator("form.task .send .button").first.dblclick()
            page.locator(".score").wait_for()
        eventually(
            lambda activity=activity: Completion.objects.done().filter(learner__first_name="Ada", activity=activity).exists(),
            what=f"{activity.slug} done",
        )
    attempts = Attempt.objects.filter(learner__first_name="Ada")
    assert {(attempt.score, attempt.number) for attempt in attempts} == {(1.0, 1)}
    page.goto("/tracks/prompt-engineering/")
    enrolment = Enrolment.objects.get(learner__first_name="Ada")
    required = Activity.objects.current().filter(required=True, module__track=enrolment.track, module__retired_at=None).count()
    done = Completion.objects.done().filter(learner__first_name="Ada").count()
    expect(page.get_by_role("main")).to_contain_text(f"{100 * done // required}")
    page.context.close()


def mission(page: Page) -> None:
    page.locator("[name=task]").fill("Compte rendu du comité de lundi")
    page.locator("[name=checked]").fill("Chaque date retrouvée dans mes notes")
    page.locator("[name=lesson]").fill("Dire pour qui change tout")
    for name, value in (
        ("tool_class", ToolClass.APPROVED),
        ("data_colour", DataColour.ORANGE),
        ("outcome", Outcome.EDITED),
        ("minutes_before", MinutesRange.FROM_30),
        ("minutes_after", MinutesRange.FROM_5),
    ):
        control = page.locator(f"[name={name}]")
        if control.first.evaluate("one => one.tagName") == "SELECT":
            control.select_option(value)
        else:
            page.locator(f'[name={name}][value="{value}"]').check()
    page.locator("main form .button").last.click()
    page.wait_for_load_state()


def later_days(company: SimpleNamespace) -> None:
    """Monday 9 March: three working days after the start. Ada has begun and hears nothing; everybody else is asked once, however often the
    jobs run and with two workers at it."""
    company.clock.set(dt.datetime(2026, 3, 9, 9, 30, tzinfo=PARIS))
    for _round in range(2):
        company.ring("plan_nudges", "plan_nudges")
        eventually(lambda: Nudge.objects.filter(kind="first_practice").count() == TEAM, what="first practice planned")
        company.ring("deliver_nudges", "deliver_nudges", "deliver_nudges")
    waiting = Nudge.objects.filter(sent_at=None, dropped_at=None)
    eventually(lambda: not waiting.exists(), what="everything delivered")
    sent = Nudge.objects.delivered().filter(kind="first_practice")
    assert sent.count() == TEAM
    assert not sent.filter(recipient__first_name="Ada").exists()
    for learner in Learner.objects.filter(enrolments__isnull=False):
        mails = company.smtp.to(learner.email)
        assert len(mails) == (1 if learner.first_name == "Ada" else 2), learner.email
        assert len({mail.message_id for mail in mails}) == len(mails)
    # A day on which nothing is due says nothing.
    before = len(company.smtp.received)
    company.clock.set(dt.datetime(2026, 3, 10, 9, 30, tzinfo=PARIS))
    company.ring("plan_nudges", "deliver_nudges")
    company.ring("deliver_messages")
    assert len(company.smtp.received) == before


def the_manager_hears(company: SimpleNamespace, browser: Browser) -> None:
    """Nine colleagues of Ada's try something in March. On 1 April the report says that half of Mira's team applied; Omar's team of one is
    too small for figures, and his mail holds none of Mira's."""
    march = dt.datetime(2026, 3, 25, 10, 0, tzinfo=PARIS)
    lesson = Activity.objects.select_related("module").get(slug="pe1-lesson")
    for learner in Learner.objects.filter(manager__first_name="Mira").exclude(first_name="Ada").order_by("pk")[:9]:
        complete_lesson(learner=learner, activity=lesson, now=march)
        write_entry(learner=learner, fields={"task": "Un essai", "tried_on": march.date()}, now=march)
    company.clock.set(dt.datetime(2026, 4, 1, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=2))))
    company.ring("build_reports")
    eventually(lambda: Report.objects.count() == 2, what="two reports built")
    company.ring("build_reports", "deliver_reports", "deliver_reports")
    eventually(lambda: Report.objects.delivered().count() == 2, what="two reports sent")
    assert Report.objects.count() == 2

    team = Learner.objects.filter(manager__first_name="Mira")
    applied = JournalEntry.objects.filter(learner__in=team).values("learner").distinct().count()
    assert (team.count(), applied) == (TEAM, 10)
    [mira] = company.smtp.to("mira@verdane.example")
    [omar] = company.smtp.to("omar@verdane.example")
    said = mira.text
    half = re.compile(r"\b50\s?%")
    assert half.search(said), said
    assert "20 people" in said
    assert "Prompt engineering" in said
    assert not half.search(omar.text), omar.text
    assert "20 people" not in omar.text
    for name in Learner.objects.filter(manager__first_name="Mira").values_list("first_name", flat=True):
        assert f"{name} " not in omar.text
        assert f"{name} " not in said  # by name: nothing, the company has not switched it on

    report = Report.objects.get(recipient__first_name="Omar")
    mira_report = Report.objects.get(recipient__first_name="Mira")
    user = Learner.objects.get(first_name="Omar").user
    user.set_password(PASSWORD)
    user.save()
    page = window(browser, company, "en-GB")
    page.goto("/sign-in/")
    page.locator("input[name=username]").fill("omar@verdane.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()
    own = page.goto(f"/reports/{report.pk}/")
    other = page.goto(f"/reports/{mira_report.pk}/")
    assert own is not None
    assert other is not None
    assert (own.status, other.status) == (200, 404)
    page.context.close()
