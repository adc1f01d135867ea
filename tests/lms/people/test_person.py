"""One person by hand: made, changed, given a manager, gone; and the link with which they set a password."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from courses.problems import ProblemsFound
from lms.enums import Source
from lms.models import AuditEntry, Learner, ReportingLine
from lms.people.actions import (
    change_learner,
    create_learner,
    deactivate_leavers,
    mark_left,
    rebuild_reporting_line,
    set_manager,
)
from lms.people.tokens import password_link, user_of_link
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 4)


def change(learner, **values):
    return change_learner(learner=learner, values=values, actor=None, source=Source.ADMIN, now=NOW)


def codes(call) -> list[tuple[str, str]]:
    with pytest.raises(ProblemsFound) as refused:
        call()
    return [(problem.code, problem.where) for problem in refused.value.problems]


def lines() -> set[tuple[str, str, int]]:
    return set(ReportingLine.objects.values_list("manager__first_name", "learner__first_name", "depth"))


def make(**values):
    return create_learner(values=values, actor=None, source=Source.ADMIN, now=NOW)


def test_somebody_new_gets_an_account_and_a_place_in_the_line(cast):
    zoe = make(external_id="Z1", email="Zoe@verdane.example", first_name="Zoé", manager=cast.mira)
    assert (zoe.email, zoe.user.get_username(), zoe.user.has_usable_password()) == (
        "zoe@verdane.example",
        "zoe@verdane.example",
        False,
    )
    assert {(boss, depth) for boss, name, depth in lines() if name == "Zoé"} == {("Mira", 1), ("Dana", 2)}
    assert AuditEntry.objects.get(verb="create_learner").object_label == "Zoé"


def test_what_the_form_gets_wrong_names_its_field(cast, django_user_model):
    django_user_model.objects.create_user("robot@verdane.example")
    assert codes(lambda: make(external_id=cast.ada.external_id, email="z@verdane.example")) == [("invalid", "external_id")]
    assert codes(lambda: make(external_id="Z1", email=cast.ada.email.upper())) == [("invalid", "")]
    assert codes(lambda: make(external_id="Z1", email="nobody")) == [("invalid", "email")]
    assert codes(lambda: make(external_id="Z1", email="robot@verdane.example")) == [("account_taken", "email")]
    assert codes(lambda: change(cast.ada, time_zone="Mars/Base")) == [("invalid", "time_zone")]
    assert codes(lambda: change(cast.ada, left_on=dt.date(2019, 1, 1))) == [("left_before_hired", "left_on")]


def test_moving_a_manager_moves_everybody_below(cast):
    set_manager(learner=cast.mira, manager=cast.omar, actor=None, source=Source.ADMIN, now=NOW)
    expected = {
        ("Omar", "Otto", 1), ("Omar", "Mira", 1), ("Omar", "Ada", 2), ("Omar", "Ben", 2),
        ("Mira", "Ada", 1), ("Mira", "Ben", 1), ("Dana", "Chloé", 1),
    }  # fmt: skip
    assert lines() == expected
    # What was changed for a few rows is what rebuilding everything gives.
    assert rebuild_reporting_line() == 0
    set_manager(learner=cast.mira, manager=None, actor=None, source=Source.ADMIN, now=NOW)
    assert lines() == {each for each in expected if each[0] != "Omar" or each[1] == "Otto"}


@pytest.mark.parametrize("boss", ["ada", "mira", "dana"])
def test_nobody_reports_to_themself_through_others(cast, boss):
    assert codes(lambda: change(cast.dana, manager=getattr(cast, boss))) == [("manager_loop", "manager")]


def test_a_wrong_line_is_rebuilt(cast):
    right = lines()
    ReportingLine.objects.filter(learner=cast.ada).delete()
    ReportingLine.objects.create(manager=cast.otto, learner=cast.ada, depth=1)
    ReportingLine.objects.filter(learner=cast.ben, manager=cast.dana).update(depth=7)
    # Two rows go, the foreign one and the one at the wrong depth; three come.
    assert rebuild_reporting_line() == 5
    assert lines() == right


def test_the_account_follows(cast):
    change(cast.ada, email="Ada.Noe@verdane.example", last_name="Noé")
    cast.ada.user.refresh_from_db()
    user = cast.ada.user
    assert (user.username, user.email, user.last_name) == ("ada.noe@verdane.example", "ada.noe@verdane.example", "Noé")


def test_an_administrators_address_is_not_taken_by_hr(cast):
    cast.mira.user.is_superuser = True
    cast.mira.user.save()
    assert codes(lambda: change(cast.mira, email="hana2@verdane.example")) == [("account_protected", "email")]


def test_leaving_today_closes_the_account_and_leaving_later_when_the_day_comes(cast):
    assert mark_left(learners=[cast.ada], on=TODAY, actor=None, source=Source.ADMIN, now=NOW, reason="Retired") == 1
    assert mark_left(learners=[cast.ben], on=TODAY + dt.timedelta(days=2), actor=None, source=Source.ADMIN, now=NOW) == 1
    assert mark_left(learners=[cast.ada], on=TODAY, actor=None, source=Source.ADMIN, now=NOW) == 0

    def open_accounts() -> tuple[bool, bool]:
        return tuple(Learner.objects.get(pk=each.pk).user.is_active for each in (cast.ada, cast.ben))

    assert open_accounts() == (False, True)
    assert deactivate_leavers(now=NOW) == 0
    assert deactivate_leavers(now=NOW + dt.timedelta(days=2)) == 1
    assert open_accounts() == (False, False)
    entry = AuditEntry.objects.filter(object_id=str(cast.ada.pk)).get()
    assert (entry.verb, entry.reason, entry.after) == ("mark_left", "Retired", {"left_on": "2026-03-04"})
    change(Learner.objects.get(pk=cast.ada.pk), left_on=None)
    assert open_accounts() == (True, False)


def test_nothing_changed_leaves_no_trace(cast):
    change(cast.ada, job_title=cast.ada.job_title)
    assert not AuditEntry.objects.exists()


# The scope


def test_everybody_sees_whom_they_may(cast):
    def seen(who) -> set[str]:
        user = type(who.user)._default_manager.get(pk=who.user_id)
        return set(Learner.objects.visible_to(user).values_list("first_name", flat=True))

    assert {name: seen(getattr(cast, name)) for name in ("ada", "mira", "dana", "chloe", "otto", "omar")} == {
        "ada": {"Ada"},
        "mira": {"Mira", "Ada", "Ben"},
        "dana": {"Dana", "Mira", "Ada", "Ben", "Chloé"},
        "chloe": {"Chloé"},
        "otto": {"Otto"},
        "omar": {"Omar", "Otto"},
    }


def test_hr_sees_everybody_by_permission_and_a_leaver_nobody(cast):
    from django.contrib.auth.models import Permission

    user = type(cast.hana.user)._default_manager.get(pk=cast.hana.user_id)
    user.user_permissions.add(Permission.objects.get(content_type__app_label="lms", codename="view_learner"))
    assert Learner.objects.visible_to(user).count() == 8
    mark_left(learners=[cast.mira], on=TODAY, actor=None, source=Source.ADMIN, now=NOW)
    gone = type(cast.mira.user)._default_manager.get(pk=cast.mira.user_id)
    assert Learner.objects.visible_to(gone).count() == 0


# Password links


def link_of(learner, now=NOW) -> tuple[str, dict]:
    link = password_link(learner, now=now)
    return link, resolve(urlsplit(link).path).kwargs


def test_a_link_is_absolute_and_names_its_owner(cast):
    link, parts = link_of(cast.ada)
    assert link.startswith("http://127.0.0.1:8000/")
    assert user_of_link(**parts, now=NOW) == cast.ada.user


def test_a_link_lasts_seven_days(cast):
    _link, parts = link_of(cast.ada)
    assert user_of_link(**parts, now=NOW + dt.timedelta(days=7)) == cast.ada.user
    assert user_of_link(**parts, now=NOW + dt.timedelta(days=7, seconds=1)) is None
    assert user_of_link(**parts, now=NOW - dt.timedelta(hours=1)) is None


def test_a_link_works_once_and_not_for_somebody_else(cast):
    _link, parts = link_of(cast.ada)
    _other, others = link_of(cast.ben)
    assert user_of_link(others["uidb64"], parts["token"], now=NOW) is None
    cast.ada.user.set_password("something new")
    cast.ada.user.save()
    assert user_of_link(**parts, now=NOW) is None


def test_a_leavers_link_opens_nothing(cast):
    _link, parts = link_of(cast.ada)
    mark_left(learners=[cast.ada], on=TODAY, actor=None, source=Source.ADMIN, now=NOW)
    assert user_of_link(**parts, now=NOW) is None


@pytest.mark.parametrize(
    ("uid", "token"), [("", ""), ("x", "y"), ("MQ", "----"), ("////", "c-d"), ("é", "é-é"), ("OTk5OTk5", "abc-def")]
)
def test_forged_links_open_nothing(cast, uid, token):
    assert user_of_link(uid, token, now=NOW) is None
