"""From a sheet of the form to answers that know their cell: headings in their places, every doubt told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mash_trawl.config.referral_sheets import ANSWER_COLUMN, HEADER_ROW, Ask, Table, shown
from mash_trawl.config.tree import Mark, Path, unfit
from mash_trawl.config.workbook import Row, Sheet, column_letters
from mash_trawl.config.workbook_cells import DATE_LOST, DIGITS_LOST, ERROR, FORMULA, YEAR_ADDED
from mash_trawl.errors import Problem

NOT_KNOWN = frozenset({"", "unknown", "not known", "don't know", "dont know", "n/k", "nk", "?"})
_DO = {
    FORMULA: "Type the value itself.",
    ERROR: "Type the value itself.",
    DIGITS_LOST: "Format the cell as Text, and type the number again.",
    DATE_LOST: "Type the date again, for example 17/05/2014.",
    YEAR_ADDED: "Format the cell as Text, and type the date with its year.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellMark(Mark):
    """A place in a workbook, in place of line and column."""

    place: str

    def __str__(self) -> str:
        return self.place


class Desk:
    """Where everything found in one form is put: problems, what was left out, and the cell of each part of the case."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.left_out: list[Problem] = []
        self.marks: dict[Path, Mark] = {}

    def complain(self, where: str, what: str, do: str = "") -> None:
        """Something that must be mended before the form can be taken in."""
        self.problems.append(Problem(where=where, what=f"{what}.", do=do))

    def note(self, where: str, what: str, do: str = "") -> None:
        """Something that the case cannot say, and a person should know."""
        self.left_out.append(Problem(where=where, what=f"{what}.", do=do))

    def mark(self, path: Path, where: str) -> None:
        """This part of the case came from there."""
        self.marks[path] = CellMark(file=self.name, line=1, column=1, place=where)


class Answers:
    """The answers of one row of a table (or of the whole sheet Referral). Nothing known is None, never a no."""

    def __init__(self, desk: Desk, table: Table, cells: Mapping[str, tuple[str, str]], where: str) -> None:
        self.desk, self._table, self._cells, self.where = desk, table, cells, where

    def place(self, key: str) -> str:
        """`file:sheet:cell` of an answer."""
        return self._cells[key][1] if key in self._cells else self.where

    def raw(self, key: str) -> str:
        """What stands in the cell."""
        return self._cells[key][0] if key in self._cells else ""

    @property
    def empty(self) -> bool:
        """True for a row in which nothing is answered; its prepared first cell does not count."""
        keys = [key for key in self._cells if key != "id"] if self._table.first else list(self._cells)
        return not any(self.raw(key) for key in keys)

    def unsaid(self, key: str) -> bool:
        """True where the answer is empty or says that it is not known."""
        return self.raw(key).casefold() in NOT_KNOWN

    def text(self, key: str, path: Path = ()) -> str | None:
        """The answer as text; `path` is where it goes in the case."""
        if path:
            self.desk.mark(path, self.place(key))
        return None if self.unsaid(key) else self.raw(key)

    def word(self, key: str, path: Path = ()) -> str | None:
        """The answer as one of the ask's words (their code); another one is a problem unless the ask is open."""
        text = self.text(key, path)
        if text is None:
            return None
        ask = self._table.ask(key)
        code = slug(text)
        if code in ask.words:
            return code
        if not ask.open:
            words = ", ".join(shown(word) for word in ask.words)
            self.desk.complain(
                self.place(key), "this is none of the answers that can be chosen here", f"Choose: {words}."
            )
            return None
        return text

    def complain(self, key: str, what: str, do: str = "") -> None:
        """A problem with one answer."""
        self.desk.complain(self.place(key), what, do)


def slug(text: str) -> str:
    """A chosen word as its code: `Physical abuse` is `physical_abuse`."""
    return re.sub(r"[\s_-]+", "_", text.strip().casefold())


def read_lines(sheet: Sheet, table: Table, desk: Desk) -> Answers:
    """The answers of a sheet with one line for each ask."""
    cells: dict[str, tuple[str, str]] = {}
    lines = {HEADER_ROW + at: ask for at, ask in enumerate(table.asks, start=1)}
    found = {row.number: row for row in _checked(sheet, table, desk)}
    expected = {HEADER_ROW: ("Question", "Answer"), **{number: (ask.title,) for number, ask in lines.items()}}
    for number, words in expected.items():
        for column, word in enumerate(words, start=1):
            _heading(sheet, found.get(number), number, column, word, desk)
    for number, row in found.items():
        if number in lines:
            text = _clean(row, ANSWER_COLUMN, sheet, desk)
            cells[lines[number].key] = (text, sheet.place(f"{column_letters(ANSWER_COLUMN)}{number}"))
        elif number > HEADER_ROW:
            _stray(row, 1, sheet, desk)
    return Answers(desk, table, cells, sheet.place())


def read_table(sheet: Sheet, table: Table, desk: Desk) -> Iterator[Answers]:
    """The filled rows of a sheet with columns; none when its headings are not in their places."""
    rows = _checked(sheet, table, desk)
    head = next((row for row in rows if row.number == HEADER_ROW), None)
    good = [
        _heading(sheet, head, HEADER_ROW, at, ask.title, desk)
        for at, ask in enumerate(table.asks, start=1)
        if head is not None and all(_same(head, before, table.asks[before - 1]) for before in range(1, at))
    ]
    if head is None:
        _heading(sheet, None, HEADER_ROW, 1, table.asks[0].title, desk)
    if head is None or not all(good):
        return
    for row in rows:
        if row.number > HEADER_ROW:
            cells = {
                ask.key: (_clean(row, at, sheet, desk), sheet.place(f"{column_letters(at)}{row.number}"))
                for at, ask in enumerate(table.asks, start=1)
            }
            _stray(row, len(table.asks) + 1, sheet, desk)
            answers = Answers(desk, table, cells, sheet.place(f"A{row.number}"))
            if not answers.empty:
                yield answers


def _checked(sheet: Sheet, table: Table, desk: Desk) -> list[Row]:
    """The rows of a sheet, after looking for what merges and hides."""
    columns = 3 if table.lines else len(table.asks)
    rows = list(sheet.rows())
    if sheet.hidden and rows:
        desk.complain(sheet.place(), "this sheet is hidden", "Show it, and look at what it says.")
    for area in sheet.merged:
        cell = f"{column_letters(area.left)}{area.top}"
        desk.complain(sheet.place(cell), "cells are merged here", "Unmerge them, so that each answer has one cell.")
    for row in rows:
        if row.hidden:
            desk.complain(
                sheet.place(f"A{row.number}"), "this row is hidden, and is not empty", "Show it and check it."
            )
    for first, last in sheet.hidden_columns:
        if first <= columns or any(any(row.cells[first - 1 : last]) for row in rows):
            desk.complain(sheet.place(f"{column_letters(first)}1"), "a column is hidden here", "Show it and check it.")
    for row in rows:
        if row.number < HEADER_ROW:
            said = 1 if row.number < HEADER_ROW - 1 else _hints(row, table)
            _stray(row, said + 1, sheet, desk)
    return rows


def _hints(row: Row, table: Table) -> int:
    """Up to which column the row above the headings holds hints of the form; moved ones show in the headings."""
    hints = {"", *(ask.hint for ask in table.asks)} if not table.lines else {""}
    return next((at for at, text in enumerate(row.cells) if text not in hints), len(row.cells))


def _heading(sheet: Sheet, row: Row | None, number: int, column: int, word: str, desk: Desk) -> bool:
    if row is not None and len(row.cells) >= column and slug(row.cells[column - 1]) == slug(word):
        return True
    place = sheet.place(f"{column_letters(column)}{number}")
    do = "Rows, columns and headings of the form must stay where they are: copy the answers into an empty form."
    desk.complain(place, f"`{word}` is expected here", do)
    return False


def _same(row: Row, column: int, ask: Ask) -> bool:
    return len(row.cells) >= column and slug(row.cells[column - 1]) == slug(ask.title)


def _clean(row: Row, column: int, sheet: Sheet, desk: Desk) -> str:
    """The text of a cell, its fault told."""
    if column > len(row.cells):
        return ""
    text, fault = row.cells[column - 1].strip(), row.faults[column - 1] or unfit(row.cells[column - 1])
    if fault:
        do = _DO.get(fault, "Type it again.")
        desk.complain(sheet.place(f"{column_letters(column)}{row.number}"), fault, do)
        return ""
    return text


def _stray(row: Row, first: int, sheet: Sheet, desk: Desk) -> None:
    """Anything from this column on is where the form expects nothing, and would be lost."""
    for column in range(first, len(row.cells) + 1):
        if row.cells[column - 1].strip() or row.faults[column - 1]:
            place = sheet.place(f"{column_letters(column)}{row.number}")
            desk.complain(place, "nothing is expected in this cell", "Move what it says to where the form asks for it.")
            return
