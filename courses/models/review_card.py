from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.activity import Mechanic
from courses.models.base import Published


class ReviewCard(Published):
    """A small decision, asked again days later. Same shapes as an ``Item``."""

    module = models.ForeignKey("courses.Module", on_delete=models.PROTECT, related_name="review_cards", verbose_name=_("module"))
    mechanic = models.CharField(_("mechanic"), max_length=20, choices=Mechanic.choices)
    payload = models.JSONField(_("payload"))
    answer_key = models.JSONField(_("key"))
    texts = models.JSONField(_("texts"), default=dict)

    class Meta:
        ordering = ["module", "position", "pk"]
        verbose_name = _("review card")
        verbose_name_plural = _("review cards")

    def __str__(self) -> str:
        return self.slug
