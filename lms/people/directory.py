"""Read a directory file: CSV or XLSX in, people with line numbers and everything that is wrong with a cell out. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.problems import Problem, ProblemsFound
from lms.conf import conf
from lms.people.cells import READERS, CellError, attribute
from lms.people.columns import REQUIRED, Header, read_header
from lms.people.sheet import read_rows

MEGABYTE = 1024 * 1024
#: Problems of cells that are told one by one; a file with a wrong column everywhere need not be listed to the end.
MAX_PROBLEMS = 500
#: Columns where the same few values come again and again: each value is read once.
_REPEATED = {"department", "manager", "domain", "job_title", "site", "country", "language", "time_zone", "hired_on", "left_on"}


@dataclass(slots=True)
class DirectoryRow:
    """One person of the file. A column that the file does not have, and an empty cell, are both empty here: see ``columns``."""

    line: int
    external_id: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    department: str = ""
    manager: str = ""
    domain: str = ""
    job_title: str = ""
    site: str = ""
    country: str = ""
    language: str = ""
    time_zone: str = ""
    hired_on: dt.date | None = None
    left_on: dt.date | None = None
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DirectoryFile:
    """What a file says: ``columns`` are those that it has, by our name -> its author's heading. Problems come in the file's order."""

    columns: dict[str, str] = field(default_factory=dict)
    extra_columns: tuple[str, ...] = ()
    rows: list[DirectoryRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def where(self, line: int, column: str = "") -> str:
        """The place of a problem, as people say it."""
        return place(line, self.columns.get(column, column))


def place(line: int, heading: str = "") -> str:
    if heading:
        return str(_("line %(line)s, column “%(column)s”") % {"line": line, "column": heading})
    return str(_("line %(line)s") % {"line": line})


def read_directory(content: bytes, file_name: str = "", *, progress: Callable[[int], None] | None = None) -> DirectoryFile:
    """Read the whole file. Whatever is in it, this answers: what cannot be read is a problem among ``problems``."""
    if len(content) > conf.IMPORT_MAX_MEGABYTES * MEGABYTE:
        return DirectoryFile(
            problems=[
                Problem(
                    "file_too_large",
                    _("The file has more than %(most)s MB."),
                    _("Split it, or ask your administrator to raise the limit."),
                    file_name,
                    params={"most": conf.IMPORT_MAX_MEGABYTES},
                )
            ]
        )
    try:
        return _read(read_rows(content, max_rows=conf.IMPORT_MAX_ROWS), progress)
    except ProblemsFound as error:
        return DirectoryFile(problems=list(error.problems))


def _read(lines: Iterator[tuple[int, list[Any]]], progress: Callable[[int], None] | None) -> DirectoryFile:
    first = next(lines, None)
    if first is None:
        return DirectoryFile(problems=[_nobody()])
    line, cells = first
    header = read_header([cell if isinstance(cell, str) else str(cell or "") for cell in cells], line)
    if header.problems:
        return DirectoryFile(columns=header.names, problems=header.problems)
    problems: list[Problem] = []
    rows: list[DirectoryRow] = []
    for row in _rows(lines, header, problems):
        rows.append(row)
        if progress and len(rows) % 5000 == 0:
            progress(len(rows))
        if len(problems) >= MAX_PROBLEMS:
            problems.append(Problem("more_problems", _("There are more problems; they are listed once these are corrected.")))
            break
    if not rows and not problems:
        problems = [_nobody()]
    return DirectoryFile(columns=header.names, extra_columns=tuple(header.extra), rows=rows, problems=problems)


def _nobody() -> Problem:
    return Problem(
        "nobody", _("There is nobody in this file."), _("The first line holds the headings, every other line one person.")
    )


def _rows(lines: Iterator[tuple[int, list[Any]]], header: Header, problems: list[Problem]) -> Iterator[DirectoryRow]:
    readers: list[tuple[str, int, Callable[[Any], Any], dict[Any, Any] | None]] = [
        (column, position, READERS[column], {} if column in _REPEATED else None) for column, position in header.places.items()
    ]
    extra = list(header.extra.items())
    width = max([*header.places.values(), *header.extra.values()]) + 1
    for line, cells in lines:
        if len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        elif len(cells) > width and any(cell not in ("", None) for cell in cells[width:]):
            problems.append(_too_many_cells(line))
            continue
        row = DirectoryRow(line)
        for column, position, reader, seen in readers:
            cell = cells[position]
            if cell == "" or cell is None:
                continue
            try:
                if seen is None:
                    setattr(row, column, reader(cell))
                    continue
                if cell not in seen:
                    seen[cell] = reader(cell)
                setattr(row, column, seen[cell])
            except CellError as error:
                problems.append(_problem(error, line, header.names[column]))
        if extra:
            row.attributes = _attributes(cells, extra, line, problems)
        for column in REQUIRED:
            if not getattr(row, column) and text_is_empty(cells[header.places[column]]):
                problems.append(_missing(line, header.names[column]))
        yield row


def text_is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _attributes(cells: list[Any], extra: list[tuple[str, int]], line: int, problems: list[Problem]) -> dict[str, str]:
    found = {}
    for heading, position in extra:
        try:
            found[heading] = attribute(cells[position])
        except CellError as error:
            problems.append(_problem(error, line, heading))
    return found


def _problem(error: CellError, line: int, heading: str) -> Problem:
    return Problem(error.code, error.message, error.hint, place(line, heading), params=error.params or None)


def _missing(line: int, heading: str) -> Problem:
    return Problem(
        "missing", _("“%(column)s” is empty."), _("Everybody needs one."), place(line, heading), params={"column": heading}
    )


def _too_many_cells(line: int) -> Problem:
    return Problem(
        "too_many_cells",
        _("This line has more cells than there are headings."),
        _("Put quotation marks around a text that holds the separator."),
        place(line),
    )
