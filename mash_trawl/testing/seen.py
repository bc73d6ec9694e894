"""What a connector did while it ran, and what its source was told to do to it meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BUSY, BROKEN = "it says 429", "it says 500"
"""The two faults that check 18 looks at more closely."""
PATIENCE = 7
"""Seconds that a busy source asks to be left alone for."""
MOST_CELLS = 100
"""Rows kept of what a source gave; enough to know its columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twist:
    """How the source behaves in one run. By default as it is.

    `fault` happens at statement or request number `at` (from 1; 0: at every one). `values` puts another value into a
    column, wherever it has one. `total`: so many rows or items are served in place of those that there are, by
    repeating them. `page`: items on a page. `same_token`: every page names the same next page. `rewritten`: a database
    holds its rows the other way round. `stored` puts another value into a database's `table.column`, where it has one.
    """

    fault: str = ""
    at: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    total: int | None = None
    page: int | None = None
    same_token: bool = False
    backwards: bool = False
    rewritten: bool = False
    stored: Mapping[str, str] = field(default_factory=dict)


STRAIGHT = Twist()


@dataclass(slots=True, kw_only=True)
class Asked:
    """One statement or one request as the source saw it.

    `text` is the statement, or method and path; `values` are bound, or stand in the body; `open` is what stands in
    the open: in the statement itself, or in the address. `tables` and `reads` (with their columns) are what it read.
    `more`: it only asks for a further page.
    """

    text: str
    values: tuple[Any, ...] = ()
    open: str = ""
    tables: set[str] = field(default_factory=set)
    reads: set[tuple[str, str]] = field(default_factory=set)
    method: str = ""
    more: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What makes two of them the same question."""
        return self.text, repr(self.values)


@dataclass(slots=True, kw_only=True)
class Seen:
    """Everything that was noticed in one run, in words where it is a fault."""

    asked: list[Asked] = field(default_factory=list)
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    drawn: int = 0
    opened: int = 0
    open_now: int = 0
    cursors: int = 0
    writes: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)
    faults: int = 0
    lists: int = 0
    logins: int = 0
    slept: float = 0.0

    def row(self, where: str, cells: dict[str, Any]) -> None:
        """Keep a row as the source gave it."""
        if len(self.rows) < MOST_CELLS:
            self.rows.append((where, cells))

    def columns(self) -> dict[str, list[Any]]:
        """Every column with the values that it had."""
        found: dict[str, list[Any]] = {}
        for _, cells in self.rows:
            for name, value in cells.items():
                if value is not None and value != "":
                    found.setdefault(name, []).append(value)
        return found

    @property
    def quiet(self) -> bool:
        """Was nothing asked of the source at all?"""
        return not self.asked and not self.opened and not self.strangers
