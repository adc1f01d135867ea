"""One question a period for the manager to ask: the part of a report that changes something."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.calendar.rules import Period

#: Never one that asks for names, scores or hours. New ones go to the end: a report keeps the number of its own.
STARTERS: tuple[Promise, ...] = (
    _("Which task of last week deserved a second look?"),
    _("What did you try that did not work, and what did it teach you?"),
    _("Which check do you make before you pass something on?"),
    _("What would help you to try one thing next week?"),
    _("Which text or table do you make again every month?"),
    _("Where did you keep your own wording, and why?"),
    _("What may we not give to the tool, and what do we do instead?"),
    _("Who helped you lately, and with what?"),
    _("Which step of our work would nobody miss?"),
    _("What do you wish that you had half an hour for?"),
    _("When did you decide not to use it?"),
    _("Which answer looked right and was not?"),
)


def starter_for(period: Period) -> int:
    """The number of the question of a period: the same for everybody, another one the next time."""
    return (period.start.toordinal() // 7) % len(STARTERS)


def starter(number: int) -> Promise:
    return STARTERS[number % len(STARTERS)]
