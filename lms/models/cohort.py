from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cohort(models.Model):
    """People who learn together, chosen by hand or by file. Members join and leave through ``lms.enrolment.actions``."""

    name = models.CharField(
        _("name"), max_length=150, unique=True, error_messages={"unique": _("There is already a cohort with this name.")}
    )
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(_("created"), editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")

    def __str__(self) -> str:
        return self.name


class CohortMembershipQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(until__isnull=True)

    def past(self) -> Self:
        return self.filter(until__isnull=False)


class CohortMembership(models.Model):
    """Somebody in a cohort, since and until; history is kept."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("cohort"))
    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="memberships", verbose_name=_("learner"))
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = CohortMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "learner"],
                condition=models.Q(until__isnull=True),
                name="lms_cohortmembership_current",
                violation_error_message=_("This person is already in the cohort."),
            )
        ]
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self) -> str:
        return f"{self.learner_id} in {self.cohort_id}"


class CohortInvitation(models.Model):
    """Somebody put into a cohort by e-mail address before having an account; joins when the directory brings the account.

    ``lms.enrolment.actions.add_members_by_email`` writes it, ``admit_invited`` fulfils it after an import.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("cohort"))
    email = models.EmailField(_("e-mail"), max_length=254, help_text=_("In lower case."))
    invited_at = models.DateTimeField(_("invited"))
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "email"], name="lms_cohortinvitation_email")]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return self.email
