"""One person, several people, somebody new: changed through the room, with reasons, and in the trail."""

import datetime as dt

import pytest
from django.urls import reverse

from lms.models import AuditEntry, CohortMembership, Enrolment, Learner, Leave, Message, NonWorkingDay, ReportingLine, Site
from tests.conftest import NOW
from tests.lms.admin.conftest import messages_of

pytestmark = pytest.mark.django_db


def details(learner: Learner, **changes: object) -> dict[str, object]:
    """The form as the page shows it, with some fields changed."""
    values: dict[str, object] = {
        name: getattr(learner, name) or "" for name in ("first_name", "last_name", "email", "job_title", "language", "time_zone")
    }
    keys = {name: getattr(learner, f"{name}_id") or "" for name in ("department", "manager", "domain", "site")}
    return {**values, **keys, "working_days": list(learner.working_days), "hired_on": "2020-01-06", "reason": "", **changes}


def url(learner: Learner) -> str:
    return reverse("admin:lms_learner_change", args=[learner.pk])


def test_a_change_goes_through_the_room_with_its_reason(hr, cast):
    data = details(
        cast.ada, manager=cast.omar.pk, department=cast.other_unit.pk, working_days=["0", "1"], reason="moved to the plant"
    )
    assert messages_of(hr.post(url(cast.ada), data, follow=True)) == ["The details of Ada Test are saved."]
    cast.ada.refresh_from_db()
    assert (cast.ada.manager, cast.ada.department, cast.ada.working_days) == (cast.omar, cast.other_unit, "01")
    assert set(ReportingLine.objects.filter(learner=cast.ada).values_list("manager", flat=True)) == {cast.omar.pk}
    entry = AuditEntry.objects.get(verb="change_learner")
    assert (entry.actor, entry.source, entry.reason) == (cast.hana.user, "admin", "moved to the plant")
    assert set(entry.after) == {"manager", "department", "working_days"}
    history = hr.get(reverse("admin:lms_learner_history", args=[cast.ada.pk])).content.decode()
    assert "moved to the plant" in history
    assert "<del>Sales</del>" in history
    assert "<ins>Plant</ins>" in history
    assert "<ins>Omar Test</ins>" in history


def test_nothing_changed_leaves_no_trace(hr, cast):
    hr.post(url(cast.ada), details(cast.ada))
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ben2@verdane.example"),
        ("email", "no"),
        ("manager", "self"),
        ("manager", 999_999),
        ("manager", "9" * 40),
        ("department", "abc"),
        ("department", "9" * 40),
        ("language", "xx"),
        ("time_zone", "Mars/Base"),
        ("working_days", ["9"]),
        ("working_days", []),
        ("hired_on", "31/31/2020"),
        ("first_name", "x" * 101),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(hr, cast, field, value):
    value = cast.ada.pk if value == "self" else cast.ben.email if value == "ben2@verdane.example" else value
    answer = hr.post(url(cast.ada), details(cast.ada, **{field: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) in ([field], ["__all__"])
    assert not AuditEntry.objects.exists()


def test_a_loop_in_the_reporting_line_is_refused(hr, cast):
    answer = hr.post(url(cast.dana), details(cast.dana, manager=cast.ada.pk))
    assert "This manager reports to this person" in str(answer.context["form"].errors["manager"])


def test_who_may_only_look_changes_nothing(staff, cast):
    client = staff(cast.omar, "view_learner")
    client.post(url(cast.ada), details(cast.ada, first_name="Eve"))
    cast.ada.refresh_from_db()
    assert cast.ada.first_name == "Ada"
    shown = client.get(url(cast.ada))
    assert all(field.disabled for field in shown.context["form"].fields.values())
    assert "Save" not in shown.content.decode()


def test_the_page_shows_tracks_and_cohorts_and_never_answers_or_scores(hr, assigned, catalogue):
    from lms.models import Attempt, JournalEntry

    Attempt.objects.create(
        learner=assigned.ada, activity=catalogue.quiz, number=1, language="en", started_at=NOW, submitted_at=NOW, score=0.4321
    )
    JournalEntry.objects.create(learner=assigned.ada, task="SECRET WORDS", tried_on=NOW.date(), written_at=NOW)
    html = hr.get(url(assigned.ada)).content.decode().partition('id="content-main"')[2]
    assert "prompt-engineering" in html
    assert "Spring" in html
    for private in ("SECRET WORDS", "43 %", "43%", "0.4321", "0,4321"):
        assert private not in html


def test_somebody_is_added_by_hand(hr, cast):
    data = {**details(cast.ben, first_name="Nia", email="Nia@verdane.example", manager=cast.mira.pk), "external_id": "N77"}
    hr.post(reverse("admin:lms_learner_add"), data)
    nia = Learner.objects.get(external_id="N77")
    assert (nia.email, nia.manager, nia.user.has_usable_password()) == ("nia@verdane.example", cast.mira, False)
    again = hr.post(reverse("admin:lms_learner_add"), data)
    assert again.status_code == 422


def test_leaving_says_what_it_does_then_does_it(hr, assigned):
    start = hr.post(
        reverse("admin:lms_learner_changelist"),
        {"action": "start_leaving", "_selected_action": [assigned.mira.pk, assigned.ada.pk]},
    )
    page = start.url
    assert page == f"/admin/lms/learner/leave/?ids={assigned.mira.pk},{assigned.ada.pk}"
    shown = hr.get(page)
    assert (shown.context["enrolments"], shown.context["reports"]) == (1, 1)
    done = hr.post(page, {"on": "2026-03-04", "reason": "closed site"}, follow=True)
    assert messages_of(done) == ["2 people are marked as leaving."]
    assert set(Learner.objects.left(NOW.date())) == {assigned.ada, assigned.mira}
    assert set(AuditEntry.objects.filter(verb="mark_left").values_list("reason", flat=True)) == {"closed site"}
    assert hr.post(reverse("admin:lms_learner_back", args=[assigned.ada.pk]), {"reason": ""}).status_code == 302
    assigned.ada.refresh_from_db()
    assert assigned.ada.left_on is None


def test_several_join_a_cohort_after_a_look(hr, assigned):
    page = f"/admin/lms/learner/join/?ids={assigned.otto.pk},{assigned.ada.pk}"
    shown = hr.get(f"{page}&cohort={assigned.cohort.pk}")
    assert (shown.context["already"], [one.track.slug for one in shown.context["assignments"]]) == (1, ["prompt-engineering"])
    done = hr.post(page, {"cohort": assigned.cohort.pk}, follow=True)
    assert messages_of(done) == ["1 person joined “Spring”."]
    assert CohortMembership.objects.current().filter(cohort=assigned.cohort).count() == 3
    assert Enrolment.objects.filter(learner=assigned.otto).exists()


def test_without_anybody_the_steps_go_back_to_the_list(hr, cast):
    for page in ("leave", "join"):
        for ids in ("", "abc,,9" + "9" * 40):
            assert hr.get(f"/admin/lms/learner/{page}/?ids={ids}").url == "/admin/lms/learner/"


def test_a_link_to_choose_a_password_goes_once_a_quarter_of_an_hour(hr, cast):
    address = reverse("admin:lms_learner_send_link", args=[cast.ada.pk])
    hr.post(address)
    hr.post(address)
    assert Message.objects.get().recipient == cast.ada
    cast.ben.left_on = NOW.date()
    cast.ben.save(update_fields=["left_on"])
    closed = hr.post(reverse("admin:lms_learner_send_link", args=[cast.ben.pk]), follow=True)
    assert messages_of(closed)[-1] == "This account is closed: nothing was sent."
    assert Message.objects.count() == 1


def test_finding_tells_two_of_a_name_apart_and_leaves_out_who_left(hr, cast):
    cast.ben.left_on = NOW.date()
    cast.ben.save(update_fields=["left_on"])
    found = hr.get("/admin/lms/learner/find/?term=test&app_label=lms&model_name=x&field_name=y").json()
    assert {one["text"] for one in found["results"]} == {
        f"{one.full_name} · {one.email}" for one in Learner.objects.exclude(pk=cast.ben.pk)
    }
    assert found["pagination"] == {"more": False}
    for query in ("?page=abc", "?page=-1", "?page=99999999", "?term=%00"):
        assert hr.get(f"/admin/lms/learner/find/{query}").status_code == 200


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Ada", "Ben", "Chloé", "Dana", "Hana", "Mira", "Omar"}),
        ("here=left", {"Otto"}),
        ("department=sales", {"Ada", "Ben", "Chloé", "Dana", "Mira"}),
        ("department=top", {"Ada", "Ben", "Chloé", "Dana", "Mira"}),
        ("domain=hr", {"Hana"}),
        ("language=fr", set()),
        ("manager=without", {"Dana", "Hana", "Omar"}),
        ("q=chlo", {"Chloé"}),
    ],
)
def test_the_list_is_filtered(hr, cast, query, names):
    from lms.models import Department

    Learner.objects.filter(pk=cast.otto.pk).update(left_on=NOW.date())
    below = Department.objects.create(name="North", path="Sales/North", parent=cast.sales)
    Learner.objects.filter(pk=cast.ada.pk).update(department=below)
    query = (
        query.replace("=sales", f"={cast.sales.pk}")
        .replace("=top", f"={cast.sales.pk}")
        .replace("domain=hr", f"domain={cast.hana.domain_id}")
    )
    shown = hr.get(f"{reverse('admin:lms_learner_changelist')}?{query}")
    assert {one.first_name for one in shown.context["cl"].result_list} == names


def test_leave_is_entered_and_taken_back(hr, cast):
    add = reverse("admin:lms_leave_add")
    hr.post(add, {"learner": cast.ada.pk, "starts_on": "2026-03-10", "ends_on": "2026-03-12"})
    leave = Leave.objects.get()
    assert (leave.learner, leave.ends_on) == (cast.ada, dt.date(2026, 3, 12))
    wrong = hr.post(add, {"learner": cast.ada.pk, "starts_on": "2026-03-10", "ends_on": "2026-03-01"})
    assert "The last day is before the first day." in wrong.content.decode()
    hr.post(reverse("admin:lms_leave_delete", args=[leave.pk]), {"post": "yes"})
    assert not Leave.objects.exists()
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == ["add_leave", "delete_leave"]


def test_a_site_keeps_its_days_and_its_trail(hr, cast):
    address = reverse("admin:lms_site_change", args=[cast.site.pk])
    blank = {"non_working_days-TOTAL_FORMS": "1", "non_working_days-INITIAL_FORMS": "0", "non_working_days-0-site": cast.site.pk}
    hr.post(
        address,
        {
            "name": "Lyon",
            "country": "FR",
            "region": "",
            **blank,
            "non_working_days-0-date": "2026-05-15",
            "non_working_days-0-name": "Bridge day",
        },
    )
    assert NonWorkingDay.objects.get().name == "Bridge day"
    assert AuditEntry.objects.get(verb="change_non_working_days").after == {"added": ["2026-05-15 Bridge day"]}
    holidays = hr.post(reverse("admin:lms_site_holidays"), follow=True)
    count = NonWorkingDay.objects.filter(site=cast.site).count()
    assert messages_of(holidays)[-1] == f"{count - 1} public holidays were entered."
    assert "Nothing to enter" in messages_of(hr.post(reverse("admin:lms_site_holidays"), follow=True))[0]
    assert Site.objects.count() == 1
