"""The one reader of Excel workbooks (.xlsx): rows of text, within bounds, and nothing in the file ever acts.

Macros, links to other workbooks, embedded objects, data connections, passwords, DTDs and bombs are refused before any
cell is read. Formulas, errors and numbers that Excel has cut short are faults of their cell: neither the formula nor
the value that Excel kept beside it is given. Merged and hidden parts are told; what to do about them is the caller's.

Why openpyxl does not read here: docs/decisions/0115-one-reader-of-workbooks.md.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mash_trawl.config.files import read_whole
from mash_trawl.config.workbook_cells import Look
from mash_trawl.config.workbook_parts import Book, Listed, Relations, Strings, Styles, Types, parsed
from mash_trawl.config.workbook_sheet import Area, Limits, LookOver, Row, column_letters, look_over, rows
from mash_trawl.config.workbook_xml import DAMAGED, Bad, Part, Purse, parse
from mash_trawl.config.workbook_zip import MOST_BYTES, unpack
from mash_trawl.errors import Misconfigured, Problem

__all__ = ["Area", "Limits", "Row", "Sheet", "Workbook", "column_letters", "read_workbook"]

MOST_SHEETS = 100


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sheet:
    """One sheet. `title` is text out of the file: say it only where it is one that you know.

    `merged` and `hidden_columns` (first and last) are what was found; hidden rows say so themselves.
    """

    title: str
    number: int
    hidden: bool
    merged: tuple[Area, ...]
    hidden_columns: tuple[tuple[int, int], ...]
    _book: Workbook
    _part: str

    def rows(self) -> Iterator[Row]:
        """The rows that hold something. Raises Misconfigured where the file turns out damaged."""
        book = self._book
        what: Bad | None = None
        try:
            yield from rows(book.archive, self._part, book.limits, book.strings, book.looks, book.epoch)
        except Bad as bad:
            what = bad
        if what is not None:
            raise Misconfigured(Problem(where=self.place(what.cell), what=f"{what.what}.", do=what.do))

    def place(self, cell: str = "") -> str:
        """`file:sheet:cell`; a sheet whose title nobody knows is called by its number."""
        title = self.title if self.title in self._book.known else f"sheet {self.number}"
        return ":".join(part for part in (self._book.name, title, cell) if part)


@dataclass(slots=True, kw_only=True, repr=False)
class Workbook:
    """An opened workbook: all of it is in memory, packed, and no file stays open."""

    name: str
    archive: zipfile.ZipFile
    limits: Limits
    known: frozenset[str] = frozenset()
    strings: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    epoch: datetime = datetime(1899, 12, 30)
    sheets: tuple[Sheet, ...] = ()

    def sheet(self, title: str) -> Sheet | None:
        """The sheet of this title (capitals and spaces at its ends do not matter)."""
        wanted = title.strip().casefold()
        return next((sheet for sheet in self.sheets if sheet.title.strip().casefold() == wanted), None)


def read_workbook(
    source: str | Path | bytes, *, name: str = "", limits: Limits | None = None, known: Collection[str] = ()
) -> Workbook:
    """Open and look over a whole workbook. Raises Misconfigured (`file:sheet:cell`), never with a cell's content.

    `name` is what problems call the file (its path is the default); `known` are the sheet titles that may be said.
    Refused besides what the module says: more than 16 MB packed, 64 MB unpacked, 100 sheets, or `limits`.
    """
    name = name or ("workbook" if isinstance(source, bytes) else str(source))
    data = source if isinstance(source, bytes) else read_whole(Path(source), MOST_BYTES, name)
    book = Workbook(name=name, archive=unpack(data, name), limits=limits or Limits(), known=frozenset(known))
    bad: Bad | None = None
    at = name
    try:
        purse = Purse()
        listed = _frame(book, purse)
        sheets: list[Sheet] = []
        for number, item in enumerate(listed, start=1):
            at = f"{name}:{item.title if item.title in book.known else f'sheet {number}'}"
            sheets.append(_sheet(book, item, number, look_over(book.archive, item.part, book.limits, purse)))
        book.sheets = tuple(sheets)
    except Bad as found:
        bad = found
    if bad is not None:
        raise Misconfigured(Problem(where=at, what=f"{bad.what}.", do=bad.do))
    return book


def _frame(book: Workbook, purse: Purse) -> list[Listed]:
    """Everything around the sheets; every part is looked at, also those that are never read."""
    archive = book.archive
    types = Types()
    parse(archive, "[Content_Types].xml", types, purse)
    if types.book not in archive.NameToInfo:
        raise Bad("this is not an Excel workbook", "Save it in Excel as `Excel Workbook (.xlsx)` and send that file.")
    folder, _, file = types.book.rpartition("/")
    relations = Relations(folder)
    parsed(archive, f"{folder}/_rels/{file}.rels", relations, purse)
    listed = Book(relations)
    parse(archive, types.book, listed, purse)
    parts = [item.part for item in listed.sheets]
    if not parts or len(parts) > MOST_SHEETS or len(set(parts)) != len(parts) or not {*parts} <= {*archive.NameToInfo}:
        raise Bad(DAMAGED)
    strings, styles = Strings(), Styles()
    shared, style = relations.by_kind.get("sharedStrings", ""), relations.by_kind.get("styles", "")
    parsed(archive, shared, strings, purse)
    parsed(archive, style, styles, purse)
    book.strings, book.looks, book.epoch = strings.texts, styles.looks(), listed.epoch
    _others(archive, {*parts, shared, style, types.book, "[Content_Types].xml"}, purse)
    return listed.sheets


def _others(archive: zipfile.ZipFile, done: set[str], purse: Purse) -> None:
    """Parts that are never read may not hold a DTD, an outside link or a bomb either."""
    for name in archive.namelist():
        if name not in done and name.lower().endswith((".xml", ".rels", ".vml")):
            parse(archive, name, Relations("") if name.lower().endswith(".rels") else Part(), purse)


def _sheet(book: Workbook, item: Listed, number: int, seen: LookOver) -> Sheet:
    return Sheet(
        title=item.title, number=number, hidden=item.hidden, merged=tuple(seen.merged),
        hidden_columns=tuple(seen.hidden_columns), _book=book, _part=item.part,
    )  # fmt: skip
