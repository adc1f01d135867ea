import datetime as dt
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.enums import Cadence
from lms.models.delivery import Delivery, DeliveryQuerySet


class ReportSubscriptionQuerySet(models.QuerySet):
    def due(self, now: dt.datetime) -> Self:
        return self.filter(paused_at__isnull=True, next_due_at__lte=now)


class ReportSubscription(models.Model):
    """Whose report, about whom, how often. ``next_due_at`` is the stored due moment; ``lms.reports.actions`` moves it on.

    Without a cohort it is about the recipient's team; with one, about the members of that cohort in the recipient's own scope.
    """

    recipient = models.ForeignKey(
        "lms.Learner", on_delete=models.CASCADE, related_name="report_subscriptions", verbose_name=_("recipient")
    )
    cohort = models.ForeignKey(
        "lms.Cohort",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cohort"),
        help_text=_("Empty: the recipient's team."),
    )
    cadence = models.CharField(_("how often"), max_length=20, choices=Cadence.choices, default=Cadence.MONTHLY)
    hour = models.PositiveSmallIntegerField(
        _("hour"), default=8, validators=[MaxValueValidator(23)], help_text=_("In the recipient's time zone.")
    )
    language = models.CharField(_("language"), max_length=10, blank=True, help_text=_("Empty: the recipient's language."))
    next_due_at = models.DateTimeField(_("next report"))
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created"), editable=False)

    objects = ReportSubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "cohort", "cadence"],
                name="lms_reportsubscription_cohort",
                violation_error_message=_("This person already receives this report this often."),
            ),
            models.UniqueConstraint(
                fields=["recipient", "cadence"],
                condition=models.Q(cohort__isnull=True),
                name="lms_reportsubscription_team",
                violation_error_message=_("This person already receives the team's report this often."),
            ),
        ]
        indexes = [
            # lms.reports.actions: whose moment has passed
            models.Index(fields=["next_due_at"], name="lms_reportsubscription_due", condition=models.Q(paused_at__isnull=True))
        ]
        verbose_name = _("report subscription")
        verbose_name_plural = _("report subscriptions")

    def __str__(self) -> str:
        about = self.cohort or _("team")
        return f"{self.recipient} / {about}"


class Report(Delivery):
    """A frozen snapshot, one per subscription and period. ``figures`` is what was shown, after rounding and suppression."""

    subscription = models.ForeignKey(
        ReportSubscription, on_delete=models.CASCADE, related_name="reports", verbose_name=_("subscription")
    )
    recipient = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="reports", verbose_name=_("recipient"))
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until"), help_text=_("The last day, included."))
    built_at = models.DateTimeField(_("built"))
    language = models.CharField(_("language"), max_length=10)
    figures = models.JSONField(_("figures"))
    #: "Send me a sample": built the same way, outside the schedule and the unique period.
    sample = models.BooleanField(_("sample"), default=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-period_start", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "period_start"], condition=models.Q(sample=False), name="lms_report_period"
            )
        ]
        indexes = [
            # lms.reports.deliver: what waits to go out
            models.Index(
                fields=["send_after"],
                name="lms_report_waiting",
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
            )
        ]
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return f"{self.subscription} / {self.period_start:%Y-%m-%d}"
