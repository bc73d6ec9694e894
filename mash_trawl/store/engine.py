"""The hub's own database: one writer at a time, durable on return, closed to everybody but its owner.

SQLite really begins with BEGIN IMMEDIATE (the driver's own transaction habits are switched off) and commits with
synchronous=FULL in WAL mode; PostgreSQL serialises writers with an advisory lock held until the transaction ends.
Nothing waits longer than `WAIT` seconds for a lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from mash_trawl.errors import Misconfigured, Problem, Refused
from mash_trawl.store import custody_tables as custody_tables  # its tables join the metadata
from mash_trawl.store import dialects, schema
from mash_trawl.store.dialects import WAIT


class Store:
    """An open hub database. One Store serves many threads; several processes may have the same database open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._before_commit: list[Callable[[Connection], None]] = []

    @classmethod
    def open(cls, url: str, base: Path) -> Self:
        """Open the database at `url`, making what is missing in it; `sqlite:///relative.db` starts at `base`.

        Raises Misconfigured when it cannot be opened, or was made by a newer version of this program.
        """
        store = cls(dialects.engine(url, base))
        try:
            store._prepare()
        except BaseException:
            store.close()
            raise
        return store

    def _prepare(self) -> None:
        try:
            with self._engine.connect() as connection:
                ready = schema.is_ready(connection)
            if not ready:
                with self._writing(WAIT) as connection:
                    schema.create(connection)
        except SQLAlchemyError as problem:
            kind = type(getattr(problem, "orig", None) or problem).__name__
            raise Misconfigured(
                Problem(
                    where="database",
                    what=f"it cannot be opened ({kind}).",
                    do="Check `database:` in hub.yaml: is the folder or server there, and may this account write?",
                )
            ) from None

    @contextmanager
    def begin(self, wait: float = WAIT) -> Iterator[Connection]:
        """One serialised write transaction: committed durably on leaving, rolled back on any exception.

        Raises Refused `ledger_not_writable` when the database is locked for longer than `wait` seconds, full, read-only
        or away (the ledger lies in it), and Refused `store_conflict` when a rule of the tables forbids the change.
        Not re-entrant.
        """
        until = time.monotonic() + wait
        if not self._turn.acquire(timeout=wait):
            raise not_writable()
        try:
            with self._writing(until - time.monotonic()) as connection:
                yield connection
                for finish in self._before_commit:
                    finish(connection)
        except IntegrityError:
            raise Refused(
                "store_conflict", "The database refuses this change: it contradicts what is stored."
            ) from None
        except SQLAlchemyError:
            raise not_writable() from None
        finally:
            self._before_commit.clear()
            self._turn.release()

    def before_commit(self, finish: Callable[[Connection], None]) -> None:
        """Inside `begin()`: call `finish` as the last thing before this transaction commits."""
        self._before_commit.append(finish)

    @contextmanager
    def _writing(self, wait: float) -> Iterator[Connection]:
        with self._engine.connect().execution_options(**{dialects.WRITING: wait}) as connection, connection.begin():
            dialects.take_turn(connection)
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the database that sees no later commit; raises Refused `store_not_readable`."""
        try:
            with self._engine.connect().execution_options(**dialects.reading(self._engine)) as connection:
                yield connection
        except SQLAlchemyError:
            raise Refused("store_not_readable", "The hub's database cannot be read.") from None

    def wipe(self) -> bool:
        """After a destruction: leave no deleted page in SQLite's write-ahead file. False while a reader holds it back.

        PostgreSQL needs nothing: its logs and dead rows hold only what the destroyed root had wrapped.
        """
        if self._engine.dialect.name != "sqlite":
            return True
        raw = self._engine.raw_connection()
        try:
            busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except self._engine.dialect.loaded_dbapi.Error:
            return False
        finally:
            raw.close()
        return bool(busy == 0)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def not_writable() -> Refused:
    """What is raised when a row cannot be made durable: nothing may happen without it."""
    return Refused("ledger_not_writable", "The ledger cannot be written, so nothing is asked, opened or changed.")
