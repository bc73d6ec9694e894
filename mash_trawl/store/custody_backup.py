"""The case keys in a backup of a hub's database, read without changing one byte of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import fields
from pathlib import Path

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.store import custody as rows
from mash_trawl.store.engine import Store


def case_keys_in(backup: Path | str) -> list[rows.CaseKeyRow]:
    """Every case key row in a copy of an SQLite database, or in a restored PostgreSQL database given by its address.

    Misconfigured when it cannot be read or is no hub's database.
    """
    if isinstance(backup, str) and backup.startswith("postgresql"):
        store = Store.open(backup, Path())
        try:
            with store.read() as connection:
                return rows.case_keys(connection)
        finally:
            store.close()
    return _from_file(Path(backup))


def _from_file(path: Path) -> list[rows.CaseKeyRow]:
    """A write-ahead file beside the copy counts too; without one the copy is opened as it lies."""
    names = [field.name for field in fields(rows.CaseKeyRow)]
    ahead = path.with_name(path.name + "-wal").exists()
    address = path.resolve().as_uri() + ("?mode=ro" if ahead else "?mode=ro&immutable=1")
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            found = connection.execute(f"SELECT {', '.join(names)} FROM case_key").fetchall()  # noqa: S608
    except sqlite3.Error:
        raise Misconfigured(
            Problem(where=str(path), what="this is not a readable copy of a hub's database.", do="Give the .db file.")
        ) from None
    return [rows.CaseKeyRow(**dict(zip(names, row, strict=True))) for row in found]
