"""How each database is opened so that what it promises is true: SQLite and PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from mash_trawl.errors import Misconfigured, Problem

WAIT = 2.0
"""Seconds that anything waits for a lock, in this process or in the database."""

WRITING = "mash_trawl_wait"
"""The execution option of a write transaction: how many seconds it may wait for its turn."""

_TURN = 0x6D617368  # "mash": the key of the writers' advisory lock; PostgreSQL keeps these per database

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
)


def engine(url: str, base: Path) -> Engine:
    """An engine that shows no parameter in any error; Misconfigured for an address that cannot be used."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite(address, base)
        if address.get_backend_name() == "postgresql":
            return _postgresql(address)
    except ImportError:
        raise _wrong("its driver is not installed.", "Install mash-trawl[postgres].") from None
    except SQLAlchemyError:
        raise _wrong("it is not an address of a database.") from None
    raise _wrong("it is neither SQLite nor PostgreSQL.")


def _wrong(what: str, do: str = "Write sqlite:///hub.db or postgresql://user@server/name.") -> Misconfigured:
    return Misconfigured(Problem(where="database", what=what, do=do))


def _sqlite(address: URL, base: Path) -> Engine:
    if not address.database or address.database == ":memory:" or address.query:
        raise _wrong("an SQLite database must be a plain file.")
    path = base / address.database
    try:
        _make_private(path)
    except OSError as problem:
        what = f"the file cannot be made or opened ({problem.strerror})."
        raise _wrong(what, "Check `database:` in hub.yaml, and that its folder is there and writable.") from None
    plain = URL.create("sqlite+pysqlite", database=str(path))
    made = create_engine(
        plain, hide_parameters=True, connect_args={"timeout": WAIT}, pool_timeout=WAIT, max_overflow=50
    )
    event.listen(made, "connect", _set_up_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def _make_private(path: Path) -> None:
    """Create the file for this account alone, before SQLite would with the umask's rights; its WAL inherits them."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder") from None
        if os.name == "posix" and path.stat().st_mode & 0o077 and path.stat().st_uid == os.getuid():
            path.chmod(0o600)


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin or commit by itself
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    wait = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN" if wait is None else "BEGIN IMMEDIATE")


def _postgresql(address: URL) -> Engine:
    milliseconds = int(WAIT * 1000)
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_timeout=WAIT,
        max_overflow=50,
        connect_args={
            "connect_timeout": int(WAIT),
            "tcp_user_timeout": milliseconds,
            "options": f"-c lock_timeout={milliseconds} -c synchronous_commit=on -c client_encoding=UTF8",
        },
    )


def take_turn(connection: Connection) -> None:
    """Wait for the writers' turn; SQLite has it already from BEGIN IMMEDIATE."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


def reading(made: Engine) -> dict[str, Any]:
    """The execution options that give a reader one unchanging view."""
    if made.dialect.name == "postgresql":
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return {}
