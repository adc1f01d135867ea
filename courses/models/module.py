from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import Published


class Module(Published):
    """A set of activities with goals and prerequisites; belongs to one track."""

    track = models.ForeignKey("courses.Track", on_delete=models.PROTECT, related_name="modules", verbose_name=_("track"))
    title = I18nCharField(_("title"), max_length=500)
    summary = I18nTextField(_("summary"), blank=True)
    goals = models.JSONField(_("goals"), default=dict, help_text=_('By language: {"en": ["explain …"], "fr": [...]}.'))
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    prerequisites = models.ManyToManyField(
        "self", symmetrical=False, related_name="opens", blank=True, verbose_name=_("prerequisites")
    )

    class Meta:
        ordering = ["track", "position", "pk"]
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def __str__(self) -> str:
        return str(self.title)
