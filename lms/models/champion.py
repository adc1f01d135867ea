import datetime as dt
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChampionQuerySet(models.QuerySet):
    def appointed(self, on: dt.date) -> Self:
        """Whose term it is on that date, with time agreed by their manager."""
        return self.filter(starts_on__lte=on, manager_agreed_on__isnull=False).filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=on)
        )

    def active(self, on: dt.date) -> Self:
        """Serving on that date: appointed, and still in the company."""
        return self.appointed(on).filter(models.Q(learner__left_on__isnull=True) | models.Q(learner__left_on__gt=on))


class Champion(models.Model):
    """A colleague who coaches, by consent and with time agreed. Named in the admin through ``lms.champions.actions``."""

    learner = models.OneToOneField("lms.Learner", on_delete=models.CASCADE, related_name="champion", verbose_name=_("learner"))
    domain = models.ForeignKey(
        "courses.Domain", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("domain")
    )
    department = models.ForeignKey(
        "lms.Department", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    languages = models.JSONField(_("languages"), default=list, help_text=_('Codes, for example ["fr", "en"].'))
    capacity = models.PositiveSmallIntegerField(
        _("capacity"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Open requests at most."),
    )
    hours_per_week = models.DecimalField(
        _("hours a week agreed"), max_digits=4, decimal_places=1, default=2, validators=[MinValueValidator(0)]
    )
    consented_on = models.DateField(_("accepted by the person on"))
    manager_agreed_on = models.DateField(_("time agreed by the manager on"), null=True, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    last_asked_at = models.DateTimeField(_("last asked"), null=True, blank=True, editable=False)

    objects = ChampionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="lms_champion_in_order",
                violation_error_message=_("The last day is not after the first day."),
            )
        ]
        permissions = [("lead_champions", _("Can answer for champions and decide contested scores"))]
        verbose_name = _("champion")
        verbose_name_plural = _("champions")

    def __str__(self) -> str:
        return str(self.learner)


class HelpRequest(models.Model):
    """A learner asks for help; only what is written here is shared. ``champion`` empty: the champion leads' queue.

    Asked, answered and closed by ``lms.champions.actions``.
    """

    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="help_requests", verbose_name=_("learner"))
    champion = models.ForeignKey(
        Champion, on_delete=models.SET_NULL, null=True, blank=True, related_name="help_requests", verbose_name=_("champion")
    )
    activity = models.ForeignKey(
        "courses.Activity", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("activity")
    )
    question = models.TextField(_("question"), max_length=4000)
    asked_at = models.DateTimeField(_("asked"))
    answer_due_on = models.DateField(_("answer promised by"))
    answer = models.TextField(_("answer"), blank=True, max_length=8000)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    #: Set once by the form that sent it: a double click asks once.
    token = models.UUIDField(unique=True, editable=False)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            # lms.champions.queries: open requests of a champion, and the leads' queue
            models.Index(
                fields=["champion", "answer_due_on"],
                name="lms_helprequest_open",
                condition=models.Q(answered_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]
        verbose_name = _("help request")
        verbose_name_plural = _("help requests")

    def __str__(self) -> str:
        return self.question[:60]


class Contest(models.Model):
    """A learner contests a score and, in the same step, consents to show that attempt. Decided once, with a reason.

    A granted contest adds ``Attempt.corrected_score``; the attempt itself is never edited.
    """

    attempt = models.OneToOneField("lms.Attempt", on_delete=models.CASCADE, related_name="contest", verbose_name=_("attempt"))
    champion = models.ForeignKey(
        Champion, on_delete=models.SET_NULL, null=True, blank=True, related_name="contests", verbose_name=_("champion")
    )
    words = models.TextField(_("what the learner says"), max_length=4000)
    consented_at = models.DateTimeField(_("consent to show this attempt"))
    answer_due_on = models.DateField(_("answer promised by"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    granted = models.BooleanField(_("granted"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, max_length=4000)

    class Meta:
        ordering = ["-consented_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, granted__isnull=True)
                | models.Q(decided_at__isnull=False, granted__isnull=False),
                name="lms_contest_decided",
            )
        ]
        verbose_name = _("contested score")
        verbose_name_plural = _("contested scores")

    def __str__(self) -> str:
        return f"{self.attempt_id}"
