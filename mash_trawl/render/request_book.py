"""An information request as a workbook: printed cells in grey, cells to fill in in white, the signed request beside.

Names come from case files and could begin like a formula: every cell is written as text.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mash_trawl.config import return_sheets as sheets
from mash_trawl.config.referral_sheets import ANSWER_COLUMN, HEADER_ROW, Ask, Table, shown
from mash_trawl.model.request import Request
from mash_trawl.render.request_words import BOOK, HOW, MARKING, TITLE, head

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import Border
    from openpyxl.worksheet.worksheet import Worksheet

_PIECE = 2000
"""Characters of the signed request in one cell."""
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What a workbook would take for a character by its number; the sign before it is written by its own."""
_PRINTED = {
    sheets.PEOPLE: ("id", "name", "facts", "basis"),
    sheets.ANSWERS: ("id", "about", "kind", "question", "period"),
}


def request_book(request: Request, content: bytes, signature: bytes, key: str) -> bytes:
    """The workbook's bytes. `content` is what was signed, `key` the line of the key that signed it."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator, book.properties.title = "mash_trawl", TITLE
    _front(book.create_sheet("Request"), request)
    lists = _lists(book, request)
    rows: Mapping[str, Sequence[Mapping[str, str]]] = {
        sheets.PEOPLE: [sheets.printed_person(person) for person in request.people],
        sheets.ANSWERS: [sheets.printed_line(line, request) for line in request.lines],
        sheets.RECORDS: [{}] * sheets.records().rows,
    }
    for place, table in enumerate(sheets.tables(), start=1):
        made = book.create_sheet(table.title, place)
        _top(made, table)
        if table.lines:
            _lines(made, table, lists)
        else:
            _columns(made, table, rows[table.title], lists, request)
    _seal(book.create_sheet(sheets.SEAL), content, signature, key)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _front(sheet: Worksheet, request: Request) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 100
    _put(sheet, 1, 1, TITLE, size=16, bold=True, wrap=False)
    _put(sheet, 2, 1, MARKING, bold=True, wrap=False)
    row = 4
    for label, text in head(request):
        _put(sheet, row, 1, label, bold=True)
        _put(sheet, row, 2, text)
        row += 1
    for number, text in enumerate((*BOOK, *HOW), start=1):
        _put(sheet, row + 1, 1, f"{number}.")
        _put(sheet, row + 1, 2, text)
        sheet.row_dimensions[row + 1].height = 32 if len(text) > 100 else 16
        row += 1
    _on_paper(sheet)


def _lists(book: Workbook, request: Request) -> dict[tuple[str, ...], str]:
    """The words to choose from, one column each; where each list stands."""
    sheet = book.create_sheet("Lists")
    numbers = tuple(str(line.number) for line in request.lines if line.mode == "content") or ("-",)
    wanted = [ask.words for table in sheets.tables() for ask in table.asks if ask.words]
    found: dict[tuple[str, ...], str] = {}
    for words in dict.fromkeys([*wanted, sheets.CONTENT_WORDS, sheets.EXISTENCE_WORDS, numbers]):
        column = len(found) + 1
        sheet.column_dimensions[_letter(column)].width = 26
        for row, word in enumerate(words, start=2):
            _put(sheet, row, column, word if word in numbers else shown(word))
        found[words] = f"Lists!${_letter(column)}$2:${_letter(column)}${len(words) + 1}"
    found[("line",)] = found[numbers]
    return found


def _top(sheet: Worksheet, table: Table) -> None:
    _put(sheet, 1, 1, table.title, size=16, bold=True, wrap=False)
    _put(sheet, 2, 1, table.hint, wrap=False)
    sheet.row_dimensions[1].height = 24
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"


def _lines(sheet: Worksheet, table: Table, lists: Mapping[tuple[str, ...], str]) -> None:
    for column, (text, width) in enumerate((("Question", 24), ("Answer", 50), ("How to answer", 80)), start=1):
        _heading(sheet, column, text)
        sheet.column_dimensions[_letter(column)].width = width
    for row, ask in enumerate(table.asks, start=HEADER_ROW + 1):
        _put(sheet, row, 1, ask.title, bold=True)
        _put(sheet, row, 3, ask.hint)
        sheet.row_dimensions[row].height = 34 if len(ask.hint) > 80 else 20
        _field(sheet, row, ANSWER_COLUMN)
        _choice(sheet, lists.get(ask.words), [f"{_letter(ANSWER_COLUMN)}{row}"])
    _on_paper(sheet)


def _columns(
    sheet: Worksheet, table: Table, rows: Sequence[Mapping[str, str]], lists: Mapping[tuple[str, ...], str],
    request: Request,
) -> None:  # fmt: skip
    printed = _PRINTED.get(table.title, ())
    chosen: dict[tuple[str, ...], list[str]] = {}
    sheet.row_dimensions[HEADER_ROW - 1].height, sheet.row_dimensions[HEADER_ROW].height = 62, 32
    for column, ask in enumerate(table.asks, start=1):
        _heading(sheet, column, ask.title)
        _put(sheet, HEADER_ROW - 1, column, ask.hint, size=9)
        sheet.column_dimensions[_letter(column)].width = ask.width
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        for column, ask in enumerate(table.asks, start=1):
            if ask.key in printed:
                _put(sheet, number, column, row[ask.key], grey=True)
            else:
                _field(sheet, number, column)
                words = _words(ask, table, number, request)
                chosen.setdefault(words, []).append(f"{_letter(column)}{number}")
        sheet.row_dimensions[number].height = _height(table, row) if row else 20
    for words, cells in chosen.items():
        _choice(sheet, lists.get(words), cells)
    _on_paper(sheet, len(table.asks) // 6)


def _words(ask: Ask, table: Table, row: int, request: Request) -> tuple[str, ...]:
    """The words of one cell; what can be answered to a line depends on what it asks."""
    if table.title == sheets.ANSWERS and ask.key == "said":
        return sheets.words_of(request.lines[row - HEADER_ROW - 1])
    return ("line",) if table.title == sheets.RECORDS and ask.key == "line" else ask.words


def _height(table: Table, row: Mapping[str, str]) -> float:
    """High enough for what is printed in the row: about one line for each 1.1 characters of width."""
    widths = {ask.key: ask.width for ask in table.asks}
    lines = [sum(1 + int(len(part) * 1.15) // widths[key] for part in text.split("\n")) for key, text in row.items()]
    return min(409.0, 15.5 * max([2, *lines]))


def _seal(sheet: Worksheet, content: bytes, signature: bytes, key: str) -> None:
    """What was asked, signed: the same as the other sheets print, for the machine that reads the return."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 120
    parts = {
        "request": base64.b64encode(content).decode(), "signature": base64.b64encode(signature).decode(), "key": key,
    }  # fmt: skip
    row = 1
    for name in sheets.SEAL_PARTS:
        for at in range(0, len(parts[name]), _PIECE):
            _put(sheet, row, 1, name)
            _put(sheet, row, 2, parts[name][at : at + _PIECE], size=6, wrap=False)
            row += 1


def _put(
    sheet: Worksheet, row: int, column: int, text: str, *, size: int = 11, bold: bool = False, wrap: bool = True,
    grey: bool = False,
) -> None:  # fmt: skip
    """One printed cell, always text."""
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = sheet.cell(row, column)
    cell.number_format = "@"
    if text:
        cell.value = _ESCAPE.sub("_x005F_", _UNFIT.sub("\ufffd", text))
        cell.data_type = "s"
    cell.font = Font(name="Calibri", size=size, bold=bold)
    cell.alignment = Alignment(wrap_text=wrap, vertical="top")
    if grey:
        cell.fill = PatternFill("solid", fgColor="FFF0F0F0")
        cell.border = _border()


def _heading(sheet: Worksheet, column: int, text: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = sheet.cell(HEADER_ROW, column, text)
    cell.font = Font(name="Calibri", size=11, bold=True, color="FFFFFFFF")
    cell.fill, cell.border = PatternFill("solid", fgColor="FF1F3864"), _border()
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _field(sheet: Worksheet, row: int, column: int) -> None:
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(row, column)
    cell.number_format, cell.border = "@", _border()
    cell.alignment, cell.font = Alignment(wrap_text=True, vertical="top"), Font(name="Calibri", size=11)


def _border() -> Border:
    from openpyxl.styles import Border, Side

    return Border(*(Side(style="thin", color="FF7F7F7F"),) * 4)


def _choice(sheet: Worksheet, listed: str | None, cells: Sequence[str]) -> None:
    """The drop-down of cells that share a list; where there is none, anything may be written."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if listed is None:
        return
    made = DataValidation("list", formula1=listed, allow_blank=True)
    made.errorTitle, made.error, made.showErrorMessage = "Not in the list", "Choose one of the words in the list.", True
    for cell in cells:
        made.add(cell)
    sheet.add_data_validation(made)


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))


def _on_paper(sheet: Worksheet, pages: int = 1) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = max(1, pages), 0
    if pages > 1:
        sheet.print_title_cols = "A:B"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]  # openpyxl always makes one
