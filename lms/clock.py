"""The one place where a door asks what time it is; everything below receives ``now``."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def now() -> dt.datetime:
    """The present moment, aware, in UTC.

    Processes of their own (worker, beat, web) cannot be frozen by a test, so a test may name a file whose content is an ISO
    moment in ``LMS_TEST_CLOCK_FILE``. A system check refuses that setting outside DEBUG and tests (lms.E003).
    """
    path = getattr(settings, "LMS_TEST_CLOCK_FILE", "")
    if path:
        try:
            text = Path(path).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            text = ""
        if text:
            return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    return timezone.now()
