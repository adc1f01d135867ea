from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import OfPack


class LearningPath(OfPack):
    """Modules of several tracks in a recommended order: the first eight weeks, or what comes next in a domain. Advice, not an assignment."""

    title = I18nCharField(_("title"), max_length=500)
    summary = I18nTextField(_("summary"))
    domain = models.ForeignKey(
        "courses.Domain", on_delete=models.PROTECT, null=True, blank=True, related_name="paths", verbose_name=_("domain")
    )
    steps = models.JSONField(
        _("steps"),
        default=list,
        help_text=_('In order: {"title": {…}, "note": {…} or null, "modules": ["pe1"]}; texts by language.'),
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("path")
        verbose_name_plural = _("paths")

    def __str__(self) -> str:
        return str(self.title)
