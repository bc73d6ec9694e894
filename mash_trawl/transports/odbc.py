"""Databases over ODBC, for systems that only a vendor's driver can read; the same steps and rules as `sql`.

pyodbc is imported when a session first asks something, because it needs the system's driver manager. Drivers' own
time-outs cannot be trusted (some ignore them, some hang in the handshake), so a timer cancels the statement as well;
a driver that does not listen even to that is why such sources belong into a process that can be ended.
"""

from __future__ import annotations

import contextlib
import math
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import Date, DateTime, Integer, Numeric, String, TypeEngine

from mash_trawl.errors import TrawlError, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import Bound, Step
from mash_trawl.transports import odbc_drivers, sql_compile
from mash_trawl.transports.door import Door
from mash_trawl.transports.odbc_dialect import question_marks
from mash_trawl.transports.odbc_knock import knock
from mash_trawl.transports.odbc_late import Late
from mash_trawl.transports.sql_again import Unclear
from mash_trawl.transports.sql_faults import fault
from mash_trawl.transports.sql_lacks import Comparing
from mash_trawl.transports.sql_missing import Missing, not_there
from mash_trawl.transports.sql_row import Row, places

_PAGE = 200
_DATETIMEOFFSET = -155
_SET_UP: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sqlite", ("pragma query_only = on",)),
    ("postgresql", ("set transaction read only", "set statement_timeout = {milliseconds}")),
    ("mariadb", ("set session transaction read only", "set session max_statement_time = {seconds}")),
    ("mysql", ("set session transaction read only", "set session max_execution_time = {milliseconds}")),
    ("microsoft sql server", ("set lock_timeout {milliseconds}",)),
    ("oracle", ("set transaction read only",)),
)
"""What each database, by its own name, is told once after connecting; the numbers are ours, never somebody's."""

_SOUND, _SOUND_OF_ORACLE = "select soundex('a') as s", "select soundex('a') as s from dual"
_USUAL = ("dbo", "public")
"""The schemas that a name without one means, where a table of that name is in several."""

_TYPES: dict[int, type[TypeEngine[Any]]] = {
    4: Integer, 5: Integer, -5: Integer, -6: Integer, 2: Numeric, 3: Numeric, 6: Numeric, 7: Numeric, 8: Numeric,
    9: Date, 91: Date, 11: DateTime, 93: DateTime,
}  # fmt: skip
"""ODBC's numbers of SQL types (sql.h, sqlext.h); everything else is text."""


class Session(Comparing):
    """Statements of one ask over one ODBC connection."""

    def __init__(self, door: Door) -> None:
        super().__init__(door)
        self._name = ""

    def rows(self, sql: str, /, **values: Any) -> Iterator[Row]:
        """Run one reading statement with `:name` parameters; rows as they come, read by attribute."""
        yield from self._tried(lambda: self._run(sql_compile.bound_text(sql, values)))

    def select(self, step: Step, values: Mapping[str, Bound]) -> Iterator[Row]:
        """Run one step of a mapping. Unavailable(`server_error`) when its table or a column is not there."""
        yield from self._tried(lambda: self._once(step, values))

    def _once(self, step: Step, values: Mapping[str, Bound]) -> Iterator[Row]:
        if step.sql is not None:
            yield from self._raw(step, values)
        else:
            limit, before = self._door.limits.rows + 1, self._door.tally.rows
            found = self._found(step.table or "")
            yield from self._run(sql_compile.compile_step(step, found, values, limit))
            if self._door.tally.rows - before >= limit:
                self._door.tally.truncated = True

    def answers(self, step: Step) -> bool:
        """False when the database lacks what the step needs (a soundex function): the key is then not searched."""
        if all(item.how != "soundex" for item in step.where):
            return True
        (sounds,) = self._tried(self._sounds)
        return sounds

    def database(self) -> str:
        """Log in, and say the database's own name, in small letters."""
        (name,) = self._tried(self._named)
        return name

    def close(self) -> None:
        """Roll back and close; never commit."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.rollback()
            with contextlib.suppress(Exception):
                connection.close()

    def _drop(self) -> None:
        self.close()

    def _raw(self, step: Step, values: Mapping[str, Bound]) -> Iterator[Row]:
        self._connected()
        yield from self._run(sql_compile.compile_text(step, values, days="sqlite" not in self._name))

    def _sounds(self) -> Iterator[bool]:
        self._connected()
        asked = _SOUND_OF_ORACLE if self._name.startswith("oracle") else _SOUND
        try:
            list(self._run(sql_compile.bound_text(asked, {}), counted=False))
        except Unavailable as failed:
            if failed.why != Why.SERVER_ERROR:
                raise
            self.close()
            yield False
            return
        yield True

    def _named(self) -> Iterator[str]:
        self._connected()
        yield self._name

    def _connected(self) -> Any:
        if self._connection is None:
            self._connection, self._name = connected(self._door, self._left())
        return self._connection

    def _run(self, statement: ClauseElement, counted: bool = True) -> Iterator[Row]:
        quote = odbc_drivers.pyodbc().SQL_IDENTIFIER_QUOTE_CHAR
        connection = self._connected()
        with self._cursor(connection) as cursor:
            sql, values = question_marks(statement, str(connection.getinfo(quote)), self._name)
            cursor.execute(sql, values)
            if counted:
                yield from self._fetched(cursor, places(item[0] for item in cursor.description))

    @contextmanager
    def _cursor(self, connection: Any) -> Iterator[Any]:
        """A cursor that is cancelled at the deadline; whatever the driver raises meanwhile comes out as a code."""
        pyodbc = odbc_drivers.pyodbc()
        try:
            cursor = connection.cursor()
            late = Late(cursor, self._left())
            try:
                yield cursor
            finally:
                if late.over():
                    with contextlib.suppress(pyodbc.Error):
                        cursor.close()
                else:  # left to the thread that still cancels; when that ends, both are freed
                    self._connection = None
        except (pyodbc.Error, UnicodeDecodeError) as error:
            raise self._fault(error) from None

    def _fetched(self, cursor: Any, where: Mapping[str, int]) -> Iterator[Row]:
        while page := cursor.fetchmany(_PAGE):
            self._left()
            for values in page:
                if not self._door.row():
                    self._door.tally.truncated = True
                    return
                yield Row(where, values)

    def _fault(self, error: Exception) -> TrawlError:
        return Unavailable(Why.DEADLINE) if time.monotonic() >= self._end else fault(error)

    def _found(self, wanted: str) -> sql_compile.Found:
        """The table or view in the driver's catalogue. Unavailable when there is none, or more than one."""
        schema, _, name = wanted.rpartition(".")
        connection = self._connected()
        place = "catalog" if self._name.startswith(("mysql", "mariadb")) else "schema"
        with self._cursor(connection) as cursor:
            listed = cursor.columns(table=name, **{place: schema or None})
            return _one_table([tuple(item) for item in listed], schema, name, place)


def _one_table(listed: list[tuple[Any, ...]], schema: str, name: str, place: str) -> sql_compile.Found:
    """Of the columns that a driver lists by pattern (catalog, schema, table, column, type), those of one table.

    Both names must be there as they are wanted; what is taken is the catalogue's own spelling.
    """
    at = 0 if place == "catalog" else 1
    tables: dict[tuple[str, str], dict[str, TypeEngine[Any]]] = {}
    for item in listed:
        owner, table = str(item[at] or ""), str(item[2])
        if table.lower() == name.lower() and (not schema or owner.lower() == schema.lower()):
            tables.setdefault((owner, table), {})[str(item[3])] = _TYPES.get(item[4], String)()
    exact = [key for key in tables if key[1] == name] or list(tables)
    usual = [key for key in exact if key[0] in _USUAL] if len(exact) > 1 else exact
    if not usual:
        raise Missing(not_there("table", f"{schema}.{name}" if schema else name))
    if len(usual) > 1:
        raise Missing(f"more than one table is called `{name}`; write its schema before it")
    owner, table = usual[0]
    return sql_compile.Found((owner or schema) if schema else None, table, tables[usual[0]])


def connected(door: Door, seconds: float) -> tuple[Any, str]:
    """A connection told to read only, and the database's own name. Raises Unavailable."""
    pyodbc = odbc_drivers.pyodbc()
    wait = max(1, math.ceil(seconds))  # the deadline comes first: a driver that gave up before it would seem refused
    string = odbc_drivers.string(door.connect, door.tls, door.base, wait)
    knock(string, seconds)
    try:
        connection = pyodbc.connect(string, timeout=wait, readonly=True, autocommit=False)
    except pyodbc.Error as error:
        found = fault(error)
        vague = isinstance(found, Unavailable) and found.why == Why.SERVER_ERROR
        raise (Unclear(Why.CONNECTION_REFUSED) if vague else found) from None
    try:
        return connection, _set_up(pyodbc, connection, wait)
    except pyodbc.Error as error:
        connection.close()
        raise fault(error) from None


def _set_up(pyodbc: Any, connection: Any, wait: int) -> str:
    name = str(connection.getinfo(pyodbc.SQL_DBMS_NAME)).lower()
    if name.startswith(("postgres", "mysql", "mariadb")):
        connection.setdecoding(pyodbc.SQL_CHAR, encoding="utf-8")
        connection.setdecoding(pyodbc.SQL_WCHAR, encoding="utf-8")
        connection.setencoding(encoding="utf-8")
    with contextlib.suppress(pyodbc.Error):
        connection.timeout = wait
    connection.add_output_converter(_DATETIMEOFFSET, _moment)
    for start, statements in _SET_UP:
        if name.startswith(start):
            for statement in statements:
                connection.execute(statement.format(seconds=wait, milliseconds=wait * 1000)).close()
    return name


def _moment(value: bytes) -> datetime:
    """SQL Server's `datetimeoffset` (SQL_SS_TIMESTAMPOFFSET_STRUCT), which pyodbc does not read by itself."""
    year, month, day, hour, minute, second, nanoseconds, ahead, beside = struct.unpack("<6hI2h", value)
    zone = timezone(timedelta(hours=ahead, minutes=beside))
    return datetime(year, month, day, hour, minute, second, nanoseconds // 1000, zone)


@contextmanager
def open_session(door: Door) -> Iterator[Session]:
    """A session over the door's ODBC source: `connect` holds `string`, or `dsn`, or `driver`, `server`, `database` ...

    Raises Unavailable, Malformed or what the door raises; never anything of the statement, values or address.
    """
    session = Session(door)
    try:
        yield session
    finally:
        session.close()
