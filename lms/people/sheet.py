"""From the bytes of a file to rows of cells with their line numbers. Knows nothing about people."""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.problems import Problem, ProblemsFound
from lms.people.columns import meaning
from lms.people.workbook import read_workbook

#: One line of the file: its number, as an editor or a spreadsheet shows it, and its cells.
Row = tuple[int, list[Any]]
DELIMITERS = (";", ",", "\t", "|")
CHUNK = 1024 * 1024
LONGEST_LINE = 1_000_000
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_rows(content: bytes, *, max_rows: int) -> Iterator[Row]:
    """The rows of a CSV or XLSX file, told apart by what is in it and not by its name; empty lines are left out.

    Raises ``ProblemsFound`` when it is neither, or too large.
    """
    if content.startswith(ZIP):
        rows = read_workbook(content, max_rows=max_rows)
    elif content.startswith(OLD_EXCEL):
        raise ProblemsFound(
            [
                Problem(
                    "old_excel",
                    _("This is an old or encrypted Excel file."),
                    _("Save it as .xlsx without a password, or as CSV."),
                )
            ]
        )
    else:
        rows = _read_csv(content)
    return _limited(rows, max_rows)


def encoding_of(content: bytes) -> str:
    """The encoding in which all of it is text: UTF-8 (with or without a mark), UTF-16, or that of Windows in Western Europe."""
    sample = content[:4000]
    if content.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif sample and sample.count(0) * 3 > len(sample):
        # Two bytes a letter, without a mark: in Western text every other one is zero.
        candidates = ["utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"]
    else:
        candidates = ["utf-8", "cp1252"]
    for encoding in candidates:
        if _is_text(content, encoding):
            return encoding
    raise _not_text()


def _is_text(content: bytes, encoding: str) -> bool:
    """Tried piece by piece: a large file is not held twice."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), CHUNK):
            if "\0" in decoder.decode(content[start : start + CHUNK]):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _not_text() -> ProblemsFound:
    return ProblemsFound(
        [
            Problem(
                "not_a_table",
                _("This file is neither a CSV nor an Excel (.xlsx) file."),
                _("Export the directory again as CSV or .xlsx."),
            )
        ]
    )


def _read_csv(content: bytes) -> Iterator[Row]:
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding_of(content), newline="")
    first_line = stream.readline(LONGEST_LINE)
    announced = first_line[:4].casefold() == "sep="
    delimiter = first_line[4:5] if announced else guess_delimiter(first_line.rstrip("\r\n"))
    if announced:
        # Excel's own way of naming the separator.
        first_line = stream.readline(LONGEST_LINE)
        delimiter = delimiter if delimiter in DELIMITERS else guess_delimiter(first_line.rstrip("\r\n"))
    reader = csv.reader(chain([first_line], stream), delimiter=delimiter)
    skipped = int(announced)
    line = 1
    try:
        for cells in reader:
            yield line + skipped, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ProblemsFound(
            [
                Problem(
                    "csv_broken",
                    _("The file cannot be read from this line on: %(error)s."),
                    _("Look for a quotation mark that is not closed."),
                    str(_("line %(line)s") % {"line": line + skipped}),
                    params={"error": error},
                )
            ]
        ) from error


def guess_delimiter(first_line: str) -> str:
    """The separator under which the most headings are understood; at a tie, the one that cuts most."""

    def understood(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([first_line], delimiter=delimiter), [])
        return sum(meaning(cell) is not None for cell in cells), len(cells)

    return max(DELIMITERS, key=understood)


def _limited(rows: Iterator[Row], max_rows: int) -> Iterator[Row]:
    count = 0
    for line, cells in rows:
        if not any(cell is not None and cell != "" for cell in cells):
            continue
        count += 1
        # The headings are a line too.
        if count > max_rows + 1:
            raise ProblemsFound([too_many_rows(max_rows)])
        yield line, cells


def too_many_rows(max_rows: int) -> Problem:
    return Problem(
        "too_many_rows",
        _("The file has more than %(most)s lines."),
        _("Split it, or ask your administrator to raise the limit."),
        params={"most": max_rows},
    )
