"""Settings for host projects: one dict ``LMS = {...}``. Every key, its type and its default stand here; an unknown key is an error.

Read a value as an attribute: ``conf.NUDGES_PER_WEEK``.
"""

import datetime as dt
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed


@dataclass(frozen=True)
class Conf:
    """Typed defaults. Hours are local to the recipient; durations are in the unit that the name ends with."""

    COMPANY_NAME: str = "Passerelle"
    #: Where links in mails point to, without a trailing slash. Required outside DEBUG (system check lms.E002).
    BASE_URL: str = "http://127.0.0.1:8000"
    #: The company's zone: report periods are weeks and months of this zone.
    TIME_ZONE: str = "Europe/Paris"
    LANGUAGES: tuple[str, ...] = ("en", "fr")
    DEFAULT_LANGUAGE: str = "fr"
    DEFAULT_COUNTRY: str = "FR"
    #: Learners who may switch their interface themselves; the directory's language is only the default.
    SUPPORT_EMAIL: str = ""

    # Nudges: caps count everything automatic in any channel, per recipient.
    NUDGES_PER_DAY: int = 1
    NUDGE_GAP_HOURS: int = 48
    NUDGES_PER_WEEK: int = 2
    NUDGES_PER_28_DAYS: int = 6
    SENDING_WINDOWS: tuple[tuple[dt.time, dt.time], ...] = (
        (dt.time(9, 0), dt.time(11, 30)),
        (dt.time(14, 0), dt.time(16, 30)),
    )
    NUDGE_EXPIRY_WORKING_DAYS: int = 3
    NUDGE_IDLE_DAYS: int = 7
    #: How long a claimed message may be in flight before the sweeper takes it back.
    CLAIM_LEASE_SECONDS: int = 120
    DELIVERY_MAX_TRIES: int = 8

    # Reports
    REPORT_MIN_GROUP: int = 5
    REPORT_MIN_FILTERED_GROUP: int = 10
    #: By name, only the state of assigned tracks, and only where the company switched it on.
    REPORT_NAMED_STATES: bool = False
    REPORT_APPLIED_DAYS: int = 30

    # People
    IMPORT_LEAVER_GUARD_PERCENT: float = 5.0
    IMPORT_MAX_ROWS: int = 200_000
    IMPORT_MAX_MEGABYTES: int = 40
    WELCOME_LINK_DAYS: int = 7
    DEFAULT_WORKING_DAYS: tuple[int, ...] = (0, 1, 2, 3, 4)

    # Progress
    #: True: nobody may open a module before its prerequisites are done. False: with a warning, noted.
    HARD_PREREQUISITES: bool = False

    # Exploring
    #: Roles show the published pay that their pages carry, each figure with its source and year.
    SHOW_PAY: bool = False

    # HTTP API: calls per user (per address for strangers).
    API_RATE: str = "600/hour"
    API_SUBMIT_RATE: str = "120/hour"
    API_ANONYMOUS_RATE: str = "60/hour"

    # Champions
    CHAMPION_ANSWER_WORKING_DAYS: int = 2
    CHAMPION_CAPACITY: int = 20


_NAMES = frozenset(field.name for field in fields(Conf))


@lru_cache(maxsize=1)
def _load() -> Conf:
    given: dict[str, Any] = getattr(settings, "LMS", {})
    unknown = sorted(set(given) - _NAMES)
    if unknown:
        raise ImproperlyConfigured(f"LMS has unknown keys: {', '.join(unknown)}. Known keys: {', '.join(sorted(_NAMES))}.")
    return Conf(**given)


class _Current:
    """The settings in force, reloaded when a test overrides them."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_load(), name)


conf: Conf = _Current()  # type: ignore[assignment]


def _forget(*, setting: str, **_kwargs: object) -> None:
    if setting == "LMS":
        _load.cache_clear()


setting_changed.connect(_forget, dispatch_uid="lms.conf")
