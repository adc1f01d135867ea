import datetime as dt
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import OfPack, PublishedQuerySet


class FactQuerySet(PublishedQuerySet):
    def due_for_review(self, on: dt.date) -> Self:
        return self.filter(review_after__lt=on)


class Fact(OfPack):
    """Something the lessons rely on, with where it comes from, when it was so, and when somebody must look again."""

    title = I18nCharField(_("title"), max_length=500)
    statement = I18nTextField(_("statement"), help_text=_("Sanitised HTML, by language."))
    source = I18nTextField(_("source"), help_text=_("In words: who published it, when."))
    as_of = models.DateField(_("as of"))
    review_after = models.DateField(_("to be reviewed after"))
    modules = models.JSONField(_("modules"), default=list, help_text=_("Ids of the modules that rely on it."))

    objects = FactQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(review_after__gt=models.F("as_of")),
                name="courses_fact_dates",
                violation_error_message=_("A fact is reviewed after the day it was taken from."),
            ),
        ]
        verbose_name = _("fact")
        verbose_name_plural = _("facts")

    def __str__(self) -> str:
        return str(self.title)
