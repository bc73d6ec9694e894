"""The same sessions over a real PostgreSQL: types, read-only, time limits, log-in faults."""

from __future__ import annotations

import gc
import os
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from mash_trawl.errors import Misconfigured, Refused, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import Condition, Step
from mash_trawl.transports.sql import Engines, Session, open_session

TABLE = """create schema housing; create sequence housing.counter;
  create table housing.person("Person_Id" text, surname varchar(40), dob date, uprn bigint, opened timestamptz,
  padded char(6))"""
ROWS = """insert into housing.person values
  ('T1', 'Khan', '2014-05-17', 100023336956, '2026-06-01T23:30:00Z', 'A1'),
  ('T2', 'O''Brien', null, null, null, null)"""
BY_BIRTHDAY = Step(
    table="housing.person",
    columns=("person_id", "surname", "dob", "padded"),
    where=(Condition(column="surname", key="family"), Condition(column="dob", key="born", format="%d/%m/%Y")),
    order=("person_id",),
)


@pytest.fixture(scope="module")
def address(postgresql_server: str) -> Iterator[str]:
    """A database of its own with one table in a schema of its own."""
    admin = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("create database council"))
    engine = create_engine(f"{postgresql_server}/council")
    with engine.begin() as connection:
        for statement in TABLE.split(";"):
            connection.execute(text(statement))
        connection.execute(text(ROWS))
    engine.dispose()
    yield f"{postgresql_server}/council"
    with admin.connect() as connection:
        connection.execute(text("drop database council with (force)"))
    admin.dispose()


@pytest.fixture
def session(address: str, open_door: Callable[..., Any]) -> Iterator[Session]:
    with open_session(open_door(url=address)) as opened:
        yield opened


def test_a_day_column_takes_a_day_whatever_format_the_mapping_gives(session: Session) -> None:
    values = {"family": ("Khan", "KHAN"), "born": date(2014, 5, 17)}
    assert [(row.person_id, row.dob) for row in session.select(BY_BIRTHDAY, values)] == [("T1", date(2014, 5, 17))]


def test_names_are_found_in_the_catalogue_whatever_their_case(session: Session) -> None:
    step = Step(table="housing.person", columns=("PERSON_ID",), where=(Condition(column="UPRN", key="uprn"),))
    assert [row.person_id for row in session.select(step, {"uprn": ("100023336956",)})] == ["T1"]


@pytest.mark.parametrize(
    "name", ['housing.person"; drop schema housing cascade; --', "pg_catalog.nothing", "public.person"]
)
def test_a_table_that_is_not_in_the_catalogue_is_never_part_of_a_statement(session: Session, name: str) -> None:
    with pytest.raises(Unavailable) as failed:
        list(session.select(Step(table=name, columns=("person_id",)), {}))
    assert failed.value.why == Why.SERVER_ERROR


@pytest.mark.parametrize("surname", ["O'Brien", "' or '1'='1", "\\'; select pg_sleep(9); --", "$$", "%s", "%(x)s"])
def test_a_surname_is_only_ever_a_value(session: Session, surname: str) -> None:
    expected = ["T2"] if surname == "O'Brien" else []
    sql = "select \"Person_Id\" as person_id from housing.person where surname = :family and surname::text <> ':x%'"
    assert [row.person_id for row in session.rows(sql, family=surname)] == expected


def test_an_instant_can_be_compared_with_a_day(session: Session) -> None:
    step = Step(table="housing.person", columns=("person_id",), order=("person_id",),
                where=(Condition(column="opened", key="since", how="at_least"),))  # fmt: skip
    assert [row.person_id for row in session.select(step, {"since": date(2026, 7, 1)})] == ["T2"]


def test_the_server_itself_refuses_to_write(session: Session) -> None:
    with pytest.raises(Misconfigured):
        list(session.rows("delete from housing.person"))
    with pytest.raises(Unavailable) as failed:
        list(session.rows("select nextval('housing.counter')"))
    assert failed.value.why == Why.CUSTODIAN_SAID_NO


def test_a_slow_statement_ends_at_the_deadline(address: str, open_door: Callable[..., Any]) -> None:
    with open_session(open_door(url=address, seconds=0.3)) as session, pytest.raises(Unavailable) as failed:
        list(session.rows("select pg_sleep(60)"))
    assert failed.value.why == Why.DEADLINE


def test_a_wrong_database_or_a_wrong_account_is_a_failed_login(address: str, open_door: Callable[..., Any]) -> None:
    for wrong in (address + "_not", address.replace("trawl@", "nobody@")):
        with pytest.raises(Unavailable) as failed, open_session(open_door(url=wrong)) as session:
            list(session.rows("select 1"))
        assert failed.value.why == Why.LOGIN_FAILED
        assert "nobody" not in "".join(traceback.format_exception(failed.value))


def test_a_table_that_this_account_may_not_read_is_the_custodians_no(
    address: str, open_door: Callable[..., Any]
) -> None:
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("drop role if exists reader_for_test"))
        connection.execute(text("create role reader_for_test login"))
        connection.execute(text("grant usage on schema housing to reader_for_test"))
    try:
        door = open_door(url=address.replace("trawl@", "reader_for_test@"))
        with open_session(door) as session, pytest.raises(Unavailable) as failed:
            list(session.rows("select surname from housing.person"))
        assert failed.value.why == Why.CUSTODIAN_SAID_NO
    finally:
        with engine.begin() as connection:
            connection.execute(text("drop owned by reader_for_test"))
            connection.execute(text("drop role reader_for_test"))
        engine.dispose()


def test_a_connection_cut_between_two_statements_is_lost_and_the_next_ask_works(
    address: str, open_door: Callable[..., Any]
) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with open_session(open_door(url=address)) as session:
        (row,) = session.rows("select pg_backend_pid() as pid")
        with engine.connect() as connection:
            connection.execute(text(f"select pg_terminate_backend({int(row.pid)}, 5000)"))
        with pytest.raises(Unavailable) as failed:
            list(session.rows("select 1"))
        assert failed.value.why == Why.CONNECTION_LOST
    engine.dispose()
    with open_session(open_door(url=address)) as session:
        assert len(list(session.rows("select 1 as one"))) == 1


def test_a_server_that_stops_in_the_middle_is_left_at_the_deadline(address: str, open_door: Callable[..., Any]) -> None:
    with open_session(open_door(url=address)) as session:
        (row,) = session.rows("select pg_backend_pid() as pid")
        session._door.seconds = 0.5  # type: ignore[attr-defined]  # the tests' own door
        os.kill(row.pid, signal.SIGSTOP)
        try:
            with pytest.raises(Unavailable) as failed:
                list(session.rows("select 1"))
            assert failed.value.why == Why.DEADLINE
        finally:
            os.kill(row.pid, signal.SIGCONT)


@pytest.mark.parametrize("ended_by", ["a refusal", "another line of the source", "the end of the trawl"])
def test_a_connection_that_is_in_use_when_the_engine_is_let_go_is_closed_and_not_left_to_chance(
    address: str, open_door: Callable[..., Any], ended_by: str
) -> None:
    engines = Engines()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()  # a cursor that lost its server in a test before this one cannot be closed any more
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with suppress(Refused), open_session(open_door(url=address), engines) as session:
            assert len(list(session.rows("select 1 as one"))) == 1
            if ended_by == "a refusal":
                raise Refused("grant_withdrawn")
            engines.close() if ended_by == "the end of the trawl" else engines.forget("housing")
        del session
        gc.collect()
    assert [str(one.message) for one in caught] == []
