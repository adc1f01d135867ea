"""A directory file in the administration: checked first, applied once, watched while it runs."""

import io

import pytest
import xlsxwriter
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lms import tasks
from lms.admin.directory_imports import state_of
from lms.models import AuditEntry, CohortInvitation, CohortMembership, DirectoryImport, Learner
from tests.conftest import NOW
from tests.lms.admin.conftest import messages_of

pytestmark = pytest.mark.django_db

ADD = "/admin/lms/directoryimport/add/"
HEADINGS = "external_id;email;first_name;last_name;department;manager\n"
GOOD = HEADINGS + "N1;zoe@verdane.example;Zoé;Neuf;Sales/New;N2\nN2;yan@verdane.example;Yan;Neuf;Sales;\n"


def file(text: str | bytes, name: str = "directory.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def upload(client, text: str | bytes, name: str = "directory.csv", **extra):
    return client.post(ADD, {"file": file(text, name), **extra}, follow=True)


def sheet(rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


def test_a_file_is_checked_then_applied_then_told(hr, cast):
    CohortInvitation.objects.create(cohort=cast.cohort, email="zoe@verdane.example", invited_at=NOW)
    page = upload(hr, GOOD)
    kept = DirectoryImport.objects.get()
    assert page.redirect_chain == [(f"/admin/lms/directoryimport/{kept.pk}/change/", 302)]
    assert [(str(label), count) for label, count in page.context["figures"]] == [
        ("New", 2), ("Changed", 0), ("of whom move", 0), ("of whom come back", 0), ("Leaving", 0), ("Unchanged", 0),
    ]  # fmt: skip
    assert not Learner.objects.filter(external_id="N1").exists()
    done = hr.post(reverse("admin:lms_directoryimport_apply", args=[kept.pk]), follow=True)
    assert messages_of(done) == ["Done: the directory is up to date with “directory.csv”."]
    assert done.context["state"] == "applied"
    zoe = Learner.objects.get(external_id="N1")
    assert (zoe.manager.external_id, zoe.department.path) == ("N2", "Sales/New")
    assert CohortMembership.objects.filter(cohort=cast.cohort, learner=zoe, until=None).exists()
    assert AuditEntry.objects.filter(verb="apply_directory", actor=cast.hana.user, source="admin").count() == 1


def test_some_of_the_changes_are_shown_in_words(hr, cast):
    page = upload(hr, HEADINGS + f"{cast.ada.external_id};{cast.ada.email};Ada;Lovelace;Sales/North;{cast.omar.external_id}\n")
    [shown] = page.context["row"].summary["examples"]["changed"]
    assert shown["who"] == cast.ada.email
    assert sorted(map(tuple, shown["what"])) == [
        ("department", "Sales", "Sales/North"), ("last name", "Test", "Lovelace"), ("manager", cast.mira.email, cast.omar.email),
    ]  # fmt: skip
    assert "<ins>Sales/North</ins>" in page.content.decode()


def test_a_second_click_applies_nothing_twice(hr, cast):
    upload(hr, GOOD)
    url = reverse("admin:lms_directoryimport_apply", args=[DirectoryImport.objects.get().pk])
    hr.post(url, follow=True)
    people = Learner.objects.count()
    assert messages_of(hr.post(url, follow=True)) == ["This file was applied already."]
    assert Learner.objects.count() == people
    assert AuditEntry.objects.filter(verb="apply_directory").count() == 1


def test_mistakes_have_their_line_and_block_the_file(hr, cast):
    page = upload(hr, HEADINGS + "N1;not-an-address;Zoé;Neuf;;\nN1;yan@verdane.example;Yan;Neuf;;NOBODY\n")
    kept = DirectoryImport.objects.get()
    assert page.context["state"] == "broken"
    assert {problem["where"].split(",")[0] for problem in page.context["problems"]} >= {"line 2", "line 3"}
    assert "Upload the corrected file" in page.content.decode()
    refused = hr.post(reverse("admin:lms_directoryimport_apply", args=[kept.pk]), follow=True)
    assert messages_of(refused) == ["This file cannot be applied any more."]
    assert not Learner.objects.filter(external_id="N1").exists()


def test_many_leavers_are_confirmed_first(hr, cast):
    staying = cast.hana
    page = upload(hr, HEADINGS + f"{staying.external_id};{staying.email};Hana;Test;HR;\n", full="on")
    kept = DirectoryImport.objects.get()
    assert "7 of 8 people would be marked as left" in page.content.decode()
    url = reverse("admin:lms_directoryimport_apply", args=[kept.pk])
    assert messages_of(hr.post(url, follow=True)) == [
        "Tick that the file really is complete: many people would be marked as left."
    ]
    assert Learner.objects.active(NOW.date()).count() == 8
    hr.post(url, {"confirm_leavers": "on"})
    assert list(Learner.objects.active(NOW.date())) == [staying]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"PK\x03\x04 broken", "broken.xlsx"),
        (b"PK\x03\x04" + b"\x00" * 300, "zeros.xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old.xls"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 50, "picture.csv"),
        (b'external_id;email\n"N1;a@b.example\n', "quote.csv"),
        (b"a;b;c\n1;2;3\n", "unknown.csv"),
        (b"external_id;external_id;email\n1;2;a@b.example\n", "twice.csv"),
        (sheet([["external_id", "email"], [1.5, True], [None, "x"]]), "odd.xlsx"),
    ],
)
def test_no_file_breaks_the_page(hr, cast, content, name):
    people = Learner.objects.count()
    page = hr.post(ADD, {"file": file(content, name)}, follow=True)
    assert page.status_code in (200, 422)
    said = page.context.get("problems") or page.context["form"].errors
    assert said
    assert Learner.objects.count() == people


def test_a_file_that_is_too_large_is_refused_without_being_kept(hr, cast, settings):
    settings.LMS = {**settings.LMS, "IMPORT_MAX_MEGABYTES": 0}
    page = hr.post(ADD, {"file": file(GOOD)})
    assert page.status_code == 422
    assert "more than 0 MB" in str(page.context["form"].errors)
    assert DirectoryImport.objects.count() == 0


def test_without_a_file_the_form_says_so(hr, cast):
    page = hr.post(ADD, {})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["file"]


def test_a_workbook_is_read_as_well(hr, cast):
    page = upload(hr, sheet([["Matricule", "Courriel", "Prénom"], ["N9", "noe@verdane.example", "Noé"]]), "annuaire.xlsx")
    assert page.context["state"] == "ready"
    assert page.context["row"].summary["new"] == 1


def test_progress_is_what_the_run_says(hr, cast):
    upload(hr, GOOD)
    kept = DirectoryImport.objects.get()
    DirectoryImport.objects.update(started_at=NOW)
    cache.set(tasks.progress_key(kept.pk), (500, 2000))
    shown = hr.get(reverse("admin:lms_directoryimport_progress", args=[kept.pk])).content.decode()
    assert 'max="2000" value="500"' in shown
    assert "500 of 2000 people" in shown
    cache.delete(tasks.progress_key(kept.pk))


def test_a_worker_that_takes_it_applies_it_in_hrs_name(hr, cast):
    """A real broker and a worker of its own are for the journeys: here Celery runs the task in place."""
    upload(hr, GOOD)
    conf = tasks.apply_directory_import.app.conf
    conf.update(task_always_eager=True)
    try:
        page = hr.post(reverse("admin:lms_directoryimport_apply", args=[DirectoryImport.objects.get().pk]), follow=True)
    finally:
        conf.update(task_always_eager=False)
    assert page.context["state"] == "applied"
    assert AuditEntry.objects.get(verb="apply_directory").actor == cast.hana.user


@pytest.mark.parametrize(
    ("moments", "queued", "state"),
    [
        ({}, False, "unchecked"),
        ({"previewed_at": NOW}, False, "ready"),
        ({"previewed_at": NOW}, True, "running"),
        ({"previewed_at": NOW, "problems": [{}]}, False, "broken"),
        ({"previewed_at": NOW, "started_at": NOW}, False, "running"),
        ({"previewed_at": NOW, "started_at": NOW.replace(hour=1)}, False, "interrupted"),
        ({"previewed_at": NOW, "started_at": NOW, "failed_at": NOW}, False, "failed"),
        ({"previewed_at": NOW, "started_at": NOW, "applied_at": NOW}, False, "applied"),
        ({"previewed_at": NOW, "has_content": False}, False, "gone"),
    ],
)
def test_where_a_file_stands(moments, queued, state):
    row = DirectoryImport(file_name="a.csv", uploaded_at=NOW)
    row.has_content = moments.pop("has_content", True)
    for name, value in moments.items():
        setattr(row, name, value)
    assert state_of(row, NOW, queued=queued) == state


def test_a_file_that_failed_can_be_checked_again(hr, cast):
    upload(hr, GOOD)
    kept = DirectoryImport.objects.get()
    DirectoryImport.objects.update(started_at=NOW, failed_at=NOW)
    page = hr.post(reverse("admin:lms_directoryimport_check", args=[kept.pk]), follow=True)
    assert page.context["state"] == "ready"
