from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import Published


class Domain(Published):
    """A business function (marketing, finance …): what an exercise's variant is written for. A row, never an enum."""

    name = I18nCharField(_("name"), max_length=500)
    description = I18nTextField(_("description"), blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("domain")
        verbose_name_plural = _("domains")

    def __str__(self) -> str:
        return str(self.name)
