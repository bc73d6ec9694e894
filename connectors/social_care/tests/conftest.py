"""A small synthetic social care system in the county's schema, with decoys; and a door that counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.testing import neighbour
from mash_trawl.transports.door import Tally
from mash_trawl_county.systems.social_care import SCHEMA

HELD = neighbour("people.py")
fill = HELD.fill


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The path of a fresh social care database."""
    path = tmp_path / "social_care.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(SCHEMA)
        fill(db.execute)
    return path


class CountingDoor:
    """Stands in for the gate's door: counts requests and rows."""

    source = "social_care"
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
    """A door to the social care database."""
    return CountingDoor({"url": f"sqlite:///{database.name}"}, database.parent, Limits())


@pytest.fixture
def opener(door: CountingDoor) -> Callable[[Sequence[Grant]], CountingDoor]:
    """What a connector is made with."""
    return lambda grants: door


@pytest.fixture
def grant() -> Callable[..., Grant]:
    """Make a grant for these categories, named without their agency."""

    def made(*categories: str, since: date | None = None, until: date | None = None, **more: Any) -> Grant:
        full = frozenset(f"childrens_social_care.{name}" for name in categories)
        values: dict[str, Any] = {"id": "g1", "source": "social_care", "person": "p1", "expires_at": None}
        return Grant(Grant._mint, categories=full, since=since, until=until, **values, **more)

    return made


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that reaches a database through SQLAlchemy during the test."""
    from sqlalchemy import Engine, event

    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)
