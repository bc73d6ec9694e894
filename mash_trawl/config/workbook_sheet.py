"""One sheet of a workbook: first looked over (sizes, order, merged and hidden parts), then read row by row."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mash_trawl.config.workbook_cells import FORMULA, MOST_TEXT, Look, cell_text
from mash_trawl.config.workbook_xml import DAMAGED, Bad, Part, Purse, parse, pieces

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_RANGE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile("[1-9][0-9]{0,6}")
_NO_LOOK = Look()
_TRUE = ("1", "true")
MOST_MERGED = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a sheet is read: rows, columns, and cells (empty ones in between count)."""

    rows: int = 50_000
    columns: int = 500
    cells: int = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A block of cells, both ends included, rows and columns counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Row:
    """One row that holds something: its number, and from column 1 on the texts and the faults ("" for none)."""

    number: int
    cells: tuple[str, ...]
    faults: tuple[str, ...]
    hidden: bool = False


def column_number(letters: str) -> int:
    """`A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 is `A`, 27 is `AA`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class _Cells(Part):
    """What both readings share: where the next cell stands. Rows and cells must come in order."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.row = self.column = self.count = 0
        self._in_data = self._in_row = self._in_cell = False

    def start(self, name: str, values: dict[str, str]) -> None:
        if name == "sheetData":
            self._in_data = True
        elif name == "row" and self._in_data:
            self._next_row(values.get("r"))
            self.row_begins(values)
        elif name == "c" and self._in_row:
            self._next_cell(values.get("r"))
            self.cell_begins(values)
        elif self._in_cell:
            self.inside(name, True)
        else:
            self.around(name, values)

    def end(self, name: str) -> None:
        if name == "c" and self._in_cell:
            self._in_cell = False
            self.cell_ends()
        elif self._in_cell:
            self.inside(name, False)
        elif name == "row" and self._in_row:
            self._in_row = False
            self.count += self.column
            if self.count > self.limits.cells:
                raise Bad(f"the sheet holds more than {self.limits.cells} cells", "Send less, or send CSV.")
            self.row_ends()
        elif name == "sheetData":
            self._in_data = False

    def _next_row(self, told: str | None) -> None:
        number = int(told) if told and _ROW.fullmatch(told) else self.row + 1
        if self._in_row or number <= self.row or (told and not _ROW.fullmatch(told)):
            raise Bad(DAMAGED)
        if number > self.limits.rows:
            raise Bad(f"the sheet has more than {self.limits.rows} rows", "Send less, or send CSV.")
        self.row, self.column, self._in_row = number, 0, True

    def _next_cell(self, told: str | None) -> None:
        number = self.column + 1
        if told:
            found = _CELL.fullmatch(told)
            if not found or int(found[2]) != self.row:
                raise Bad(DAMAGED)
            number = column_number(found[1])
        if self._in_cell or number <= self.column:
            raise Bad(DAMAGED)
        if number > self.limits.columns:
            raise Bad(f"the sheet has more than {self.limits.columns} columns", "Send less.")
        self.column, self._in_cell = number, True

    def row_begins(self, values: dict[str, str]) -> None:
        """A row begins."""

    def row_ends(self) -> None:
        """A row ends."""

    def cell_begins(self, values: dict[str, str]) -> None:
        """A cell begins."""

    def cell_ends(self) -> None:
        """A cell ends."""

    def inside(self, name: str, begins: bool) -> None:
        """An element inside a cell begins or ends."""

    def around(self, name: str, values: dict[str, str]) -> None:
        """An element outside all cells begins."""


class LookOver(_Cells):
    """The first reading: bounds, merged blocks and hidden columns, without any cell's content."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.merged: list[Area] = []
        self.hidden_columns: list[tuple[int, int]] = []

    def around(self, name: str, values: dict[str, str]) -> None:
        """Merged blocks and columns stand outside the rows."""
        if name == "mergeCell":
            found = _RANGE.fullmatch(values.get("ref", ""))
            if not found or len(self.merged) >= MOST_MERGED:
                raise Bad("the sheet has more merged cells than can be read" if found else DAMAGED)
            left, top, right, bottom = column_number(found[1]), int(found[2]), column_number(found[3]), int(found[4])
            self.merged.append(Area(top=top, left=left, bottom=bottom, right=right))
        elif name == "col" and values.get("hidden", "").lower() in _TRUE:
            ends = values.get("min", ""), values.get("max", "")
            if not all(_ROW.fullmatch(end) for end in ends):
                raise Bad(DAMAGED)
            self.hidden_columns.append((int(ends[0]), int(ends[1])))


class _Rows(_Cells):
    """The second reading: the texts."""

    def __init__(self, limits: Limits, strings: Sequence[str], looks: Sequence[Look], epoch: datetime) -> None:
        super().__init__(limits)
        self._strings, self._looks, self._epoch = strings, looks, epoch
        self.ready: list[Row] = []
        self._texts: list[str] = []
        self._faults: list[str] = []
        self._hidden = self._take = self._formula = self._aid = False
        self._raw: list[str] = []
        self._length = 0
        self._kind = ""
        self._look = _NO_LOOK

    def row_begins(self, values: dict[str, str]) -> None:
        self._texts, self._faults = [], []
        self._hidden = values.get("hidden", "").lower() in _TRUE

    def cell_begins(self, values: dict[str, str]) -> None:
        self._raw, self._length, self._take, self._formula, self._aid = [], 0, False, False, False
        self._kind = values.get("t", "")
        style = values.get("s", "0")
        known = style.isdigit() and len(style) < 7 and int(style) < len(self._looks)
        self._look = self._looks[int(style)] if known else _NO_LOOK

    def inside(self, name: str, begins: bool) -> None:
        """`v` holds the value, `is/t` a text of its own, `f` a formula (which is never read)."""
        if name == "rPh":
            self._aid = begins
        self._formula = self._formula or name == "f"
        self._take = begins and (name == "v" or (name == "t" and not self._aid))

    def text(self, data: str) -> None:
        if self._take:
            self._raw.append(data)
            self._length += len(data)
            if self._length > MOST_TEXT:
                cell = f"{column_letters(self.column)}{self.row}"
                raise Bad("a text is longer than a cell can hold", cell=cell)

    def cell_ends(self) -> None:
        raw = "".join(self._raw)
        if self._formula:
            text, fault = "", FORMULA
        elif not raw:
            text, fault = "", ""
        else:
            text, fault = cell_text(self._kind, raw, self._look, self._strings, self._epoch)
        gap = self.column - 1 - len(self._texts)
        self._texts += [""] * gap + [text]
        self._faults += [""] * gap + [fault]

    def row_ends(self) -> None:
        if any(self._texts) or any(self._faults):
            self.ready.append(
                Row(number=self.row, cells=tuple(self._texts), faults=tuple(self._faults), hidden=self._hidden)
            )


def look_over(archive: zipfile.ZipFile, part: str, limits: Limits, purse: Purse) -> LookOver:
    """The first reading of a sheet. Raises Bad for everything that will not be read."""
    seen = LookOver(limits)
    parse(archive, part, seen, purse)
    return seen


def rows(
    archive: zipfile.ZipFile, part: str, limits: Limits, strings: Sequence[str], looks: Sequence[Look], epoch: datetime
) -> Iterator[Row]:
    """The rows of a sheet that hold something, in order; only a piece of the sheet is in memory. Raises Bad."""
    reader = _Rows(limits, strings, looks, epoch)
    for _ in pieces(archive, part, reader, Purse()):
        yield from reader.ready
        reader.ready.clear()
