"""HR's API: permission by permission, scope by scope, and cells that no spreadsheet runs."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from lms.api.hr_views import safe_cell
from lms.enrolment.actions import add_members, assign_tracks
from lms.enums import DueRule, Source
from lms.models import AuditEntry, CohortMembership
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def assigned(cast, catalogue):
    assign_tracks(
        cohort=cast.cohort,
        tracks=[catalogue.track],
        starts_on=NOW.date(),
        due_rule=DueRule.NONE,
        actor=None,
        source=Source.JOB,
        now=NOW,
    )
    return cast


def client_of(learner) -> APIClient:
    client = APIClient()
    client.force_authenticate(type(learner.user).objects.get(pk=learner.user.pk))
    return client


@pytest.mark.parametrize("name", ["ada", "mira", "chloe", "otto", "dana"])
@pytest.mark.parametrize("url", ["lms:api:cohort-list", "lms:api:enrolment-list", "lms:api:enrolment-csv"])
def test_only_hr_reads_cohorts_and_enrolments(assigned, name, url):
    assert client_of(getattr(assigned, name)).get(reverse(url)).status_code == 403


def test_hr_sees_cohorts_with_their_size(assigned):
    rows = client_of(assigned.hana).get(reverse("lms:api:cohort-list")).json()["results"]
    assert [(row["name"], row["members"]) for row in rows] == [("Spring", 2)]


def test_hr_makes_a_cohort_and_it_is_in_the_audit_trail(assigned):
    answer = client_of(assigned.hana).post(reverse("lms:api:cohort-list"), {"name": "Autumn"}, format="json")
    assert answer.status_code == 201, answer.content
    entry = AuditEntry.objects.get(verb="create_cohort")
    assert (entry.actor, entry.source, entry.object_label) == (assigned.hana.user, Source.API, "Autumn")


def test_a_name_that_is_taken_is_refused_in_words(assigned):
    answer = client_of(assigned.hana).post(reverse("lms:api:cohort-list"), {"name": "Spring"}, format="json")
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["where"] == "name"


def test_people_are_added_once_and_taken_out(assigned):
    client = client_of(assigned.hana)
    url = reverse("lms:api:cohort-members", args=[assigned.cohort.pk])
    body = {"external_ids": [assigned.otto.external_id, assigned.ada.external_id]}
    assert client.post(url, body, format="json").json() == {"changed": 1}
    assert client.post(url, body, format="json").json() == {"changed": 0}
    assert {row["learner"] for row in client.get(url).json()["results"]} == {
        learner.external_id for learner in (assigned.ada, assigned.ben, assigned.otto)
    }
    out = reverse("lms:api:cohort-remove-members", args=[assigned.cohort.pk])
    assert client.post(out, {"external_ids": [assigned.otto.external_id]}, format="json").json() == {"changed": 1}
    assert not CohortMembership.objects.current().filter(learner=assigned.otto).exists()


def test_an_unknown_id_adds_nobody(assigned):
    url = reverse("lms:api:cohort-members", args=[assigned.cohort.pk])
    answer = client_of(assigned.hana).post(url, {"external_ids": ["nobody", assigned.otto.external_id]}, format="json")
    assert answer.status_code == 422
    assert "nobody" in answer.json()["detail"]
    assert assigned.cohort.memberships.current().count() == 2


def test_enrolments_are_filtered_by_cohort_track_and_state(assigned, catalogue):
    client = client_of(assigned.hana)
    everybody = {assigned.ada.external_id, assigned.ben.external_id}
    for query, expected in [
        ({}, everybody),
        ({"track": catalogue.track.slug}, everybody),
        ({"track": catalogue.other_track.slug}, set()),
        ({"state": "not_started"}, everybody),
        ({"state": "done"}, set()),
        ({"learner": assigned.ada.external_id}, {assigned.ada.external_id}),
        ({"cohort": assigned.cohort.pk}, everybody),
        ({"cohort": assigned.cohort.pk + 99}, set()),
    ]:
        rows = client.get(reverse("lms:api:enrolment-list"), query).json()["results"]
        assert {row["learner"] for row in rows} == expected, query


def test_the_number_of_queries_does_not_grow(assigned, make_learner, django_assert_num_queries):
    # Two for HR's rights, one for the page.
    client = client_of(assigned.hana)
    with django_assert_num_queries(3):
        client.get(reverse("lms:api:enrolment-list"))
    more = [make_learner(f"More{number}") for number in range(3)]
    add_members(cohort=assigned.cohort, learners=more, actor=None, source=Source.JOB, now=NOW)
    client = client_of(assigned.hana)
    with django_assert_num_queries(3):
        client.get(reverse("lms:api:enrolment-list"))


def test_the_csv_holds_the_same_rows_and_is_audited(assigned):
    answer = client_of(assigned.hana).get(reverse("lms:api:enrolment-csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[:4] == ["external_id", "email", "track", "state"]
    assert {line.split(",")[0] for line in lines[1:]} == {assigned.ada.external_id, assigned.ben.external_id}
    assert AuditEntry.objects.filter(verb="export_enrolments", actor=assigned.hana.user).count() == 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [("=1+1", "'=1+1"), ("+33", "'+33"), ("-5", "'-5"), ("@x", "'@x"), ("\tx", "'\tx"), ("plain", "plain"), (None, "")],
)
def test_no_cell_is_a_formula(value, shown):
    assert safe_cell(value) == shown


def test_the_schema_describes_every_address(assigned):
    answer = client_of(assigned.hana).get(reverse("lms:api:schema"), {"format": "json"})
    assert answer.status_code == 200
    prefix = reverse("lms:api:me").removesuffix("me/")
    paths = {path.removeprefix(prefix) for path in answer.json()["paths"]}
    assert {"me/", "me/tracks/", "cohorts/", "enrolments/", "attempts/{uuid}/submit/"} <= paths
