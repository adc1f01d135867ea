"""The reports as they were frozen: what their readers got, no more and no less."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lms.admin.base import ReadOnlyHrAdmin, guarded
from lms.admin.filters import DeliveryFilter
from lms.admin.show import delivery_chip, drop_reason
from lms.models import Report
from lms.reports.words import report_page


@admin.register(Report)
class ReportAdmin(ReadOnlyHrAdmin):
    list_display = ("recipient", "about", "period", "state", "why", "sample", "built_at", "sent_at")
    list_filter = (DeliveryFilter, "sample")
    list_select_related = ("recipient", "subscription__cohort")
    search_fields = ("recipient__last_name", "recipient__first_name", "recipient__email", "subscription__cohort__name")
    ordering = ("-pk",)
    empty_text = _(
        "A report is built for each subscription when its period is over. Here you read what was sent, as it was sent."
    )

    @admin.display(description=_("about"))
    def about(self, report: Report) -> str:
        cohort = report.subscription.cohort
        return str(_("cohort “%(cohort)s”") % {"cohort": cohort} if cohort else _("their team"))

    @admin.display(description=_("period"), ordering="period_start")
    def period(self, report: Report) -> str:
        return f"{date_format(report.period_start, 'SHORT_DATE_FORMAT')} – {date_format(report.period_end, 'SHORT_DATE_FORMAT')}"

    @admin.display(description=_("state"))
    def state(self, report: Report) -> SafeString:
        return delivery_chip(report)

    @admin.display(description=_("why not"))
    def why(self, report: Report) -> str:
        return drop_reason(report.drop_reason) if report.drop_reason else report.last_error or "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        report = self.get_object(request, object_id)
        if report is None:
            return self.not_there(request, object_id)
        return self._show(request, report)

    @guarded("lms.view_report", methods="GET")
    def _show(self, request: HttpRequest, report: Any) -> HttpResponse:
        with translation.override(report.language or None):
            reading = report_page(report)
        context = {
            "report": report,
            "reading": reading,
            "about": self.about(report),
            "period": self.period(report),
            "state": self.state(report),
            "why": self.why(report),
        }
        return self.show_page(request, "admin/lms/reports/report.html", context, title=str(report.recipient), obj=report)
