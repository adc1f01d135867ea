"""Lists as CSV files for a spreadsheet: streamed, and harmless when opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from typing import Any

from django.http import StreamingHttpResponse

#: A spreadsheet would run a cell that begins like this as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """The csv module writes here; what it writes is handed on at once."""

    def write(self, text: str) -> str:
        return text


def harmless(value: Any) -> Any:
    """The value as a cell that is read and not run."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def csv_response(file_name: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """UTF-8 with a mark, so that spreadsheets read accents; semicolons, as their French editions expect."""
    out = writer(_Echo(), delimiter=";")

    def lines() -> Iterator[str]:
        yield "\ufeff" + out.writerow([str(heading) for heading in headings])
        for row in rows:
            yield out.writerow([harmless(value) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["Cache-Control"] = "no-store"
    return response
