"""An SQLite file of one system: its tables, and rows by the names of their columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any


class Tables:
    """An open database that takes rows by column name; columns that a table lacks are left out."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._columns: dict[str, set[str]] = {}

    def put(self, table: str, row: Mapping[str, Any]) -> None:
        """One row."""
        if table not in self._columns:
            self._columns[table] = {name for _, name, *_ in self._database.execute(f"pragma table_info({table})")}
        kept = {name: value for name, value in row.items() if name in self._columns[table]}
        places = ", ".join(f":{name}" for name in kept)
        self._database.execute(f"insert into {table}({', '.join(kept)}) values ({places})", kept)  # noqa: S608 - ours


@contextmanager
def filled(file: Path, schema: str) -> Iterator[Tables]:
    """A new file with these tables, written when the block ends."""
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript(schema)
        yield Tables(database)


def address(file: Path) -> str:
    """By which a hub finds it."""
    return f"sqlite:///{file.resolve().as_posix()}"


def day(value: date | None) -> str | None:
    """As the tables keep days."""
    return value.isoformat() if value else None
