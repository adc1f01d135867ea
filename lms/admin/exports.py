"""Taking a list out: what it will hold is said first, that it was taken is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase

from lms.admin.sheets import csv_response
from lms.audit.actions import record
from lms.enums import Source


class _List:
    """A whole list, as the trail names it."""

    pk = None

    def __init__(self, opts: Any) -> None:
        self._meta = opts

    def __str__(self) -> str:
        return str(self._meta.verbose_name_plural)


def export_page(
    admin: Any,
    request: HttpRequest,
    *,
    verb: str,
    file_name: str,
    headings: Sequence[Any],
    rows: Callable[[QuerySet[Any]], Iterable[Sequence[Any]]],
    title: str,
    now: dt.datetime,
) -> HttpResponseBase:
    """GET says how many lines and which columns, with the list's own filters; POST records it and answers with the file."""
    try:
        changelist = admin.get_changelist_instance(request)
    except IncorrectLookupParameters as error:
        raise BadRequest from error
    chosen = changelist.get_queryset(request)
    count = chosen.order_by().count()
    filters = changelist.get_filters_params()
    if request.method != "POST":
        context = {"count": count, "headings": headings, "filtered": bool(filters) or bool(changelist.query)}
        context["back"] = admin.page_url("changelist") + (f"?{request.GET.urlencode()}" if request.GET else "")
        return admin.show_page(request, "admin/lms/export.html", context, title=title)
    said = {"rows": count, **{name: ", ".join(values) for name, values in filters.items()}}
    if changelist.query:
        said["search"] = changelist.query
    record(actor=request.user, verb=verb, obj=cast(Model, _List(admin.opts)), source=Source.ADMIN, now=now, after=said)
    return csv_response(f"{file_name}-{now:%Y-%m-%d}.csv", headings, rows(chosen))
