from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import OfPack
from courses.models.role import Technicality


class OfferKind(models.TextChoices):
    COURSE = "course", _("online course")
    CERTIFICATE = "certificate", _("short certificate")
    BOOTCAMP = "bootcamp", _("intensive course")
    DIPLOMA = "diploma", _("university diploma for people at work")
    DEGREE = "degree", _("degree")
    CERTIFICATION = "certification", _("technical certification")
    RECOGNITION = "recognition", _("recognition of experience")
    SUPPORT = "support", _("public support")


class TrainingOffer(OfPack):
    """A way to learn elsewhere, as it was when somebody last looked. Always shown with that date and "check before use"."""

    title = I18nCharField(_("title"), max_length=500)
    kind = models.CharField(_("kind"), max_length=20, choices=OfferKind.choices)
    provider = models.CharField(_("provider"), max_length=200)
    country = models.CharField(_("country"), max_length=2, blank=True)
    duration = I18nCharField(_("duration"), max_length=500, blank=True)
    description = I18nTextField(_("description"))
    technicality = models.CharField(_("technical or not"), max_length=10, choices=Technicality.choices, default=Technicality.NONE)
    funding = models.JSONField(_("funding"), default=list, help_text=_("Of: cpf, employer, opco, region, free, own."))
    doubt = I18nTextField(_("doubt"), blank=True, help_text=_("What could not be confirmed."))
    skills = models.ManyToManyField("courses.Skill", related_name="offers", blank=True, verbose_name=_("skills"))
    verified_on = models.DateField(_("last looked at"))
    review_after = models.DateField(_("to be reviewed after"))

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("training offer")
        verbose_name_plural = _("training offers")

    def __str__(self) -> str:
        return str(self.title)
