from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import Published


class Skill(Published):
    """One of the five pillars. Published from ``skills.yaml``."""

    name = I18nCharField(_("name"), max_length=500)
    description = I18nTextField(_("description"), blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return str(self.name)
