"""``manage.py import_directory``: what it prints, and how it ends."""

import io

import pytest
from django.core.management import CommandError, call_command

from lms.enrolment.actions import add_members_by_email
from lms.enums import Source
from lms.models import Cohort, DirectoryImport, Learner
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    def call(text: str, *options: str) -> str:
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        out = io.StringIO()
        call_command("import_directory", str(path), *options, stdout=out)
        return out.getvalue()

    return call


TWO = "external_id,email\nE1,ada@verdane.example\nE2,ben@verdane.example\n"


def test_it_says_what_it_does_and_does_it(run):
    cohort = Cohort.objects.create(name="Spring", created_at=NOW)
    add_members_by_email(cohort=cohort, emails=["ada@verdane.example"], actor=None, source=Source.ADMIN, now=NOW)
    out = run(TWO)
    assert out.splitlines() == [
        "2 people: 2 new, 0 changed, 0 unchanged, 0 moved, 0 leaving, 0 back.",
        "2/2",
        "Applied: 2 people, of whom 2 are new.",
        "1 invited people joined their cohorts.",
    ]
    assert Learner.objects.count() == 2
    assert cohort.memberships.get().learner.email == "ada@verdane.example"


def test_a_dry_run_changes_nobody_and_keeps_nothing(run):
    assert run(TWO, "--dry-run").startswith("2 people: 2 new")
    assert not Learner.objects.exists()
    assert DirectoryImport.objects.get().content is None


def test_mistakes_end_it_with_their_lines(run):
    with pytest.raises(CommandError) as ended:
        run("external_id,email,manager\nE1,ada,\nE2,ben@verdane.example,E9\n")
    assert ended.value.returncode == 1
    lines = str(ended.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["line 2, column “email”", "line 3, column “manager”"]
    assert not Learner.objects.exists()


def test_a_complete_file_asks_before_many_leave(run):
    run(TWO)
    with pytest.raises(CommandError, match="1 of 2"):
        run("external_id,email\nE1,ada@verdane.example\n", "--full")
    assert Learner.objects.filter(left_on__isnull=True).count() == 2
    run("external_id,email\nE1,ada@verdane.example\n", "--full", "--confirm-leavers")
    assert Learner.objects.get(left_on__isnull=False).external_id == "E2"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_directory", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_directory", str(tmp_path))
