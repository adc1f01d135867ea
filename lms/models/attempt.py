import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(submitted_at__isnull=True)

    def submitted(self) -> Self:
        return self.filter(submitted_at__isnull=False)


class Attempt(models.Model):
    """One try at a quiz or an exercise. The items are drawn once, at the start; answers are kept as given; a submitted attempt is
    never edited. Opened by ``lms.progress.actions.start_attempt``, graded by ``submit_attempt``.

    ``items``: slugs of the drawn items, in order. ``answers``: ``{item slug: response}`` (draft until submitted).
    ``result``: ``{item slug: {score, passed, parts: [...], feedback: [...]}}``.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="attempts", verbose_name=_("learner"))
    activity = models.ForeignKey("courses.Activity", on_delete=models.PROTECT, related_name="+", verbose_name=_("activity"))
    number = models.PositiveSmallIntegerField(_("number"))
    language = models.CharField(_("language"), max_length=10)
    items = models.JSONField(_("items"), default=list)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    started_at = models.DateTimeField(_("started"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    score = models.FloatField(_("score"), null=True, blank=True)
    #: The Idempotency-Key of the API call that submitted it; the same key never submits two attempts.
    idempotency_key = models.CharField(max_length=100, blank=True, editable=False)
    corrected_score = models.FloatField(
        _("corrected score"), null=True, blank=True, help_text=_("Set when a contest is granted.")
    )

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["activity", "number"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "activity", "number"], name="lms_attempt_number"),
            models.UniqueConstraint(
                fields=["learner", "activity"], condition=models.Q(submitted_at__isnull=True), name="lms_attempt_one_open"
            ),
            models.UniqueConstraint(
                fields=["learner", "idempotency_key"], condition=~models.Q(idempotency_key=""), name="lms_attempt_idempotency_key"
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True, score__isnull=True)
                | models.Q(submitted_at__isnull=False, score__isnull=False),
                name="lms_attempt_scored_when_submitted",
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=0, score__lte=1), name="lms_attempt_score_range"
            ),
        ]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return f"{self.activity_id} / {self.learner_id} #{self.number}"
