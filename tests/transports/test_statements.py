"""`check SOURCE` compares a mapping with its database: what is missing is named, and never what a row holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Tls
from mash_trawl.model.mapping import Condition, Step
from mash_trawl.transports import statements
from mash_trawl.transports.sql_compile import Found
from mash_trawl.transports.sql_missing import Missing, missing


class Said(Exception):
    """A driver's exception, with a state where it has one."""

    def __init__(self, message: str, state: str | None = None) -> None:
        super().__init__(*((state, message) if state else (message,)))


@pytest.mark.parametrize(("message", "words"), [
    ("no such table: housing.asb", "the table `housing.asb` is not there"),
    ("no such column: p.dob", "the column `p.dob` is not there"),
    ('relation "asb_case" does not exist\nLINE 1: select', "the table `asb_case` is not there"),
    ("column p.dob does not exist\nLINE 1", "the column `p.dob` is not there"),
    ('column "Dob" does not exist', "the column `Dob` is not there"),
    ("function soundex(character varying) does not exist\nHINT:", "the function `soundex` is not there"),
    ('schema "lcs" does not exist', "the schema `lcs` is not there"),
    ("Table 'lcs.person' doesn't exist", "the table `lcs.person` is not there"),
    ("Unknown column 'dob' in 'WHERE'", "the column `dob` is not there"),
    ("FUNCTION lcs.soundx does not exist", "the function `lcs.soundx` is not there"),
    ("[Microsoft][SQL Server]Invalid object name 'dbo.Person'. (208)", "the table `dbo.Person` is not there"),
    ("Invalid column name 'DOB'. (207)", "the column `DOB` is not there"),
    ("'concatt' is not a recognized built-in function name.", "the function `concatt` is not there"),
    ('ORA-00942: table or view "ONE"."PUPIL" does not exist', "the table `ONE.PUPIL` is not there"),
    ("ORA-00942: table or view does not exist", "a table that it names is not there"),
    ('ORA-00904: "P"."DOB": invalid identifier', "the column `P.DOB` is not there"),
])  # fmt: skip
def test_each_databases_own_words_are_understood(message: str, words: str) -> None:
    found = missing(Said(message))
    assert found is not None and found.words == words
    assert (str(found), found.why) == ("server error", Why.SERVER_ERROR), "the words are for check alone"


@pytest.mark.parametrize(("state", "kind"), [("42S02", "table"), ("42703", "column"), ("42883", "function")])
def test_another_language_is_understood_by_its_state(state: str, kind: str) -> None:
    found = missing(Said("Tabelle fehlt: Testfall", state))
    assert found is not None and found.words == f"a {kind} that it names is not there"


def test_any_other_fault_names_nothing() -> None:
    assert missing(Said("syntax error near 'Khan'", "42000")) is None


def test_two_columns_in_other_letters_are_told_from_none() -> None:
    with pytest.raises(Missing, match="server error") as failed:
        Found(None, "person", {"Dob": None, "DOB": None}).exact("dob")  # type: ignore[dict-item]  # no type is read
    assert failed.value.words == "more than one column of `person` is called `dob`, in other letters"


@pytest.fixture
def database(tmp_path: Path) -> dict[str, str]:
    """A small database with somebody in it."""
    with closing(sqlite3.connect(tmp_path / "x.db")) as db, db:
        db.execute("create table person(person_id text, surname text)")
        db.execute("insert into person values ('T1', 'Testfall')")
    return {"url": "sqlite:///x.db"}


def test_every_step_is_looked_at_in_a_process_of_its_own(database: dict[str, str], tmp_path: Path) -> None:
    steps = [
        Step(table="person", columns=("person_id",), where=(Condition(column="sex", key="sex"),)),
        Step(table="asb", columns=("id",)),
        Step(table="PERSON", columns=("Surname",)),
        Step(sql="select person_id from person where surname = :ref"),
        Step(sql="select max(( from person"),
    ]
    found = statements.look("sql", database, Tls(), tmp_path, steps)
    assert found.faults == (
        (0, "the column `person.sex` is not there"),
        (1, "the table `asb` is not there"),
        (4, "the database does not take this statement"),
    )
    assert found.columns[2] == ("person_id", "surname") and found.columns[1] == found.columns[3] == ()
    assert "Testfall" not in str(found)


def test_a_database_that_is_away_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as failed:
        statements.look("sql", {"url": "sqlite:///away.db"}, Tls(), tmp_path, [Step(sql="select 1")])
    assert failed.value.why == Why.CONNECTION_REFUSED
