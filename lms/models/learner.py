import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("“%(value)s” is not a known time zone. Write for example Europe/Paris."), params={"value": value})


class LearnerQuerySet(models.QuerySet):
    def active(self, on: dt.date) -> "LearnerQuerySet":
        """People who work here on that date."""
        return self.filter(models.Q(left_on__isnull=True) | models.Q(left_on__gt=on))

    def left(self, on: dt.date) -> "LearnerQuerySet":
        return self.filter(left_on__lte=on)

    def reporting_to(self, manager: "Learner") -> "LearnerQuerySet":
        """Direct and indirect reports, the manager not among them."""
        return self.filter(pk__in=ReportingLine.objects.filter(manager=manager).values("learner"))

    def visible_to(self, user: Any) -> "LearnerQuerySet":
        """THE scope, for pages, API, admin, exports and mails alike.

        HR (``lms.view_learner``) sees everybody; a manager direct and indirect reports; everybody sees themself. What a champion
        sees is what was shared with him: requests, not people.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("lms.view_learner"):
            return self
        return self.filter(
            models.Q(user=user) | models.Q(pk__in=ReportingLine.objects.filter(manager__user=user).values("learner"))
        )


class Learner(models.Model):
    """An employee: a profile on the host's user. Created, changed, moved and marked *left* by ``lms.people.actions``; never deleted."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="learner", verbose_name=_("account")
    )
    external_id = models.CharField(
        _("external id"), max_length=100, unique=True, error_messages={"unique": _("Somebody already has this external id.")}
    )
    email = models.EmailField(_("e-mail"), max_length=254)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    department = models.ForeignKey(
        "lms.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="learners", verbose_name=_("department")
    )
    manager = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="direct_reports", verbose_name=_("manager")
    )
    domain = models.ForeignKey(
        "courses.Domain", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("domain")
    )
    site = models.ForeignKey(
        "lms.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="learners", verbose_name=_("site")
    )
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, default="fr")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Paris", validators=[validate_time_zone])
    working_days = models.CharField(
        _("working days"), max_length=7, default="01234", help_text=_("Digits from 0 (Monday) to 6 (Sunday).")
    )
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    attributes = models.JSONField(_("other attributes"), default=dict, blank=True)
    last_active_at = models.DateTimeField(_("last activity"), null=True, blank=True, editable=False)
    nudges_paused_until = models.DateField(_("reminders paused until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), editable=False)

    objects = LearnerQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="lms_learner_email_ci",
                violation_error_message=_("Somebody already has this e-mail address."),
            ),
            models.CheckConstraint(
                condition=models.Q(manager__isnull=True) | ~models.Q(manager=models.F("pk")),
                name="lms_learner_not_own_manager",
                violation_error_message=_("Nobody can be their own manager."),
            ),
        ]
        permissions = [("import_directory", _("Can import a directory file"))]
        verbose_name = _("learner")
        verbose_name_plural = _("learners")

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def weekdays(self) -> frozenset[int]:
        """Working weekdays, 0 = Monday."""
        return frozenset(int(digit) for digit in self.working_days)

    def has_left(self, on: dt.date) -> bool:
        return self.left_on is not None and self.left_on <= on


class ReportingLine(models.Model):
    """The transitive closure of ``Learner.manager``: one row per manager and direct or indirect report.

    Rebuilt by ``lms.people.actions.rebuild_reporting_line`` in the transaction that changes a manager, so that a scope is a
    plain join and never a recursion.
    """

    manager = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="lines_down", verbose_name=_("manager"))
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="lines_up", verbose_name=_("learner"))
    depth = models.PositiveSmallIntegerField(_("depth"), help_text=_("1: direct report."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["manager", "learner"], name="lms_reportingline_pair")]
        verbose_name = _("reporting line")
        verbose_name_plural = _("reporting lines")

    def __str__(self) -> str:
        return f"{self.manager_id} → {self.learner_id}"


class Leave(models.Model):
    """Days on which a learner is away: no nudge is sent, no idle day is counted. Both ends included."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="leaves", verbose_name=_("learner"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="lms_leave_in_order",
                violation_error_message=_("The last day is before the first day."),
            )
        ]
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"
