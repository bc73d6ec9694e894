"""From the address in the hub file to an engine: SQLite or PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from mash_trawl.errors import Misconfigured, Problem
from mash_trawl.store import postgresql, sqlite
from mash_trawl.store.trouble import of_a_file
from mash_trawl.store.wait import not_opened
from mash_trawl.system.room import fault_of


def engine(url: str, base: Path) -> Engine:
    """An engine that shows no parameter in any error; Misconfigured for an address that cannot be used, Refused for
    a disk that is full or read-only, or a file that this account may not open."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            if not address.database or address.database.startswith((":memory:", "file:")) or address.query:
                raise _wrong("an SQLite database must be a plain file.")
            return sqlite.engine(base / address.database)
        if address.get_backend_name() == "postgresql":
            return postgresql.engine(address)
    except ImportError:
        raise _wrong("its driver is not installed.", "Install mash-trawl[postgres].") from None
    except OSError as problem:
        if fault := fault_of(problem):
            raise not_opened(of_a_file(fault)) from None
        what = f"the file cannot be made or opened ({problem.strerror})."
        raise _wrong(what, "Check `database:` in hub.yaml, and that its folder is there and writable.") from None
    except (SQLAlchemyError, ValueError):
        raise _wrong("it is not an address of a database.") from None
    raise _wrong("it is neither SQLite nor PostgreSQL.")


def take_turn(connection: Connection, wait: float) -> None:
    """Become the one writer; in SQLite that was BEGIN IMMEDIATE."""
    if connection.dialect.name == "postgresql":
        postgresql.take_turn(connection, wait)


def try_out(connection: Connection) -> None:
    """Find out whether a pooled connection still stands."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT 1"))


def reading(made: Engine) -> dict[str, Any]:
    """The execution options that give a reader one unchanging view."""
    if made.dialect.name == "postgresql":
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return {}


def writing(wait: float) -> dict[str, Any]:
    """The execution options of a writer that may wait so many seconds."""
    return {sqlite.WRITING: wait}


def _wrong(what: str, do: str = "Write sqlite:///hub.db or postgresql://user@server/name.") -> Misconfigured:
    return Misconfigured(Problem(where="database", what=what, do=do))
