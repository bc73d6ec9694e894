"""One sheet of an Excel workbook as rows of text: the header where it must be, doubtful rows counted and left out.

`connect` may hold `sheet` (its title; else the first sheet), `header` (the row of the header, 1 if left out; what
stands above it is not read) and `trailer`, as for CSV. A workbook that was cut off is never read: its table of
contents stands at its end, and every part has a check sum.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mash_trawl.errors import Malformed, Misconfigured
from mash_trawl.transports.door import Tally

if TYPE_CHECKING:
    from mash_trawl.config.workbook import Row, Sheet

Named = dict[str, str]


def xlsx_rows(
    source: Path | bytes, settings: Mapping[str, str], columns: Sequence[str], tally: Tally
) -> Iterator[Named]:
    """The rows of a sheet that must have `columns`. Raises Malformed; its code says which rule was broken.

    Counted as quarantined: a row with a formula, an error, a number that Excel has cut short, a part of a merged
    block, or anything to the right of the last column. A hidden row is a row like any other: a filter hides nothing.
    """
    why = ""
    try:
        yield from _rows(_sheet(source, settings.get("sheet", "")), settings, columns, tally)
    except Misconfigured as problem:
        why = problem.problems[0].what.rstrip(".").replace(" ", "_")
    if why:
        raise Malformed(why)


def _sheet(source: Path | bytes, title: str) -> Sheet:
    from mash_trawl.config.workbook import read_workbook

    book = read_workbook(source)
    if title:
        found = book.sheet(title)
        if found is None:
            raise Malformed("no_such_sheet")
        return found
    if book.sheets[0].hidden:
        raise Malformed("the_first_sheet_is_hidden")
    return book.sheets[0]


def _rows(sheet: Sheet, settings: Mapping[str, str], columns: Sequence[str], tally: Tally) -> Iterator[Named]:
    head = int(settings.get("header", "1"))
    merged = _Merged(sheet)
    rows = (row for row in sheet.rows() if row.number >= head)
    names = _names(next(rows, None), head, merged, columns)
    trailer = settings.get("trailer")
    for good, row in enumerate(rows):
        if trailer and row.cells[0] == trailer:
            told = row.cells[1:2] == (str(good),) and not any(row.faults)
            tally.complete = tally.complete and told and next(rows, None) is None
            return
        if any(row.faults) or any(row.cells[len(names) :]) or row.number in merged:
            tally.quarantined += 1
        else:
            yield {name: row.cells[at] if at < len(row.cells) else "" for at, name in enumerate(names)}
    if trailer:
        tally.complete = False


def _names(row: Row | None, head: int, merged: _Merged, columns: Sequence[str]) -> list[str]:
    """The column names. They begin in column A of exactly the header's row, without a gap."""
    if row is None or row.number != head or not row.cells[0].strip():
        raise Malformed("the_header_is_not_where_it_must_be")
    names = [cell.strip() for cell in row.cells]
    while names and not names[-1]:
        names.pop()
    if not all(names) or len(set(names)) != len(names) or any(row.faults) or row.number in merged:
        raise Malformed("not_a_header")
    if not set(columns) <= set(names):
        raise Malformed("a_column_is_missing")
    return names


class _Merged:
    """The rows that a merged block touches."""

    def __init__(self, sheet: Sheet) -> None:
        self._tops: list[int] = []
        self._bottoms: list[int] = []
        for top, bottom in sorted((area.top, area.bottom) for area in sheet.merged):
            if self._bottoms and top <= self._bottoms[-1]:
                self._bottoms[-1] = max(self._bottoms[-1], bottom)
            else:
                self._tops.append(top)
                self._bottoms.append(bottom)

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        at = bisect_right(self._tops, number) - 1
        return at >= 0 and number <= self._bottoms[at]
