"""Tables that read the same everywhere: drawn on a terminal, plain aligned lines in a pipe or for a screen reader.

What a table says stands in words; colour and weight only repeat it. Cells are made visible before they are shown, and
are never read as markup, so nothing that an agency or a case file says can drive the terminal.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from mash_trawl.model.base import Private
from mash_trawl.render.safe import visible

NARROW = 76
"""Below this many columns a row is told line by line, under the name of each column."""
WIDEST = 120
"""Longer lines are hard to follow with the eye."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Table(Private):
    """A title, column names and rows. `notes` stand above the rows, `empty` says in words that there are none.

    `sentences`: the cells are long, so plain text tells them line by line, however wide it is.
    """

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    empty: str = ""
    sentences: bool = False


def plain(tables: Iterable[Table], width: int = WIDEST) -> list[str]:
    """The tables as lines of at most `width` columns (only a single longer word sticks out), without any colour."""
    lines: list[str] = []
    for table in tables:
        lines += ["", visible(table.title), "-" * min(len(visible(table.title)), width)] if table.title else []
        for note in table.notes or (() if table.rows else (table.empty,)):
            lines += wrapped(note, width)
        lines += _stacked(table, width) if table.sentences or width < NARROW else _aligned(table, width)
    return lines[1:] if lines and not lines[0] else lines


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """One paragraph in lines; the second and later ones are set in by two."""
    if not text:
        return []
    return textwrap.wrap(
        visible(text), max(width, 20), initial_indent=indent, subsequent_indent=indent + "  ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def draw(tables: Iterable[Table], out: IO[str], *, simple: bool = False) -> None:
    """Write the tables to `out`: drawn when it is a terminal that can, else (and with `simple`) as plain lines."""
    from rich.console import Console

    console = Console(file=out, highlight=False, emoji=False, markup=False)
    told = list(tables)
    if simple or not console.is_terminal or console.is_dumb_terminal or console.width < NARROW:
        width = min(console.width, WIDEST) if console.is_terminal else WIDEST
        out.writelines(f"{line}\n" for line in plain(told, width))
        return
    for table in told:
        _draw(table, console)


def _draw(table: Table, console: object) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    if not isinstance(console, Console):
        raise TypeError("a table is drawn on a console")
    width = min(console.width, WIDEST)
    if table.title:
        console.print(Text(f"\n{visible(table.title)}", style="bold"))
    for note in table.notes or (() if table.rows else (table.empty,)):
        console.print(Text(visible(note)), width=width)
    if not table.rows:
        return
    drawn = Drawn(
        box=box.SIMPLE_HEAD, width=width, pad_edge=False, header_style="bold", show_header=bool(table.columns)
    )
    for name in table.columns or ("",) * len(table.rows[0]):
        drawn.add_column(Text(visible(name)), overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(visible(cell)) for cell in row))
    console.print(drawn)


def _aligned(table: Table, width: int) -> Iterator[str]:
    """Columns side by side, the last as wide as is left; a row takes as many lines as its longest cell."""
    rows = [tuple(visible(cell) for cell in row) for row in (*((table.columns,) if table.columns else ()), *table.rows)]
    if not table.rows:
        return
    widths = _widths(rows, width)
    for row in rows:
        cells = [_cell(cell, room) for cell, room in zip(row, widths, strict=True)]
        for at in range(max(len(cell) for cell in cells)):
            parts = (cell[at] if at < len(cell) else "" for cell in cells)
            yield "  ".join(part.ljust(room) for part, room in zip(parts, widths, strict=True)).rstrip()


def _cell(text: str, room: int) -> Sequence[str]:
    return textwrap.wrap(text, room, break_on_hyphens=False) or [""]


def _widths(rows: Sequence[tuple[str, ...]], width: int) -> list[int]:
    """Each column as wide as its widest cell; what is too much is taken from the widest column."""
    widths = [max(1, *(len(cell) for cell in column)) for column in zip(*rows, strict=True)]
    room = width - 2 * (len(widths) - 1)
    while sum(widths) > room and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    return widths


def _stacked(table: Table, width: int) -> Iterator[str]:
    """Row by row: the first cell, then each other cell under its column's name."""
    for row in table.rows:
        yield from wrapped(row[0], width)
        names = table.columns or ("",) * len(row)
        for name, cell in list(zip(names, row, strict=True))[1:]:
            if cell:
                yield from wrapped(f"{name}: {cell}" if name else cell, width, "  ")
