from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import OfPack


class DocumentKind(models.TextChoices):
    POLICY = "policy", _("policy")
    TABLE = "table", _("table")
    TRANSCRIPT = "transcript", _("transcript")
    SHEET = "sheet", _("product sheet")
    LETTERS = "letters", _("letters and mails")
    FILES = "files", _("files")
    DRAFT = "draft", _("draft")


class Document(OfPack):
    """A paper of the invented company that exercises work on: the data room. Nothing in it is real. ``html`` is sanitised."""

    title = I18nCharField(_("title"), max_length=500)
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    summary = I18nTextField(_("summary"))
    html = I18nTextField(_("text"))

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return str(self.title)
