"""Sites with their days not worked, and people's leave."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lms import clock
from lms.admin.base import HrAdmin, TabularInline, guarded
from lms.admin.forms import people_field
from lms.audit.actions import record
from lms.calendar.actions import fill_non_working_days
from lms.enums import Source
from lms.models import Learner, Leave, NonWorkingDay, Site
from lms.people.rules import company_day

YEARS_AHEAD = 3


class NonWorkingDayInline(TabularInline):
    model = NonWorkingDay
    extra = 1
    fields = ("date", "name")
    ordering = ("date",)
    #: A company holiday may be taken back: the day is worked then, and nothing is lost.
    can_delete = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[NonWorkingDay]:
        """From this year on: what is past is of no use any more, and would fill the page."""
        return super().get_queryset(request).filter(date__year__gte=company_day(clock.now()).year)


@admin.register(Site)
class SiteAdmin(HrAdmin):
    list_display = ("name", "country", "region", "people")
    search_fields = ("name",)
    inlines = (NonWorkingDayInline,)
    fields = ("name", "country", "region")
    audited_fields = ("name", "country", "region")
    empty_text = gettext_lazy(
        "A site is a place of work. Its country decides the public holidays, on which nobody gets a reminder. "
        "Sites come with the directory file; you may also add one here."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        return super().get_queryset(request).annotate(people=Count("learners"))

    @admin.display(description=gettext_lazy("people"), ordering="people")
    def people(self, site: Any) -> int:
        return int(site.people)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tools = []
        if self.has_add_permission(request):
            tools.append({"label": _("Add a site"), "url": self.page_url("add"), "primary": True})
        if request.user.has_perm("lms.add_nonworkingday"):
            tools.append({"label": _("Enter public holidays"), "url": self.page_url("holidays"), "post": True})
        text = _("Public holidays are entered by themselves for new years; the button does it at once.")
        return super().changelist_view(request, {"tools": tools, "tools_text": text, **(extra_context or {})})

    def own_pages(self) -> list[Any]:
        return [("holidays/", "holidays", self.enter_holidays)]

    @guarded("lms.add_nonworkingday", methods="POST")
    def enter_holidays(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        first = company_day(now).year
        with transaction.atomic():
            new = fill_non_working_days(years=range(first, first + YEARS_AHEAD), now=now)
            if new:
                record(
                    actor=request.user, verb="fill_non_working_days", obj=Site(name=_("all sites")), source=Source.ADMIN, now=now,
                    after={"new": new},
                )  # fmt: skip
        if new:
            said = ngettext("%(n)s public holiday was entered.", "%(n)s public holidays were entered.", new) % {"n": new}
        else:
            said = _("Nothing to enter: every site has its public holidays for these years.")
        messages.success(request, said)
        return HttpResponseRedirect(self.page_url("changelist"))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Days of the site: one line in its trail says what came and what went."""
        with transaction.atomic():
            super().save_formset(request, form, formset, change)
            added = [str(one) for one in formset.new_objects] + [str(one) for one, _fields in formset.changed_objects]
            gone = [str(one) for one in formset.deleted_objects]
            if added or gone:
                record(
                    actor=request.user, verb="change_non_working_days", obj=form.instance, source=Source.ADMIN, now=clock.now(),
                    before={"removed": gone} if gone else None, after={"added": added} if added else None,
                )  # fmt: skip


@admin.register(Leave)
class LeaveAdmin(HrAdmin):
    list_display = ("learner", "starts_on", "ends_on")
    list_select_related = ("learner",)
    search_fields = ("learner__last_name", "learner__first_name", "learner__email", "learner__external_id")
    fields = ("learner", "starts_on", "ends_on")
    date_hierarchy = "starts_on"
    ordering = ("-starts_on", "-pk")
    audited_fields = ("learner", "starts_on", "ends_on")
    empty_text = gettext_lazy(
        "Days on which somebody is away: no reminder is sent then, and no idle day is counted. People may also enter their own."
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tools = []
        if self.has_add_permission(request):
            tools.append({"label": _("Enter leave"), "url": self.page_url("add"), "primary": True})
        return super().changelist_view(request, {"tools": tools, **(extra_context or {})})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "learner":
            return people_field(self.admin_site, queryset=Learner.objects.all(), label=db_field.verbose_name.capitalize())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("lms.delete_leave")
