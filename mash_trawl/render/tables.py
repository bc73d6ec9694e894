"""Tables that read the same everywhere: drawn on a terminal, one plain line for each cell in a pipe or a screen reader.

What a table says stands in words; colour and weight only repeat it. Cells are made visible before they are shown, and
are never read as markup, so nothing that an agency or a case file says can drive the terminal.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from mash_trawl.model.base import Private
from mash_trawl.render.safe import visible

NARROW = 76
"""Below this many columns nothing is drawn."""
WIDEST = 120
"""Longer lines are hard to follow with the eye."""
_COMMAND = re.compile(r"`[^`]+`")
_HELD = "\x00"
"""Stands for a space at which no line may end; `visible` leaves none in a text."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Table(Private):
    """A title, column names and rows. `notes` stand above the rows, `empty` says in words that there are none.

    `sentences`: the first cell is one, so that plain text need not say its column's name before it.
    """

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    empty: str = ""
    sentences: bool = False


def plain(tables: Iterable[Table], width: int = WIDEST) -> list[str]:
    """The tables as lines of at most `width` columns, without colour; only a longer word, or a command, sticks out.

    Nothing stands beside anything else: what is read line by line, by a voice or by a program, keeps its meaning.
    """
    lines: list[str] = []
    for table in tables:
        lines += ["", visible(table.title), "-" * min(len(visible(table.title)), width)] if table.title else [""]
        for note in table.notes or (() if table.rows else (table.empty,)):
            lines += wrapped(note, width)
        lines += _stacked(table, width)
    return lines[1:] if lines and not lines[0] else lines


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """One paragraph in lines, the later ones set in by two. A command in backticks stays in one piece."""
    if not text:
        return []
    whole = _COMMAND.sub(lambda found: found[0].replace(" ", _HELD), visible(text))
    lines = textwrap.wrap(
        whole, max(width, 20), initial_indent=indent, subsequent_indent=indent + "  ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace(_HELD, " ") for line in lines]


def draw(tables: Iterable[Table], out: IO[str], *, simple: bool = False) -> None:
    """Write the tables to `out`: drawn when it is a terminal that can, else (and with `simple`) as plain lines."""
    from rich.console import Console

    console = Console(file=out, highlight=False, emoji=False, markup=False)
    told = list(tables)
    if simple or not console.is_terminal or console.is_dumb_terminal or console.width < NARROW:
        width = min(console.width, WIDEST) if console.is_terminal else WIDEST
        out.writelines(f"{line}\n" for line in plain(told, width))
        return
    for at, table in enumerate(told):
        if at and not table.title:
            console.print()
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
        console.print(Text(visible(note)), width=width, soft_wrap=_COMMAND.search(note) is not None)
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


def _stacked(table: Table, width: int) -> Iterator[str]:
    """Row by row: the first cell, then each other cell, each on a line of its own after its column's name."""
    for row in table.rows:
        names = table.columns or ("",) * len(row)
        first = f"{names[0]}: {row[0]}" if names[0] and not table.sentences else row[0]
        yield from wrapped(first, width)
        for name, cell in list(zip(names, row, strict=True))[1:]:
            if cell:
                yield from wrapped(f"{name}: {cell}" if name else cell, width, "  ")
