from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField


class Pack(models.Model):
    """A folder of authored content that is published as a whole."""

    slug = models.SlugField(_("id"), max_length=80, unique=True)
    title = I18nCharField(_("title"), max_length=500)
    languages = models.JSONField(_("languages"), default=list)
    licence = models.CharField(_("licence"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("content pack")
        verbose_name_plural = _("content packs")

    def __str__(self) -> str:
        return str(self.title)


class PackVersion(models.Model):
    """One publication of a pack. ``courses.packs.publisher.publish`` writes it, once per changed content."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="versions", verbose_name=_("content pack"))
    number = models.PositiveIntegerField(_("number"))
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 of the files, in order."))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    changes = models.JSONField(_("changes"), default=dict, help_text=_("What was added, changed and retired, by kind."))

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["pack", "number"], name="courses_packversion_number")]
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")

    def __str__(self) -> str:
        return f"{self.pack} {self.number}"
