from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import OfPack


class Sector(OfPack):
    """A branch of the economy where roles and use cases are found. Published from ``sectors.yaml``."""

    name = I18nCharField(_("name"), max_length=500)
    description = I18nTextField(_("description"), blank=True)
    caution = I18nTextField(_("caution"), blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")

    def __str__(self) -> str:
        return str(self.name)
