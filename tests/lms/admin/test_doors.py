"""Who may open which page, with which method, and what a wrong address gives."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from lms.enums import Source
from lms.models import AuditEntry, DirectoryImport, Report
from lms.reports.actions import send_sample, subscribe
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

LISTS = [
    "assignment", "auditentry", "champion", "cohort", "department", "directoryimport", "enrolment", "learner", "leave", "message", "nudge",
    "report", "reportsubscription", "site",
]  # fmt: skip
#: Page, methods that it answers, and the one right without which it is closed.
PAGES = {
    "lms_assignment_assign": ("GET", "assign_tracks"),
    "lms_assignment_terms": ("GET", "assign_tracks"),
    "lms_assignment_withdraw": ("GET", "assign_tracks"),
    "lms_auditentry_export": ("GET", "view_auditentry"),
    "lms_champion_add": ("GET", "add_champion"),
    "lms_champion_change": ("GET", "change_champion"),
    "lms_champion_desk": ("GET", "lead_champions"),
    "lms_champion_end": ("GET", "change_champion"),
    "lms_cohort_add_people": ("GET", "change_cohort"),
    "lms_cohort_archive": ("GET", "change_cohort"),
    "lms_cohort_people": ("GET", "view_cohort"),
    "lms_cohort_remove_people": ("GET", "change_cohort"),
    "lms_directoryimport_add": ("GET", "import_directory"),
    "lms_directoryimport_apply": ("POST", "import_directory"),
    "lms_directoryimport_check": ("POST", "import_directory"),
    "lms_directoryimport_progress": ("GET", "view_directoryimport"),
    "lms_enrolment_export": ("GET", "view_enrolment"),
    "lms_learner_back": ("GET", "change_learner"),
    "lms_learner_find": ("GET", "view_learner"),
    "lms_learner_join": ("GET", "change_cohort"),
    "lms_learner_leave": ("GET", "change_learner"),
    "lms_learner_send_link": ("POST", "change_learner"),
    "lms_reportsubscription_add": ("GET", "add_reportsubscription"),
    "lms_reportsubscription_pause": ("POST", "change_reportsubscription"),
    "lms_reportsubscription_resume": ("POST", "change_reportsubscription"),
    "lms_reportsubscription_sample": ("POST", "change_reportsubscription"),
    "lms_site_holidays": ("POST", "add_nonworkingday"),
}


@pytest.fixture
def rows(assigned):
    """One row of everything; the pages' keys by model."""
    who = {"actor": assigned.hana.user, "now": NOW}
    subscription = subscribe(
        recipient=assigned.mira, cohort=None, cadence="monthly", hour=8, language="", source=Source.ADMIN, **who
    )
    report = send_sample(subscription=subscription, **who)
    file = DirectoryImport.objects.create(file_name="a.csv", content=b"", uploaded_at=NOW, previewed_at=NOW)
    return {
        "assignment": assigned.assignment.pk, "champion": assigned.champion.pk, "cohort": assigned.cohort.pk, "directoryimport": file.pk,
        "learner": assigned.ada.pk, "reportsubscription": subscription.pk, "report": report.pk,
    }  # fmt: skip


def address(name: str, rows: dict[str, int]) -> str:
    model = name.split("_")[1]
    try:
        return reverse(f"admin:{name}")
    except NoReverseMatch:
        return reverse(f"admin:{name}", args=[rows[model]])


def test_hr_opens_every_list_and_one_row_of_it(hr, rows):
    opened = set()
    for model in LISTS:
        assert hr.get(reverse(f"admin:lms_{model}_changelist")).status_code == 200, model
        if first := apps.get_model("lms", model).objects.first():
            assert hr.get(reverse(f"admin:lms_{model}_change", args=[first.pk])).status_code == 200, model
            assert hr.get(reverse(f"admin:lms_{model}_history", args=[first.pk])).status_code == 200, model
            opened.add(model)
    assert opened == set(LISTS) - {"leave", "message", "nudge"}


@pytest.mark.parametrize("model", ["attempt", "completion", "journalentry", "nudgeoptout", "helprequest", "contest"])
def test_what_belongs_to_learners_is_not_in_the_administration(hr, cast, model):
    assert hr.get(f"/admin/lms/{model}/").status_code == 404


def test_hr_opens_every_page_of_ours(hr, rows):
    """A page answers, a button leads on."""
    found = {name: hr.generic(method, address(name, rows)).status_code for name, (method, _right) in PAGES.items()}
    asking = {"lms_cohort_remove_people", "lms_learner_join", "lms_learner_leave"}  # nobody was ticked: back to the list
    assert found == {name: 302 if method == "POST" or name in asking else 200 for name, (method, _right) in PAGES.items()}


def test_without_its_right_a_page_is_refused(staff, rows, assigned):
    every = {codename for _method, codename in PAGES.values()} | {"view_learner", "view_cohort", "change_champion"}
    found = {
        name: staff(assigned.dana, *(every - {right})).generic(method, address(name, rows)).status_code
        for name, (method, right) in PAGES.items()
    }
    assert found == dict.fromkeys(PAGES, 403)


def test_a_stranger_and_an_employee_are_sent_to_sign_in(cast, rows):
    employee = Client()
    employee.force_login(cast.ada.user, backend="django.contrib.auth.backends.ModelBackend")
    for client in (Client(), employee):
        answers = {name: client.generic(method, address(name, rows)) for name, (method, _right) in PAGES.items()}
        found = {name: (answer.status_code, answer["Location"].partition("?")[0]) for name, answer in answers.items()}
        assert found == dict.fromkeys(PAGES, (302, "/admin/login/"))


def test_other_methods_are_refused(hr, rows):
    found = {
        name: {
            hr.generic(wrong, address(name, rows)).status_code
            for wrong in ("PUT", "DELETE", *(("GET",) if method == "POST" else ()))
        }
        for name, (method, _right) in PAGES.items()
    }
    assert found == {name: {405} for name in PAGES}


def test_a_post_without_its_key_is_refused(cast, rows):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.hana.user, backend="django.contrib.auth.backends.ModelBackend")
    assert {client.post(address(name, rows)).status_code for name in PAGES} == {403}


def test_a_wrong_number_is_not_found(hr, cast):
    pages = ("people", "add_people", "remove_people", "archive")
    found = {hr.get(reverse(f"admin:lms_cohort_{page}", args=[pk])).status_code for page in pages for pk in (999_999, 10**30)}
    assert found == {404}


QUERIES = (
    "?q=%00", "?q=" + "x" * 3000, "?p=99999", "?state=nonsense", "?department=abc", "?cohort=9" + "9" * 40, "?o=9.9", "?e=1", "?here=x&why=y&verb=z",
)  # fmt: skip


def test_no_query_breaks_a_list(hr, rows):
    found = {
        (model, query): hr.get(reverse(f"admin:lms_{model}_changelist") + query).status_code
        for model in LISTS
        for query in QUERIES
    }
    assert {where: code for where, code in found.items() if code not in (200, 302)} == {}


def test_a_row_that_is_not_there_leads_back(hr, cast):
    wrong = ("999999", "abc", "9" * 40)
    assert {hr.get(f"/admin/lms/{model}/{pk}/change/").status_code for model in LISTS for pk in wrong} == {302}


def test_not_even_a_superuser_deletes_or_rewrites(assigned, cast):
    admin = Client()
    admin.force_login(
        get_user_model().objects.create_superuser("root", "root@verdane.example", "x"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    entry = AuditEntry.objects.first()
    for model, pk in (
        ("learner", cast.ada.pk),
        ("cohort", cast.cohort.pk),
        ("assignment", assigned.assignment.pk),
        ("auditentry", entry.pk),
    ):
        assert admin.post(f"/admin/lms/{model}/{pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin.post(f"/admin/lms/auditentry/{entry.pk}/change/", {"reason": "other"}).status_code == 403
    assert AuditEntry.objects.get(pk=entry.pk).reason == entry.reason


def test_a_report_is_shown_as_it_was_frozen(hr, rows):
    report = Report.objects.get(pk=rows["report"])
    page = hr.get(reverse("admin:lms_report_change", args=[report.pk])).content.decode()
    assert "sample" in page
    assert "Figures need a group of 5 people" in page


def test_a_technical_administrator_finds_accounts_and_groups(cast, make_learner):
    admin = Client()
    root = get_user_model().objects.create_superuser("root", "root@verdane.example", "x")
    admin.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    for address in (
        "/admin/",
        "/admin/auth/user/",
        f"/admin/auth/user/{root.pk}/change/",
        "/admin/auth/user/add/",
        "/admin/auth/group/",
    ):
        assert admin.get(address).status_code == 200
    assert "/admin/auth/user/" in admin.get("/admin/").content.decode()
