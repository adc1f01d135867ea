"""Why a message did not go out. The code is stored in ``drop_reason``; people read the label."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DropReason(models.TextChoices):
    # about the person
    LEFT = "left", _("no longer in the company")
    INACTIVE = "inactive", _("account switched off")
    OPTED_OUT = "opted_out", _("does not want these reminders")
    PAUSED = "paused", _("reminders were paused until it was too late")
    ON_LEAVE = "on_leave", _("on leave until it was too late")
    # about the occasion
    COMPLETED = "completed", _("track done in the meantime")
    ARCHIVED = "archived", _("no longer enrolled")
    STARTED = "started", _("started in the meantime")
    ACTIVE_AGAIN = "active_again", _("active again in the meantime")
    DATE_MOVED = "date_moved", _("the date was moved")
    NOTHING_TO_DO = "nothing_to_do", _("nothing to do for the person")
    # about the moment
    EXPIRED = "expired", _("too late to be of use")
    CAPPED = "capped", _("enough messages lately; too late after that")
    QUIET_HOURS = "quiet_hours", _("no sending hour before it was too late")
    # about the mail
    REFUSED = "refused", _("refused by the mail server")
    UNWRITABLE = "unwritable", _("could not be written or addressed")
    TOO_MANY_TRIES = "too_many_tries", _("given up after several tries")


def label(code: str) -> str:
    """The reason in words, in the reader's language; an unknown code (an older version's) as it stands."""
    try:
        return str(DropReason(code).label)
    except ValueError:
        return code
