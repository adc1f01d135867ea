from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import OfPack


class UseCase(OfPack):
    """A task that an AI tool may help with: what it gives, what can go wrong, how to begin. Texts are sanitised HTML."""

    title = I18nCharField(_("title"), max_length=500)
    description = I18nTextField(_("what the tool does and what remains with people"))
    first_step = I18nTextField(_("first step"))
    caution = I18nTextField(_("caution"), blank=True)
    domain = models.ForeignKey(
        "courses.Domain", on_delete=models.PROTECT, null=True, blank=True, related_name="use_cases", verbose_name=_("domain")
    )
    sectors = models.ManyToManyField("courses.Sector", related_name="use_cases", blank=True, verbose_name=_("sectors"))
    value = models.PositiveSmallIntegerField(
        _("value"),
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text=_("1 a little, 2 noticeable, 3 a lot: time or quality won where it works."),
    )
    risk = models.PositiveSmallIntegerField(
        _("risk"),
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text=_("1 an error is easily put right, 2 it costs, 3 it harms people or is regulated."),
    )
    modules = models.JSONField(_("modules"), default=list, help_text=_("Ids of the modules that prepare for it."))

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(value__range=(1, 3), risk__range=(1, 3)), name="courses_usecase_scales"),
        ]
        verbose_name = _("use case")
        verbose_name_plural = _("use cases")

    def __str__(self) -> str:
        return str(self.title)
