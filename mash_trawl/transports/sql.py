"""SQL databases over SQLAlchemy Core: read-only, bound values, names checked, a row budget and a deadline.

Rows count only when the driver said "no more rows" (the end proof); a fault in between raises, so that half an answer
is never taken for a whole one. No exception that leaves this module holds a statement, a value or an address.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError
from sqlalchemy.pool import Pool
from sqlalchemy.sql import Executable

from mash_trawl.errors import TrawlError, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import Bound, Step
from mash_trawl.transports import sql_compile, sql_connect
from mash_trawl.transports.door import Door
from mash_trawl.transports.sql_faults import fault
from mash_trawl.transports.sql_lacks import Comparing
from mash_trawl.transports.sql_missing import Missing, not_there
from mash_trawl.transports.sql_row import Row, places
from mash_trawl.transports.sql_watch import hanging_up

_STEPS = 2000
"""SQLite looks at the clock once in so many of its virtual instructions (well under a millisecond)."""

_GRACE = 0.5
"""Seconds past the deadline that a database has to end a statement by itself, before its line is shut."""

_LIMITS = {
    "postgresql": ("set local statement_timeout = {milliseconds}",),
    "mariadb": ("set session transaction read only", "set session max_statement_time = {seconds}"),
    "mysql": ("set session transaction read only", "set session max_execution_time = {milliseconds}"),
    "mssql": ("set lock_timeout {milliseconds}",),
}
"""What a database is told before each statement; the numbers are ours."""


class Engines:
    """The engine and catalogue of each source, kept between asks and thrown away on a fault. Safe in threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Engine, dict[str, sql_compile.Found]]] = {}

    def engine(self, door: Door) -> tuple[Engine, dict[str, sql_compile.Found]]:
        """The engine for the door's source, made at its first use."""
        with self._lock:
            if door.source not in self._known:
                seconds = door.limits.deadline.seconds
                self._known[door.source] = (sql_connect.engine(door.connect, door.base, door.tls, seconds), {})
            return self._known[door.source]

    def holds(self, engine: Engine) -> bool:
        """Is this engine still kept, or was it let go meanwhile?"""
        with self._lock:
            return any(engine is kept for kept, _ in self._known.values())

    def forget(self, source: str) -> None:
        """Close what is kept of a source; the next ask connects afresh."""
        with self._lock:
            kept = self._known.pop(source, None)
        if kept:
            kept[0].dispose()

    def close(self) -> None:
        """Close everything."""
        for source in tuple(self._known):
            self.forget(source)


class Session(Comparing):
    """Statements of one ask over one connection."""

    def __init__(self, door: Door, engines: Engines) -> None:
        super().__init__(door)
        self._engines = engines
        self._pool: Pool | None = None

    def rows(self, sql: str, /, **values: Any) -> Iterator[Row]:
        """Run one reading statement with `:name` parameters; rows as they come, read by attribute."""
        yield from self._run(lambda: sql_compile.bound_text(sql, values))

    def select(self, step: Step, values: Mapping[str, Bound]) -> Iterator[Row]:
        """Run one step of a mapping. Unavailable(`server_error`) when its table or a column is not there."""
        if step.sql is not None:
            yield from self._tried(lambda: self._raw(step, values))
            return
        limit, before = self._door.limits.rows + 1, self._door.tally.rows
        yield from self._run(lambda: sql_compile.compile_step(step, self._found(step.table or ""), values, limit))
        if self._door.tally.rows - before >= limit:
            self._door.tally.truncated = True

    def answers(self, step: Step) -> bool:
        """False when the database lacks what the step needs (a soundex function): the key is then not searched."""
        if all(item.how != "soundex" for item in step.where):
            return True
        (sounds,) = self._tried(self._sounds)
        return sounds

    def database(self) -> str:
        """Log in, and say which database it is: `postgresql`, `mariadb`, `mssql` ..."""
        (name,) = self._tried(self._named)
        return name

    def close(self) -> None:
        """Give the connection back; what was read is rolled back, never committed.

        If its engine was let go while it was in use (a withdrawal, a stop, a fault in another line), it goes back to a
        pool that nobody closes any more, so that is done here.
        """
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()
            if self._pool is not None and not self._engines.holds(connection.engine):
                self._pool.dispose()

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(Exception):
                self._connection.invalidate()
        self.close()

    def _sounds(self) -> Iterator[bool]:
        try:
            self._connected().execute(select(func.soundex("a"))).close()
        except SQLAlchemyError as error:
            found = fault(error)
            if not isinstance(found, Unavailable) or found.why != Why.SERVER_ERROR:
                raise found from None
            self.close()
            yield False
            return
        yield True

    def _named(self) -> Iterator[str]:
        try:
            dialect = self._connected().dialect
        except (SQLAlchemyError, ImportError) as error:
            raise fault(error) from None
        yield "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name

    def _run(self, statement: Callable[[], Executable]) -> Iterator[Row]:
        yield from self._tried(lambda: self._once(statement))

    def _raw(self, step: Step, values: Mapping[str, Bound]) -> Iterator[Row]:
        return self._once(
            lambda: sql_compile.compile_text(step, values, days=self._connected().dialect.name != "sqlite")
        )

    def _once(self, statement: Callable[[], Executable]) -> Iterator[Row]:
        try:
            connection = self._connected()
            with hanging_up(connection.connection.driver_connection, self._left() + _GRACE):
                yield from self._read(connection, statement())
        except (SQLAlchemyError, ImportError, UnicodeDecodeError) as error:
            late = isinstance(error, SQLAlchemyError) and time.monotonic() >= self._end
            raise (Unavailable(Why.DEADLINE) if late else fault(error)) from None

    def _read(self, connection: Connection, statement: Executable) -> Iterator[Row]:
        result = self._execute(connection, statement)
        cursor = result.cursor
        try:
            where = places(result.keys())
            for values in result:
                if not self._door.row():
                    self._door.tally.truncated = True
                    return
                yield Row(where, values)
        finally:
            result.close()
            with contextlib.suppress(Exception):
                cursor.close()  # a driver that failed while closing is closed for good the second time

    def _connected(self) -> Connection:
        if self._connection is None:
            engine, _ = self._engines.engine(self._door)
            self._pool = engine.pool
            self._connection = engine.connect().execution_options(stream_results=True, max_row_buffer=200)
            if engine.dialect.name == "oracle":  # until this transaction is rolled back, which closing does
                self._connection.execute(text("set transaction read only")).close()
        connection: Connection = self._connection
        return connection

    def _execute(self, connection: Connection, statement: Executable) -> CursorResult[Any]:
        name = connection.dialect.name
        milliseconds = max(1, int(self._left() * 1000))
        if name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.set_progress_handler(lambda: int(time.monotonic() > self._end), _STEPS)
        else:
            _tell(connection.connection.driver_connection, name, milliseconds)
            for limit in _LIMITS.get(name, ()):
                told = text(limit.format(milliseconds=milliseconds, seconds=milliseconds / 1000))
                connection.execute(told, execution_options={"stream_results": False}).close()
        return connection.execute(statement)

    def _found(self, wanted: str) -> sql_compile.Found:
        _, catalogue = self._engines.engine(self._door)
        if wanted not in catalogue:
            catalogue[wanted] = look_up(self._connected(), wanted)
        return catalogue[wanted]


def _tell(driver: Any, name: str, milliseconds: int) -> None:
    """Tell the driver how long a statement may take, where it has a setting and the database has none."""
    if name == "oracle":
        driver.call_timeout = milliseconds
    elif name == "mssql":
        driver.timeout = -(-milliseconds // 1000)


def look_up(connection: Connection, wanted: str) -> sql_compile.Found:
    """The table or view named `table` or `schema.table` in the catalogue. Unavailable when there is none."""
    schema, _, name = wanted.rpartition(".")
    inspector = inspect(connection)
    try:
        columns = inspector.get_columns(name, schema=schema or None)
    except NoSuchTableError:
        raise Missing(not_there("table", wanted)) from None
    return sql_compile.Found(schema or None, name, {str(item["name"]): item["type"] for item in columns})


@contextmanager
def open_session(door: Door, engines: Engines | None = None) -> Iterator[Session]:
    """A session over the door's database. With `engines` the connection is kept for the next ask of this source.

    Raises Unavailable, Malformed or what the door raises; a fault of the connection forgets the engine.
    """
    kept = engines if engines is not None else Engines()
    session = Session(door, kept)
    try:
        yield session
    except (SQLAlchemyError, ImportError) as error:
        kept.forget(door.source)
        raise fault(error) from None
    except TrawlError:
        kept.forget(door.source)
        raise
    finally:
        session.close()
        if engines is None:
            kept.close()
