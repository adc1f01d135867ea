"""Filters of lists: small choices only; what may have thousands of values is walked down or searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.models import Domain, Track
from lms import clock
from lms.admin.forms import languages
from lms.models import Department, Site
from lms.people.rules import company_day


class DepartmentFilter(admin.SimpleListFilter):
    """The department tree, walked down one floor at a time: the chosen one, those above it, those directly below it."""

    title = _("department")
    parameter_name = "department"
    #: Where the list's rows have their department.
    path = "department"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        value = self.value()
        self.chosen = None
        if value and value.isdecimal() and len(value) < 18:
            self.chosen = Department.objects.filter(pk=int(value)).first()
        if self.chosen is None:
            return [(str(one.pk), one.name) for one in Department.objects.filter(parent__isnull=True)]
        parts = self.chosen.path.split("/")
        above = ["/".join(parts[:length]) for length in range(1, len(parts))]
        family = Department.objects.filter(Q(path__in=above) | Q(pk=self.chosen.pk) | Q(parent=self.chosen))
        return [(str(one.pk), "\u2003" * one.path.count("/") + one.name) for one in family]

    def has_output(self) -> bool:
        return bool(self.lookup_choices) or self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        if self.chosen is None:
            return queryset.none()
        return queryset.filter(**{f"{self.path}__in": Department.objects.within(self.chosen).values("pk")})


class _RowFilter(admin.SimpleListFilter):
    """One of a few dozen rows."""

    path = ""

    def rows(self) -> list[tuple[Any, Any]]:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), str(name)) for pk, name in self.rows()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value is None:
            return queryset
        if value not in {key for key, _name in self.lookup_choices}:
            return queryset.none()
        return queryset.filter(**{self.path: value})


class DomainFilter(_RowFilter):
    title = _("domain")
    parameter_name = "domain"
    path = "domain"

    def rows(self) -> list[tuple[Any, Any]]:
        return list(Domain.objects.current().values_list("pk", "name"))


class SiteFilter(_RowFilter):
    title = _("site")
    parameter_name = "site"
    path = "site"

    def rows(self) -> list[tuple[Any, Any]]:
        return list(Site.objects.values_list("pk", "name"))


class TrackFilter(_RowFilter):
    title = _("track")
    parameter_name = "track"
    path = "track"

    def rows(self) -> list[tuple[Any, Any]]:
        return list(Track.objects.values_list("pk", "title"))


class LanguageFilter(_RowFilter):
    title = _("language")
    parameter_name = "language"
    path = "language"

    def rows(self) -> list[tuple[Any, Any]]:
        return list(languages())


class _DefaultFilter(admin.SimpleListFilter):
    """A filter whose first choice is a real one: what is looked for nearly always."""

    default_text: Any = ""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": self.default_text} if place == 0 else choice


class HereFilter(_DefaultFilter):
    """People who work here; people who left are asked for."""

    title = _("in the company")
    parameter_name = "here"
    default_text = _("work here")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("left", _("have left")), ("all", _("all"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = company_day(clock.now())
        if self.value() == "left":
            return queryset.left(today)  # type: ignore[attr-defined]
        return queryset if self.value() == "all" else queryset.active(today)  # type: ignore[attr-defined]


class ManagerFilter(admin.SimpleListFilter):
    title = _("manager")
    parameter_name = "manager"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("with", _("has a manager")), ("without", _("has none")), ("gone", _("reports to somebody who has left"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "gone":
            return queryset.filter(manager__left_on__lte=company_day(clock.now()))
        if self.value() not in ("with", "without"):
            return queryset
        return queryset.filter(manager__isnull=self.value() == "without")


class OpenFilter(_DefaultFilter):
    """What is still in force; ``closed_field`` is the moment at which it ended."""

    title = _("state")
    parameter_name = "state"
    closed_field = ""
    default_text = _("in force")
    closed_text: Any = _("ended")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ended", self.closed_text), ("all", _("all"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(**{f"{self.closed_field}__isnull": self.value() != "ended"})


class DeliveryFilter(admin.SimpleListFilter):
    """What became of a message."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("waiting")),
            ("sent", _("sent")),
            ("dropped", _("not sent, for a reason")),
            ("failing", _("failed so far, tried again")),
            ("refused", _("failed for good")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "waiting":
                return queryset.filter(sent_at__isnull=True, dropped_at__isnull=True)
            case "sent":
                return queryset.filter(sent_at__isnull=False)
            case "dropped":
                return queryset.filter(dropped_at__isnull=False)
            case "failing":
                return queryset.filter(sent_at__isnull=True, dropped_at__isnull=True).exclude(last_error="")
            case "refused":
                return queryset.filter(FAILED_FOR_GOOD)
        return queryset


#: Reasons that are about the mail itself, and so somebody's to mend.
FAILURES = ("refused", "too_many_tries", "unwritable")
FAILED_FOR_GOOD = Q(dropped_at__isnull=False, drop_reason__in=FAILURES)
