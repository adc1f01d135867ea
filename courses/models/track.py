from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import Published


class Track(Published):
    """The modules that teach one skill, in order.

    The author raises ``edition`` when what is new must also be done by those who had finished; ``reopened_at`` is when such a raise was
    published last. Who had finished before then and has something left is asked again, by the host of people.
    """

    pack = models.ForeignKey("courses.Pack", on_delete=models.PROTECT, related_name="tracks", verbose_name=_("content pack"))
    skill = models.ForeignKey("courses.Skill", on_delete=models.PROTECT, related_name="tracks", verbose_name=_("skill"))
    title = I18nCharField(_("title"), max_length=500)
    summary = I18nTextField(_("summary"), blank=True)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    reopened_at = models.DateTimeField(_("reopened"), null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("track")
        verbose_name_plural = _("tracks")

    def __str__(self) -> str:
        return str(self.title)
