"""One step in the SQL of each database: the limit, the quoted names, the sound of a name, days and postcodes."""

from __future__ import annotations

import importlib
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.types import BigInteger, Date, DateTime, String

from mash_trawl.model.mapping import Condition, Step
from mash_trawl.transports.odbc_dialect import question_marks
from mash_trawl.transports.sql_compile import Found, compile_step, compile_text

HELD = Found("dbo", "Person", {
    "Id": String(), "Surname": String(), "dob": Date(), "seen": DateTime(), "text_dob": String(), "pc": String(),
    "uprn": BigInteger(), "odd ]\"`name": String(),
})  # fmt: skip
WHERE = (
    Condition(column="surname", key="family"),
    Condition(column="dob", key="born"),
    Condition(column="text_dob", key="born", format="%d/%m/%Y"),
    Condition(column="seen", key="since", how="at_least"),
    Condition(column="pc", key="postcode_sector", how="sector"),
    Condition(column="surname", key="family_soundex", how="soundex"),
    Condition(column="uprn", key="uprn"),
)
STEP = Step(table="dbo.person", columns=("id", 'odd ]"`name'), where=WHERE, order=("id",))
VALUES: dict[str, Any] = {
    "family": ("Khan", "KHAN"), "born": date(2014, 5, 17), "since": date(2020, 1, 2), "postcode_sector": ("NB1 4",),
    "family_soundex": "K500", "uprn": ("0100023336956", "100023336956"),
}  # fmt: skip
BOUND = ["Khan", "KHAN", date(2014, 5, 17), "17/05/2014", datetime(2020, 1, 2), "NB1 4__", "K500"]

DIALECTS = {
    "sqlite": ("sqlite.pysqlite:SQLiteDialect_pysqlite", "LIMIT", '"odd ]""`name"', "soundex(dbo"),
    "postgresql": ("postgresql.psycopg:PGDialect_psycopg", "LIMIT", '"odd ]""`name"', "soundex(dbo"),
    "mariadb": ("mysql.mariadb:MariaDBDialect", "LIMIT", '`odd ]"``name`', "substr(soundex(dbo"),
    "mysql": ("mysql.pyodbc:MySQLDialect_pyodbc", "LIMIT", '`odd ]"``name`', "substr(soundex(dbo"),
    "mssql": ("mssql.pyodbc:MSDialect_pyodbc", "TOP 51", '[odd ]]"`name]', "soundex(dbo"),
    "oracle": ("oracle.oracledb:OracleDialect_oracledb", "FETCH FIRST", '"odd ]""`name"', "soundex(dbo"),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_a_step_is_written_as_its_database_wants_it(name: str) -> None:
    place, limit, quoted, sound = DIALECTS[name]
    module, _, dialect = place.partition(":")
    made = getattr(importlib.import_module(f"sqlalchemy.dialects.{module}"), dialect)()
    compiled = compile_step(STEP, HELD, VALUES, 51).compile(dialect=made, compile_kwargs={"render_postcompile": True})
    text = str(compiled).replace("\n", " ")
    assert limit in text and quoted in text and sound in text
    assert "Khan" not in text and "2014" not in text and "NB1" not in text
    held = list(compiled.params.values())
    assert all(any(type(one) is type(value) and one == value for one in held) for value in BOUND)


@pytest.mark.parametrize(
    ("name", "limit", "quoted"),
    [
        ("sqlite", "LIMIT", '"odd ]""`name"'), ("postgresql", "LIMIT", '"odd ]""`name"'),
        ("mariadb", "LIMIT", '`odd ]"``name`'), ("mysql", "LIMIT", '`odd ]"``name`'),
        ("microsoft sql server", "TOP 51", '[odd ]]"`name]'), ("progress openedge", None, '"odd ]""`name"'),
        ("oracle", None, '"odd ]""`name"'),
    ],
)  # fmt: skip
def test_over_odbc_every_name_is_quoted_and_every_value_a_question_mark(
    name: str, limit: str | None, quoted: str
) -> None:
    text, values = question_marks(compile_step(STEP, HELD, VALUES, 51), '"', name)
    assert quoted in text and (limit is None or limit in text)
    assert ("LIMIT" in text or "TOP" in text) is (limit is not None)
    assert text.count("?") == len(values) and set(BOUND) <= set(values)
    assert "Surname" in text and "Khan" not in text


@pytest.mark.parametrize(("days", "bound"), [(True, date(2014, 5, 17)), (False, "2014-05-17")])
def test_a_day_in_a_statement_is_a_day_where_text_would_hang_on_the_logins_language(days: bool, bound: Any) -> None:
    step = Step(sql="select id from person where dob = :born and text_dob = :since", formats={"since": "%d/%m/%Y"})
    made = compile_text(step, {"born": date(2014, 5, 17), "since": date(2020, 1, 2)}, days=days)
    assert made.compile().params == {"born": bound, "since": "02/01/2020"}
