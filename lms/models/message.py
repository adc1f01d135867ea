from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.models.delivery import Delivery, DeliveryQuerySet


class Message(Delivery):
    """A mail between people or about an account (champion asked, answer given, password link): not automatic, not capped.

    Queued by ``lms.mail.actions.queue_message`` in the transaction of its cause; sent by ``lms.mail.delivery``.
    """

    recipient = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="messages", verbose_name=_("recipient"))
    template = models.CharField(_("template"), max_length=60)
    #: Values for the template; never a secret: links with a token are made when the mail is rendered.
    context = models.JSONField(_("context"), default=dict, blank=True)
    cause = models.CharField(
        _("cause"), max_length=100, unique=True, help_text=_("One mail per cause, however often it is asked for.")
    )
    queued_at = models.DateTimeField(_("queued"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            # lms.mail.delivery: what waits to go out
            models.Index(
                fields=["send_after"],
                name="lms_message_waiting",
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
            )
        ]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self.template} / {self.recipient_id}"
