"""Make the referral form anew: python tools/referral_form.py [PATH]. The same bytes each time, wherever it runs."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from mash_trawl.config.referral_form import EMPTY_FORM
from mash_trawl.config.referral_sheets import HEADER_ROW, VERSION, Ask, Table, choices, shown, tables

MADE = datetime(2026, 11, 22)
README = (
    "Referral form",
    "One form for one family. Save it as an Excel workbook (.xlsx), and send it in the way that your MASH told you: it "
    "holds personal data.",
    "1. Sheet Referral: why you are asking for help. Needed: the date and the time of the referral.",
    "2. Sheet People: one row for each person, the child first. Each has a short id (p1, p2) for the other sheets.",
    "3. Sheet Addresses: where people live and lived. No fixed address is an answer too.",
    "4. Sheet Relationships: who is what to whom, read from left to right.",
    "5. Sheet Consent: what people answered when they were asked to agree. A no is as important as a yes.",
    "6. Sheet Lists: the words that can be chosen. Nothing is filled in there.",
    "You may leave any other answer empty, or choose unknown. Nothing that you do not know is taken as a no.",
    "Dates: 17/05/2014 (the day comes first), May 2019, about May 2019, 2014, before 2012, or unknown. Guess no day.",
    "An unborn child is a person: leave the names empty, and write the due date.",
    "Other names (aliases, maiden names, nicknames) have columns of their own. Two first names: Mary Ann. A first "
    "name of two words: Mary Ann, with a comma after it.",
    "Please keep rows, columns and headings where they are, type values instead of formulas, merge no cells and hide "
    "nothing. If something has no place on the form, write it under What happened.",
    "Cells have a drop-down list where there are words to choose from. A cell is never filled by colour alone.",
)
_HEAD = PatternFill("solid", fgColor="FF1F3864")
_FIELD = Border(*(Side(style="thin", color="FF7F7F7F"),) * 4)
_WRAP = Alignment(wrap_text=True, vertical="top")
_TEXT = "@"
_FACE = "Calibri"


def form() -> bytes:
    """The workbook's bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _read_me(book.create_sheet("Read me"))
    columns = {words: at for at, words in enumerate(choices().values(), start=1)}
    for table in tables():
        made = book.create_sheet(table.title)
        _top(made, table)
        (_lines if table.lines else _columns)(made, table, columns)
        made.freeze_panes = f"B{HEADER_ROW + 1}"
        _on_paper(made, pages=1 + len(table.asks) // 12 if not table.lines else 1)
    _lists(book.create_sheet("Lists"))
    book.properties.creator, book.properties.title, book.properties.created = "mash_trawl", "Referral form", MADE
    return _alike(book)


def _read_me(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 110
    for number, text in enumerate(README, start=1):
        cell = sheet.cell(number, 1, text)
        cell.alignment = _WRAP
        cell.font = _font(16, bold=True) if number == 1 else _font(12)
    _on_paper(sheet)


def _top(sheet: Worksheet, table: Table) -> None:
    sheet["A1"], sheet["A2"] = table.title, table.hint
    sheet["A1"].font, sheet["A2"].font = _font(16, bold=True), _font()


def _heading(sheet: Worksheet, column: int, text: str) -> None:
    cell = sheet.cell(HEADER_ROW, column, text)
    cell.font, cell.fill, cell.alignment, cell.border = _font(bold=True, color="FFFFFFFF"), _HEAD, _WRAP, _FIELD


def _lines(sheet: Worksheet, table: Table, columns: dict[tuple[str, ...], int]) -> None:
    for column, (text, width) in enumerate((("Question", 24), ("Answer", 60), ("How to answer", 60)), start=1):
        _heading(sheet, column, text)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, ask in enumerate(table.asks, start=HEADER_ROW + 1):
        for column, text in ((1, ask.title), (3, ask.hint)):
            cell = sheet.cell(row, column, text)
            cell.font, cell.alignment = _font(bold=column == 1), _WRAP
        sheet.row_dimensions[row].height = 20
        _field(sheet, row, 2)
        _choice(sheet, ask, f"B{row}", columns)
        if ask.key == "version":
            sheet.cell(row, 2, VERSION)
        if ask.key == "narrative":
            sheet.row_dimensions[row].height = 200


def _columns(sheet: Worksheet, table: Table, columns: dict[tuple[str, ...], int]) -> None:
    last = HEADER_ROW + table.rows
    sheet.row_dimensions[HEADER_ROW - 1].height, sheet.row_dimensions[HEADER_ROW].height = 48, 34
    for row in range(HEADER_ROW + 1, last + 1):
        sheet.row_dimensions[row].height = 20
    for column, ask in enumerate(table.asks, start=1):
        letter = get_column_letter(column)
        _heading(sheet, column, ask.title)
        hint = sheet.cell(HEADER_ROW - 1, column, ask.hint)
        hint.font, hint.alignment = _font(9), Alignment(wrap_text=True, vertical="bottom")
        sheet.column_dimensions[letter].width = ask.width
        for row in range(HEADER_ROW + 1, last + 1):
            _field(sheet, row, column)
        _choice(sheet, ask, f"{letter}{HEADER_ROW + 1}:{letter}{last}", columns)
    for row, ident in enumerate(table.first, start=HEADER_ROW + 1):
        sheet.cell(row, 1, ident)


def _field(sheet: Worksheet, row: int, column: int) -> None:
    cell = sheet.cell(row, column)
    cell.number_format, cell.border, cell.alignment, cell.font = _TEXT, _FIELD, _WRAP, _font()


def _choice(sheet: Worksheet, ask: Ask, cells: str, columns: dict[tuple[str, ...], int]) -> None:
    """The hint that appears when a cell is chosen and, where there are words, the list to choose from."""
    words = tuple(shown(word) for word in ask.words)
    if words:
        letter = get_column_letter(columns[words])
        made = DataValidation("list", formula1=f"Lists!${letter}$2:${letter}${len(words) + 1}", allow_blank=True)
        made.errorStyle = "information" if ask.open else "stop"
        made.errorTitle, made.error = "Not in the list", "Choose one of the words in the list, or unknown."
        made.showErrorMessage = not ask.open
    else:
        made = DataValidation(allow_blank=True)
    made.promptTitle, made.prompt, made.showInputMessage = ask.title[:32], ask.hint, True
    made.add(cells)
    sheet.add_data_validation(made)


def _lists(sheet: Worksheet) -> None:
    for column, (heading, words) in enumerate(choices().items(), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = 28
        cell = sheet.cell(1, column, heading)
        cell.font, cell.alignment = _font(bold=True), _WRAP
        for row, word in enumerate(words, start=2):
            made = sheet.cell(row, column, word)
            made.number_format, made.font = _TEXT, _font()


def _font(size: int = 11, *, bold: bool = False, color: str = "FF000000") -> Font:
    return Font(name=_FACE, size=size, bold=bold, color=color)


def _on_paper(sheet: Worksheet, pages: int = 1) -> None:
    """Landscape A4; a wide table takes several pages side by side, each with the first column."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages, 0
    if pages > 1:
        sheet.print_title_cols = "A:A"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _alike(book: Workbook) -> bytes:
    """The saved workbook packed again: no time of making, and no compression, whose bytes differ between systems."""
    first, second = io.BytesIO(), io.BytesIO()
    book.save(first)
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(second, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + MADE.isoformat().encode() + b"Z", data)
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.external_attr, part.create_system = 0o600 << 16, 3
            new.writestr(part, data)
    return second.getvalue()


def main() -> None:
    """Write the form to the path given, or where the package keeps it."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else EMPTY_FORM
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(form())


if __name__ == "__main__":
    main()
