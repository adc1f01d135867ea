"""A directory file applied: who is made, changed, moved, gone and back."""

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from courses.problems import ProblemsFound
from lms.models import AuditEntry, Department, DirectoryImport, Learner, NonWorkingDay, ReportingLine, Site
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 4)

COMPANY = """
    external_id,email,first_name,last_name,department,manager,domain,job_title,site,country,language,time_zone,hired_on,Floor
    E1,Dana.Roy@verdane.example,Dana,Roy,Direction,,operations,Director,Lyon,FR,fr,Europe/Paris,2015-01-05,4
    E2,mira@verdane.example,Mira,Lys,Direction/Sales,E1,Marketing (fr),Head of sales,Lyon,FR,English,Europe/Brussels,06/05/2019,3
    E3,ada@verdane.example,Ada,Noé,Direction/Sales/North,mira@verdane.example,marketing,Sales,Gent,BE,,,2020-02-03,
"""


def state() -> list[list[tuple]]:
    models = (get_user_model(), Learner, Department, Site, ReportingLine, NonWorkingDay, AuditEntry)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def lines() -> set[tuple[str, str, int]]:
    return set(ReportingLine.objects.values_list("manager__external_id", "learner__external_id", "depth"))


def test_a_new_company(catalogue, bring, person):
    done = bring(COMPANY)

    assert {key: done.summary[key] for key in ("total", "new", "changed", "unchanged", "leaving")} == {
        "total": 3, "new": 3, "changed": 0, "unchanged": 0, "leaving": 0,
    }  # fmt: skip
    mira = person("E2")
    assert (mira.email, mira.full_name, mira.job_title, mira.language, mira.time_zone) == (
        "mira@verdane.example", "Mira Lys", "Head of sales", "en", "Europe/Brussels",
    )  # fmt: skip
    assert (mira.department.path, mira.manager, mira.domain, mira.hired_on) == (
        "Direction/Sales", person("E1"), catalogue.domains["marketing"], dt.date(2019, 5, 6),
    )  # fmt: skip
    assert (mira.attributes, mira.working_days, mira.created_at, mira.left_on) == ({"Floor": "3"}, "01234", NOW, None)
    assert person("E1").email == "dana.roy@verdane.example"
    assert (person("E3").language, person("E3").time_zone, person("E3").attributes) == ("fr", "Europe/Paris", {})
    assert set(Department.objects.values_list("path", "name", "parent__path")) == {
        ("Direction", "Direction", None),
        ("Direction/Sales", "Sales", "Direction"),
        ("Direction/Sales/North", "North", "Direction/Sales"),
    }
    assert set(Site.objects.values_list("name", "country")) == {("Lyon", "FR"), ("Gent", "BE")}
    assert NonWorkingDay.objects.filter(site__name="Gent", date=dt.date(2026, 7, 21)).exists()
    assert lines() == {("E1", "E2", 1), ("E1", "E3", 2), ("E2", "E3", 1)}
    assert set(done.new_learner_ids) == set(Learner.objects.values_list("pk", flat=True))


def test_accounts_have_the_address_as_name_and_no_password(catalogue, bring, person):
    bring(COMPANY)
    user = person("E1").user
    assert (user.username, user.email, user.first_name, user.last_name) == (
        "dana.roy@verdane.example", "dana.roy@verdane.example", "Dana", "Roy",
    )  # fmt: skip
    assert (user.has_usable_password(), user.is_active, user.is_staff, user.is_superuser) == (False, True, False, False)
    assert user.date_joined == NOW
    assert len(set(get_user_model().objects.values_list("password", flat=True))) == 3


def test_the_same_file_again_changes_nothing(catalogue, bring):
    bring(COMPANY)
    before = state()

    again = bring(COMPANY, now=NOW + dt.timedelta(days=1))

    assert (again.summary["unchanged"], again.summary["changed"], again.summary["new"]) == (3, 0, 0)
    after = state()
    assert after[:-1] == before[:-1]
    assert [entry[5] for entry in after[-1][len(before[-1]) :]] == ["upload_directory", "apply_directory"]


def test_somebody_changes_and_moves_and_the_audit_says_what(catalogue, bring, person):
    bring(COMPANY)
    done = bring(
        """
        external_id,email,department,manager,job_title
        E3,ada@verdane.example,Direction/Purchasing,E1,Buyer
        """
    )
    ada = person("E3")
    assert (ada.department.path, ada.manager.external_id, ada.job_title) == ("Direction/Purchasing", "E1", "Buyer")
    # Columns that the file does not have stay as they were.
    assert (ada.first_name, ada.site.name, ada.hired_on) == ("Ada", "Gent", dt.date(2020, 2, 3))
    assert (done.summary["changed"], done.summary["moved"], done.summary["unchanged"]) == (1, 1, 0)
    assert lines() == {("E1", "E2", 1), ("E1", "E3", 1)}
    entry = AuditEntry.objects.get(verb="change_learner")
    assert (entry.object_id, set(entry.after), entry.after["job_title"], entry.before["job_title"]) == (
        str(ada.pk), {"department", "manager", "job_title"}, "Buyer", "Sales",
    )  # fmt: skip


def test_an_empty_cell_empties_the_field(catalogue, bring, person):
    bring(COMPANY)
    bring("external_id;email;manager;job_title;language;Floor\nE2;mira@verdane.example;;;;")
    mira = person("E2")
    assert (mira.manager, mira.job_title, mira.attributes) == (None, "", {})
    # A language is always spoken: an empty cell leaves it.
    assert mira.language == "en"
    assert lines() == {("E2", "E3", 1)}


def test_language_and_zone_are_the_persons_own_once_they_have_signed_in(catalogue, bring, person):
    bring(COMPANY)
    user = person("E2").user
    user.last_login = NOW
    user.save()
    bring("external_id,email,language,time_zone\nE1,dana.roy@verdane.example,en,UTC\nE2,mira@verdane.example,fr,UTC")
    assert [(person(each).language, person(each).time_zone) for each in ("E1", "E2")] == [
        ("en", "UTC"),
        ("en", "Europe/Brussels"),
    ]


def test_a_new_address_becomes_the_sign_in_name(catalogue, bring, person):
    bring(COMPANY)
    password = person("E3").user.password
    bring("external_id,email,last_name\nE3,ada.noe@verdane.example,Noé-Roy")
    user = person("E3").user
    assert (user.username, user.email, user.last_name) == ("ada.noe@verdane.example", "ada.noe@verdane.example", "Noé-Roy")
    assert user.password == password


def test_two_people_swap_addresses_and_a_third_takes_a_freed_one(catalogue, bring, person):
    bring(COMPANY)
    bring(
        """
        external_id,email
        E1,mira@verdane.example
        E2,dana.roy@verdane.example
        E3,ada.noe@verdane.example
        E4,ada@verdane.example
        """
    )
    assert {each.external_id: (each.email, each.user.username) for each in Learner.objects.select_related("user")} == {
        "E1": ("mira@verdane.example",) * 2,
        "E2": ("dana.roy@verdane.example",) * 2,
        "E3": ("ada.noe@verdane.example",) * 2,
        "E4": ("ada@verdane.example",) * 2,
    }


def test_leaving_closes_the_account_and_coming_back_opens_it(catalogue, bring, person):
    bring(COMPANY)
    done = bring("external_id,email,left_on\nE3,ada@verdane.example,28/02/2026")
    assert (done.summary["leaving"], person("E3").left_on, person("E3").user.is_active) == (1, dt.date(2026, 2, 28), False)

    done = bring("external_id,email\nE3,ada@verdane.example")
    assert (done.summary["returning"], person("E3").left_on, person("E3").user.is_active) == (1, None, True)
    assert list(AuditEntry.objects.filter(object_type="lms.learner").order_by("pk").values_list("verb", flat=True)) == [
        "create_learner", "create_learner", "create_learner", "mark_left", "return_learner",
    ]  # fmt: skip


def test_a_last_day_in_the_future_leaves_the_account_open_and_is_kept(catalogue, bring, person):
    bring(COMPANY)
    bring("external_id,email,left_on\nE3,ada@verdane.example,2026-03-31")
    assert (person("E3").left_on, person("E3").user.is_active) == (dt.date(2026, 3, 31), True)
    done = bring("external_id,email\nE3,ada@verdane.example")
    assert (done.summary["unchanged"], person("E3").left_on) == (1, dt.date(2026, 3, 31))


def test_an_account_that_hr_closed_stays_closed(catalogue, bring, person):
    bring(COMPANY)
    user = person("E3").user
    user.is_active = False
    user.save()
    bring("external_id,email,first_name\nE3,ada@verdane.example,Adèle")
    user.refresh_from_db()
    assert (user.is_active, user.first_name) == (False, "Adèle")


def test_a_complete_file_marks_the_missing_as_left_after_confirmation(catalogue, bring, preview, person):
    bring(COMPANY)
    remaining = "external_id,email\nE1,dana.roy@verdane.example\nE2,mira@verdane.example"
    before = state()
    checked = preview(remaining, full=True)
    assert (checked.summary["leaving"], checked.summary["needs_confirmation"], checked.summary["examples"]["leaving"]) == (
        1, True, ["ada@verdane.example"],
    )  # fmt: skip

    with pytest.raises(ProblemsFound) as refused:
        bring(remaining, full=True)
    assert [problem.code for problem in refused.value.problems] == ["many_leavers"]
    assert state()[:-1] == before[:-1]

    bring(remaining, full=True, confirm_leavers=True)
    assert (person("E3").left_on, person("E3").user.is_active, person("E2").left_on) == (TODAY, False, None)


def test_few_leavers_need_no_confirmation(catalogue, bring):
    people = [f"P{n},p{n}@verdane.example" for n in range(40)]
    bring("external_id,email\n" + "\n".join(people))
    done = bring("external_id,email\n" + "\n".join(people[2:]), full=True)
    assert (done.summary["leaving"], done.summary["needs_confirmation"]) == (2, False)
    assert Learner.objects.left(TODAY).count() == 2


def test_who_is_not_in_a_partial_file_stays(catalogue, bring):
    bring(COMPANY)
    bring("external_id,email\nE9,zoe@verdane.example")
    assert Learner.objects.active(TODAY).count() == 4


def test_an_account_of_the_host_becomes_the_persons(catalogue, bring, person, django_user_model):
    theirs = django_user_model.objects.create_user("zoe", email="Zoe@verdane.example", password="kept", first_name="Z")
    done = bring("external_id,email,first_name\nE9,zoe@verdane.example,Zoé\nE10,yan@verdane.example,Yan")
    assert (person("E9").user_id, done.summary["linked"], done.summary["new"]) == (theirs.pk, 1, 2)
    theirs.refresh_from_db()
    assert (theirs.username, theirs.first_name, theirs.check_password("kept")) == ("zoe", "Z", True)
    # A sign-in name that the host gave stays when the address changes.
    bring("external_id,email\nE9,zoe.roy@verdane.example")
    theirs.refresh_from_db()
    assert (theirs.username, theirs.email) == ("zoe", "zoe.roy@verdane.example")


def test_a_file_is_applied_once_and_its_content_is_not_kept(catalogue, bring):
    from lms.enums import Source
    from lms.people.actions import apply_directory

    done = bring(COMPANY)
    assert DirectoryImport.objects.get().content is None
    with pytest.raises(ProblemsFound) as refused:
        apply_directory(directory_import=done, actor=None, source=Source.ADMIN, now=NOW)
    assert [problem.code for problem in refused.value.problems] == ["applied_before"]
    assert DirectoryImport.objects.get().applied_at == NOW


def test_a_later_upload_empties_the_earlier_one(catalogue, preview):
    first = preview(COMPANY)
    preview(COMPANY)
    first.refresh_from_db()
    assert first.content is None


def test_problems_at_the_moment_of_applying_leave_everything_as_it_was(catalogue, bring, preview, make_learner):
    from lms.enums import Source
    from lms.people.actions import apply_directory

    checked = preview(COMPANY)
    assert checked.problems == []
    make_learner("Ada", email="ada@verdane.example", external_id="X7")
    with pytest.raises(ProblemsFound) as refused:
        apply_directory(directory_import=checked, actor=None, source=Source.ADMIN, now=NOW)
    assert [problem.code for problem in refused.value.problems] == ["email_taken"]
    checked.refresh_from_db()
    assert (checked.failed_at, checked.applied_at, [each["code"] for each in checked.problems]) == (NOW, None, ["email_taken"])
    assert Learner.objects.count() == 1


def test_progress_is_told(catalogue, bring):
    told: list[tuple[int, int]] = []
    people = "\n".join(f"P{n},p{n}@verdane.example" for n in range(1200))
    bring("external_id,email\n" + people, progress=lambda done, total: told.append((done, total)))
    assert told == [(500, 1200), (1000, 1200), (1200, 1200)]


def test_the_number_of_statements_does_not_grow(catalogue, bring, connection_log):
    def company(size: int, offset: int) -> str:
        header = "external_id,email,first_name,department,manager,domain,site,hired_on,Floor\n"
        return header + "\n".join(
            f"P{n},p{n}@verdane.example,Pat,Unit/Team {n % 7},{f'P{(n - offset) // 9 + offset}' if n > offset else ''},hr,Lyon,2020-01-01,{n % 3}"
            for n in range(offset, offset + size)
        )

    def cost(text: str) -> int:
        with connection_log() as log:
            bring(text)
        # PostgreSQL's planner is told beside them that a table has grown, once.
        return len([query for query in log if not query["sql"].startswith("ANALYZE")])

    bring(company(10, 0))
    assert cost(company(300, 1000)) == cost(company(1200, 10_000))
    moved = [
        company(size, offset).replace("Team", "Group").replace("Pat", "Sam") for size, offset in ((300, 1000), (1200, 10_000))
    ]
    bring(company(10, 0).replace("Team", "Group"))
    assert cost(moved[0]) == cost(moved[1])


def test_the_demo_company(catalogue, bring):
    from courses.models import Domain

    for slug in ("sales", "legal"):
        Domain.objects.create(slug=slug, name={"en": slug, "fr": slug})
    done = bring(Path("config/demo/directory.csv").read_bytes())
    assert (done.summary["new"], done.problems, done.summary["warnings"]) == (60, [], [])
