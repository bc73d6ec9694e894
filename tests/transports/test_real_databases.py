"""The same steps on every database that the tests can start, over every road that leads to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from mash_trawl.errors import Misconfigured, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import AddressMap, Condition, PersonMap, Step
from mash_trawl.sources.mapping_rows import candidate
from mash_trawl.transports import odbc, sql

ROADS = (
    "sqlite", "sqlite over odbc", "postgresql", "postgresql over odbc", "mariadb", "mariadb over odbc",
    "sql server", "sql server over odbc", "freetds", "freetds over odbc",
)  # fmt: skip
BORN = date(2014, 5, 17)
COLUMNS = "person_id varchar(20), surname varchar(80), forename varchar(80), dob {date}, uprn bigint, pc varchar(10)"


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The people in an SQLite file."""
    import mash_trawl_test_databases as databases

    path = tmp_path_factory.mktemp("sqlite") / "council.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"create table person({COLUMNS.format(date='date')}, places text)")
        rows = [tuple(person.values()) for person in databases.PEOPLE]
        db.executemany("insert into person values (?, ?, ?, ?, ?, ?, ?)", rows)
        odd = '"' + databases.ODD.replace('"', '""') + '"'
        db.execute(f"create table {odd}({odd} text)")
        db.execute(f"insert into {odd} values ('yes')")
    return str(path)


@pytest.fixture(scope="session")
def postgresql_people(postgresql_server: str) -> Iterator[str]:
    """The people in a PostgreSQL database of their own, their addresses as JSON, and a login that can only read."""
    import mash_trawl_test_databases as databases

    admin = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("create database roads"))
    engine = create_engine(f"{postgresql_server}/roads")
    with engine.begin() as connection:
        connection.execute(text(f"create table person({COLUMNS.format(date='date')}, places jsonb)"))
        odd = '"' + databases.ODD.replace('"', '""') + '"'
        connection.exec_driver_sql(f"create table {odd}({odd} text)")
        connection.exec_driver_sql(f"insert into {odd} values ('yes')")
        connection.exec_driver_sql(f"grant select on {odd} to public")
        for person in databases.PEOPLE:
            names = ", ".join(f":{name}" for name in person)
            connection.execute(text(f"insert into person values ({names})"), dict(person))
        for statement in ("create extension fuzzystrmatch",
                          "create role reader login", "grant select on person to reader",
                          "create role writer login", "grant select, update on person to writer"):  # fmt: skip
            connection.execute(text(statement))
    engine.dispose()
    yield postgresql_server.replace("trawl@", "reader@") + "/roads"
    with admin.connect() as connection:
        for statement in ("drop database roads with (force)", "drop role reader", "drop role writer"):
            connection.execute(text(statement))
    admin.dispose()


@pytest.fixture
def road(request: pytest.FixtureRequest, open_door: Callable[..., Any]) -> Callable[..., Any]:
    """Open a session over a road: `road("mariadb over odbc")`; limits of the door as names."""
    import mash_trawl_test_databases as databases

    def settings(name: str) -> dict[str, str]:
        if name.startswith("sqlite"):
            file = request.getfixturevalue("sqlite_file")
            near = {"driver": databases.driver("SQLite3", "libsqliteodbc"), "database": file}
            return near if "odbc" in name else {"url": f"sqlite:///{file}"}
        if name.startswith("postgresql"):
            url = request.getfixturevalue("postgresql_people")
            if "odbc" not in name:
                return {"url": url}
            port = url.rpartition(":")[2].partition("/")[0]
            driver = databases.driver("PostgreSQL Unicode", "odbc-postgresql")
            return {"driver": driver, "server": "127.0.0.1", "port": port, "database": "roads", "user": "reader"}
        if name.startswith("mariadb"):
            driver = databases.driver("MariaDB Unicode", "odbc-mariadb")
            return dict(request.getfixturevalue("mariadb_server").settings(driver))
        free = name.startswith("freetds")
        driver = databases.driver("FreeTDS", "tdsodbc") if free else databases.microsoft_driver()
        return dict(request.getfixturevalue("sql_server").settings(driver))

    def opened(name: str, **limits: Any) -> Any:
        door = open_door(**settings(name), **limits)
        return (odbc if "over odbc" in name else sql).open_session(door)

    opened.settings = settings  # type: ignore[attr-defined]
    return opened


def where(column: str, key: str, how: Any = "equals", form: str | None = None) -> Condition:
    return Condition(column=column, key=key, how=how, format=form)


def refs(session: Any, *conditions: Condition, **values: Any) -> list[str]:
    step = Step(table="person", columns=("person_id",), where=conditions, order=("person_id",))
    return [row.person_id for row in session.select(step, values)]


@pytest.mark.parametrize("name", ROADS)
def test_a_mapping_reads_the_same_on_every_road(road: Callable[..., Any], name: str) -> None:
    every = Step(table="person", columns=("person_id", "forename", "dob", "places"), order=("person_id",))
    with road(name) as session:
        assert refs(session, where("surname", "family"), where("dob", "born", form="%Y-%m-%d"),
                    family=("Khan", "KHAN"), born=BORN) == ["T1", "T2"]  # fmt: skip
        assert refs(session, where("surname", "family"), family=("O'Brien",)) == ["T3"]
        assert refs(session, where("uprn", "uprn"), uprn=("100023330001", "0100023330001")) == ["T3"]
        assert refs(session, where("pc", "postcode_sector", "sector"), postcode_sector=("NB1 4", "nb14")) in (
            ["T1", "T2"], ["T1"],
        )  # fmt: skip
        assert refs(session, where("dob", "born_from", "at_least"), born_from=date(2000, 1, 1)) == ["T1", "T2", "T4"]
        assert refs(session, where("surname", "family"), family=None) == []
        sounding = Step(table="person", columns=("person_id",), where=(where("surname", "family_soundex", "soundex"),))
        assert session.answers(sounding) is not name.startswith(("sql server", "freetds"))
        if session.answers(sounding):
            assert refs(session, *sounding.where, family_soundex="K500") == ["T1", "T2"]
        rows = list(session.select(every, {}))
        (row,) = session.rows("select forename, ':x?' as y from person where person_id = :ref", ref="T3")
    assert [row.forename for row in rows[:3]] == ["Aisha", "Amina", "Zoë"]
    assert rows[3].forename == ("Łukasz " if "sql server" in name or "freetds" in name else "Łukasz 😀")
    assert (row.forename, row.y) == ("Zoë", ":x?")
    person = PersonMap(ref="person_id", addresses=AddressMap(json="places"))
    places = [candidate(person, row).addresses for row in rows]
    assert [[home.lines for home in held] for held in places] == [[("14 Mill Lane",)], [("9 Low Road",)], [], []]
    assert places[0][0].postcode == "NB1 4QT" and places[1][0].uprn == "100023330001"


@pytest.mark.parametrize("name", ROADS)
def test_no_more_rows_are_asked_for_than_the_budget(road: Callable[..., Any], name: str) -> None:
    step = Step(table="person", columns=("person_id",), order=("person_id",))
    with road(name, rows=2) as session:
        assert [row.person_id for row in session.select(step, {})] == ["T1", "T2"]
        assert session.tally.truncated
    with road(name, rows=4) as session:
        assert len(list(session.select(step, {}))) == 4
        assert not session.tally.truncated


NAMES = (
    'person"; drop table person; --', "person]; drop table person; --", "person`; drop table person; --",
    "person'; drop table person; --", "per%", "p_rson", "person where 1=1", "(select 1)", "person/*", "x" * 300,
    "ﬀ\x00",
)  # fmt: skip


@pytest.mark.parametrize("name", ROADS)
def test_a_hostile_name_is_looked_up_and_never_run(road: Callable[..., Any], name: str) -> None:
    with road(name) as session:
        for hostile in NAMES:
            for step in (
                Step(table=hostile, columns=("person_id",)),
                Step(table=f"{hostile}.person", columns=("person_id",)),
                Step(table="person", columns=(hostile,)),
                Step(table="person", columns=("person_id",), where=(where(hostile, "ref"),)),
                Step(table="person", columns=("person_id",), order=(hostile,)),
            ):
                with pytest.raises(Unavailable):
                    list(session.select(step, {"ref": "T1"}))
        assert refs(session) == ["T1", "T2", "T3", "T4"]


@pytest.mark.parametrize("name", [road for road in ROADS if road.startswith(("sqlite", "postgresql", "mariadb"))])
def test_a_name_that_is_really_there_is_read_whatever_it_looks_like(road: Callable[..., Any], name: str) -> None:
    """The stand-in for SQL Server cannot be given such a table."""
    import mash_trawl_test_databases as databases

    step = Step(table=databases.ODD, columns=(databases.ODD,), where=(where(databases.ODD, "ref"),))
    with road(name) as session:
        assert [row.first for row in session.select(step, {"ref": "yes"})] == ["yes"]
        assert refs(session) == ["T1", "T2", "T3", "T4"]


@pytest.mark.parametrize("name", ROADS)
def test_nothing_can_be_written_through_a_connector(road: Callable[..., Any], name: str) -> None:
    with road(name) as session, pytest.raises(Misconfigured):
        list(session.rows("update person set surname = 'x'"))


@pytest.mark.parametrize("name", [road for road in ROADS if not road.startswith("sqlite")])
def test_a_wrong_password_is_told_as_such(road: Callable[..., Any], open_door: Callable[..., Any], name: str) -> None:
    settings = road.settings(name)  # type: ignore[attr-defined]
    if name == "postgresql":
        settings |= {"user": "nobody_here"}
    door = open_door(**settings | {"user": "nobody_here", "password": "wrong"})
    with pytest.raises(Unavailable) as failed, (odbc if "over odbc" in name else sql).open_session(door) as session:
        list(session.rows("select 1 as one"))
    assert failed.value.why == Why.LOGIN_FAILED


SLOW = {
    "postgresql": "select pg_sleep(30)", "postgresql over odbc": "select 1 as one from pg_sleep(30)",
    "mariadb": "select sleep(30) as one", "mariadb over odbc": "select sleep(30) as one",
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_the_database_ends_a_statement_that_takes_too_long(road: Callable[..., Any], name: str) -> None:
    with road(name, seconds=1.0) as session, pytest.raises(Unavailable) as failed:
        list(session.rows(SLOW[name]))
    assert failed.value.why == Why.DEADLINE


@pytest.mark.parametrize("name", ["postgresql", "postgresql over odbc", "mariadb", "mariadb over odbc"])
def test_a_login_that_could_write_cannot_do_it_from_here(
    road: Callable[..., Any], open_door: Callable[..., Any], name: str
) -> None:
    settings = road.settings(name)  # type: ignore[attr-defined]
    if "url" in settings:
        settings["url"] = settings["url"].replace("reader@", "writer@")
    door = open_door(**settings | {"user": "writer"})
    with (odbc if "over odbc" in name else sql).open_session(door) as session:
        list(session.rows("select 1 as one"))
        raw = session._connection if "over odbc" in name else session._connection.connection.driver_connection
        with pytest.raises(Exception, match=r"(?i)read.only"):
            raw.cursor().execute("update person set surname = 'x'")


@pytest.mark.parametrize("name", ROADS)
def test_a_missing_table_is_a_fault_and_never_an_empty_answer(road: Callable[..., Any], name: str) -> None:
    with road(name) as session, pytest.raises(Unavailable) as failed:
        list(session.rows("select a from no_such_table_here"))
    assert failed.value.why == Why.SERVER_ERROR


GOOD = Step(table="person", columns=("person_id", "SURNAME"))
OWN = "select person_id, surname from person where person_id = :ref and dob >= :since"


@pytest.mark.parametrize("name", ROADS)
def test_what_the_schema_lacks_is_named_and_nobody_is_asked_about(road: Callable[..., Any], name: str) -> None:
    """Each road's own words for a table and a column that are not there; what is there is not complained of."""
    changed = replace(GOOD, columns=("person_id", "gone", "lost"))
    own = [Step(sql=OWN.replace(*words)) for words in (("from person", "from gone"), ("surname", "lost"))]
    asked = [GOOD, Step(sql=OWN), replace(GOOD, table="gone"), changed, *own]
    found = []
    for step in asked:
        with road(name) as session:
            found.append([words.lower() for words in session.lacks(step)])
    assert found[:2] == [[], []]
    assert found[2] == ["the table `gone` is not there"]
    assert [words.split("`")[1].rpartition(".")[2] for words in found[3]] == ["gone", "lost"]
    assert [len(words) for words in found[4:]] == [1, 1]
    assert found[4][0].startswith("the table `") and found[4][0].endswith("gone` is not there")
    assert found[5] == ["the column `lost` is not there"]
