"""The ODBC seed: the same SQLite file through SQLite's own driver, with a tap around what pyodbc gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mash_trawl.errors import Unavailable
from mash_trawl.testing.seeds import SECRET
from mash_trawl.testing.seeds_sql import SqlSeed
from mash_trawl.testing.seen import Seen, Twist
from mash_trawl.testing.tap import OPENING, Tap
from mash_trawl.transports import odbc_drivers

DRIVER = "SQLite3"
_STATES = {"a table is gone": "42S02", "it is not authorized": "42501", "it is locked": "HYT00", OPENING: "08001"}


class OdbcSeed(SqlSeed):
    """An SQLite file behind ODBC. What C code reads cannot be heard, so tables and writes are told by statements."""

    kinds = frozenset({"odbc"})
    twice = False

    def missing(self) -> str:
        """Which package is not installed."""
        try:
            drivers = odbc_drivers.installed()
        except Unavailable:
            return "NOTHING IS TESTED OVER ODBC: the package unixodbc is not installed"
        return "" if DRIVER in drivers else "NOTHING IS TESTED OVER ODBC: the package libsqliteodbc is not installed"

    def connect(self) -> Mapping[str, str]:
        """Driver, file, and a password that it does not need."""
        return {"driver": DRIVER, "database": str(self.path), "password": SECRET}

    @contextmanager
    def behind(self, twist: Twist, seen: Seen) -> Iterator[None]:
        """With a tap around pyodbc, as the transport reaches for it."""
        tap, real = Tap(twist, seen), odbc_drivers.pyodbc
        odbc_drivers.pyodbc = lambda: _Module(real(), tap)
        try:
            yield
        finally:
            odbc_drivers.pyodbc = real


class _Around:
    """Hands everything to what it is around, but for what a subclass listens to."""

    def __init__(self, inner: Any, tap: Tap) -> None:
        self.__dict__.update(inner=inner, tap=tap)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.inner, name, value)


class _Module(_Around):
    """pyodbc itself."""

    def connect(self, *args: Any, **more: Any) -> Any:
        """A connection with a tap."""
        _translated(self.inner, self.tap, self.tap.opened)
        return _Connection(self.inner.connect(*args, **more), self.tap)


class _Connection(_Around):
    def cursor(self) -> Any:
        """A cursor with a tap."""
        return _Cursor(self.inner.cursor(), self.tap)

    def execute(self, sql: str, *values: Any) -> Any:
        """What the transport tells a connection at its start is not a question."""
        return self.inner.execute(sql, *values)

    def close(self) -> None:
        """Close it, and say so."""
        self.inner.close()
        self.tap.closed()


class _Cursor(_Around):
    def execute(self, sql: str, *values: Any) -> Any:
        """Run a statement, if the twist lets it."""
        bound = values[0] if len(values) == 1 and isinstance(values[0], list | tuple) else values
        module = odbc_drivers.pyodbc().inner
        heard = _translated(module, self.tap, lambda: self.tap.statement(sql, bound))
        if not sql.lstrip().lower().startswith(("select", "with", "pragma", "values")):
            self.tap.seen.writes.append(sql.split()[0].lower())
        self.inner.execute(sql, *values)
        plain = iter(self.inner.fetchone, None)
        columns = [str(item[0]).lower() for item in self.inner.description or ()]
        self.__dict__["rows"] = self.tap.rows(plain, columns) if heard else plain
        return self

    def fetchmany(self, size: int) -> list[Any]:
        """The next rows."""
        module = odbc_drivers.pyodbc().inner
        told: list[Any] = _translated(
            module, self.tap, lambda: [row for _, row in zip(range(size), self.rows, strict=False)]
        )
        return told

    def fetchone(self) -> Any:
        """The next row."""
        return next(iter(self.fetchmany(1)), None)

    def fetchall(self) -> list[Any]:
        """All that is left."""
        return list(self.rows)

    def __iter__(self) -> Any:
        return iter(self.rows)


def _translated(module: Any, tap: Tap, act: Any) -> Any:
    """What a tap raises, as pyodbc would."""
    import sqlite3

    try:
        return act()
    except sqlite3.Error as error:
        state = _STATES.get(tap.twist.fault, "HY000")
        raise module.OperationalError(state, f"[{state}] {error}") from None
