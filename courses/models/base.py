"""What every published row has in common: a stable id from the pack, and a moment of retirement instead of deletion."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublishedQuerySet(models.QuerySet):
    def current(self) -> Self:
        """What the newest version of the pack still contains."""
        return self.filter(retired_at__isnull=True)

    def retired(self) -> Self:
        return self.filter(retired_at__isnull=False)


class Published(models.Model):
    """A row that ``courses.packs.publisher`` writes. ``slug`` is the author's id: unique for its kind and stable for ever."""

    slug = models.SlugField(_("id"), max_length=80, unique=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True


class OfPack(Published):
    """A published row that belongs to one pack: only that pack changes or retires it."""

    pack = models.ForeignKey("courses.Pack", on_delete=models.PROTECT, related_name="+", verbose_name=_("content pack"))

    class Meta:
        abstract = True
