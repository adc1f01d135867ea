"""What every row that becomes a mail has in common: it is claimed, sent once, and keeps why it was not."""

import datetime as dt
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryQuerySet(models.QuerySet):
    def undelivered(self) -> Self:
        return self.filter(sent_at__isnull=True, dropped_at__isnull=True)

    def delivered(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def claimable(self, now: dt.datetime) -> Self:
        """Due, not sent, not dropped, and in nobody's hands (or in hands that died: the lease has run out)."""
        return (
            self.undelivered()
            .filter(send_after__lte=now)
            .filter(models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lte=now))
        )


class Delivery(models.Model):
    """Moments of one message's way out. Transitions: ``lms.mail.delivery`` (claim, mark sent, put off, drop)."""

    send_after = models.DateTimeField(_("not before"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True, editable=False)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)
    drop_reason = models.CharField(_("why not"), max_length=200, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    #: Fixed when the row is made, so that a repeated message is recognised as the same.
    message_id = models.CharField("Message-ID", max_length=200, unique=True, editable=False)

    class Meta:
        abstract = True
