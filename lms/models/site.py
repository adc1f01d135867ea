from django.db import models
from django.utils.translation import gettext_lazy as _


class Site(models.Model):
    """A place of work; its country and region decide the public holidays."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    country = models.CharField(_("country"), max_length=2, default="FR", help_text=_("ISO 3166 code: FR, BE …"))
    region = models.CharField(
        _("region"), max_length=10, blank=True, help_text=_("ISO 3166-2 subdivision where holidays differ.")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def __str__(self) -> str:
        return self.name


class NonWorkingDay(models.Model):
    """A public or company holiday of a site, years ahead, so that SQL can join it. ``lms.calendar.actions`` fills it."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="non_working_days", verbose_name=_("site"))
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "date"],
                name="lms_nonworkingday_site_date",
                violation_error_message=_("This day is already marked as not worked at this site."),
            )
        ]
        verbose_name = _("non-working day")
        verbose_name_plural = _("non-working days")

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}"
