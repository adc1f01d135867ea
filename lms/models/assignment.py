from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.enums import DueRule


class AssignmentQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def withdrawn(self) -> Self:
        return self.filter(withdrawn_at__isnull=False)


class Assignment(models.Model):
    """A track given to a cohort. Made by ``lms.enrolment.actions.assign_tracks``, taken back by ``withdraw_assignment``."""

    cohort = models.ForeignKey("lms.Cohort", on_delete=models.PROTECT, related_name="assignments", verbose_name=_("cohort"))
    track = models.ForeignKey("courses.Track", on_delete=models.PROTECT, related_name="+", verbose_name=_("track"))
    starts_on = models.DateField(_("starts on"))
    due_rule = models.CharField(_("due"), max_length=20, choices=DueRule.choices, default=DueRule.NONE)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(
        _("due after (days)"), null=True, blank=True, help_text=_("Calendar days; moved to the next working day.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created"), editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "track"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="lms_assignment_current",
                violation_error_message=_("This track is already assigned to this cohort."),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(due_rule=DueRule.NONE, due_on__isnull=True, due_days__isnull=True)
                    | models.Q(due_rule=DueRule.DATE, due_on__isnull=False, due_days__isnull=True)
                    | models.Q(
                        due_rule__in=[DueRule.AFTER_START, DueRule.AFTER_JOINING, DueRule.AFTER_HIRING],
                        due_on__isnull=True,
                        due_days__isnull=False,
                    )
                ),
                name="lms_assignment_due",
                violation_error_message=_("Give a date for “on a date”, or a number of days for “days after …”."),
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=True) | models.Q(due_on__gte=models.F("starts_on")),
                name="lms_assignment_due_after_start",
                violation_error_message=_("The due date is before the start."),
            ),
        ]
        permissions = [("assign_tracks", _("Can assign tracks to cohorts"))]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.track} → {self.cohort}"
