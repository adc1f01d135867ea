"""Read the first sheet of an .xlsx file, after making sure that it cannot hurt.

The reader is fast because it holds the whole sheet in memory as a rectangle, and copies a shared text into every cell that shows
it. A file of a few kilobytes can therefore ask for more memory than any machine has. So the parts are first unpacked as a stream
and measured, with limits, and only then given to the reader.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import python_calamine
from django.utils.translation import gettext_lazy as _

from courses.problems import Problem, ProblemsFound
from lms.people.columns import HEADINGS, MAX_EXTRA_COLUMNS

MEGABYTE = 1024 * 1024
#: Of all parts together, unpacked; of all cells together, as text.
MAX_UNPACKED = 600 * MEGABYTE
MAX_TEXT = 400 * MEGABYTE
MAX_PARTS = 2000
MAX_CELLS = 10_000_000
MAX_COLUMNS = len(HEADINGS) + MAX_EXTRA_COLUMNS + 16
CHUNK = MEGABYTE
#: Longer than any tag that is looked for, so that one cut in two by a chunk's end is seen whole with the next chunk.
OVERLAP = 400

_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,8})([0-9]{0,12})["']""")
_SHARED = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>\s*([0-9]{1,9})\s*</")
_TEXT_END = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\s*/>")


def read_workbook(content: bytes, *, max_rows: int) -> Iterator[tuple[int, list[Any]]]:
    """Rows of the first sheet with their numbers. Raises ``ProblemsFound`` when the file is broken, encrypted or too large."""
    try:
        _measure(content, max_rows)
        book = python_calamine.load_workbook(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        first_line = 1 + (sheet.start[0] if sheet.start else 0)
        rows = sheet.to_python(skip_empty_area=True)
    except ProblemsFound:
        raise
    # The reader is foreign code that parses what strangers made; whatever it stumbles over is a broken file.
    except Exception as error:
        raise ProblemsFound([_broken()]) from error
    return ((line, cells) for line, cells in enumerate(rows, start=first_line))


def _broken() -> Problem:
    return Problem(
        "xlsx_broken", _("This Excel file cannot be read."), _("Open it in your spreadsheet and save it again as .xlsx or CSV.")
    )


def _too_large() -> ProblemsFound:
    return ProblemsFound(
        [
            Problem(
                "xlsx_too_large",
                _("This Excel file holds too much."),
                _("Keep only the sheet with the directory, or save it as CSV."),
            )
        ]
    )


def _measure(content: bytes, max_rows: int) -> None:
    """Refuse what the reader could not hold."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names or len(parts) > MAX_PARTS:
        raise ProblemsFound([_broken()])
    budget = [MAX_UNPACKED]
    lengths: list[int] = []
    for part in parts:
        if part.filename.lower() == "xl/sharedstrings.xml":
            lengths = _text_lengths(_unpacked(content, part, budget))
    for part in parts:
        name = part.filename.lower()
        if name == "xl/sharedstrings.xml":
            continue
        chunks = _unpacked(content, part, budget)
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _check_sheet(chunks, lengths, max_rows)
        else:
            for _chunk in chunks:
                pass


def _unpacked(content: bytes, part: zipfile.ZipInfo, budget: list[int]) -> Iterator[bytes]:
    """The part's bytes as they really unpack: what the archive says about its size may be a lie."""
    header = content[part.header_offset : part.header_offset + 30]
    if len(header) < 30 or part.flag_bits & 1:
        raise ProblemsFound([_broken()])
    start = part.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(content)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        for offset in range(0, len(packed), CHUNK):
            yield _spent(bytes(packed[offset : offset + CHUNK]), budget)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise ProblemsFound([_broken()])
    machine = zlib.decompressobj(-15)
    waiting = bytes(packed)
    while waiting and not machine.eof:
        chunk = machine.decompress(waiting, CHUNK)
        waiting = machine.unconsumed_tail
        if not chunk and not machine.eof:
            break
        yield _spent(chunk, budget)


def _spent(chunk: bytes, budget: list[int]) -> bytes:
    budget[0] -= len(chunk)
    if budget[0] < 0:
        raise _too_large()
    return chunk


def _text_lengths(chunks: Iterator[bytes]) -> list[int]:
    """How many bytes each shared text has at most, by its number."""
    lengths: list[int] = []
    carried, tail = 0, b""
    for chunk in chunks:
        window, last = tail + chunk, 0
        for end in _TEXT_END.finditer(window):
            lengths.append(carried + end.end() - last)
            carried, last = 0, end.end()
        tail = window[last:][-OVERLAP:]
        carried += len(window) - last - len(tail)
    return lengths


def _check_sheet(chunks: Iterator[bytes], lengths: list[int], max_rows: int) -> None:
    text, columns, rows = 0, 0, 0
    tail = b""
    for chunk in chunks:
        # What lies in the overlap may be counted twice: a little too much is on the safe side.
        window = tail + chunk
        tail = window[-OVERLAP:]
        for column, row in set(_PLACE.findall(window)):
            columns = max(columns, _column_number(column))
            rows = max(rows, int(row or 0))
        text += sum(lengths[int(number)] for number in _SHARED.findall(window) if int(number) < len(lengths))
        if columns > MAX_COLUMNS or rows > max_rows * 2 + 1000 or columns * rows > MAX_CELLS or text > MAX_TEXT:
            raise _too_large()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
