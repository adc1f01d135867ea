"""From the bytes of a file to rows of cells with their line numbers. Knows nothing about people."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.problems import Problem, ProblemError
from lms.people.columns import meaning
from lms.people.workbook import read_workbook

#: One line of the file: its number, as an editor or a spreadsheet shows it, and its cells.
Row = tuple[int, list[Any]]
DELIMITERS = (";", ",", "\t", "|")
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_rows(content: bytes, *, max_rows: int) -> Iterator[Row]:
    """The rows of a CSV or XLSX file, told apart by what is in it and not by its name; empty lines are left out.

    Raises ``ProblemError`` when it is neither, or too large.
    """
    if content.startswith(ZIP):
        rows = read_workbook(content, max_rows=max_rows)
    elif content.startswith(OLD_EXCEL):
        raise ProblemError(
            [
                Problem(
                    "old_excel",
                    _("This is an old or encrypted Excel file."),
                    _("Save it as .xlsx without a password, or as CSV."),
                )
            ]
        )
    else:
        rows = _read_csv(decode(content))
    return _limited(rows, max_rows)


def decode(content: bytes) -> str:
    """Text in UTF-8 (with or without a mark), UTF-16 or the encoding of Windows in Western Europe."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, encoding)
    sample = content[:4000]
    if sample and sample.count(0) * 3 > len(sample):
        # Two bytes a letter, without a mark: in Western text every other one is zero.
        return _strictly(content, "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = _strictly(content, "cp1252")
    if "\0" in text:
        raise _not_text()
    return text


def _strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text() from error
    if "\0" in text:
        raise _not_text()
    return text


def _not_text() -> ProblemError:
    return ProblemError(
        [
            Problem(
                "not_a_table",
                _("This file is neither a CSV nor an Excel (.xlsx) file."),
                _("Export the directory again as CSV or .xlsx."),
            )
        ]
    )


def _read_csv(text: str) -> Iterator[Row]:
    start = 0
    delimiter = ""
    if text[:4].casefold() == "sep=":
        # Excel's own way of naming the separator.
        delimiter, start = text[4:5], text.find("\n") + 1
    first_line = text[start : _end_of_line(text, start)]
    delimiter = delimiter if delimiter.strip() or delimiter == "\t" else guess_delimiter(first_line)
    stream = io.StringIO(text, newline="")
    stream.seek(start)
    reader = csv.reader(stream, delimiter=delimiter)
    skipped = 1 if start else 0
    line = 1
    try:
        for cells in reader:
            yield line + skipped, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ProblemError(
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


def _end_of_line(text: str, start: int) -> int:
    ends = [end for end in (text.find("\n", start), text.find("\r", start)) if end >= 0]
    return min(ends, default=len(text))


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
            raise ProblemError([too_many_rows(max_rows)])
        yield line, cells


def too_many_rows(max_rows: int) -> Problem:
    return Problem(
        "too_many_rows",
        _("The file has more than %(most)s lines."),
        _("Split it, or ask your administrator to raise the limit."),
        params={"most": max_rows},
    )
