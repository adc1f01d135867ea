"""Runs inside the host project, against the installed wheel: another user model, another URL prefix, the plain admin."""

import datetime as dt
import io
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

import courses
import lms
from courses.models import Activity, Track
from lms import tasks
from lms.enrolment.actions import add_members, assign_tracks
from lms.enums import DueRule, Source
from lms.models import Cohort, Enrolment, Learner, Nudge

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
DIRECTORY = """external_id,email,first_name,last_name,department,manager,domain,language,time_zone
1,ada@hostco.example,Ada,Martin,Sales,2,marketing,fr,Europe/Paris
2,mira@hostco.example,Mira,Petit,Sales,,marketing,en,Europe/Paris
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(tmp_path):
    out = io.StringIO()
    call_command("publish_content", stdout=out)
    path = tmp_path / "directory.csv"
    path.write_text(DIRECTORY, encoding="utf-8")
    call_command("import_directory", str(path), stdout=out)
    cohort = Cohort.objects.create(name="First", created_at=NOW)
    add_members(cohort=cohort, learners=Learner.objects.all(), actor=None, source=Source.COMMAND, now=NOW)
    assign_tracks(
        cohort=cohort,
        tracks=Track.objects.current(),
        starts_on=NOW.date(),
        due_rule=DueRule.NONE,
        actor=None,
        source=Source.COMMAND,
        now=NOW,
    )
    return cohort


def test_the_apps_come_from_the_installed_wheel():
    for module in (courses, lms):
        assert "site-packages" in Path(module.__file__).parts


def test_the_import_uses_the_hosts_user_model(company):
    assert set(get_user_model().objects.values_list("email", flat=True)) == {"ada@hostco.example", "mira@hostco.example"}
    assert Learner.objects.get(external_id="1").manager == Learner.objects.get(external_id="2")


def test_pages_live_under_the_hosts_prefix(company, client):
    ada = Learner.objects.get(external_id="1")
    client.force_login(ada.user)
    assert reverse("lms:today") == "/apprendre/"
    page = client.get("/apprendre/")
    assert page.status_code == 200
    html = page.content.decode()
    assert "Ada" in html
    assert 'lang="fr"' in html
    lesson = (
        Activity.objects.current()
        .filter(kind="lesson")
        .order_by("module__track__position", "module__position", "position")
        .first()
    )
    assert client.get(reverse("lms:activity", args=[lesson.slug])).status_code == 200
    assert client.post(reverse("lms:lesson_done", args=[lesson.slug])).status_code == 302
    assert Enrolment.objects.get(learner=ada, track=lesson.module.track).started_at is not None


def test_a_stranger_is_sent_to_the_hosts_own_sign_in(client):
    answer = client.get("/apprendre/")
    assert answer.status_code == 302
    assert answer.url.startswith("/intranet/sign-in/")


def freeze(moment):
    """Tasks ask the clock themselves: a Wednesday morning in the sending window."""
    return time_machine.travel(moment, tick=False)


def test_tasks_plan_and_send_without_a_broker(company):
    with freeze(NOW):
        tasks.plan_nudges.delay()
        tasks.deliver_nudges.delay()
    assert Nudge.objects.filter(kind="welcome", sent_at__isnull=False).count() == 2
    assert {recipient for message in mail.outbox for recipient in message.to} == {"ada@hostco.example", "mira@hostco.example"}
    assert all("https://intranet.example/apprendre/" in message.body for message in mail.outbox)


def test_hr_uses_the_plain_admin_without_being_a_superuser(company, client):
    hana = get_user_model().objects.create_user("hana@hostco.example", is_staff=True)
    hana.groups.add(Group.objects.get(name="HR"))
    client.force_login(hana)
    for name in ("learner", "cohort", "assignment", "directoryimport", "reportsubscription", "nudge", "auditentry", "champion"):
        page = client.get(reverse(f"admin:lms_{name}_changelist"))
        assert page.status_code == 200, name
    assert "Ada" in client.get(reverse("admin:lms_learner_changelist")).content.decode()


def test_the_schema_of_the_api_is_served(company, client):
    ada = Learner.objects.get(external_id="1")
    client.force_login(ada.user)
    me = client.get("/apprendre/api/v1/me/")
    assert me.status_code == 200
    assert me.json()["email"] == "ada@hostco.example"
