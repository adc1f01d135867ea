"""Assign: choose, see what it will do, confirm once, see what it did; change the terms; take back."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from lms.models import Assignment, AuditEntry, Cohort, CohortInvitation, Enrolment
from tests.conftest import NOW
from tests.lms.admin.conftest import messages_of

pytestmark = pytest.mark.django_db

ASSIGN = "/admin/lms/assignment/assign/"


def question(cohorts, tracks, **terms) -> dict[str, object]:
    given = {"starts_on": "2026-03-09", "due_rule": "none", "due_on": "", "due_days": "", **terms}
    return {"cohorts": [one.pk for one in cohorts], "tracks": [one.pk for one in tracks], **given}


def ask(client, data):
    return client.get(f"{ASSIGN}?{urlencode(data, doseq=True)}")


def test_it_says_what_it_will_do_and_then_does_it_once(hr, cast, catalogue):
    CohortInvitation.objects.create(cohort=cast.cohort, email="new@verdane.example", invited_at=NOW)
    data = question([cast.cohort], catalogue.tracks, due_rule="date", due_on="2026-04-30")
    shown = ask(hr, data)
    preview = shown.context["preview"]
    assert (preview.people, preview.enrolled_new, preview.already, preview.invited) == (2, 4, 0, 1)
    assert preview.first_mail_on == dt.date(2026, 3, 9)
    assert not Assignment.objects.exists()
    done = hr.post(ASSIGN, data, follow=True)
    assert done.redirect_chain[0][0] == reverse("admin:lms_cohort_change", args=[cast.cohort.pk])
    assert messages_of(done)[0] == "“prompt-engineering” for “Spring”: newly enrolled 2, brought back 0, enrolled before 0."
    again = hr.post(ASSIGN, data, follow=True)
    assert messages_of(again)[0] == "“prompt-engineering” for “Spring”: newly enrolled 0, brought back 0, enrolled before 2."
    assert (Assignment.objects.count(), Enrolment.objects.count()) == (2, 4)
    assert AuditEntry.objects.filter(verb="assign_tracks", actor=cast.hana.user).count() == 2
    assert set(Enrolment.objects.values_list("due_on", flat=True)) == {dt.date(2026, 4, 30)}


def test_the_question_is_in_the_address_and_can_be_changed(hr, cast, catalogue):
    shown = ask(hr, question([cast.cohort], [catalogue.track]))
    back = hr.get(ASSIGN + shown.context["back"])
    form = back.context["form"]
    assert [int(key) for key in form["cohorts"].value()] == [cast.cohort.pk]
    assert form["starts_on"].value() == "2026-03-09"


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"due_rule": "date"}, "due_on"),
        ({"due_rule": "date", "due_on": "2026-03-01"}, "due_on"),
        ({"due_rule": "after_start"}, "due_days"),
        ({"due_rule": "after_start", "due_days": "-4"}, "due_days"),
        ({"due_rule": "nonsense"}, "due_rule"),
        ({"starts_on": "yesterday"}, "starts_on"),
        ({"cohorts": "999999"}, "cohorts"),
        ({"cohorts": "abc"}, "cohorts"),
        ({"cohorts": "9" * 40}, "cohorts"),
        ({"tracks": "9" * 40}, "tracks"),
        ({"tracks": "x"}, "tracks"),
        ({"tracks": ""}, "tracks"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_wrong_stands_beside_its_field(hr, cast, catalogue, terms, field, method):
    data = {**question([cast.cohort], [catalogue.track]), **terms}
    answer = ask(hr, data) if method == "get" else hr.post(ASSIGN, data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Assignment.objects.exists()


def test_other_terms_for_what_is_assigned_are_refused_before_and_after(hr, assigned, catalogue):
    other = Cohort.objects.create(name="Autumn", created_at=NOW)
    data = question([other, assigned.cohort], [catalogue.track])
    shown = ask(hr, data)
    assert [problem.code for problem in shown.context["problems"]] == ["assigned_differently"]
    assert 'type="submit">Assign<' not in shown.content.decode()
    refused = hr.post(ASSIGN, data)
    assert refused.status_code == 422
    assert Assignment.objects.filter(cohort=other).count() == 0


def test_terms_are_changed_with_a_reason(hr, assigned):
    url = reverse("admin:lms_assignment_terms", args=[assigned.assignment.pk])
    data = {"starts_on": "2026-03-04", "due_rule": "after_start", "due_days": "30", "due_on": "", "reason": "more time"}
    hr.post(url, data)
    assigned.assignment.refresh_from_db()
    assert assigned.assignment.due_days == 30
    assert set(Enrolment.objects.values_list("due_on", flat=True)) == {dt.date(2026, 4, 3)}
    assert AuditEntry.objects.get(verb="change_assignment").reason == "more time"


def test_withdrawing_says_who_loses_what_and_wants_a_reason(hr, assigned):
    url = reverse("admin:lms_assignment_withdraw", args=[assigned.assignment.pk])
    shown = hr.get(url)
    assert (shown.context["people"], shown.context["archived"]) == (2, 2)
    assert hr.post(url, {"reason": " "}).status_code == 422
    done = hr.post(url, {"reason": "wrong track"}, follow=True)
    assert messages_of(done) == ["Withdrawn: 2 people were enrolled because of it."]
    assert Enrolment.objects.live().count() == 0
    hr.post(url, {"reason": "wrong track"})
    assert AuditEntry.objects.filter(verb="withdraw_assignment").count() == 1


def test_there_is_one_way_to_assign(hr, cast):
    assert hr.get(reverse("admin:lms_assignment_add")).url == ASSIGN
