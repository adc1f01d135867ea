"""Cohorts: made, filled by name, paste and file, emptied again; each time said first, then done."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from courses.problems import ProblemsFound
from lms.admin.people_lists import MOST_LINES, read_file, read_pasted, whom
from lms.models import AuditEntry, Cohort, CohortMembership, Enrolment
from tests.conftest import NOW
from tests.lms.admin.conftest import messages_of

pytestmark = pytest.mark.django_db


def page(name: str, cohort: Cohort) -> str:
    return reverse(f"admin:lms_cohort_{name}", args=[cohort.pk])


def members(cohort: Cohort) -> set[str]:
    return set(CohortMembership.objects.current().filter(cohort=cohort).values_list("learner__first_name", flat=True))


def test_a_new_cohort_leads_to_its_people(hr, cast):
    answer = hr.post(reverse("admin:lms_cohort_add"), {"name": "Autumn", "description": ""})
    cohort = Cohort.objects.get(name="Autumn")
    assert answer.url == page("add_people", cohort)
    assert cohort.created_at == NOW
    entry = AuditEntry.objects.get(verb="add_cohort")
    assert (entry.actor, entry.after["name"], entry.source) == (cast.hana.user, "Autumn", "admin")


def test_the_same_name_twice_is_said_in_words(hr, cast):
    answer = hr.post(reverse("admin:lms_cohort_add"), {"name": "Spring", "description": ""})
    assert "There is already a cohort with this name." in answer.content.decode()


def test_renaming_is_in_its_history(hr, cast):
    hr.post(page("change", cast.cohort), {"name": "Spring 2026", "description": ""})
    history = hr.get(page("history", cast.cohort)).content.decode()
    assert "<del>Spring</del>" in history
    assert "<ins>Spring 2026</ins>" in history
    assert "changed the cohort" in history


def test_people_are_shown_before_they_are_added(hr, assigned):
    pasted = f"{assigned.otto.email}\nSomebody New <new@verdane.example>, {assigned.ada.external_id}"
    preview = hr.post(page("add_people", assigned.cohort), {"pasted": pasted, "picked": [assigned.chloe.pk]})
    assert preview.status_code == 200
    people = preview.context["people"]
    assert people.found == [assigned.chloe.pk, assigned.otto.pk, assigned.ada.pk]
    assert (people.invited, preview.context["already"]) == (["new@verdane.example"], 1)
    assert members(assigned.cohort) == {"Ada", "Ben"}
    confirmed = {"pasted": preview.context["entries"], "picked": [one.pk for one in preview.context["picked"]], "confirmed": "1"}
    done = hr.post(page("add_people", assigned.cohort), confirmed, follow=True)
    assert messages_of(done) == ["2 people joined. 1 address is invited. 1 was in the cohort already."]
    assert members(assigned.cohort) == {"Ada", "Ben", "Chloé", "Otto"}
    assert set(Enrolment.objects.values_list("learner__first_name", flat=True)) == {"Ada", "Ben", "Chloé", "Otto"}


def test_confirming_twice_adds_nobody_twice(hr, cast):
    data = {"pasted": cast.otto.email, "confirmed": "1"}
    hr.post(page("add_people", cast.cohort), data, follow=True)
    again = hr.post(page("add_people", cast.cohort), data, follow=True)
    assert messages_of(again) == ["0 people joined. 1 was in the cohort already."]
    assert CohortMembership.objects.filter(cohort=cast.cohort).count() == 3


def test_a_line_that_means_nobody_blocks_the_list(hr, cast):
    shown = hr.post(page("add_people", cast.cohort), {"pasted": f"{cast.otto.email}\nE99999\nnot@an@address", "confirmed": "1"})
    assert [(problem.code, problem.where) for problem in shown.context["people"].problems] == [
        ("id_unknown", "line 2"),
        ("email_invalid", "line 3"),
    ]
    assert "Add them" not in shown.content.decode()
    assert members(cast.cohort) == {"Ada", "Ben"}


def test_a_list_is_uploaded(hr, cast):
    listed = SimpleUploadedFile("list.csv", f"Nom;Courriel\nTest;{cast.otto.email}\n;\n".encode())
    shown = hr.post(page("add_people", cast.cohort), {"file": listed})
    assert shown.context["people"].found == [cast.otto.pk]
    assert shown.context["entries"] == cast.otto.email


@pytest.mark.parametrize("content", [b"PK\x03\x04 no", b"\x89PNG\x00\x01\x02", b""])
def test_a_file_that_is_no_list_is_said_beside_the_field(hr, cast, content):
    shown = hr.post(page("add_people", cast.cohort), {"file": SimpleUploadedFile("x.xlsx", content)})
    assert shown.status_code == 422
    assert shown.context["form"].errors


def test_somebody_who_has_left_is_not_added(hr, cast):
    cast.otto.left_on = NOW.date()
    cast.otto.save(update_fields=["left_on"])
    shown = hr.post(page("add_people", cast.cohort), {"pasted": cast.otto.email})
    assert (shown.context["people"].left, shown.context["people"].found) == ([cast.otto.email], [])


def test_taking_out_says_what_ends_and_asks(hr, assigned):
    url = f"{page('remove_people', assigned.cohort)}?learner={assigned.ada.pk}"
    shown = hr.get(url)
    assert shown.context["archived"] == 1
    assert members(assigned.cohort) == {"Ada", "Ben"}
    done = hr.post(url, {"reason": "another team"}, follow=True)
    assert messages_of(done) == ["1 person left the cohort."]
    assert members(assigned.cohort) == {"Ben"}
    assert Enrolment.objects.get(learner=assigned.ada).archived_at == NOW
    assert AuditEntry.objects.get(verb="remove_members").reason == "another team"


def test_an_archived_cohort_takes_nobody_and_comes_back(hr, cast):
    hr.post(page("archive", cast.cohort))
    cast.cohort.refresh_from_db()
    assert cast.cohort.archived_at == NOW
    refused = hr.post(page("add_people", cast.cohort), {"pasted": cast.otto.email, "confirmed": "1"}, follow=True)
    assert messages_of(refused)[-1] == "cohort: This cohort is archived. Choose another one."
    assert members(cast.cohort) == {"Ada", "Ben"}
    hr.post(page("archive", cast.cohort))
    cast.cohort.refresh_from_db()
    assert cast.cohort.archived_at is None


def test_the_page_counts_people_by_state(hr, assigned):
    Enrolment.objects.filter(learner=assigned.ada).update(completed_at=NOW)
    shown = hr.get(page("change", assigned.cohort))
    [row] = shown.context["assignments"]
    assert [(count, state) for count, _look, state in row["states"]] == [
        (0, "late"),
        (1, "not_started"),
        (0, "on_the_way"),
        (1, "done"),
    ]


def test_pasted_lists_are_understood():
    text = '"Ada Martin" <Ada@Verdane.example>; E1\n\n  E2\tbob@verdane.example,\n'
    assert read_pasted(text) == [(1, "Ada@Verdane.example"), (1, "E1"), (3, "E2"), (3, "bob@verdane.example")]


def test_a_list_without_headings_is_read_from_its_first_line():
    assert read_file(SimpleUploadedFile("x.csv", b"E1\nE2\n")) == [(1, "E1"), (2, "E2")]


def test_a_list_has_a_limit():
    with pytest.raises(ProblemsFound):
        read_pasted("\n".join(f"E{n}" for n in range(MOST_LINES + 1)))


def test_looking_people_up_costs_batches_only(cast, django_assert_num_queries):
    entries = [(n, f"E{n}") for n in range(300)] + [(n, f"p{n}@verdane.example") for n in range(300)]
    with django_assert_num_queries(2):
        whom(entries, now=NOW)
