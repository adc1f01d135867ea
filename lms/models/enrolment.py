from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnrolmentQuerySet(models.QuerySet):
    def live(self) -> Self:
        return self.filter(archived_at__isnull=True)

    def archived(self) -> Self:
        return self.filter(archived_at__isnull=False)

    def unfinished(self) -> Self:
        return self.live().filter(completed_at__isnull=True)


class Enrolment(models.Model):
    """One learner in one track; its reasons say why. State is computed from these moments by ``lms.enrolment.queries``.

    ``due_on`` is the earliest due date among the open reasons, kept by ``lms.enrolment.actions``; one that had passed when the
    enrolment was reopened is left out. ``started_at``, ``last_activity_at`` and ``completed_at`` are written by
    ``lms.progress.actions`` alone; ``completed_at`` is sticky until the author reopens the track (``reopen_enrolments``): then
    ``earlier_completed_at`` keeps the moment, and ``reopened_at`` says when.
    """

    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="enrolments", verbose_name=_("learner"))
    track = models.ForeignKey("courses.Track", on_delete=models.PROTECT, related_name="+", verbose_name=_("track"))
    enrolled_at = models.DateTimeField(_("enrolled"))
    starts_on = models.DateField(_("starts on"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    last_activity_at = models.DateTimeField(_("last activity"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("reopened"), null=True, blank=True)
    earlier_completed_at = models.DateTimeField(_("completed before it was reopened"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "track"],
                name="lms_enrolment_learner_track",
                violation_error_message=_("This person is already enrolled in this track."),
            )
        ]
        indexes = [
            # lms.reports.figures: one track's people, and a cohort's figures through its members
            models.Index(fields=["track", "learner"], name="lms_enrolment_track"),
            # lms.nudges.plan (due soon, overdue): unfinished ones by due date
            models.Index(
                fields=["due_on"],
                name="lms_enrolment_due",
                condition=models.Q(completed_at__isnull=True, archived_at__isnull=True, due_on__isnull=False),
            ),
            # lms.nudges.plan (first practice): unfinished, not started, by start
            models.Index(
                fields=["starts_on"],
                name="lms_enrolment_unstarted",
                condition=models.Q(started_at__isnull=True, completed_at__isnull=True, archived_at__isnull=True),
            ),
            # lms.nudges.plan (idle): unfinished, started, by last activity
            models.Index(
                fields=["last_activity_at"],
                name="lms_enrolment_idle",
                condition=models.Q(completed_at__isnull=True, archived_at__isnull=True, last_activity_at__isnull=False),
            ),
        ]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")

    def __str__(self) -> str:
        return f"{self.learner_id} / {self.track_id}"


class EnrolmentReason(models.Model):
    """Why an enrolment exists: an assignment, or (assignment empty) the learner's own choice. Closed, never deleted."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="reasons", verbose_name=_("enrolment"))
    assignment = models.ForeignKey(
        "lms.Assignment", on_delete=models.PROTECT, null=True, blank=True, related_name="reasons", verbose_name=_("assignment")
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            # One row per pair: leaving closes it, coming back opens it again.
            models.UniqueConstraint(fields=["enrolment", "assignment"], name="lms_enrolmentreason_assignment"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=models.Q(assignment__isnull=True), name="lms_enrolmentreason_own_choice"
            ),
        ]
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")

    def __str__(self) -> str:
        return f"{self.enrolment_id} because of {self.assignment_id or 'own choice'}"
