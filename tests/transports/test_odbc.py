"""Sessions over ODBC, through SQLite's own driver. Needs unixODBC and that driver: in CI they may not be missing."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import Misconfigured, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import Condition, Step
from mash_trawl.transports.odbc import open_session
from mash_trawl.transports.odbc_dialect import question_marks
from mash_trawl.transports.odbc_string import connection_string
from mash_trawl.transports.sql_compile import bound_text

BY_NAME = Step(
    table="person",
    columns=("person_id", "surname"),
    where=(Condition(column="surname", key="family"), Condition(column="dob", key="born", format="%d/%m/%Y")),
    order=("person_id",),
)
ENDLESS = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(x) as c from n"
BIRTHDAY = date(2014, 5, 17)


def missing() -> str:
    """What is not installed; empty if all is there."""
    try:
        import pyodbc
    except ImportError:
        return "unixodbc"
    return "" if "SQLite3" in pyodbc.drivers() else "libsqliteodbc"


@pytest.fixture
def at_people(open_door: Callable[..., Any], people: Path) -> Any:
    if package := missing():
        if os.environ.get("CI") == "true":
            raise RuntimeError(f"{package} is not installed, and in CI the ODBC tests may not be skipped")
        pytest.skip(f"NOTHING IS TESTED OVER ODBC: the package {package} is not installed")
    return open_door(driver="SQLite3", database=str(people))


def test_a_step_of_a_mapping_runs_with_question_marks(at_people: Any) -> None:
    with open_session(at_people) as session:
        rows = list(session.select(BY_NAME, {"family": ("Khan", "KHAN"), "born": BIRTHDAY}))
    assert [(row.person_id, row.SURNAME) for row in rows] == [("T1", "Khan"), ("T2", "KHAN")]


def test_a_raw_statement_takes_names_and_keeps_what_is_quoted(at_people: Any) -> None:
    with open_session(at_people) as session:
        (row,) = session.rows("select forename, ':ref?' as a from person where person_id = :ref", ref="T3")
    assert (row.forename, row.a) == ("Zoë", ":ref?")


@pytest.mark.parametrize("surname", ["O'Brien", "' or '1'='1", "x'; drop table person; --", "?", "{fn x}"])
def test_a_surname_is_only_ever_a_value(at_people: Any, people: Path, surname: str) -> None:
    expected = ["T3"] if surname == "O'Brien" else []
    step = Step(table="person", columns=("person_id",), where=BY_NAME.where[:1])
    with open_session(at_people) as session:
        assert [row.person_id for row in session.select(step, {"family": surname})] == expected
    with closing(sqlite3.connect(people)) as db:
        assert db.execute("select count(*) from person").fetchone() == (4,)


@pytest.mark.parametrize("name", ['person"; drop table person; --', "per%", "perso_", "nothing"])
def test_a_table_or_column_that_the_driver_does_not_list_is_never_asked_for(at_people: Any, name: str) -> None:
    for step in (Step(table=name, columns=("person_id",)), Step(table="person", columns=(name,))):
        with open_session(at_people) as session, pytest.raises(Unavailable) as failed:
            list(session.select(step, {}))
        assert failed.value.why == Why.SERVER_ERROR


class Failing:
    """A connection or cursor of which one method fails, with a name in the message."""

    def __init__(self, real: Any, method: str) -> None:
        self._real, self._method = real, method

    def __getattr__(self, name: str) -> Any:
        import pyodbc

        def fail(*_: Any, **__: Any) -> Any:
            raise pyodbc.Error("08S01", "[08S01] connection to Testfall is gone")

        return fail if name == self._method else getattr(self._real, name)

    def cursor(self) -> Any:
        return self.__getattr__("cursor")() if self._method == "cursor" else Failing(self._real.cursor(), self._method)


@pytest.mark.parametrize("method", ["cursor", "columns", "getinfo", "execute", "fetchmany"])
def test_a_connection_that_breaks_while_the_catalogue_is_read_is_told_by_its_code(at_people: Any, method: str) -> None:
    with open_session(at_people) as session:
        list(session.rows("select 1 as one"))
        session._connection = Failing(session._connection, method)
        with pytest.raises(Unavailable) as failed:
            list(session.select(BY_NAME, {"family": "Khan", "born": BIRTHDAY}))
    assert failed.value.why == Why.CONNECTION_LOST
    assert "Testfall" not in "".join(traceback.format_exception(failed.value))


def test_the_row_budget_stops_and_says_so(open_door: Callable[..., Any], at_people: Any, people: Path) -> None:
    door = open_door(driver="SQLite3", database=str(people), rows=2)
    with open_session(door) as session:
        assert len(list(session.select(Step(table="person", columns=("person_id",)), {}))) == 2
    assert door.tally.truncated and not at_people.tally.truncated


def test_nothing_can_be_written(at_people: Any) -> None:
    import pyodbc

    with open_session(at_people) as session:
        with pytest.raises(Misconfigured):
            list(session.rows("delete from person"))
        list(session.rows("select 1 as one"))
        with pytest.raises(pyodbc.Error):
            session._connection.execute("delete from person")


def test_a_statement_that_never_ends_is_cancelled_at_the_deadline_and_leaves_no_thread(at_people: Any) -> None:
    before = threading.active_count()
    at_people.seconds = 0.1
    with open_session(at_people) as session, pytest.raises(Unavailable) as failed:
        list(session.rows(ENDLESS))
    assert failed.value.why == Why.DEADLINE and threading.active_count() <= before + 1


@pytest.mark.parametrize(("connect", "why"), [
    ({"driver": "No such driver"}, Why.DRIVER_MISSING),
    ({"dsn": "no-such-source"}, Why.DRIVER_MISSING),
    ({"driver": "SQLite3", "database": "/no/such/folder/x.db", "password": "hunter2"}, Why.CONNECTION_REFUSED),
    ({}, Why.SECRET_MISSING),
])  # fmt: skip
def test_what_cannot_be_reached_is_told_by_a_code_only(
    at_people: Any, open_door: Callable[..., Any], connect: dict[str, str], why: Why
) -> None:
    with open_session(open_door(**connect)) as session, pytest.raises(Unavailable) as failed:
        list(session.rows("select 1"))
    assert failed.value.why == why
    assert "hunter2" not in "".join(traceback.format_exception(failed.value))


def test_without_a_driver_manager_the_driver_is_missing(
    open_door: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyodbc", None)
    with open_session(open_door(dsn="x")) as session, pytest.raises(Unavailable) as failed:
        list(session.rows("select 1"))
    assert failed.value.why == Why.DRIVER_MISSING


def test_no_setting_can_smuggle_in_another() -> None:
    string = connection_string(
        {"driver": "ODBC Driver 18 for SQL Server", "server": "S1", "password": "a;Encrypt=no}b"}
    )
    assert string.startswith("DRIVER=ODBC Driver 18 for SQL Server;SERVER=S1;PWD={a;Encrypt=no}}b};Encrypt=yes;")


def test_windows_log_in_needs_no_password() -> None:
    settings = {"auth": "windows", "driver": "ODBC Driver 18 for SQL Server", "server": "S1", "database": "LCS"}
    assert "SERVER=S1;DATABASE=LCS;Trusted_Connection=yes;Encrypt=yes" in connection_string(settings)


def test_a_name_used_twice_is_bound_twice() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = question_marks(bound_text("select 1 where :a = :b or :a is null", {"a": 1, "b": 2}), '"')
    assert found == ("select 1 where ? = ? or ? is null", (1, 2, 1))
