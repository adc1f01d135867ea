from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.enums import Source


class AuditQuerySet(models.QuerySet):
    """Append-only, by a check in code; in production also by the database's privileges (docs/operating.md)."""

    def update(self, **kwargs: Any) -> int:
        raise PermissionDenied("The audit trail is append-only.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise PermissionDenied("The audit trail is append-only.")


class AuditEntry(models.Model):
    """Who did what to whom, when, through which door and why. Written by ``lms.audit.actions.record``."""

    at = models.DateTimeField(_("at"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    actor_label = models.CharField(_("who, as written then"), max_length=254, blank=True)
    source = models.CharField(_("through"), max_length=20, choices=Source.choices)
    verb = models.CharField(_("did"), max_length=60)
    object_type = models.CharField(_("kind of object"), max_length=60)
    object_id = models.CharField(_("object id"), max_length=64, blank=True)
    object_label = models.CharField(_("object"), max_length=254, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            # admin: the history of one object
            models.Index(fields=["object_type", "object_id"], name="lms_auditentry_object"),
        ]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise PermissionDenied("The audit trail is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise PermissionDenied("The audit trail is append-only.")
