"""Choices that are a fixed part of the product. What a company may extend (domains, sites, tracks) are rows instead.

States are not stored: they are computed from moments (``lms.enrolment.queries.with_state``); the enums here name the results.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnrolmentState(models.TextChoices):
    NOT_STARTED = "not_started", _("not started")
    ON_THE_WAY = "on_the_way", _("on the way")
    LATE = "late", _("late")
    DONE = "done", _("done")
    ARCHIVED = "archived", _("archived")

    @classmethod
    def open_states(cls) -> frozenset["EnrolmentState"]:
        return frozenset({cls.NOT_STARTED, cls.ON_THE_WAY, cls.LATE})


class DueRule(models.TextChoices):
    """From what an assignment's due date is counted."""

    NONE = "none", _("no due date")
    DATE = "date", _("on a date")
    AFTER_START = "after_start", _("days after the start")
    AFTER_JOINING = "after_joining", _("days after joining the cohort")
    AFTER_HIRING = "after_hiring", _("days after being hired")


class NudgeKind(models.TextChoices):
    WELCOME = "welcome", _("welcome")
    FIRST_PRACTICE = "first_practice", _("first practice missing")
    IDLE = "idle", _("idle")
    DUE_SOON = "due_soon", _("due soon")
    OVERDUE = "overdue", _("overdue")


class Cadence(models.TextChoices):
    WEEKLY = "weekly", _("every week")
    MONTHLY = "monthly", _("every month")
    QUARTERLY = "quarterly", _("every quarter")


class Source(models.TextChoices):
    """Through which door an action came, for the audit trail."""

    PAGE = "page", _("page")
    ADMIN = "admin", _("administration")
    API = "api", _("API")
    IMPORT = "import", _("import")
    JOB = "job", _("scheduled job")
    COMMAND = "command", _("command")


class ToolClass(models.TextChoices):
    APPROVED = "approved", _("the approved assistant")
    OTHER = "other", _("another tool that my company allows")
    NONE = "none", _("none: on paper or with the practice text")


class DataColour(models.TextChoices):
    GREEN = "green", _("green: public or invented")
    ORANGE = "orange", _("orange: internal, approved tool only")
    RED = "red", _("red: personal, health, pay, secret: I left it out")


class Outcome(models.TextChoices):
    KEPT = "kept", _("kept as it was")
    EDITED = "edited", _("kept after changes")
    DROPPED = "dropped", _("dropped")


class MinutesRange(models.TextChoices):
    UNDER_5 = "under_5", _("under 5 minutes")
    FROM_5 = "from_5", _("5 to 15 minutes")
    FROM_15 = "from_15", _("15 to 30 minutes")
    FROM_30 = "from_30", _("30 to 60 minutes")
    OVER_60 = "over_60", _("over an hour")
