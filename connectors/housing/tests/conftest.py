"""A small synthetic housing system in the county's schema, with decoys; and a door that counts."""

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
from mash_trawl.transports.door import Tally

SCHEMA = """
create table person(person_id text primary key, forename text, middle_names text, surname text, former_surname text,
  dob text, sex text, nhs_no text, uprn text, addr1 text, postcode text, surname_soundex text, forename_soundex text);
create table tenancy(tenancy_id text primary key, uprn text, addr1 text, postcode text, tenure text, started text,
  ended text);
create table tenancy_person(tenancy_id text, person_id text, role text, from_date text, to_date text);
create table asb_case(case_id text primary key, person_id text, opened text, closed text, kind text, summary text);
create table homelessness(case_id text primary key, person_id text, opened text, reason text, outcome text);
create table rent_account(tenancy_id text, arrears_amount text);
"""
HOME = ("100023336956", "14 Mill Lane", "NB1 4QT")
PEOPLE = [
    ("T1", "Samira", "", "Khan", "Malik", "02/11/1988", "F", "9991234560", *HOME, "K500", "S560"),
    ("T2", "Aisha", "Noor", "KHAN", "", "17/05/2014", "F", "943 476 5919", *HOME, "K500", "A200"),
    ("T3", "Amina", "", "Khan", "", "17/05/2014", "F", "", *HOME, "K500", "A550"),  # her twin
    ("T4", "Aisha", "", "Khan", "", "17/05/1974", "F", "", "100023330001", "2 High Street", "NB1 1AA", "K500", "A200"),
    (
        "T5",
        "Oliver",
        "",
        "Stone",
        "",
        "17/05/2014",
        "M",
        "",
        "100023330002",
        "3 High Street",
        "NB1 1AA",
        "S350",
        "O416",
    ),
    ("T6", "Dan", "", "O'Brien", "", "09/03/1985", "M", "", *HOME, "O165", "D500"),
    ("T7", "Zoë", "", "Łukasz-Żuk", "", "", "U", "999 000 0034", "", "", "", "L220", "Z000"),  # no day of birth
    ("T8", "Robert'); drop table person;--", "", "Khan", "", "31/02/2010", "M", "", "", "", "", "K500", "R163"),
]
SPELLS = [
    ("L1", "T1", "main tenant", "2018-02-01", ""),
    ("L1", "T2", "household", "2018-02-01", ""),
    ("L1", "T3", "household", "2018-02-01", ""),
    ("L1", "T6", "joint tenant", "2018-02-01", "2020-06-30"),
    ("L2", "T5", "main tenant", "2010-01-01", ""),
    ("L2", "T8", "household", "2010-01-01", ""),
]


@pytest.fixture
def housing(tmp_path: Path) -> Path:
    """The path of a fresh housing database."""
    path = tmp_path / "housing.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(SCHEMA)
        db.executemany(f"insert into person values ({','.join('?' * 13)})", PEOPLE)
        db.execute("insert into tenancy values ('L1', ?, ?, ?, 'secure', '2018-02-01', '')", HOME)
        db.execute("insert into tenancy values ('L2', '100023330002', '3 High Street', 'NB1 1AA', 'flexible',"
                   " '2010-01-01', '')")  # fmt: skip
        db.executemany("insert into tenancy_person values (?, ?, ?, ?, ?)", SPELLS)
        db.execute("insert into asb_case values ('C1', 'T1', '2019-07-02', '2019-09-01', 'noise',"
                   " 'Shouting reported by a neighbour')")  # fmt: skip
        db.execute("insert into asb_case values ('C2', 'T1', '2009-01-01', '', 'rubbish', 'Old')")
        db.execute("insert into asb_case values ('C3', 'T5', '2024-01-01', '', 'dogs', 'Somebody else')")
        db.execute("insert into homelessness values ('C1', 'T1', '2017-11-30', 'Domestic abuse', 'Duty accepted')")
        db.execute("insert into rent_account values ('L1', '1234.56')")
    return path


class CountingDoor:
    """Stands in for the gate's door: counts requests and rows."""

    source = "housing"
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
def door(housing: Path) -> CountingDoor:
    """A door to the housing database."""
    return CountingDoor({"url": f"sqlite:///{housing.name}"}, housing.parent, Limits())


@pytest.fixture
def opener(door: CountingDoor) -> Callable[[Sequence[Grant]], CountingDoor]:
    """What a connector is made with."""
    return lambda grants: door


@pytest.fixture
def grant() -> Callable[..., Grant]:
    """Make a grant; everything that housing offers unless told otherwise."""

    def made(*categories: str, since: date | None = None, until: date | None = None) -> Grant:
        every = ("housing.tenancy", "housing.asb", "housing.homelessness")
        values: dict[str, Any] = {"id": "g1", "source": "housing", "person": "p1", "expires_at": None}
        return Grant(Grant._mint, categories=frozenset(categories or every), since=since, until=until, **values)

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
