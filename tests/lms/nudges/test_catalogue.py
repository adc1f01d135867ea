"""The page "who gets what, when" says what the catalogue says, line by line."""

from pathlib import Path

from django.utils.translation import override

from lms.conf import Conf, conf
from lms.enums import NudgeKind
from lms.nudges.catalogue import CATALOGUE, entry_of
from lms.tasks import SCHEDULE

PAGE = Path(__file__).parents[3] / "docs" / "who-gets-what-when.md"


def table_under(heading: str) -> list[list[str]]:
    section = PAGE.read_text(encoding="utf-8").split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


def test_the_page_and_the_catalogue_are_the_same():
    with override("en"):
        said = [
            [
                entry.kind.value, str(entry.who), str(entry.when), str(entry.occasion), str(entry.stops), str(entry.priority),
                f"{entry.expiry} working days",
            ]
            for entry in CATALOGUE
        ]  # fmt: skip
    assert [row for row in table_under("Reminders (nudges)") if row[0] in NudgeKind.values] == said


def test_the_limits_of_the_page_are_the_defaults():
    named = {row[2].strip("`"): row[1] for row in table_under("Reminders (nudges)") if len(row) == 3 and row[2] != "Setting"}
    default = Conf()
    assert named == {
        "NUDGES_PER_DAY": f"{default.NUDGES_PER_DAY}",
        "NUDGE_GAP_HOURS": f"{default.NUDGE_GAP_HOURS} hours",
        "NUDGES_PER_WEEK": f"{default.NUDGES_PER_WEEK}",
        "NUDGES_PER_28_DAYS": f"{default.NUDGES_PER_28_DAYS}",
        "SENDING_WINDOWS": " and ".join(f"{a:%-H:%M}–{b:%-H:%M}" for a, b in default.SENDING_WINDOWS),
        "NUDGE_EXPIRY_WORKING_DAYS": f"{default.NUDGE_EXPIRY_WORKING_DAYS}",
        "NUDGE_IDLE_DAYS": f"{default.NUDGE_IDLE_DAYS}",
    }


def test_every_kind_has_its_line_and_every_line_its_kind():
    assert {entry.kind for entry in CATALOGUE} == set(NudgeKind)
    assert entry_of("overdue", "12.2026-03-03.7").priority == 3
    assert entry_of("overdue", "17.2026-03-03.1").priority == 1
    assert entry_of("idle", "2026-03-03").kind == NudgeKind.IDLE


def test_the_company_may_change_the_expiry(settings):
    settings.LMS = {**settings.LMS, "NUDGE_EXPIRY_WORKING_DAYS": 5}
    assert conf.NUDGE_EXPIRY_WORKING_DAYS == 5
    assert {entry.kind.value: entry.expiry for entry in CATALOGUE} == {
        "overdue": 5, "due_soon": 5, "welcome": 10, "first_practice": 5, "idle": 5,
    }  # fmt: skip


def test_every_timed_job_exists_and_says_who_when_and_until_when():
    from lms import tasks

    for entry in SCHEDULE.values():
        task = getattr(tasks, entry["task"].removeprefix("lms.tasks."))
        words = " ".join(task.__doc__.split())
        assert words.startswith("Who: ")
        assert "When: " in words
        assert "Stops: " in words or "What: " in words
        assert task.acks_late is True
        assert task.time_limit <= 900
        assert 0 < entry["options"]["expires"] <= 6 * 3600
