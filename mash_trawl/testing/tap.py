"""The ear in front of a database driver: statements, rows, connections; and the mouth that spoils them.

`sqlite3.connect` is exchanged while a run is on; what the transports, and a connector that goes around them, then open
is this connection. Reading is watched by SQLite's own authorizer, which writing does not pass.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from mash_trawl.testing.seen import Asked, Seen, Twist

_READING = {
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
}  # fmt: skip
_LOOKING = ("table_info", "table_xinfo", "table_list", "index_list", "index_info", "foreign_key_list", "database_list",
            "query_only", "trusted_schema", "reverse_unordered_selects", "read_uncommitted", "encoding")  # fmt: skip
_NAMES = {value: name.removeprefix("SQLITE_").replace("_", " ").lower() for name, value in vars(sqlite3).items()
          if name.startswith(("SQLITE_CREATE", "SQLITE_DROP", "SQLITE_ALTER", "SQLITE_ATTACH", "SQLITE_DETACH",
                              "SQLITE_INSERT", "SQLITE_UPDATE", "SQLITE_DELETE", "SQLITE_PRAGMA"))}  # fmt: skip
OPENING, NOT_ONE, BREAKS_OFF = "it cannot be opened", "it is no database", "it breaks off"
_WORDS = {
    OPENING: "unable to open database file", "a table is gone": "no such table: gone",
    "it is not authorized": "not authorized", "it is locked": "database is locked", NOT_ONE: "file is not a database",
    BREAKS_OFF: "disk I/O error",
}  # fmt: skip
FAULTS = tuple(_WORDS)
"""What can go wrong, as it is said behind "at a source where"."""
_ASIDE = re.compile(
    r"\s*(?:pragma\b|explain\b|select\s+soundex)|.*\bsqlite_(?:master|schema|temp_master)\b", re.I | re.S
)


@lru_cache(maxsize=512)
def _question(sql: str) -> str:
    """A statement on one line; empty if it only looks at the catalogue."""
    return "" if _ASIDE.match(sql) else " ".join(sql.split())


class Tap:
    """One run's ear. `asked` is what the statement under way reads."""

    def __init__(self, twist: Twist, seen: Seen) -> None:
        self.twist, self.seen = twist, seen
        self.asked: Asked | None = None

    def opened(self) -> None:
        """Somebody connects."""
        if self.twist.fault == OPENING:
            self.seen.faults += 1
            raise sqlite3.OperationalError(_WORDS[OPENING])
        self.seen.opened += 1
        self.seen.open_now += 1

    def closed(self) -> None:
        """A connection was closed."""
        self.seen.open_now -= 1

    def statement(self, sql: str, values: Any) -> bool:
        """A statement is about to run; False for those that only look at the catalogue."""
        text = _question(sql)
        if not text:
            self.asked = None
            return False
        bound = tuple(values.values()) if isinstance(values, dict) else tuple(values or ())
        self.asked = Asked(text=text, values=bound, open=sql)
        self.seen.asked.append(self.asked)
        if self._now() and self.twist.fault not in ("", BREAKS_OFF, OPENING):
            self.seen.faults += 1
            kind = sqlite3.DatabaseError if self.twist.fault == NOT_ONE else sqlite3.OperationalError
            raise kind(_WORDS[self.twist.fault])
        return True

    def _now(self) -> bool:
        return bool(self.twist.fault) and self.twist.at in (0, len(self.seen.asked))

    def authorize(self, action: int, one: str | None, two: str | None, *_: Any) -> int:
        """SQLite asks before it compiles anything: reading passes."""
        if action == sqlite3.SQLITE_READ:
            if self.asked is not None and one:
                self.asked.tables.add(one.lower())
                self.asked.reads.add((one.lower(), (two or "").lower()))
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in ("load_extension", "writefile", "edit"):
            self.seen.writes.append(f"called {two}()")
            return sqlite3.SQLITE_DENY
        if action in _READING or (action == sqlite3.SQLITE_PRAGMA and (one or "").lower() in _LOOKING):
            return sqlite3.SQLITE_OK
        if action in _NAMES:
            self.seen.writes.append(f"{_NAMES[action]} {one or ''}".strip())
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    def rows(self, source: Iterator[tuple[Any, ...]], columns: list[str]) -> Iterator[tuple[Any, ...]]:
        """What a statement gives: as it is, or spoiled. Every row that leaves here is counted."""
        where = self.asked.text if self.asked else ""
        spoiled = self._now() and self.twist.fault == BREAKS_OFF
        for row in self._many(source):
            self.seen.drawn += 1
            if self.twist.values or self.twist.total is not None:  # a row that is repeated is another one each time
                row = tuple(self._value(name, value) for name, value in zip(columns, row, strict=True))
            if self.twist.total is None:  # what the kit keeps is not the connector's memory
                self.seen.row(where, dict(zip(columns, row, strict=True)))
            yield row
            if spoiled:
                break
        if spoiled:
            self.seen.faults += 1
            raise sqlite3.OperationalError(_WORDS[BREAKS_OFF])

    def _many(self, source: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """As many as the twist wants, by repeating those that there are; few are held, whatever their number."""
        if self.twist.total is None:
            yield from source
            return
        held = list(source)
        for number in range(self.twist.total if held else 0):
            yield held[number % len(held)]

    def _value(self, column: str, value: Any) -> Any:
        changed = self.twist.values.get(column.lower())
        return value if changed is None or value is None or value == "" else changed


class TapConnection(sqlite3.Connection):
    """A connection that tells its tap."""

    tap: Tap

    def __init__(self, *args: Any, **more: Any) -> None:
        self.tap.opened()
        super().__init__(*args, **more)
        self._told = False
        if self.tap.twist.backwards:
            sqlite3.Cursor(self).execute("pragma reverse_unordered_selects = on").close()
        self.set_authorizer(self.tap.authorize)

    def cursor(self, factory: Any = None) -> Any:
        """A cursor that tells the tap too."""
        return super().cursor(TapCursor)

    def close(self) -> None:
        """Close it, and say so once."""
        super().close()
        if not self._told:
            self._told = True
            self.tap.closed()


class TapCursor(sqlite3.Cursor):
    """A cursor whose statements and rows pass the tap."""

    connection: TapConnection
    _source: Iterator[tuple[Any, ...]] | None = None

    def execute(self, sql: str, parameters: Any = (), /) -> TapCursor:
        """Run a statement, if the twist lets it."""
        heard = self.connection.tap.statement(sql, parameters)
        super().execute(sql, parameters)
        plain = iter(super().fetchone, None)
        columns = [str(item[0]).lower() for item in self.description or ()]
        self._source = self.connection.tap.rows(plain, columns) if heard else plain
        return self

    def executemany(self, sql: str, parameters: Any, /) -> TapCursor:
        """Never used for reading."""
        self.connection.tap.statement(sql, ())
        super().executemany(sql, parameters)
        return self

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        if self._source is None:
            raise StopIteration
        return next(self._source)

    def fetchone(self) -> Any:
        """The next row."""
        return next(self._source, None) if self._source is not None else None

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """The next rows."""
        wanted = size or self.arraysize
        return [row for _, row in zip(range(wanted), self, strict=False)]

    def fetchall(self) -> list[Any]:
        """All that is left."""
        return list(self)


@contextmanager
def tapped(twist: Twist, seen: Seen) -> Iterator[None]:
    """Whoever connects to SQLite in this block gets a connection with a tap."""
    real = sqlite3.connect
    kind = type("Tapped", (TapConnection,), {"tap": Tap(twist, seen)})

    def connect(*args: Any, **more: Any) -> Any:
        return real(*args, **{**more, "factory": kind})

    sqlite3.connect = connect  # put back below
    try:
        yield
    finally:
        sqlite3.connect = real
