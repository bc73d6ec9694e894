"""Workbooks that agencies and referrers send: exact text, every doubt told, everything hostile refused."""

from __future__ import annotations

import io
import warnings
import zipfile
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from mash_trawl.config.workbook import Area, Limits, column_letters, read_workbook
from mash_trawl.config.workbook_cells import BROKEN, DATE_LOST, DIGITS_LOST, ERROR, FORMULA, YEAR_ADDED
from mash_trawl.errors import Misconfigured

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}"/></Types>'
)
BOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="Khan family" sheetId="1" r:id="r1"/></sheets>'
    "</workbook>"
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)


def sheet_xml(rows: str, after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def package(rows: str = "", after: str = "", *, method: int = zipfile.ZIP_DEFLATED, **parts: str | bytes) -> bytes:
    """A workbook written by hand; more parts by name with `__` for `/` and `_DOT_` for the dot; "" drops one."""
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES, "xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": RELS,
        "xl/worksheets/sheet1.xml": sheet_xml(rows, after), "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>',
    }  # fmt: skip
    files |= {name.replace("__", "/").replace("_DOT_", "."): data for name, data in parts.items()}
    return zipped({name: data for name, data in files.items() if data}, method)


def zipped(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def saved(book: Any) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def read(data: bytes, **more: Any) -> list[tuple[str, ...]]:
    return [row.cells for sheet in read_workbook(data, name="x.xlsx", **more).sheets for row in sheet.rows()]


def refused(data: bytes, **more: Any) -> str:
    with pytest.raises(Misconfigured) as failed:
        read(data, **more)
    (problem,) = failed.value.problems
    assert failed.value.__cause__ is None and failed.value.__context__ is None
    assert "Khan" not in str(problem)
    return f"{problem.where}|{problem.what}"


def cell(value: Any, shown_as: str = "General") -> tuple[str, str]:
    """The text and the fault of one value written by a spreadsheet library."""
    book = Workbook()
    book.active["A1"] = "x"
    book.active["B1"] = value
    book.active["B1"].number_format = shown_as
    (row,) = next(iter(read_workbook(saved(book)).sheets)).rows()
    return row.cells[1], row.faults[1]


def number(raw: str) -> tuple[str, str]:
    """The text and the fault of a number as it stands in the file."""
    (row,) = read_workbook(package(f'<row><c r="A1"><v>{raw}</v></c></row>')).sheets[0].rows()
    return row.cells[0], row.faults[0]


# What is read -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [
        (100023336956, "General", "100023336956"), (9434765919, "General", "9434765919"), ("0123", "@", "0123"),
        (12345, "0000000000", "0000012345"), (1.5, "General", "1.5"), (0.1, "General", "0.1"), (-3, "General", "-3"),
        (True, "General", "yes"), (False, "General", "no"), ("Null", "General", "Null"), ("NO", "General", "NO"),
        (datetime(2014, 5, 17), "dd/mm/yyyy", "2014-05-17"), (datetime(2014, 5, 17), "mm-dd-yy", "2014-05-17"),
        (datetime(2014, 5, 17, 9, 5), "yyyy-mm-dd h:mm", "2014-05-17T09:05"), (time(9, 5), "h:mm", "09:05"),
        (datetime(2019, 5, 1), "mmm-yy", "2019-05"), (datetime(2014, 1, 1), "yyyy", "2014"),
        (1.5, "[h]:mm", "36:00"), ("Zoë\nO'Brien", "General", "Zoë\nO'Brien"), ("ıİ王 😀", "General", "ıİ王 😀"),
    ],
)  # fmt: skip
def test_a_cell_is_exact_text(value: Any, shown_as: str, text: str) -> None:
    assert cell(value, shown_as) == (text, "")


@pytest.mark.parametrize(
    ("raw", "text"),
    [("1.00023336956E11", "100023336956"), ("9.434765919E9", "9434765919"), ("100023336956.0", "100023336956"),
     ("5.0", "5"), ("0.10000000000000001", "0.1"), ("1E-3", "0.001"), ("+7", "7"), ("-0", "0")],
)  # fmt: skip
def test_a_number_keeps_its_digits_however_the_file_writes_it(raw: str, text: str) -> None:
    assert number(raw) in ((text, ""), (f"-{text}", ""))


@pytest.mark.parametrize("raw", ["1.00023E+11", "100023000000", "1234567890123456", "1E+20", "9e300", "1e999"])
def test_a_number_that_excel_has_cut_short_is_a_fault(raw: str) -> None:
    assert number(raw)[1] == DIGITS_LOST


def test_a_number_cut_short_by_a_csv_and_pasted_as_text_is_a_fault_too() -> None:
    assert cell("1.00023E+11")[1] == DIGITS_LOST


@pytest.mark.parametrize("raw", ["abc", "NaN", "inf", "1,5", "0x10", "1_0"])
def test_what_is_no_number_is_broken(raw: str) -> None:
    assert number(raw) == ("", BROKEN)


def test_neither_a_formula_nor_the_value_kept_beside_it_is_given() -> None:
    rows = '<row r="1"><c r="A1"><f>SECRET()</f><v>42</v></c><c r="B1" t="str"><f t="shared" si="0"/><v>x</v></c></row>'
    (row,) = read_workbook(package(rows)).sheets[0].rows()
    assert row.cells == ("", "") and row.faults == (FORMULA, FORMULA)


def test_errors_and_impossible_days_are_faults() -> None:
    book = Workbook()
    book.active["A1"], book.active["B1"] = "#REF!", datetime(2026, 5, 17)
    book.active["A1"].data_type, book.active["B1"].number_format = "e", "d-mmm"
    book.active["C1"], book.active["C1"].number_format = 99_999_999, "dd/mm/yyyy"
    book.active["D1"], book.active["D1"].number_format = -5, "dd/mm/yyyy"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = saved(book)
    (row,) = read_workbook(data).sheets[0].rows()
    assert row.faults == (ERROR, YEAR_ADDED, DATE_LOST, DATE_LOST) and not any(row.cells)


def test_merged_and_hidden_parts_are_told() -> None:
    book = Workbook()
    book.active.append(["a", "b", "c"])
    book.active.append(["d"])
    book.active.merge_cells("A3:B5")
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.create_sheet("Other").sheet_state = "veryHidden"
    first, second = read_workbook(saved(book)).sheets
    assert first.merged == (Area(top=3, left=1, bottom=5, right=2),) and first.hidden_columns == ((3, 3),)
    assert [row.hidden for row in first.rows()] == [False, True]
    assert not first.hidden and second.hidden


def test_rich_text_is_joined_and_reading_aids_are_left_out() -> None:
    texts = f'<sst xmlns="{MAIN}"><si><r><t>Kh</t></r><r><t>an</t></r><rPh sb="0" eb="1"><t>aid</t></rPh></si></sst>'
    rows = '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t xml:space="preserve"> a_x000D_\n</t></is></c></row>'
    assert read(package(rows, xl__sharedStrings_DOT_xml=texts)) == [("Khan", " a\n")]


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    book.active["A1"] = datetime(2014, 5, 17)
    assert read(saved(book)) == [("2014-05-17",)]


def test_a_sheet_is_found_by_its_title_and_places_name_only_known_titles() -> None:
    book = read_workbook(package("<row><c><v>1</v></c></row>"), name="x.xlsx", known=["People"])
    assert book.sheet("khan FAMILY ") is book.sheets[0] and book.sheet("nobody") is None
    assert book.sheets[0].place("B4") == "x.xlsx:sheet 1:B4"
    named = read_workbook(package(""), name="x.xlsx", known=["Khan family"])
    assert named.sheets[0].place() == "x.xlsx:Khan family"


@given(st.integers(1, 18_278))
def test_columns_have_letters_one_to_one(number: int) -> None:
    from mash_trawl.config.workbook_sheet import column_number

    assert column_number(column_letters(number)) == number


@settings(deadline=None, max_examples=40)
@given(rows=st.lists(st.lists(st.none() | st.integers(-(10**11), 10**11).filter(lambda n: n % 10**6) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20), max_size=6), max_size=8))  # fmt: skip
def test_what_a_spreadsheet_library_writes_is_read_back(rows: list[list[Any]]) -> None:
    book = Workbook()
    for row in rows:
        book.active.append([f"'{item}" if isinstance(item, str) else item for item in row])
    want = [
        [("" if item is None else f"'{item}" if isinstance(item, str) else str(item)) for item in row] for row in rows
    ]
    kept = [tuple(row) for row in want if any(row)]
    found = read(saved(book))
    assert [tuple(cells) for cells in found] == [
        row[: max(at for at, item in enumerate(row, 1) if item)] for row in kept
    ]


# What is refused ----------------------------------------------------------------------------------------------------

OLD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)
DTD = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BIG = "x" * 40_000


def override(kind: str) -> str:
    return TYPES.replace("</Types>", f'<Override PartName="/x" ContentType="{kind}"/></Types>')


def relation(kind: str, target: str, mode: str = "") -> str:
    more = f' TargetMode="{mode}"' if mode else ""
    return RELS.replace("</Rel", f'<Relationship Id="r9" Type="{LINKS}/{kind}" Target="{target}"{more}/></Rel')


HOSTILE = {
    "nothing": (b"", "not an Excel workbook"),
    "text": (b"ref,name\n1,Khan\n", "not an Excel workbook"),
    "a zip of something else": (zipped({"a.txt": "Khan"}), "no Excel workbook"),
    "the old kind": (OLD, "very old Excel file"),
    "a password": (OLD + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "macros": (package(xl__vbaProject_DOT_bin=b"x"), "macros"),
    "macros by type": (
        package(**{"[Content_Types]_DOT_xml": TYPES.replace(SHEET, "vnd.ms-excel.sheet.macroEnabled.main")}),
        "macros",
    ),
    "macros by another name": (package(**{"[Content_Types]_DOT_xml": override("application/vnd.ms-office.vbaProject")}),
                               "macros"),
    "an old macro sheet": (package(xl__macrosheets__sheet1_DOT_xml="<a/>"), "macros"),
    "a link to another workbook": (package(xl__externalLinks__externalLink1_DOT_xml="<a/>"), "another workbook"),
    "a link by relation": (package(**{"xl/_rels/workbook_DOT_xml_DOT_rels": relation("externalLink", "x.xml")}),
                           "another workbook"),
    "a picture from outside": (package(xl__drawings___rels__d_DOT_rels=relation("image", "http://x", "External")),
                               "from outside"),
    "an embedded object": (package(xl__embeddings__oleObject1_DOT_bin=b"x"), "embedded object"),
    "a data connection": (package(xl__connections_DOT_xml="<a/>"), "tied to a database"),
    "the binary kind": (package(xl__workbook_DOT_bin=b"x"), "binary"),
    "a path that leads out": (package(**{"../../evil_DOT_xml": "<a/>"}), "leads elsewhere"),
    "an absolute path": (package(**{"/etc/passwd": "<a/>"}), "leads elsewhere"),
    "a part twice": (package(**{"XL/workbook_DOT_xml": "<a/>"}), "leads elsewhere, or stands there twice"),
    "a DTD in the sheet": (package(xl__worksheets__sheet1_DOT_xml=DTD + sheet_xml("")), "document type"),
    "entities in the texts": (package(xl__sharedStrings_DOT_xml=LAUGHS + f'<sst xmlns="{MAIN}"/>'), "document type"),
    "a DTD in a part nobody reads": (package(docProps__app_DOT_xml=DTD + "<a/>"), "document type"),
    "a DTD in UTF-16": (package(docProps__app_DOT_xml=(DTD + "<a/>").encode("utf-16")), "document type"),
    "another encoding": (package(docProps__app_DOT_xml=b'<?xml version="1.0" encoding="UTF-7"?><a/>'), "not UTF-8"),
    "broken XML": (package(xl__worksheets__sheet1_DOT_xml="<worksheet><sheetData>"), "damaged"),
    "no sheet": (package(xl__worksheets__sheet1_DOT_xml=""), "damaged"),
    "rows backwards": (package('<row r="2"/><row r="1"/>'), "damaged"),
    "a cell twice": (package('<row r="1"><c r="A1"/><c r="A1"/></row>'), "damaged"),
    "a cell of another row": (package('<row r="1"><c r="A7"/></row>'), "damaged"),
    "a row far below": (package('<row r="1048576"/>'), "more than 50000 rows"),
    "a column far right": (package('<row r="1"><c r="XFD1"/></row>'), "more than 500 columns"),
    "a text too long": (package(f'<row><c t="inlineStr"><is><t>{BIG}</t></is></c></row>'), "than a cell can hold"),
    "deep nesting": (package(docProps__app_DOT_xml="<a>" * 500 + "</a>" * 500), "far more parts"),
    "many parts": (zipped({f"x{at}": "" for at in range(1500)}), "too many parts"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_and_says_why(name: str) -> None:
    data, words = HOSTILE[name]
    told = refused(data)
    assert words in told and told.startswith("x.xlsx")


def test_a_hyperlink_is_no_danger() -> None:
    links = relation("hyperlink", "mailto:x@school.example", "External")
    assert read(package("<row><c><v>1</v></c></row>", xl__worksheets___rels__s_DOT_xml_DOT_rels=links)) == [("1",)]


def test_a_workbook_whose_parts_are_encrypted_says_so() -> None:
    data = bytearray(package())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(sign)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(sign, place + 4)
    assert "protected by a password" in refused(bytes(data))


def test_limits_of_the_caller_hold() -> None:
    rows = "".join(f'<row r="{at}"><c><v>1</v></c><c><v>2</v></c></row>' for at in range(1, 11))
    for limits, words in ((Limits(rows=9), "9 rows"), (Limits(columns=1), "1 columns"), (Limits(cells=19), "19 cells")):
        assert words in refused(package(rows), limits=limits)
    assert len(read(package(rows), limits=Limits(rows=10, columns=2, cells=20))) == 10


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.xlsx", tmp_path):
        with pytest.raises(Misconfigured) as failed:
            read_workbook(path)
        assert failed.value.problems[0].where == str(path)


WHOLE = package(
    "".join(f'<row r="{at}"><c t="s"><v>{at % 7}</v></c></row>' for at in range(1, 200)),
    xl__sharedStrings_DOT_xml=f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>v{at}</t></si>" for at in range(7)) + "</sst>",
)


@settings(deadline=None, max_examples=150)
@given(cut=st.integers(0, len(WHOLE) - 1))
def test_a_workbook_cut_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(Misconfigured):
        read(WHOLE[:cut])


@settings(deadline=None, max_examples=300)
@given(at=st.integers(0, len(WHOLE) - 1), mask=st.integers(1, 255))
@example(at=1953, mask=1)
@example(at=1974, mask=1)
def test_after_a_flipped_bit_every_cell_is_as_it_was_or_told_as_broken_or_the_file_is_refused(
    at: int, mask: int
) -> None:
    data = bytearray(WHOLE)
    data[at] ^= mask
    try:
        rows = [row for sheet in read_workbook(bytes(data), name="x.xlsx").sheets for row in sheet.rows()]
    except Misconfigured:
        return
    whole = read(WHOLE)
    assert len(rows) == len(whole)
    for row, was in zip(rows, whole, strict=True):
        told = [cell if not fault else before for cell, fault, before in zip(row.cells, row.faults, was, strict=True)]
        assert tuple(told) == was
