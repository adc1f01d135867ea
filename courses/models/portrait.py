from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import OfPack


class Portrait(OfPack):
    """How somebody went from one job to another with AI: a story, not a promise. ``story`` is sanitised HTML."""

    name = models.CharField(_("name"), max_length=100)
    title = I18nCharField(_("title"), max_length=500)
    before = I18nCharField(_("before"), max_length=500)
    after = I18nCharField(_("after"), max_length=500)
    story = I18nTextField(_("story"))
    steps = models.JSONField(_("steps"), default=dict, help_text=_('By language: {"en": [{"when": "…", "what": "…"}]}.'))
    question = I18nTextField(_("question to the reader"))
    domain = models.ForeignKey(
        "courses.Domain", on_delete=models.PROTECT, null=True, blank=True, related_name="portraits", verbose_name=_("domain")
    )
    role = models.ForeignKey(
        "courses.Role", on_delete=models.PROTECT, null=True, blank=True, related_name="portraits", verbose_name=_("role")
    )
    modules = models.JSONField(_("modules"), default=list, help_text=_("Ids of the modules that a reader may begin with."))
    source = I18nTextField(_("source"), blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("portrait")
        verbose_name_plural = _("portraits")

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"
