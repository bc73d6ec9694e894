"""The social care connector says the same on PostgreSQL as on SQLite, of a whole drawn county."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.model.query import FetchAsk, FindAsk, PersonQuery
from mash_trawl.transports.door import Tally
from mash_trawl_county.build import Built, draw
from mash_trawl_county.systems import social_care
from mash_trawl_social_care import SocialCare


class OpenDoor:
    """A door that agrees to everything."""

    source, step, tls, proxy = "social_care", "find", Tls(), None
    limits = Limits(rows=10_000)

    def __init__(self, url: str) -> None:
        self.connect, self.base, self.tally = {"url": url}, Path(), Tally()

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        return 30.0

    def row(self) -> bool:
        return True

    def wait(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")


@pytest.fixture(scope="module")
def built() -> Built:
    """A county that has everything a social care system holds."""
    return draw(seed=5, families=40)


@pytest.fixture(scope="module")
def both(built: Built, postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The same rows in an SQLite file and in a PostgreSQL database; the addresses of both."""
    folder = tmp_path_factory.mktemp("county")
    social_care.write(folder, built)
    admin = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("create database social_care"))
    address = f"{postgresql_server}/social_care"
    engine = create_engine(address)
    with engine.begin() as there, closing(sqlite3.connect(folder / "social_care.db")) as here:
        for statement in filter(str.strip, social_care.SCHEMA.split(";")):
            there.execute(text(statement))
        here.row_factory = sqlite3.Row
        for (table,) in here.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in here.execute(f"select * from {table}"):
                names = row.keys()
                there.execute(text(f"insert into {table}({', '.join(names)}) values (:{', :'.join(names)})"), dict(row))
    engine.dispose()
    yield f"sqlite:///{folder / 'social_care.db'}", address
    with admin.connect() as connection:
        connection.execute(text("drop database social_care with (force)"))
    admin.dispose()


def grant(since: date | None) -> Grant:
    return Grant(
        Grant._mint, id="g1", source="social_care", person="p1", expires_at=None, categories=SocialCare.offers,
        since=since, until=date(2026, 10, 1),
    )  # fmt: skip


@pytest.mark.parametrize("since", [None, date(2023, 6, 1)])
def test_the_same_is_found_and_told_on_both_databases(built: Built, both: tuple[str, str], since: date | None) -> None:
    people = [built.people()[ident] for ident in sorted(social_care.held(built))][:60]
    given = grant(since)
    questions = [
        FindAsk(query=PersonQuery(id=person.id, person="p1", by=tuple(fields), **fields), grant=given)
        for person in people
        if not person.due
        for fields in ({"family": person.family.upper(), "born": person.born}, {"given": person.given.lower(),
                       "born": person.born}, {"nhs_number": person.nhs})
    ]  # fmt: skip
    records = [FetchAsk(ref=social_care.ref(person), grant=given) for person in people]
    told: list[list[Any]] = []
    for url in both:
        door = OpenDoor(url)
        connector = SocialCare(lambda _, door=door: door)
        found = [*connector.find_many(questions[:50]), *connector.find_many(questions[50:100])]
        found += [item for start in (0, 50) for item in connector.fetch_many(records[start : start + 50])]
        told.append(sorted(found, key=lambda item: (item[0], type(item[1]).__name__, item[1].ref)))
    assert len(told[0]) > 100
    assert told[0] == told[1]
