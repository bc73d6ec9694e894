"""A small synthetic youth justice system in the county's schema, behind SQLite's own ODBC driver, with decoys."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.transports.door import Tally
from mash_trawl_county.systems.youth_offending import SCHEMA, WORKERS

PEOPLE = [
    ("Y1", "Kacper", "Jan", "NOWAK", "Malik", "2009-05-17", "M", "2023/0001234X", "", "14 Mill Lane", "NB1 4QT"),
    ("Y2", "Kamil", "", "Nowak", "", "2009-05-17", "M", None, None, "14 Mill Lane", "NB1 4QT"),  # his twin
    ("Y3", "Kacper", "", "Nowak", "", "1979-05-17", "M", None, "", "2 High Street", "NB1 1AA"),
    ("Y4", "Oliver", "", "Stone", "", "2009-05-17", "M", None, "HIDDEN, odd", "", None),
    ("Y5", "Dan", "", "O'Brien", "", "2008-03-09", "M", None, "", "14 Mill Lane", "NB14QT"),
    ("Y6", "Zoë", "", "Łukasz-Żuk", "", "31/02/2010", "X", None, "", None, None),
]
ROWS: dict[str, list[tuple[Any, ...]]] = {
    "worker": list(WORKERS),
    "intervention": [
        ("I1", "Y1", "RO", "2025-03-01", None, "W1"), ("I2", "Y1", "TURN", "2023-01-09", "2023-07-01", "W2"),
        ("I3", "Y1", "NEW", None, None, None), ("I4", "Y2", "YRO", "2025-01-01", None, "W1"),
    ],
    "offence": [
        ("O1", "Y1", "2025-01-20", "Possession of a bladed article", "4", "CONV", "2025-02-27"),
        ("O2", "Y1", "2024-06-02", "Criminal damage", "3", "NFA", None),
        ("O3", "Y1", "2019-06-02", "Old", None, "???", None),
        ("O4", "Y4", "2024-06-02", "Somebody else's", "2", "PEND", None),
    ],
    "asset_plus": [("A1", "Y1", "2025-03-10", "M", "VH", ""), ("A2", "Y2", "2025-03-10", "L", "L", "L")],
}  # fmt: skip


def missing() -> str:
    """What is not installed; empty if all is there."""
    try:
        import pyodbc
    except ImportError:
        return "unixodbc"
    return "" if "SQLite3" in pyodbc.drivers() else "libsqliteodbc"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The path of a fresh database."""
    path = tmp_path / "youth_offending.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(SCHEMA)
        for table, rows in (ROWS | {"person": list(PEOPLE)}).items():
            for row in rows:
                db.execute(f"insert into {table} values ({', '.join('?' for _ in row)})", row)
    return path


class CountingDoor:
    """Stands in for the gate's door: counts requests and rows."""

    source = "youth_offending"
    step = "find"
    tls = Tls()
    proxy = None

    def __init__(self, connect: dict[str, str], base: Path, limits: Limits) -> None:
        self.connect, self.base, self.limits = connect, base, limits
        self.tally = Tally()

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        self.tally.requests += 1
        return 5.0

    def row(self) -> bool:
        self.tally.rows += 1
        return self.tally.rows <= self.limits.rows

    def wait(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")


@pytest.fixture
def door(database: Path) -> CountingDoor:
    """A door to the database over ODBC; in CI the driver may not be missing."""
    if package := missing():
        if os.environ.get("CI") == "true":
            raise RuntimeError(f"{package} is not installed, and in CI the ODBC tests may not be skipped")
        pytest.skip(f"NOTHING IS TESTED OVER ODBC: the package {package} is not installed")
    return CountingDoor({"driver": "SQLite3", "database": str(database)}, database.parent, Limits())


@pytest.fixture
def opener(door: CountingDoor) -> Callable[[Sequence[Grant]], CountingDoor]:
    """What a connector is made with."""
    return lambda grants: door


@pytest.fixture
def grant() -> Callable[..., Grant]:
    """Make a grant for these categories, named without their agency."""

    def made(*categories: str, since: date | None = None, until: date | None = None, **more: Any) -> Grant:
        full = frozenset(f"youth_offending.{name}" for name in categories)
        values: dict[str, Any] = {"id": "g1", "source": "youth_offending", "person": "p1", "expires_at": None}
        return Grant(Grant._mint, categories=full, since=since, until=until, **values, **more)

    return made


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that is given to the driver during the test."""
    from mash_trawl.transports import odbc

    seen: list[str] = []
    real = odbc.question_marks

    def note(statement: Any, quote: str) -> Any:
        sql, values = real(statement, quote)
        seen.append(sql)
        return sql, values

    monkeypatch.setattr(odbc, "question_marks", note)
    return seen
