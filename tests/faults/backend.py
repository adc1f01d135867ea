"""A fail-point at the mail server's door: the process dies right before a mail is handed over, or right after it was taken."""

import os
import signal
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend


class KillingBackend(EmailBackend):
    sent = 0

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int | None:
        moment, _colon, number = os.environ["KILL_AT"].partition(":")
        KillingBackend.sent += 1
        if moment == "before" and KillingBackend.sent == int(number):
            os.kill(os.getpid(), signal.SIGKILL)
        count = super().send_messages(email_messages)
        if moment == "after" and KillingBackend.sent == int(number):
            os.kill(os.getpid(), signal.SIGKILL)
        return count
