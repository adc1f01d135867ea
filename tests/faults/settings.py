"""The test's settings with a mail backend that kills its own process: ``KILL_AT=before:3`` or ``after:3`` (the third mail)."""

from tests.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.faults.backend.KillingBackend"
