import datetime as dt
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from courses.models import Fact, Role, TrainingOffer
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from courses.queries import content_due
from tests.courses.packs.full import FULL
from tests.courses.packs.small import write

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
# Review after: the fact 2026-06-01, the role "trainer" 2026-07-15, the offer 2026-08-01, the role "prompt-engineer" 2027-01-15.


@pytest.fixture(autouse=True)
def published(tmp_path: Path) -> None:
    publish_pack(pack=read_pack(write(tmp_path, FULL)), now=NOW)


def due(on: dt.date) -> list[str]:
    return [one.row.slug for one in content_due(on=on)]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("content_due", *arguments, stdout=out)
    return out.getvalue()


def test_what_has_passed_comes_longest_overdue_first() -> None:
    assert due(dt.date(2026, 6, 1)) == []
    assert due(dt.date(2026, 6, 2)) == ["error-rate"]
    assert due(dt.date(2026, 8, 2)) == ["error-rate", "trainer", "short-course"]
    assert due(dt.date(2027, 1, 16)) == ["error-rate", "trainer", "short-course", "prompt-engineer"]


def test_what_was_retired_is_looked_at_no_more() -> None:
    Fact.objects.update(retired_at=NOW)
    TrainingOffer.objects.update(retired_at=NOW)
    assert due(dt.date(2027, 1, 16)) == ["trainer", "prompt-engineer"]


def test_three_queries_whatever_there_is(django_assert_num_queries: Any) -> None:
    role = Role.objects.get(slug="trainer")
    for number in range(3):
        role.pk, role.slug = None, f"trainer-{number}"
        role.save(force_insert=True)
    with django_assert_num_queries(3):
        assert len(due(dt.date(2027, 1, 16))) == 7


def test_the_command_lists_dates_and_sources() -> None:
    assert run("--on", "2026-08-02") == (
        "2026-06-01  Fact: Errors (error-rate)\n"
        "    Last looked at on June 1, 2025. Source: A study.\n"
        "2026-07-15  Role: Trainer (trainer)\n"
        "    Last looked at on Jan. 15, 2026. Source: A survey\n"
        "2026-08-01  Training offer: Short course (short-course)\n"
        "    Last looked at on Feb. 1, 2026. Source: Example Institute\n"
        "3 texts are due for review.\n"
    )


def test_what_will_be_due_soon_is_listed_when_asked_for() -> None:
    assert "error-rate" not in run("--on", "2026-05-25")
    assert "error-rate" not in run("--on", "2026-05-25", "--within", "7")
    assert "error-rate" in run("--on", "2026-05-25", "--within", "8")


def test_it_says_so_when_nothing_is_due() -> None:
    assert run("--on", "2026-03-04", "--fail") == "Nothing is due for review on March 4, 2026.\n"
    with translation.override("fr"):
        assert run("--on", "2026-03-04") == "Rien n’est à revoir au 4 mars 2026.\n"


def test_a_job_that_watches_can_let_it_fail() -> None:
    with pytest.raises(CommandError, match=r"1 text is due for review\.") as failure:
        run("--on", "2026-06-02", "--fail")
    assert failure.value.returncode == 1


def test_the_end_of_the_calendar_is_the_last_day() -> None:
    assert run("--on", "9999-12-31", "--within", "36500").endswith("4 texts are due for review.\n")


@pytest.mark.parametrize("arguments", [["--on", "21/11/2026"], ["--within", "-3"], ["--within", "soon"]])
def test_what_is_no_date_is_refused(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)
