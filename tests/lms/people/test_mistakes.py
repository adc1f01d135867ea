"""Every mistake that people make in a directory file is told with its line and its column, in words, and changes nobody."""

import datetime as dt

import pytest
from django.utils import translation

from courses.problems import ProblemsFound
from lms.enums import Source
from lms.models import Learner
from lms.people.actions import apply_directory

pytestmark = pytest.mark.django_db
HEADER = "external_id,email,first_name,manager,domain,site,country,language,time_zone,hired_on,left_on,Note\n"


def line(**cells: str) -> str:
    columns = [
        "external_id",
        "email",
        "first_name",
        "manager",
        "domain",
        "site",
        "country",
        "language",
        "time_zone",
        "hired_on",
        "left_on",
    ]
    return ",".join(cells.get(column, "") for column in [*columns, "Note"])


FIRST = line(external_id="E1", email="one@verdane.example")

MISTAKES = {
    "two people with one id": ([FIRST, line(external_id="E1", email="x@verdane.example")], "external_id_twice", "external_id", "line 2"),
    "two people with one address": ([FIRST, line(external_id="E2", email="ONE@verdane.example")], "email_twice", "email", "line 2"),
    "no id": ([FIRST, line(email="x@verdane.example")], "missing", "external_id", "empty"),
    "no address": ([FIRST, line(external_id="E2", email="  ")], "missing", "email", "empty"),
    "not an address": ([FIRST, line(external_id="E2", email="x@verdane")], "email_invalid", "email", "x@verdane"),
    "two addresses": ([FIRST, line(external_id="E2", email="x@a.example;y@a.example")], "email_invalid", "email", "x@a.example"),
    "an address that is too long": (
        [FIRST, line(external_id="E2", email="x" * 60 + "@" + ("y" * 50 + ".") * 2 + "example")], "email_too_long", "email", "150",
    ),
    "an unknown manager": ([FIRST, line(external_id="E2", email="x@verdane.example", manager="E9")], "manager_unknown", "manager", "E9"),
    "one's own manager": ([FIRST, line(external_id="E2", email="x@verdane.example", manager="x@verdane.example")], "own_manager", "manager", "own"),
    "an unknown domain": ([FIRST, line(external_id="E2", email="x@verdane.example", domain="Alchemy")], "domain_unknown", "domain", "marketing"),
    "an unknown language": ([FIRST, line(external_id="E2", email="x@verdane.example", language="Klingon")], "language_unknown", "language", "Klingon"),
    "an unknown zone": (
        [FIRST, line(external_id="E2", email="x@verdane.example", time_zone="Europe/Pariss")], "time_zone_unknown", "time_zone", "Europe/Paris.",
    ),
    "an unknown country": ([FIRST, line(external_id="E2", email="x@verdane.example", site="Lyon", country="Gaul")], "country_unknown", "country", "Gaul"),
    "a date that is none": ([FIRST, line(external_id="E2", email="x@verdane.example", hired_on="31/02/2024")], "date_invalid", "hired_on", "31/02/2024"),
    "month before day": ([FIRST, line(external_id="E2", email="x@verdane.example", hired_on="12/31/2024")], "date_invalid", "hired_on", "day before month"),
    "a year of another age": ([FIRST, line(external_id="E2", email="x@verdane.example", hired_on="0204-01-01")], "date_invalid", "hired_on", "year"),
    "gone before coming": (
        [FIRST, line(external_id="E2", email="x@verdane.example", hired_on="2024-02-01", left_on="2024-01-31")], "left_before_hired", "left_on", "2024-02-01",
    ),
    "a formula": ([FIRST, line(external_id="E2", email="x@verdane.example", first_name="=1+1")], "looks_like_formula", "first_name", "=1+1"),
    "a line break in a name": ([FIRST, line(external_id="E2", email="x@verdane.example", first_name='"Jo\nAnn"')], "control_character", "first_name", "Jo␤Ann"),
    "a formula's error": ([FIRST, line(external_id="E2", email="x@verdane.example", first_name="#N/A")], "formula_error", "first_name", "#N/A"),
    "a name of a page": ([FIRST, line(external_id="E2", email="x@verdane.example", first_name="x" * 101)], "too_long", "first_name", "100"),
    "a site in two countries": (
        [line(external_id="E1", email="one@verdane.example", site="Lyon", country="FR"),
         line(external_id="E2", email="x@verdane.example", site="lyon", country="BE")], "site_in_two_countries", "country", "line 2",
    ),
    "a cell too many": ([FIRST, line(external_id="E2", email="x@verdane.example") + ",oops"], "too_many_cells", "", "quotation"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_place(catalogue, preview, name):
    rows, code, column, words = MISTAKES[name]
    done = preview((HEADER + "\n".join(rows)).encode())
    [problem] = done.problems
    assert (problem["code"], problem["where"]) == (code, f"line 3, column “{column}”" if column else "line 3")
    assert words in f"{problem['message']} {problem['hint']}"
    with pytest.raises(ProblemsFound):
        apply_directory(directory_import=done, actor=None, source=Source.ADMIN, now=dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC))
    assert not Learner.objects.exists()


def test_all_mistakes_of_a_file_come_at_once_in_its_order(catalogue, preview):
    rows = [FIRST, line(external_id="E2", email="nobody"), line(external_id="E3", email="c@verdane.example", manager="E9"), FIRST]
    done = preview((HEADER + "\n".join(rows)).encode())
    assert [(each["code"], each["where"]) for each in done.problems] == [
        ("email_invalid", "line 3, column “email”"),
        ("manager_unknown", "line 4, column “manager”"),
        ("external_id_twice", "line 5, column “external_id”"),
        ("email_twice", "line 5, column “email”"),
    ]


def test_the_column_is_called_as_its_author_called_it(catalogue, preview):
    done = preview("Matricule;Adresse e-mail;N+1\nE1;a@verdane.example;E7")
    assert [each["where"] for each in done.problems] == ["line 2, column “N+1”"]


def test_problems_are_kept_in_the_language_of_whoever_checks(catalogue, preview):
    with translation.override("fr"):
        done = preview("external_id,email\nE1,nobody")
    assert all(isinstance(value, str) for each in done.problems for value in each.values())


def test_a_loop_through_the_file_and_the_directory(catalogue, preview, make_learner):
    top = make_learner("Top", external_id="E1", email="top@verdane.example")
    make_learner("Mid", external_id="E2", email="mid@verdane.example", manager=top)
    done = preview("external_id,email,manager\nE3,low@verdane.example,E2\nE1,top@verdane.example,E3")
    assert [(each["code"], each["where"]) for each in done.problems] == [("manager_loop", "line 2, column “manager”")]
    assert "E1 → E3 → E2 → E1" in done.problems[0]["message"]


def test_a_file_that_mends_a_loop_is_accepted(catalogue, preview, make_learner):
    one = make_learner("One", external_id="E1", email="one@verdane.example")
    make_learner("Two", external_id="E2", email="two@verdane.example", manager=one)
    assert preview("external_id,email,manager\nE1,one@verdane.example,E2\nE2,two@verdane.example,").problems == []


def test_an_address_of_somebody_else(catalogue, preview, make_learner):
    make_learner("Old", external_id="E1", email="Ada@verdane.example", left_on=dt.date(2025, 6, 30))
    done = preview("external_id,email\nE2,ada@verdane.example")
    [problem] = done.problems
    assert (problem["code"], problem["where"]) == ("email_taken", "line 2, column “email”")
    # Somebody who comes back keeps the id they had.
    assert "2025-06-30" in problem["hint"]


def test_accounts_that_a_file_cannot_have(catalogue, preview, make_learner, django_user_model):
    django_user_model.objects.create_superuser("root", email="root@verdane.example", password="x")
    django_user_model.objects.create_user("robot@verdane.example", email="machine@verdane.example")
    boss = make_learner("Boss", external_id="E1", email="boss@verdane.example")
    boss.user.is_superuser = True
    boss.user.save()
    make_learner("Ben", external_id="E2", email="ben@verdane.example")
    done = preview(
        """
        external_id,email
        E1,mine-now@verdane.example
        E2,machine@verdane.example
        E3,root@verdane.example
        E4,robot@verdane.example
        """
    )
    assert [(each["code"], each["where"]) for each in done.problems] == [
        ("account_protected", "line 2, column “email”"),
        ("account_taken", "line 3, column “email”"),
        ("account_protected", "line 4, column “email”"),
        ("account_taken", "line 5, column “email”"),
    ]


def test_a_manager_who_has_left_is_worth_a_look_but_no_mistake(catalogue, preview, make_learner):
    make_learner("Old", external_id="E1", email="old@verdane.example", left_on=dt.date(2025, 6, 30))
    done = preview("external_id,email,manager\nE2,ada@verdane.example,E1")
    assert done.problems == []
    assert [(each["code"], each["where"]) for each in done.summary["warnings"]] == [("manager_left", "line 2, column “manager”")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "nobody"),
        ("external_id,email", "nobody"),
        ("first_name,email\nAda,a@verdane.example", "column_missing"),
        ("id,matricule,email\n1,2,a@verdane.example", "column_twice"),
        ("external_id,email," + ",".join(f"x{n}" for n in range(51)) + "\n1,a@verdane.example", "too_many_columns"),
    ],
)
def test_files_that_are_no_directory(catalogue, preview, text, code):
    assert [each["code"] for each in preview(text.encode()).problems] == [code]
