from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DirectoryImport(models.Model):
    """One directory file: uploaded, previewed, then applied all or nothing. State changes: ``lms.people.actions``.

    The file's text is kept (not a path) until it is applied or replaced, so that any web process or worker can read it.
    """

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    file_name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField(_("content"), null=True, editable=False)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    full = models.BooleanField(
        _("complete directory"), default=False, help_text=_("People who are not in the file are marked as left.")
    )
    uploaded_at = models.DateTimeField(_("uploaded"))
    previewed_at = models.DateTimeField(_("checked"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    summary = models.JSONField(_("summary"), default=dict, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    done_rows = models.PositiveIntegerField(_("rows done"), default=0)
    total_rows = models.PositiveIntegerField(_("rows"), default=0)
    #: Not stored: whom the run that has just been applied made.
    new_learner_ids: Sequence[int] = ()

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("directory import")
        verbose_name_plural = _("directory imports")

    def __str__(self) -> str:
        return self.file_name
