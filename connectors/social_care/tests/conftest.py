"""A small synthetic social care system in the county's schema, with decoys, and a door to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.model.grant import Grant
from mash_trawl.testing import neighbour
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


@pytest.fixture
def door(database: Path, counting_door: Callable[..., Any]) -> Any:
    """A door to the social care database."""
    return counting_door("social_care", {"url": f"sqlite:///{database.name}"})


@pytest.fixture
def grant(granted: Callable[..., Grant]) -> Callable[..., Grant]:
    """Make a grant for these categories, named without their agency."""
    agency = "childrens_social_care"
    return lambda *categories, **more: granted("social_care", *(f"{agency}.{name}" for name in categories), **more)


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
