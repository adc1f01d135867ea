"""What a host project may have forgotten about people's learning, told by ``manage.py check``: an error where pages or mails would fail
or betray, a warning where something would merely never happen. Each says what to write, and where."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from lms.conf import Conf, conf

MIDDLEWARE = "lms.middleware.LearnerMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
CONTEXT_PROCESSOR = "lms.context_processors.passerelle"
NEEDED_APPS = (
    "courses",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
)
DATABASES = {"postgresql": None, "sqlite": (3, 35)}
_DAY = range(7)


@register()
def check_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """``LMS``: known keys, values of the right kind that can be obeyed."""
    try:
        found = list(_wrong_types()) or list(_wrong_values())
    except (ImproperlyConfigured, TypeError) as error:
        found = [str(error)]
    hint = _("Correct LMS in the settings; every key and its default stand in lms/conf.py.")
    return [Error(each, hint=hint, id="lms.E001") for each in found]


def _wrong_types() -> Iterator[str]:
    simple: dict[Any, type | tuple[type, ...]] = {str: str, int: int, float: (int, float), bool: bool}
    for field in fields(Conf):
        wanted = simple.get(field.type)
        value = getattr(conf, field.name)
        if wanted and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
            yield _('LMS["%(key)s"] is %(value)r; it must be a value of the type %(type)s.') % {
                "key": field.name, "value": value, "type": getattr(field.type, "__name__", field.type),
            }  # fmt: skip


def _wrong_values() -> Iterator[str]:
    if conf.TIME_ZONE not in zoneinfo.available_timezones():
        yield _('LMS["TIME_ZONE"] is “%(value)s”, which is not a time zone such as Europe/Paris.') % {"value": conf.TIME_ZONE}
    if not conf.LANGUAGES or conf.DEFAULT_LANGUAGE not in conf.LANGUAGES:
        yield _('LMS["DEFAULT_LANGUAGE"] is “%(value)s”, which is not in LMS["LANGUAGES"].') % {"value": conf.DEFAULT_LANGUAGE}
    windows = list(conf.SENDING_WINDOWS)
    if not windows or not all(
        len(each) == 2 and all(isinstance(edge, dt.time) for edge in each) and each[0] < each[1] for each in windows
    ):
        yield _('LMS["SENDING_WINDOWS"] must hold pairs of times, each from earlier to later.')
    if not conf.DEFAULT_WORKING_DAYS or not set(conf.DEFAULT_WORKING_DAYS) <= set(_DAY):
        yield _('LMS["DEFAULT_WORKING_DAYS"] must hold numbers from 0 (Monday) to 6 (Sunday).')
    if not 0 <= conf.IMPORT_LEAVER_GUARD_PERCENT <= 100:
        yield _('LMS["IMPORT_LEAVER_GUARD_PERCENT"] must be a percentage from 0 to 100.')
    if conf.REPORT_MIN_GROUP < 2 or conf.REPORT_MIN_FILTERED_GROUP < conf.REPORT_MIN_GROUP:
        yield _('LMS["REPORT_MIN_GROUP"] must be 2 or more, and LMS["REPORT_MIN_FILTERED_GROUP"] not smaller.')
    address = urlsplit(conf.BASE_URL)
    if address.scheme not in {"http", "https"} or not address.netloc or conf.BASE_URL.endswith("/"):
        yield _('LMS["BASE_URL"] must be like https://learning.example.com, without a slash at its end.')


@register()
def check_base_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Mails carry links: outside DEBUG somebody must have said where to."""
    given = getattr(settings, "LMS", {})
    if settings.DEBUG or not isinstance(given, dict) or "BASE_URL" in given:
        return []
    hint = _('Write LMS = {"BASE_URL": "https://learning.example.com"}: the address at which people reach this site.')
    return [Error(_('LMS["BASE_URL"] is missing: links in mails would lead nowhere.'), hint=hint, id="lms.E002")]


@register(Tags.security, deploy=True)
def check_public_address(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production, links that only this machine can open are a mistake."""
    if urlsplit(conf.BASE_URL).hostname not in {"localhost", "127.0.0.1", "::1"}:
        return []
    hint = _("Set it to the address at which people reach this site.")
    return [Warning(_('LMS["BASE_URL"] leads to this machine only.'), hint=hint, id="lms.W001")]


@register(Tags.security)
def check_clock(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A test's clock would let whoever writes that file decide what day it is."""
    if settings.DEBUG or not getattr(settings, "LMS_TEST_CLOCK_FILE", ""):
        return []
    hint = _("Remove the setting; it is for tests, with DEBUG on.")
    return [Error(_("LMS_TEST_CLOCK_FILE is set outside DEBUG."), hint=hint, id="lms.E003")]


@register()
def check_apps(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            _("“%(app)s” is not in INSTALLED_APPS.") % {"app": name},
            hint=_("Add it; Passerelle's pages and tables need it."),
            id="lms.E004",
        )
        for name in NEEDED_APPS
        if not apps.is_installed(name)
    ]


@register()
def check_middleware(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    names = list(settings.MIDDLEWARE)
    hint = _("Put “%(ours)s” after “%(auth)s”.") % {"ours": MIDDLEWARE, "auth": AUTHENTICATION}
    if MIDDLEWARE not in names:
        return [Error(_("“%(name)s” is not in MIDDLEWARE.") % {"name": MIDDLEWARE}, hint=hint, id="lms.E005")]
    if AUTHENTICATION in names and names.index(AUTHENTICATION) > names.index(MIDDLEWARE):
        return [Error(_("“%(name)s” stands too early in MIDDLEWARE.") % {"name": MIDDLEWARE}, hint=hint, id="lms.E005")]
    return []


@register(Tags.templates)
def check_context_processor(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    engines: list[dict[str, Any]] = [
        each for each in settings.TEMPLATES if each["BACKEND"] == "django.template.backends.django.DjangoTemplates"
    ]
    if any(CONTEXT_PROCESSOR in each.get("OPTIONS", {}).get("context_processors", ()) for each in engines):
        return []
    hint = _("Add “%(name)s” to the context processors in TEMPLATES.") % {"name": CONTEXT_PROCESSOR}
    return [Error(_("The pages' context processor is missing."), hint=hint, id="lms.E006")]


@register(Tags.urls)
def check_addresses(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Our pages are included, and the page where strangers sign in exists."""
    if not getattr(settings, "ROOT_URLCONF", ""):
        return []
    found: list[CheckMessage] = []
    try:
        reverse("lms:today")
    except NoReverseMatch:
        hint = _('Add path("learning/", include("lms.urls")) to the urlpatterns of the project.')
        found.append(Error(_("Passerelle's addresses are not included."), hint=hint, id="lms.E007"))
    try:
        resolve_url(settings.LOGIN_URL)
    except NoReverseMatch:
        hint = _("Set LOGIN_URL to your project's sign-in page, or to “lms:sign_in”.")
        message = _("LOGIN_URL is “%(value)s”, which is no address of this project.") % {"value": settings.LOGIN_URL}
        found.append(Error(message, hint=hint, id="lms.E008"))
    return found


@register()
def check_time(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.USE_TZ:
        return []
    return [Error(_("USE_TZ is off: people work in several time zones."), hint=_("Set USE_TZ = True."), id="lms.E009")]


@register(Tags.database)
def check_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Set-based statements are written for these two."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection: Any = connections[alias]
        if connection.vendor not in DATABASES:
            hint = _("Use PostgreSQL, or SQLite for a small team.")
            message = _("The database “%(alias)s” is a %(vendor)s.") % {"alias": alias, "vendor": connection.display_name}
            found.append(Error(message, hint=hint, id="lms.E010"))
        elif connection.vendor == "sqlite" and connection.Database.sqlite_version_info < DATABASES["sqlite"]:
            hint = _("Use a Python that brings SQLite 3.35 or newer, or PostgreSQL.")
            message = _("SQLite %(version)s is too old.") % {"version": connection.Database.sqlite_version}
            found.append(Error(message, hint=hint, id="lms.E010"))
    return found


@register()
def check_celery(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without a broker no nudge and no report ever goes out. Settings alone are not enough: an application must have read them."""
    from celery import current_app

    if current_app.conf.broker_url or current_app.conf.broker_write_url or current_app.conf.task_always_eager:
        return []
    hint = _(
        "Give your project a Celery application with a broker, start a worker and beat, and give beat the schedule lms.tasks.SCHEDULE."
    )
    return [Warning(_("Celery has no broker: reminders and reports would never be sent."), hint=hint, id="lms.W002")]
