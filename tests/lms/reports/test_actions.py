"""Reports are built once per period, in time, frozen, and go to their readers alone."""

import datetime as dt
import re

import pytest
from django.core import mail

from courses.problems import ProblemsFound
from lms.enums import Source
from lms.mail.reasons import DropReason
from lms.models import AuditEntry, Learner, Leave, Report, ReportSubscription
from lms.reports.actions import (
    build_due_reports,
    change_subscription,
    deliver_all_reports,
    pause_subscription,
    resume_subscription,
    send_sample,
    subscribe,
)
from lms.reports.queries import own_reports, reports_visible_to

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
#: Wednesday 1 April 2026, 8:00 in Paris.
APRIL = dt.datetime(2026, 4, 1, 6, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def subscribed(cast):
    def subscribed(recipient, cohort=None, cadence="monthly", hour=8, language="", now=NOW):
        return subscribe(
            recipient=recipient, cohort=cohort, cadence=cadence, hour=hour, language=language,
            actor=cast.hana.user, source=Source.ADMIN, now=now,
        )  # fmt: skip

    return subscribed


def reports() -> list[tuple[str, str]]:
    return [(row.recipient.first_name, f"{row.period_start:%Y-%m-%d}") for row in Report.objects.select_related("recipient")]


def test_one_report_a_period_at_its_moment(cast, subscribed):
    row = subscribed(cast.mira)
    assert row.next_due_at == APRIL
    assert build_due_reports(now=APRIL - dt.timedelta(seconds=1)) == {}
    assert build_due_reports(now=APRIL) == {"built": 1}
    assert build_due_reports(now=APRIL) == {}
    assert reports() == [("Mira", "2026-03-01")]
    row.refresh_from_db()
    assert row.next_due_at == dt.datetime(2026, 5, 4, 6, 0, tzinfo=dt.UTC)  # 1 May is a holiday, then a weekend
    report = Report.objects.get()
    assert (report.period_end, report.built_at, report.language) == (dt.date(2026, 3, 31), APRIL, "en")


def test_a_due_moment_that_somehow_came_back_reports_no_period_twice(cast, subscribed):
    row = subscribed(cast.mira)
    build_due_reports(now=APRIL)
    ReportSubscription.objects.filter(pk=row.pk).update(next_due_at=APRIL)
    build_due_reports(now=APRIL + DAY)
    assert reports() == [("Mira", "2026-03-01")]


def test_a_machine_that_slept_for_months_catches_up_once(cast, subscribed):
    subscribed(cast.mira)
    july = dt.datetime(2026, 7, 15, 12, 0, tzinfo=dt.UTC)
    assert build_due_reports(now=july) == {"built": 1}
    assert build_due_reports(now=july + DAY) == {}
    assert reports() == [("Mira", "2026-06-01")]
    assert ReportSubscription.objects.get().next_due_at == dt.datetime(2026, 8, 3, 6, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("America/Montreal", dt.datetime(2026, 4, 1, 12, 0, tzinfo=dt.UTC)),
        ("Indian/Reunion", dt.datetime(2026, 4, 1, 4, 0, tzinfo=dt.UTC)),
        # Eight o'clock in Auckland is still March in Paris: it waits until the month is over there.
        ("Pacific/Auckland", dt.datetime(2026, 3, 31, 22, 0, tzinfo=dt.UTC)),
    ],
)
def test_the_hour_is_the_recipients_and_the_period_the_companys(zone, due, cast, subscribed):
    cast.mira.time_zone = zone
    cast.mira.save()
    assert subscribed(cast.mira).next_due_at == due
    build_due_reports(now=due)
    assert reports() == [("Mira", "2026-03-01")]


def test_who_is_away_gets_it_on_the_day_of_the_return(cast, subscribed):
    subscribed(cast.mira)
    Leave.objects.create(learner=cast.mira, starts_on=dt.date(2026, 3, 30), ends_on=dt.date(2026, 4, 3))  # then Easter
    assert build_due_reports(now=APRIL) == {"put_off": 1}
    assert ReportSubscription.objects.get().next_due_at == dt.datetime(2026, 4, 7, 6, 0, tzinfo=dt.UTC)
    assert build_due_reports(now=dt.datetime(2026, 4, 7, 6, 0, tzinfo=dt.UTC)) == {"built": 1}
    assert reports() == [("Mira", "2026-03-01")]


def test_dry_run_and_only(cast, subscribed):
    subscribed(cast.mira)
    subscribed(cast.omar)
    assert build_due_reports(now=APRIL, dry_run=True) == {"built": 2}
    assert reports() == []
    assert build_due_reports(now=APRIL, only=[cast.omar.email]) == {"built": 1}
    assert reports() == [("Omar", "2026-03-01")]


def test_a_report_that_cannot_be_built_stops_no_other_and_is_tried_again(cast, subscribed):
    subscribed(cast.mira, language="en")
    subscribed(cast.omar)
    ReportSubscription.objects.filter(recipient=cast.mira).update(cadence="never")
    assert build_due_reports(now=APRIL) == {"failed": 1, "built": 1}
    ReportSubscription.objects.filter(recipient=cast.mira).update(cadence="monthly")
    assert build_due_reports(now=APRIL) == {"built": 1}


def test_nothing_for_those_who_left_are_switched_off_or_paused(cast, subscribed):
    mira, omar, dana = subscribed(cast.mira), subscribed(cast.omar), subscribed(cast.dana)
    Learner.objects.filter(pk=cast.mira.pk).update(left_on=APRIL.date())
    omar.recipient.user.is_active = False
    omar.recipient.user.save()
    assert pause_subscription(subscription=dana, actor=cast.hana.user, source=Source.ADMIN, now=NOW) is True
    assert pause_subscription(subscription=dana, actor=cast.hana.user, source=Source.ADMIN, now=NOW) is False
    assert build_due_reports(now=APRIL) == {}
    # Resumed in June: from July on, and nothing of what was missed.
    june = dt.datetime(2026, 6, 10, 9, 0, tzinfo=dt.UTC)
    assert resume_subscription(subscription=dana, actor=cast.hana.user, source=Source.ADMIN, now=june) is True
    assert build_due_reports(now=june) == {}
    assert dana.next_due_at == dt.datetime(2026, 7, 1, 6, 0, tzinfo=dt.UTC)
    assert mira.pk
    assert list(AuditEntry.objects.filter(object_id=str(dana.pk)).order_by("at", "pk").values_list("verb", "actor")) == [
        ("subscribe", cast.hana.user.pk), ("pause_subscription", cast.hana.user.pk), ("resume_subscription", cast.hana.user.pk),
    ]  # fmt: skip


def test_the_mail_goes_to_the_reader_alone_and_once(cast, subscribed):
    subscribed(cast.mira)
    subscribed(cast.omar)
    build_due_reports(now=APRIL)
    assert deliver_all_reports(now=APRIL) == {"sent": 2}
    assert deliver_all_reports(now=APRIL + DAY) == {}
    assert sorted(message.to for message in mail.outbox) == [[cast.mira.email], [cast.omar.email]]


def test_what_was_built_for_somebody_who_has_left_or_paused_since_is_dropped(cast, subscribed):
    subscribed(cast.mira)
    dana = subscribed(cast.dana)
    build_due_reports(now=APRIL)
    Learner.objects.filter(pk=cast.mira.pk).update(left_on=APRIL.date())
    pause_subscription(subscription=dana, actor=None, source=Source.ADMIN, now=APRIL)
    deliver_all_reports(now=APRIL)
    assert dict(Report.objects.values_list("recipient__first_name", "drop_reason")) == {
        "Mira": DropReason.LEFT,
        "Dana": DropReason.PAUSED,
    }
    assert mail.outbox == []


def test_an_other_managers_report_says_nothing_about_this_team(cast, subscribed, team, assign, log_try):
    for learner in [cast.ada, cast.ben, *team(18)]:
        assign(learner, "done")
        log_try(learner)
    for learner in (cast.mira, cast.omar):
        subscribed(learner)
    build_due_reports(now=APRIL)
    assert deliver_all_reports(now=APRIL) == {"sent": 2}
    mira, omar = (Report.objects.get(recipient=each) for each in (cast.mira, cast.omar))
    assert (mira.figures["shown"]["people"], mira.figures["tracks"][0]["states"]) == (20, {"done": {"word": "nearly_all"}})
    assert (omar.figures["empty"], omar.figures["tracks"]) == ("too_small", [])
    (text,) = [message.body for message in mail.outbox if message.to == [cast.omar.email]]
    assert "No figures this time." in text
    assert "5 people" in text
    for word in ("nearly all", "prompt-engineering", "Ada", "Ben", "Sales"):
        assert word not in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_mail_says_the_essence_and_loads_nothing(language, cast, subscribed, team, assign, log_try, catalogue):
    for number, learner in enumerate([cast.ada, cast.ben, *team(18)]):
        assign(learner, "done" if number < 8 else "on_the_way")
        assign(learner, "not_started", catalogue.other_track)
        if number < 12:
            log_try(learner, days_ago=-20)
    subscribed(cast.mira, language=language)
    build_due_reports(now=APRIL)
    deliver_all_reports(now=APRIL)
    (message,) = mail.outbox
    report = Report.objects.get()
    html, text = message.alternatives[0].content, message.body
    links = set(re.findall(r"""(?:href|src|background)=["']([^"']+)""", html))
    assert links == {f"http://127.0.0.1:8000/reports/{report.pk}/", "http://127.0.0.1:8000/privacy/"}
    assert not re.search(r"<(img|script|link|iframe|form)\b|@import|url\(", html)
    assert f'lang="{language}"' in html
    assert message.extra_headers["Message-ID"] == report.message_id
    for part in (html, text):
        for words in ("60", "40", "20", "prompt-engineering" if language == "en" else "prompt-engineering (fr)"):
            assert words in part
        for name in ("Ada", "Ben", "@verdane"):
            assert name not in part
    assert "\n" not in message.subject
    assert "{" not in text + message.subject


def test_a_frozen_report_does_not_change(cast, subscribed, team, assign):
    people = [cast.ada, cast.ben, *team(18)]
    for learner in people:
        assign(learner, "on_the_way")
    subscribed(cast.mira)
    build_due_reports(now=APRIL)
    before = Report.objects.get().figures
    for enrolment in cast.ada.enrolments.model.objects.all():
        enrolment.completed_at = APRIL
        enrolment.save()
    Learner.objects.filter(first_name="T1").update(manager=cast.omar)
    assert Report.objects.get().figures == before


def test_a_sample_goes_to_whoever_asks_and_may_see_it(cast, subscribed, django_user_model):
    from django.contrib.auth.models import Permission

    row = subscribed(cast.mira)
    with pytest.raises(ProblemsFound):
        send_sample(subscription=row, actor=cast.omar.user, now=NOW)
    with pytest.raises(ProblemsFound):
        send_sample(subscription=row, actor=django_user_model.objects.create_superuser("root"), now=NOW)
    cast.hana.user.user_permissions.add(Permission.objects.get(codename="view_learner"))
    hana = django_user_model.objects.get(pk=cast.hana.user.pk)
    for _ in range(2):
        report = send_sample(subscription=row, actor=hana, now=NOW)
        assert (report.sample, report.recipient.pk, report.figures["scope"]["name"]) == (True, cast.hana.pk, "Sales")
    assert deliver_all_reports(now=NOW) == {"sent": 2}
    assert {message.to[0] for message in mail.outbox} == {cast.hana.email}
    assert "Sample" in mail.outbox[0].body
    row.refresh_from_db()
    assert row.next_due_at == APRIL
    assert build_due_reports(now=APRIL) == {"built": 1}
    assert AuditEntry.objects.filter(verb="send_sample", actor=hana).count() == 2


def test_reports_are_visible_to_their_reader_and_to_hr(cast, subscribed, django_user_model):
    from django.contrib.auth.models import AnonymousUser, Permission

    for learner in (cast.mira, cast.dana, cast.omar):
        subscribed(learner)
    build_due_reports(now=APRIL)
    mira, dana = (Report.objects.get(recipient=each) for each in (cast.mira, cast.dana))
    assert list(reports_visible_to(cast.mira.user)) == [mira]
    assert list(reports_visible_to(cast.dana.user)) == [dana]  # not that of the manager below her
    assert list(reports_visible_to(cast.ada.user)) == []
    assert list(reports_visible_to(AnonymousUser())) == []
    cast.hana.user.user_permissions.add(Permission.objects.get(codename="view_report"))
    assert reports_visible_to(django_user_model.objects.get(pk=cast.hana.user.pk)).count() == 3
    assert list(own_reports(cast.mira)) == [mira]


@pytest.mark.parametrize(
    ("changed", "where"),
    [({"cadence": "daily"}, "cadence"), ({"hour": 24}, "hour"), ({"language": "de"}, "language")],
)
def test_a_subscription_that_makes_no_sense_is_refused(changed, where, cast, subscribed):
    with pytest.raises(ProblemsFound) as found:
        subscribed(cast.mira, **changed)
    assert [problem.where for problem in found.value.problems] == [where]
    assert not ReportSubscription.objects.exists()


def test_a_subscription_exists_once(cast, subscribed):
    subscribed(cast.mira)
    subscribed(cast.mira, cadence="weekly")
    subscribed(cast.mira, cohort=cast.cohort)
    for cohort in (None, cast.cohort):
        with pytest.raises(ProblemsFound):
            subscribed(cast.mira, cohort=cohort)
    assert ReportSubscription.objects.count() == 3


def test_changing_a_subscription_counts_its_moment_anew(cast, subscribed):
    row = subscribed(cast.mira)
    change_subscription(
        subscription=row, cadence="weekly", hour=14, language="fr", actor=cast.hana.user, source=Source.ADMIN, now=NOW
    )
    row.refresh_from_db()
    assert (row.cadence, row.hour, row.language, row.next_due_at) == (
        "weekly", 14, "fr", dt.datetime(2026, 3, 9, 13, 0, tzinfo=dt.UTC),
    )  # fmt: skip
    entry = AuditEntry.objects.get(verb="change_subscription")
    assert (entry.before["cadence"], entry.after["cadence"]) == ("monthly", "weekly")
