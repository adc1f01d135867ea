from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import OfPack


class Term(OfPack):
    """A word of the glossary. Lessons link its first occurrence: the publisher marks the places, the page brings the definition."""

    name = I18nCharField(_("term"), max_length=500)
    definition = I18nTextField(_("definition"), help_text=_("Sanitised HTML, by language."))
    forms = models.JSONField(
        _("forms"),
        default=dict,
        help_text=_('By language, as texts write it: {"en": ["checkpoint", "checkpoints"], "fr": [...]}.'),
    )
    see = models.JSONField(_("see also"), default=list, help_text=_("Ids of other terms."))
    skill = models.ForeignKey(
        "courses.Skill", on_delete=models.PROTECT, null=True, blank=True, related_name="terms", verbose_name=_("skill")
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")

    def __str__(self) -> str:
        return str(self.name)
