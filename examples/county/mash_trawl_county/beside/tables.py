"""An SQLite file of one system: its tables, its rows, and the address by which a hub finds it."""

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
def tables(folder: Path, name: str, schema: str) -> Iterator[Tables]:
    """A new `NAME.db`, and `NAME.url` beside it."""
    file = folder / f"{name}.db"
    file.unlink(missing_ok=True)
    (folder / f"{name}.url").write_text(f"sqlite:///{file.resolve().as_posix()}", "utf-8")
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript(schema)
        yield Tables(database)


def day(value: date | None) -> str | None:
    """As the tables keep days."""
    return value.isoformat() if value else None
