"""The hub's own database: one writer at a time, durable on return, closed to everybody but its owner.

SQLite begins with BEGIN IMMEDIATE and commits with synchronous=FULL in WAL mode; PostgreSQL serialises writers with an
advisory lock held until the transaction ends. Nobody waits longer than `wait.WAIT` seconds for a turn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from mash_trawl.store import batch_tables as batch_tables  # its tables join the metadata
from mash_trawl.store import custody_tables as custody_tables  # its tables join the metadata
from mash_trawl.store import dialects, schema, sqlite
from mash_trawl.store import lease as lease  # so does its table
from mash_trawl.store import notices as notices  # and its
from mash_trawl.store import statement_tables as statement_tables  # and these
from mash_trawl.store.tables import schema_version
from mash_trawl.store.trouble import locked, trouble
from mash_trawl.store.wait import WAIT, conflict, not_opened, not_readable, not_writable


class Store:
    """An open hub database. One Store serves many threads; several processes may have the same database open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._before_commit: list[Callable[[Connection], None]] = []

    @classmethod
    def open(cls, url: str, base: Path) -> Self:
        """Open the database at `url`, making what is missing in it; `sqlite:///relative.db` starts at `base`.

        Raises Misconfigured when the address is wrong or the database was made by a newer version of this program,
        Refused `store_not_readable` for trouble that is no mistake in it: disk full or read-only, no rights, locked.
        """
        store = cls(dialects.engine(url, base))
        try:
            store._prepare()
        except BaseException as problem:
            store.close()
            if isinstance(problem, SQLAlchemyError):
                raise not_opened(trouble(problem, store._engine, WAIT)) from None
            raise
        return store

    def _prepare(self) -> None:
        with self._connected(dialects.reading(self._engine), dialects.try_out) as connection:
            ready = schema.is_ready(connection)
        if not ready:
            with self._writing(WAIT) as connection:
                schema.create(connection)

    @contextmanager
    def begin(self, wait: float = WAIT) -> Iterator[Connection]:
        """One serialised write transaction: committed durably on leaving, rolled back on any exception.

        Raises Refused `ledger_not_writable` when the database is locked for longer than `wait` seconds, full, read-only
        or away (the ledger lies in it), and Refused `store_conflict` when a rule of the tables forbids the change.
        Not re-entrant.
        """
        until = time.monotonic() + wait
        if not self._turn.acquire(timeout=wait):
            raise not_writable(locked(wait))
        try:
            with self._writing(until - time.monotonic()) as connection:
                yield connection
                for finish in self._before_commit:
                    finish(connection)
        except IntegrityError:
            raise conflict() from None
        except SQLAlchemyError as problem:
            raise not_writable(trouble(problem, self._engine, wait)) from None
        finally:
            self._before_commit.clear()
            self._turn.release()

    def before_commit(self, finish: Callable[[Connection], None]) -> None:
        """Inside `begin()`: call `finish` as the last thing before this transaction commits."""
        self._before_commit.append(finish)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the database that sees no later commit; raises Refused `store_not_readable`."""
        try:
            with self._connected(dialects.reading(self._engine), dialects.try_out) as connection:
                yield connection
        except SQLAlchemyError as problem:
            raise not_readable(trouble(problem, self._engine, WAIT)) from None

    def try_writing(self) -> None:
        """Write a row and take it back: Refused `ledger_not_writable`, with the cause, where `begin` would be."""
        with suppress(_TakenBack), self.begin() as connection:
            connection.execute(update(schema_version).values(version=schema_version.c.version))
            raise _TakenBack

    @contextmanager
    def _writing(self, wait: float) -> Iterator[Connection]:
        options = dialects.writing(wait)
        with self._connected(options, lambda connection: dialects.take_turn(connection, wait)) as connection:
            yield connection
            connection.commit()

    @contextmanager
    def _connected(self, options: dict[str, Any], start: Callable[[Connection], None]) -> Iterator[Connection]:
        """A connection on which `start` went well; rolled back at the end, unless committed before."""
        connection = self._begun(options, start)
        try:
            yield connection
        finally:
            connection.close()

    def _begun(self, options: dict[str, Any], start: Callable[[Connection], None]) -> Connection:
        """A begun transaction; a pooled connection that the server had cut is replaced, for nothing was done on it."""
        began = time.monotonic()
        while True:
            connection = self._engine.connect().execution_options(**options)
            try:
                connection.begin()
                start(connection)
            except BaseException as problem:
                connection.close()
                stale = isinstance(problem, DBAPIError) and problem.connection_invalidated
                if not stale or time.monotonic() - began > WAIT / 2:
                    raise
            else:
                return connection

    def wipe(self) -> bool:
        """After a destruction: leave no deleted page in SQLite's write-ahead file. False while a reader holds it back.

        Of PostgreSQL's logs and dead rows nothing is asked: they hold what the destroyed root had wrapped, and signed
        statements until its own vacuum (docs/statements.md).
        """
        return self._engine.dialect.name != "sqlite" or sqlite.truncate_log(self._engine)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


class _TakenBack(Exception):
    """A write that was only tried."""
