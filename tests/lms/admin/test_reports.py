"""Who gets a report, a sample at once, pause and resume."""

import pytest
from django.urls import reverse

from lms.models import (
    AuditEntry,
    Report,
    ReportSubscription,
)
from tests.conftest import NOW
from tests.lms.admin.conftest import messages_of

pytestmark = pytest.mark.django_db

ADD = "/admin/lms/reportsubscription/add/"


def order(recipient, **changes: object) -> dict[str, object]:
    return {
        "recipient": recipient.pk,
        "about": "team",
        "cohort": "",
        "cadence": "monthly",
        "hour": "8",
        "language": "",
        **changes,
    }


def test_somebody_is_subscribed_once(hr, cast):
    done = hr.post(ADD, order(cast.mira), follow=True)
    assert messages_of(done) == ["Mira Test gets this report from the next period on."]
    row = ReportSubscription.objects.get()
    assert (row.recipient, row.cohort, row.cadence) == (cast.mira, None, "monthly")
    again = hr.post(ADD, order(cast.mira))
    assert again.status_code == 422
    assert list(again.context["form"].errors) == ["recipient"]
    assert ReportSubscription.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"about": "cohort"}, "cohort"),
        ({"hour": "24"}, "hour"),
        ({"cadence": "daily"}, "cadence"),
        ({"language": "xx"}, "language"),
        ({"recipient": "x"}, "recipient"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(hr, cast, changes, field):
    answer = hr.post(ADD, {**order(cast.mira), **changes})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_a_cohort_is_kept_only_when_it_is_about_one(hr, cast):
    hr.post(ADD, order(cast.mira, cohort=cast.cohort.pk))
    hr.post(ADD, order(cast.mira, about="cohort", cohort=cast.cohort.pk))
    assert [row.cohort for row in ReportSubscription.objects.order_by("pk")] == [None, cast.cohort]


def test_pause_resume_rhythm_and_sample(hr, cast):
    hr.post(ADD, order(cast.mira))
    row = ReportSubscription.objects.get()
    page = lambda name: reverse(f"admin:lms_reportsubscription_{name}", args=[row.pk])  # noqa: E731
    hr.post(page("pause"))
    row.refresh_from_db()
    assert row.paused_at == NOW
    hr.post(page("resume"))
    hr.post(page("change"), {"cadence": "weekly", "hour": "9", "language": "fr"})
    row.refresh_from_db()
    assert (row.paused_at, row.cadence, row.hour, row.language) == (None, "weekly", 9, "fr")
    shown = hr.post(page("sample"), follow=True)
    report = Report.objects.get()
    assert (report.sample, report.recipient) == (True, cast.hana)
    assert shown.redirect_chain[-1][0] == reverse("admin:lms_report_change", args=[report.pk])
    assert 'lang="fr"' in shown.content.decode()
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "subscribe", "pause_subscription", "resume_subscription", "change_subscription", "send_sample",
    ]  # fmt: skip
