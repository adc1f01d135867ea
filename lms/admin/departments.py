"""The department tree. It follows the directory file."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lms import clock
from lms.admin.base import ReadOnlyHrAdmin
from lms.models import Department
from lms.people.rules import company_day


@admin.register(Department)
class DepartmentAdmin(ReadOnlyHrAdmin):
    list_display = ("tree_name", "people_here", "open_people")
    list_display_links = ("tree_name",)
    search_fields = ("path",)
    search_help_text = _("A department’s name or part of its path")
    fields = ("path", "parent", "people_here")
    readonly_fields = ("people_here",)
    ordering = ("path",)
    list_per_page = 100
    empty_text = _(
        "Departments come with the directory file: its column “department” holds their path, such as Direction/Finance/Payroll."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        today = company_day(clock.now())
        here = Q(learners__pk__isnull=False) & (Q(learners__left_on__isnull=True) | Q(learners__left_on__gt=today))
        return super().get_queryset(request).annotate(people_here=Count("learners", filter=here))

    @admin.display(description=_("department"), ordering="path")
    def tree_name(self, department: Department) -> SafeString:
        return format_html("{}{}", "\u2003" * department.path.count("/"), department.name)

    @admin.display(description=_("people directly in it"), ordering="people_here")
    def people_here(self, department: Any) -> int:
        return int(department.people_here)

    @admin.display(description=_("with everything below"))
    def open_people(self, department: Department) -> SafeString:
        return format_html(
            '<a href="{}?department={}">{}</a>', reverse("admin:lms_learner_changelist"), department.pk, _("see the people")
        )
