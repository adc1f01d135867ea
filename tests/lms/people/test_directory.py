"""Reading a directory file: any usual separator, encoding and spreadsheet, and nothing that hurts."""

import datetime as dt
import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import settings as quickly
from hypothesis import strategies as st

from lms.people.columns import HEADINGS, fold, meaning
from lms.people.directory import read_directory

TEXT = "Matricule;Courriel;Prénom;Nom;Métier;Embauche le\nE1;zoé@verdane.example;Zoé;Œuvrard;Marketing;31/12/2025\n".replace(
    "zoé@", "zoe@"
)


def only(content: bytes):
    file = read_directory(content, "x")
    assert [str(problem) for problem in file.problems] == []
    [row] = file.rows
    return row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding):
    row = only(TEXT.encode(encoding))
    assert (row.first_name, row.last_name, row.hired_on) == ("Zoé", "Œuvrard", dt.date(2025, 12, 31))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator, end):
    row = only(TEXT.replace(";", separator).replace("\n", end).encode())
    assert (row.line, row.external_id, row.email, row.domain) == (2, "E1", "zoe@verdane.example", "Marketing")


def test_the_separator_that_excel_announces():
    row = only(("sep=;\r\n" + TEXT).encode())
    assert (row.line, row.first_name) == (3, "Zoé")


def test_the_first_line_of_a_person_is_their_line():
    file = read_directory(b'external_id,email,Note\nE1,a@b.example,"two\nlines"\n\nE2,b@b.example,x\n', "x")
    assert [(row.line, row.external_id) for row in file.rows] == [(2, "E1"), (5, "E2")]
    assert file.rows[0].attributes == {"Note": "two lines"}


def test_decomposed_accents_become_one_letter():
    assert only("id,email,Prénom\n1,a@b.example,Zoé".encode()).first_name == "Zoé"


@pytest.mark.parametrize("heading", ["E-mail", "e_mail", " EMAIL ", "Adresse e-mail", "Courriel", "adresse électronique"])
def test_headings_as_people_write_them(heading):
    assert meaning(heading) == "email"


def test_no_heading_means_two_columns():
    everything = [fold(heading) for headings in HEADINGS.values() for heading in headings]
    assert len(everything) == len(set(everything))
    assert everything == [heading for headings in HEADINGS.values() for heading in headings]


@pytest.mark.parametrize(
    ("written", "code"),
    [("fr", "fr"), ("FR", "fr"), ("fr-BE", "fr"), ("fr_FR", "fr"), ("français", "fr"), ("Francais", "fr"), ("French", "fr"),
     ("en", "en"), ("Anglais", "en"), ("english", "en"), ("en-GB", "en"), ("", "")],
)  # fmt: skip
def test_languages(written, code):
    assert only(f"id,email,langue\n1,a@b.example,{written}".encode()).language == code


@pytest.mark.parametrize(
    ("written", "date"),
    [("31/12/2026", dt.date(2026, 12, 31)), ("2026-12-31", dt.date(2026, 12, 31)), ("31.12.2026", dt.date(2026, 12, 31)),
     ("1/2/2026", dt.date(2026, 2, 1)), ("2026-12-31 00:00:00", dt.date(2026, 12, 31)), ("2026-12-31T00:00:00Z", dt.date(2026, 12, 31)),
     ("46387", dt.date(2026, 12, 31)), ("", None)],
)  # fmt: skip
def test_dates(written, date):
    assert only(f"id,email,hired_on\n1,a@b.example,{written}".encode()).hired_on == date


@pytest.mark.parametrize(
    ("written", "zone"), [("Europe/Paris", "Europe/Paris"), ("europe/brussels", "Europe/Brussels"), ("", "")]
)
def test_zones(written, zone):
    assert only(f"id,email,time_zone\n1,a@b.example,{written}".encode()).time_zone == zone


def workbook(rows: list[list], **options: object) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, **options})
    sheet = book.add_worksheet("Annuaire")
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            if isinstance(cell, dt.date):
                sheet.write_datetime(number, place, dt.datetime.combine(cell, dt.time.min), date)
            else:
                sheet.write(number, place, cell)
    book.close()
    return stream.getvalue()


def test_a_spreadsheet_with_numbers_and_dates():
    content = workbook(
        [["Matricule", "Courriel", "Prénom", "Embauche le", "Étage"], [1042, "a@b.example", "Zoé", dt.date(2026, 12, 31), 3.5]]
    )
    row = only(content)
    assert (row.line, row.external_id, row.first_name, row.hired_on, row.attributes) == (
        2, "1042", "Zoé", dt.date(2026, 12, 31), {"Étage": "3.5"},
    )  # fmt: skip


def test_lines_of_a_spreadsheet_are_its_own_numbers():
    file = read_directory(workbook([[], [], ["id", "email"], [], [1, "a@b.example"], [2, "nobody"]]), "x")
    assert [row.line for row in file.rows] == [5, 6]
    assert [problem.where for problem in file.problems] == ["line 6, column “email”"]


def test_a_formula_counts_by_its_value_and_its_error_as_an_empty_cell():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "first_name", "email"])
    sheet.write(1, 0, 1)
    sheet.write_formula(1, 1, '=CONCATENATE("A","da")', None, "Ada")
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    book.close()
    file = read_directory(stream.getvalue(), "x")
    assert file.rows[0].first_name == "Ada"
    assert [(problem.code, problem.where) for problem in file.problems] == [("missing", "line 2, column “email”")]


def refused(content: bytes) -> list[str]:
    file = read_directory(content, "x")
    assert file.rows == []
    return [problem.code for problem in file.problems]


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


GOOD = workbook([["id", "email"], ["E1", "a@b.example"]])
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old_excel"),
        (b"PK\x03\x04 and nothing else", "xlsx_broken"),
        (packed({"a.txt": b"not a workbook"}), "xlsx_broken"),
        (GOOD[: len(GOOD) // 2], "xlsx_broken"),
        (packed({**parts_of(GOOD), SHEET: b"<worksheet><sheetData><row r='1'><c"}), "xlsx_broken"),
        (packed({**parts_of(GOOD), "xl/workbook.xml": b"<"}), "xlsx_broken"),
        (packed({f"p{n}": b"" for n in range(2100)} | parts_of(GOOD)), "xlsx_broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "not_a_table"),
        (b"%PDF-1.7\n" + bytes(range(256)), "not_a_table"),
        (b'id,email\n1,"a@b.example' + b"x" * 140_000, "csv_broken"),
        (b"\xff\xfea", "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused(content, code):
    assert refused(content) == [code]


def sheet_with(cells: str) -> bytes:
    xml = (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    )
    return packed({**parts_of(GOOD), SHEET: xml.encode()})


@pytest.mark.parametrize(
    "content",
    [
        # Two cells, a rectangle of seventeen thousand million.
        sheet_with('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        sheet_with("<row r='1'><c r = 'XFD1'><v>1</v></c></row>"),
        sheet_with('<row r="1"><c r="A1"><v>1</v></c></row><row r="150000"><c r="CB150000"><v>1</v></c></row>'),
    ],
    ids=["rectangle", "wide", "large"],
)
def test_small_files_that_ask_for_much_memory_are_refused(content):
    assert len(content) < 2_000_000
    assert refused(content) == ["xlsx_too_large"]


def test_one_long_text_shown_in_many_cells_is_refused():
    shared = f"<sst><si><t>{'x' * 30_000}</t></si></sst>".encode()
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_000))
    xml = f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()
    assert refused(packed({**parts_of(GOOD), "xl/sharedStrings.xml": shared, SHEET: xml})) == ["xlsx_too_large"]


def test_a_bomb_is_defused_even_if_the_archive_lies_about_its_size(monkeypatch):
    """The sizes in the directory of the archive say one byte; the stream says six million."""
    size = 6 * 1024 * 1024
    bomb = packed({"xl/media/image1.bin": b"\0" * size, **parts_of(GOOD)})
    liar = bomb.replace(struct.pack("<I", size), struct.pack("<I", 1))
    assert (len(bomb) < 20_000, liar != bomb, read_directory(bomb, "x").problems) == (True, True, [])
    monkeypatch.setattr("lms.people.workbook.MAX_UNPACKED", size - 1)
    assert (refused(bomb), refused(liar)) == (["xlsx_too_large"], ["xlsx_too_large"])


def test_a_sheet_in_pieces_is_measured_whole():
    """A tag that a chunk's end cuts in two is seen all the same."""
    from lms.people import workbook as module

    filler = "<row><c><v>1</v></c></row>" * 3
    for size in range(150, 190):
        cells = filler + '<row r="9"><c r="XFD9"><v>1</v></c></row>' + filler
        window = cells.encode()
        with pytest.raises(module.ProblemsFound):
            module._check_sheet(iter([window[:size], window[size:]]), [], 1000)


def test_the_limit_of_lines(settings):
    settings.LMS = {**settings.LMS, "IMPORT_MAX_ROWS": 3}
    assert len(read_directory(b"id,email\n" + b"".join(b"%d,p%d@b.example\n" % (n, n) for n in range(3)), "x").rows) == 3
    assert refused(b"id,email\n" + b"".join(b"%d,p%d@b.example\n" % (n, n) for n in range(4))) == ["too_many_rows"]
    assert refused(workbook([["id", "email"], *([n, f"p{n}@b.example"] for n in range(4))])) == ["too_many_rows"]


def test_the_limit_of_bytes(settings):
    settings.LMS = {**settings.LMS, "IMPORT_MAX_MEGABYTES": 1}
    assert refused(b"x" * (1024 * 1024 + 1)) == ["file_too_large"]


@quickly(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_at_all_raise(content):
    for prefix in (b"", b"PK\x03\x04", b"id;email\n"):
        read_directory(prefix + content, "x")


@quickly(deadline=None)
@given(st.data())
def test_a_damaged_workbook_never_raises(data):
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_directory(bytes(content), "x")


def test_what_the_measure_unpacks_is_what_zlib_says():
    from lms.people import workbook as module

    body = zlib.compress(b"abc" * 1_000_000)[2:-4]
    content = packed({"x": b"abc" * 1_000_000})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = b"".join(module._unpacked(content, archive.infolist()[0], [10_000_000]))
    assert unpacked == zlib.decompress(body, -15)
