from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class CompletionQuerySet(models.QuerySet):
    def done(self) -> Self:
        return self.filter(completed_at__isnull=False)

    def under_way(self) -> Self:
        return self.filter(completed_at__isnull=True)


class Completion(models.Model):
    """One learner and one activity: opened, then done. Written by ``lms.progress.actions`` alone; ``completed_at`` is sticky."""

    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="completions", verbose_name=_("learner"))
    activity = models.ForeignKey("courses.Activity", on_delete=models.PROTECT, related_name="+", verbose_name=_("activity"))
    opened_at = models.DateTimeField(_("opened"))
    completed_at = models.DateTimeField(_("done"), null=True, blank=True)
    best_score = models.FloatField(_("best score"), null=True, blank=True)
    #: The learner went on although a prerequisite was missing; noted, not punished.
    overrode_prerequisites = models.BooleanField(_("opened before its prerequisites"), default=False)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "activity"], name="lms_completion_learner_activity")]
        verbose_name = _("completion")
        verbose_name_plural = _("completions")

    def __str__(self) -> str:
        return f"{self.learner_id} / {self.activity_id}"
