"""What a nudge says: where you are, one next step, why you get it, how to stop it."""

import datetime as dt
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from lms.conf import conf
from lms.enums import NudgeKind
from lms.mail.letter import Letter, read_letter
from lms.mail.render import envelope, render_letter, speaking_to
from lms.mail.tokens import absolute, unsubscribe_link
from lms.models import Nudge
from lms.people.tokens import password_link
from lms.progress.pages import Step


def letter_for(nudge: Nudge, *, step: Step, now: dt.datetime) -> Letter:
    """In the language that is active. ``nudge.recipient`` carries its user, ``nudge.enrolment`` its track."""
    learner, enrolment = nudge.recipient, nudge.enrolment
    track = enrolment.track if enrolment else None
    # A step of another track is not what this mail is about: then it leads to the track itself.
    same = track is None or step.track.pk == track.pk
    context: dict[str, Any] = {
        "recipient": learner,
        "company": conf.COMPANY_NAME,
        "track": step.track.title if track is None or same else track.title,
        "step": step.activity.title if same else "",
        "minutes": step.minutes if same else 0,
        "due_on": enrolment.due_on if enrolment else None,
        "step_url": absolute(
            reverse("lms:activity", args=[step.activity.slug])
            if same or track is None
            else reverse("lms:track", args=[track.slug])
        ),
        "needs_password": not learner.user.has_usable_password(),
        "link_days": conf.WELCOME_LINK_DAYS,
        "last_time": nudge.occasion.endswith(".7"),
    }
    if nudge.kind == NudgeKind.WELCOME and context["needs_password"]:
        context["password_link"] = password_link(learner, now=now)
    return read_letter(f"lms/mail/nudges/{nudge.kind}.txt", context).stoppable(unsubscribe_link(learner, nudge.kind))


def write_nudge(nudge: Nudge, *, step: Step, now: dt.datetime) -> EmailMultiAlternatives:
    """The mail, in the recipient's language and zone."""
    with speaking_to(nudge.recipient):
        letter = letter_for(nudge, step=step, now=now)
        return envelope(render_letter(letter), to=nudge.recipient.email, message_id=nudge.message_id, stop_url=letter.stop_url)
