"""SQLite, made to keep its promises: BEGIN IMMEDIATE for writers, synchronous=FULL, deleted pages overwritten."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from mash_trawl.log import never_rows
from mash_trawl.store.wait import WAIT
from mash_trawl.system import private_file

WRITING = "mash_trawl_wait"
"""The execution option of a write transaction: how many seconds it may wait for its turn."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
)


def engine(path: Path) -> Engine:
    """An engine on this file, which is made if it is missing; OSError when it cannot be."""
    _make_private(path)
    address = URL.create("sqlite+pysqlite", database=str(path))
    made = create_engine(
        address, hide_parameters=True, logging_name=never_rows("mash_trawl_store"), connect_args={"timeout": WAIT},
        pool_timeout=WAIT, max_overflow=50,
    )  # fmt: skip
    event.listen(made, "connect", _set_up)
    event.listen(made, "begin", _begin)
    return made


def truncate_log(made: Engine) -> bool:
    """Copy the write-ahead file into the database and cut it to nothing; False when a reader holds it back."""
    raw = made.raw_connection()
    try:
        busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error:
        return False
    finally:
        raw.close()
    return bool(busy == 0)


def _make_private(path: Path) -> None:
    """Create the file for this account alone, before SQLite would with the umask's rights; its WAL inherits them."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder") from None
        private_file(path)


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin or commit by itself
    for pragma in _PRAGMAS:
        _insist(connection, pragma, time.monotonic() + WAIT)


def _begin(connection: Connection) -> None:
    wait = connection.get_execution_options().get(WRITING)
    if wait is None:
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA busy_timeout=0")
    try:
        with suppress(sqlite3.OperationalError):
            _insist(driver, "BEGIN IMMEDIATE", time.monotonic() + wait)
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # the last try says why, as an error of SQLAlchemy
    finally:
        driver.execute(f"PRAGMA busy_timeout={int(WAIT * 1000)}")


def _insist(driver: Any, statement: str, until: float) -> None:
    """Try again every few milliseconds while the database is busy; then OperationalError, as for any other trouble.

    SQLite's own waiting backs off to 100 ms and starves whoever came first, and does not wait at all for the turn to
    switch a new file to write-ahead logging, which several processes may want at once.
    """
    while True:
        try:
            driver.execute(statement)
            return
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
        time.sleep(random.uniform(0.0003, 0.003))  # noqa: S311  spreads the callers, decides nothing
