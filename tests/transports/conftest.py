"""What the tests of several transports share: a door that counts and lets through, and one small synthetic system."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from mash_trawl.errors import Unavailable
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.transports.door import Tally


class OpenDoor:
    """A gate's door that agrees to everything: it counts requests and rows, and gives `seconds` for each request.

    Nothing is tried again through it (test_sql_again.py does), so that each fault is seen as it is.
    """

    source = "housing"
    step = "find"
    proxy = None
    extracts = None

    def __init__(self, connect: Mapping[str, str], base: Path, rows: int, seconds: float, tls: Tls) -> None:
        self.connect, self.base, self.seconds, self.tls = connect, base, seconds, tls
        self.limits = Limits(rows=rows, deadline=Duration(seconds=5), attempts=1)
        self.tally = Tally()

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        """Agree, and count."""
        self.tally.requests += 1
        return self.seconds

    def row(self) -> bool:
        """Count one row, as the gate does."""
        if self.tally.rows >= self.limits.rows:
            return False
        self.tally.rows += 1
        return True

    def wait(self, seconds: float) -> None:
        """No test here waits; to wait for no time is to ask whether to stop."""
        if seconds > 0:
            raise Unavailable("deadline")


@pytest.fixture
def open_door(tmp_path: Path) -> Callable[..., OpenDoor]:
    """Make a door: `open_door(url="sqlite:///x.db")`; settings of the source as names, limits as `rows`, `seconds`."""

    def made(*, rows: int = 500, seconds: float = 5.0, tls: Tls | None = None, **connect: str) -> OpenDoor:
        return OpenDoor(connect, tmp_path, rows, seconds, tls or Tls())

    return made


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """A folder in which an agency puts its extracts."""
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


@pytest.fixture
def at_drop(open_door: Callable[..., OpenDoor], drop: Path) -> OpenDoor:
    """A door to it."""
    return open_door(folder="drop")


PEOPLE = [
    ("T1", "Khan", "Aisha", "17/05/2014", 100023336956, "NB1 4QT"),
    ("T2", "KHAN", "Amina", "17/05/2014", 100023336956, "nb14qt"),
    ("T3", "O'Brien", "Zoë", "09/03/1985", 100023330001, None),
    ("T4", "Null", "Łukasz", "", None, ""),
]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """An SQLite file with one table of synthetic people."""
    path = tmp_path / "people.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("create table Person(person_id text, Surname text, forename text, dob text, uprn integer, pc text)")
        db.executemany("insert into Person values (?, ?, ?, ?, ?, ?)", PEOPLE)
    return path
