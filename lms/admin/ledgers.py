"""What was said to people, and what was not, and why: to be read, never to be changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lms.admin.base import ReadOnlyHrAdmin
from lms.admin.filters import DeliveryFilter
from lms.admin.show import delivery_chip, drop_reason
from lms.enums import NudgeKind
from lms.mail.reasons import DropReason
from lms.models import Message, Nudge

PERSON = ("recipient__last_name", "recipient__first_name", "recipient__email", "recipient__external_id")


class DropReasonFilter(admin.SimpleListFilter):
    title = _("why not sent")
    parameter_name = "why"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DropReason.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(drop_reason=self.value())


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(NudgeKind.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(kind=self.value())


class _Ledger(ReadOnlyHrAdmin):
    list_select_related = ("recipient",)
    search_fields = PERSON
    search_help_text = _("A person’s name, e-mail address or external id")
    ordering = ("-pk",)

    @admin.display(description=_("state"))
    def state(self, row: Any) -> SafeString:
        return delivery_chip(row)

    @admin.display(description=_("why not"))
    def why(self, row: Any) -> str:
        return drop_reason(row.drop_reason) if row.drop_reason else row.last_error or "–"


@admin.register(Nudge)
class NudgeAdmin(_Ledger):
    list_display = ("recipient", "kind", "state", "why", "planned_at", "send_after", "sent_at")
    list_filter = (KindFilter, DeliveryFilter, DropReasonFilter)
    fields = (
        "recipient", "kind", "occasion", "state", "why", "planned_at", "send_after", "expires_on", "sent_at", "dropped_at", "tries",
        "last_error", "message_id",
    )  # fmt: skip
    readonly_fields = ("state", "why", "tries", "message_id")
    empty_text = _(
        "Every reminder is written here before it goes out, with why it went or why it did not. Reminders are planned every day for people enrolled in a track."
    )


@admin.register(Message)
class MessageAdmin(_Ledger):
    """The words of a mail between two people are theirs: only that it went is shown."""

    list_display = ("recipient", "subject", "state", "why", "queued_at", "sent_at")
    list_filter = (DeliveryFilter, DropReasonFilter)
    fields = (
        "recipient",
        "subject",
        "state",
        "why",
        "queued_at",
        "send_after",
        "sent_at",
        "dropped_at",
        "tries",
        "last_error",
        "message_id",
    )
    readonly_fields = ("subject", "state", "why", "tries", "message_id")
    empty_text = _(
        "Mails between people and about accounts: a champion was asked, an answer was given, a password link. They are not reminders."
    )

    @admin.display(description=_("about"), ordering="template")
    def subject(self, row: Message) -> str:
        return str(SUBJECTS.get(row.template) or row.template)


SUBJECTS: dict[str, Any] = {
    "champions/asked": _("a champion was asked"),
    "champions/answered": _("a champion answered"),
    "champions/contest_decided": _("a contested score was decided"),
    "people/welcome": _("welcome, with a link to choose a password"),
    "people/password_link": _("a link to choose a password"),
    "account/password": _("a link to choose a password"),
}
