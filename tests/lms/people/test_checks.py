"""``manage.py check`` tells a host what it forgot, and what to write."""

import datetime as dt

import pytest
from celery import Celery, current_app
from django.conf import settings as current
from django.contrib import admin
from django.contrib.admin import sites
from django.core.checks import run_checks
from django.core.checks.registry import registry
from django.db import connection

from lms import checks


def ids() -> list[str]:
    return sorted(found.id for found in run_checks() if found.id.startswith("lms."))


def test_the_project_itself_has_forgotten_nothing():
    assert ids() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"BASE_UR": "x"},
        {"TIME_ZONE": "Europe/Pariss"},
        {"DEFAULT_LANGUAGE": "nl"},
        {"LANGUAGES": ()},
        {"NUDGES_PER_DAY": "1"},
        {"NUDGES_PER_DAY": True},
        {"REPORT_NAMED_STATES": "yes"},
        {"SENDING_WINDOWS": ((dt.time(11), dt.time(9)),)},
        {"SENDING_WINDOWS": (("9:00", "11:00"),)},
        {"SENDING_WINDOWS": ()},
        {"DEFAULT_WORKING_DAYS": (7,)},
        {"IMPORT_LEAVER_GUARD_PERCENT": 500},
        {"REPORT_MIN_GROUP": 1},
        {"REPORT_MIN_FILTERED_GROUP": 4},
        {"BASE_URL": "learning.example.com"},
        {"BASE_URL": "https://learning.example.com/"},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_obeyed_is_named(settings, wrong):
    settings.LMS = {"BASE_URL": "https://learning.example.com", **wrong}
    found = checks.check_settings(None)
    assert {each.id for each in found} == {"lms.E001"}
    assert next(iter(wrong)) in found[0].msg
    assert all(each.hint for each in found)


@pytest.mark.parametrize(
    ("name", "value", "expected", "hint"),
    [
        ("LMS", {}, "lms.E002", "BASE_URL"),
        ("LMS_TEST_CLOCK_FILE", "/tmp/clock", "lms.E003", "Remove"),
        ("MIDDLEWARE", [each for each in current.MIDDLEWARE if each != checks.MIDDLEWARE], "lms.E005", checks.AUTHENTICATION),
        (
            "MIDDLEWARE",
            [checks.MIDDLEWARE, *(each for each in current.MIDDLEWARE if each != checks.MIDDLEWARE)],
            "lms.E005",
            "after",
        ),
        ("TEMPLATES", [{**current.TEMPLATES[0], "OPTIONS": {}}], "lms.E006", checks.CONTEXT_PROCESSOR),
        ("LOGIN_URL", "no-such-page", "lms.E008", "lms:sign_in"),
        ("USE_TZ", False, "lms.E009", "USE_TZ"),
    ],
)
def test_what_is_forgotten_is_told_with_a_hint(settings, name, value, expected, hint):
    settings.DEBUG = False
    setattr(settings, name, value)
    found = [each for check in CHECKS for each in check(None)]
    assert [each.id for each in found] == [expected]
    assert hint in found[0].hint


CHECKS = [
    checks.check_settings, checks.check_base_url, checks.check_clock, checks.check_apps, checks.check_middleware,
    checks.check_context_processor, checks.check_addresses, checks.check_time,
]  # fmt: skip


def test_the_clock_and_the_address_may_be_anything_in_debug(settings):
    settings.DEBUG = True
    settings.LMS_TEST_CLOCK_FILE = "/tmp/clock"
    settings.LMS = {}
    assert [each for check in CHECKS for each in check(None)] == []


def test_an_address_of_this_machine_is_a_mistake_in_production_only(settings):
    settings.LMS = {"BASE_URL": "http://localhost:8000"}
    assert [each.id for each in checks.check_public_address(None)] == ["lms.W001"]
    assert checks.check_public_address in registry.deployment_checks
    settings.LMS = {"BASE_URL": "https://learning.example.com"}
    assert checks.check_public_address(None) == []


def test_an_app_that_is_missing_is_named(settings, monkeypatch):
    # Django makes its apps ready anew for this, and the admin's clothes would put an empty site in the place of ours.
    for module in (admin, sites):
        monkeypatch.setattr(module, "site", module.site)
    settings.INSTALLED_APPS = [each for each in settings.INSTALLED_APPS if each != "django.contrib.messages"]
    assert ["django.contrib.messages" in each.msg for each in checks.check_apps(None)] == [True]


@pytest.mark.urls("django.contrib.auth.urls")
def test_addresses_that_are_not_included_are_told(settings):
    settings.LOGIN_URL = "/sign-in/"
    assert [each.id for each in checks.check_addresses(None)] == ["lms.E007"]


def test_an_application_with_a_broker_is_needed(settings):
    settings.CELERY_BROKER_URL = "redis://localhost"
    assert checks.check_celery(None) == []
    project = current_app._get_current_object()
    try:
        # An application that has read no settings: what a process has whose project makes none.
        Celery("forgotten", set_as_current=False).set_current()
        assert [each.id for each in checks.check_celery(None)] == ["lms.W002"]
    finally:
        project.set_current()


@pytest.mark.django_db
def test_this_database_is_one_of_the_two():
    assert checks.check_database(None, databases=[connection.alias]) == []
