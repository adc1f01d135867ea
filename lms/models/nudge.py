from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.enums import NudgeKind
from lms.models.delivery import Delivery, DeliveryQuerySet


class Nudge(Delivery):
    """A short message with one next step, planned as a row: the ledger of what was said, what was not, and why.

    Planned by ``lms.nudges.plan``, delivered or dropped by ``lms.nudges.deliver``. ``occasion`` names the event it belongs to,
    so that the same event never speaks twice.
    """

    recipient = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="nudges", verbose_name=_("recipient"))
    kind = models.CharField(_("kind"), max_length=30, choices=NudgeKind.choices)
    occasion = models.CharField(_("occasion"), max_length=100)
    enrolment = models.ForeignKey(
        "lms.Enrolment", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("enrolment")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), help_text=_("1 goes first."))
    planned_at = models.DateTimeField(_("planned"))
    expires_on = models.DateField(_("too late after"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "occasion"], name="lms_nudge_occasion"),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(dropped_at__isnull=True), name="lms_nudge_sent_or_dropped"
            ),
        ]
        indexes = [
            # lms.nudges.deliver: what may go out now, the most important first
            models.Index(
                fields=["send_after", "priority"],
                name="lms_nudge_waiting",
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
            ),
            # lms.nudges.deliver: caps, how many were sent to this person lately
            models.Index(fields=["recipient", "sent_at"], name="lms_nudge_sent", condition=models.Q(sent_at__isnull=False)),
        ]
        verbose_name = _("nudge")
        verbose_name_plural = _("nudges")

    def __str__(self) -> str:
        return f"{self.kind} / {self.recipient_id} / {self.occasion}"


class NudgeOptOut(models.Model):
    """A learner does not want this kind any more (empty kind: none at all). Never shown to a manager."""

    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="opt_outs", verbose_name=_("learner"))
    kind = models.CharField(_("kind"), max_length=30, blank=True, choices=NudgeKind.choices)
    since = models.DateTimeField(_("since"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "kind"], name="lms_nudgeoptout_learner_kind")]
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")

    def __str__(self) -> str:
        return f"{self.learner_id} / {self.kind or '*'}"
