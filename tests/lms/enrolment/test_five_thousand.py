"""The size of a real company's first morning: five thousand people imported, put into a cohort and assigned to two tracks."""

import datetime as dt

import pytest

from lms.enrolment.actions import add_members, assign_tracks
from lms.enums import DueRule, Source
from lms.models import Cohort, Enrolment, EnrolmentReason, Learner, ReportingLine
from lms.people.actions import apply_directory, preview_directory, upload_directory
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
HR = {"actor": None, "source": Source.ADMIN, "now": NOW}


def directory(prefix: str, size: int) -> bytes:
    lines = ["Matricule;Courriel;Prénom;Nom;Service;Responsable;Métier;Site;Pays;Langue;Embauche le;Étage"]
    lines += [
        f"{prefix}{n};{prefix}{n}@verdane.example;Prénom {n};Nom;Direction/Unité {n % 5};{f'{prefix}{(n - 1) // 8}' if n else ''};hr;"
        f"Site {n % 3};FR;fr;{1 + n % 28:02d}/03/2026;{n % 9}"
        for n in range(size)
    ]
    return "\n".join(lines).encode("cp1252")


def asked(log) -> int:
    """Statements about people. That a table has grown is told to PostgreSQL's planner beside them, once a table."""
    told_the_planner = [query["sql"] for query in log if query["sql"].startswith("ANALYZE")]
    assert len(told_the_planner) <= 3
    return len(log) - len(told_the_planner)


def test_five_thousand_people_take_the_statements_of_fifty(catalogue, connection_log):
    told: list[tuple[int, int]] = []

    def morning(prefix: str, size: int) -> tuple[int, int]:
        kept = upload_directory(content=directory(prefix, size), file_name="people.csv", full=False, **HR)
        with connection_log() as imported:
            preview_directory(directory_import=kept, now=NOW)
            apply_directory(directory_import=kept, progress=lambda done, total: told.append((done, total)), **HR)
        cohort = Cohort.objects.create(name=prefix, created_at=NOW)
        people = Learner.objects.filter(external_id__startswith=prefix)
        with connection_log() as assigned:
            assert add_members(cohort=cohort, learners=people, **HR) == size
            outcomes = assign_tracks(
                cohort=cohort, tracks=catalogue.tracks, starts_on=NOW.date(), due_rule=DueRule.AFTER_HIRING, due_days=30, **HR
            )
        assert [outcome.enrolled for outcome in outcomes] == [size, size]
        return asked(imported), asked(assigned)

    # The first one makes the departments and sites.
    morning("first", 20)
    small, large = morning("small", 50), morning("large", 5000)

    assert large == small
    assert Learner.objects.filter(external_id__startswith="large").count() == 5000
    assert Enrolment.objects.filter(learner__external_id__startswith="large").count() == 10_000
    assert EnrolmentReason.objects.filter(enrolment__learner__external_id__startswith="large").count() == 10_000
    # Everybody is below the first one; the tree has eight branches a node.
    top = Learner.objects.get(external_id="large0")
    assert ReportingLine.objects.filter(manager=top).count() == 4999
    assert told[-10:] == [(done, 5000) for done in range(500, 5001, 500)]
    hired_late = Enrolment.objects.filter(learner__external_id="large27").values_list("due_on", flat=True)
    assert set(hired_late) == {dt.date(2026, 4, 27)}
