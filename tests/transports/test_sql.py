"""Sessions over SQL databases: what is asked, what comes back, what can never happen."""

from __future__ import annotations

import logging
import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mash_trawl.errors import Malformed, Misconfigured, TrawlError, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import Bound, Condition, Step
from mash_trawl.transports.sql import Engines, open_session

BY_NAME = Step(
    table="person",
    columns=("person_id", "surname"),
    where=(Condition(column="surname", key="family"),),
    order=("person_id",),
)
ENDLESS = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(x) as c from n"
Doors = Callable[..., Any]


@pytest.fixture
def at_people(open_door: Doors, people: Path) -> Any:
    return open_door(url=f"sqlite:///{people.name}")


def ids(door: Any, step: Step, **values: Bound) -> list[str]:
    with open_session(door) as session:
        return [row.person_id for row in session.select(step, values)]


def compared(column: str, key: str, **more: Any) -> Step:
    test = Condition(column=column, key=key, **more)
    return Step(table="person", columns=("person_id",), where=(test,), order=("person_id",))


def test_a_row_is_read_by_name_in_any_case(at_people: Any) -> None:
    with open_session(at_people) as session:
        (row,) = session.rows("select Surname, uprn from person where person_id = :ref", ref="T1")
    assert (row.surname, row["SURNAME"], row.uprn, "pc" in row) == ("Khan", "Khan", 100023336956, False)
    with pytest.raises(AttributeError):
        _ = row.pc


def test_a_row_never_shows_itself(at_people: Any) -> None:
    with open_session(at_people) as session:
        rows = list(session.rows("select surname from person"))
    assert "Khan" not in repr(rows) and "Khan" not in f"{rows[0]}"


def test_every_way_of_writing_a_name_counts(at_people: Any) -> None:
    assert ids(at_people, BY_NAME, family=("Khan", "KHAN")) == ["T1", "T2"]


def test_a_key_without_a_value_matches_nobody(at_people: Any) -> None:
    assert ids(at_people, BY_NAME, family=None) == []


def test_an_open_period_is_no_condition_and_undated_rows_stay_inside_any_period(at_people: Any) -> None:
    everybody = ["T1", "T2", "T3", "T4"]
    assert ids(at_people, compared("person_id", "since", how="at_least"), since=None) == everybody
    late = Step(table="person", columns=("person_id",), where=(Condition(column="pc", key="since", how="at_least"),))
    assert ids(at_people, late, since="zz") == ["T3", "T4"]


def test_a_day_is_bound_in_the_format_of_its_column(at_people: Any) -> None:
    step = compared("dob", "born", format="%d/%m/%Y")
    assert ids(at_people, step, born=date(2014, 5, 17)) == ["T1", "T2"]


def test_a_number_column_takes_the_text_of_a_number_and_no_other(at_people: Any) -> None:
    assert ids(at_people, compared("uprn", "uprn"), uprn=("100023330001", "0100023330001")) == ["T3"]
    assert ids(at_people, compared("uprn", "uprn"), uprn="1 or 1=1") == []


def test_soundex_is_asked_only_where_the_database_has_it(at_people: Any) -> None:
    step = compared("surname", "family_soundex", how="soundex")
    with open_session(at_people) as session, closing(sqlite3.connect(":memory:")) as here:
        try:
            here.execute("select soundex('a')")
        except sqlite3.OperationalError:
            assert not session.answers(step)
        else:
            assert session.answers(step) and ids(at_people, step, family_soundex="K500") == ["T1", "T2"]
        assert session.answers(BY_NAME)


@pytest.mark.parametrize(
    "surname", ["' or '1'='1", "x'; drop table person; --", "%", "_", '" or 1=1', "\\'", "K\x00han"]
)
def test_a_hostile_surname_is_a_name_that_nobody_has(at_people: Any, people: Path, surname: str) -> None:
    assert ids(at_people, BY_NAME, family=surname) == []
    with open_session(at_people) as session:
        assert list(session.rows("select 1 from person where surname = :family", family=surname)) == []
    with closing(sqlite3.connect(people)) as db:
        assert db.execute("select count(*) from person").fetchone() == (4,)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    surname=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
        lambda t: t not in ("Khan", "KHAN", "O'Brien", "Null")
    )
)
def test_no_surname_whatever_finds_another(at_people: Any, surname: str) -> None:
    at_people.tally.rows = 0
    assert ids(at_people, BY_NAME, family=surname) == []


@pytest.mark.parametrize(
    "name", ['person"; drop table person; --', "person where 1=1", "pers]on", "person`", "sqlite_temp", ""]
)
def test_a_hostile_table_or_column_is_not_in_the_catalogue_and_nothing_is_run(at_people: Any, name: str) -> None:
    for step in (Step(table=name, columns=("person_id",)), Step(table="person", columns=(name,)),
                 compared(name, "family")):  # fmt: skip
        with open_session(at_people) as session, pytest.raises(Unavailable) as failed:
            list(session.select(step, {"family": "Khan"}))
        assert failed.value.why == Why.SERVER_ERROR


def test_a_table_whose_real_name_is_hostile_can_be_read(open_door: Doors, tmp_path: Path) -> None:
    name = 'a"b]c`d;--'
    with closing(sqlite3.connect(tmp_path / "odd.db")) as db, db:
        db.execute('create table "a""b]c`d;--" ("x""y" text)')
        db.execute("""insert into "a""b]c`d;--" values ('here')""")
    with open_session(open_door(url="sqlite:///odd.db")) as session:
        (row,) = session.select(Step(table=name, columns=('x"y',)), {})
    assert row['x"y'] == "here"


@pytest.mark.parametrize("statement", [
    "delete from person", "select 1; drop table person", "with x as (select 1) insert into person select 1",
    "update person set surname = 'x'", "", "pragma query_only = off", "attach 'x' as y",
])  # fmt: skip
def test_a_statement_that_does_more_than_read_is_refused_before_it_is_sent(at_people: Any, statement: str) -> None:
    with open_session(at_people) as session, pytest.raises(Misconfigured):
        list(session.rows(statement))


def test_the_database_itself_refuses_to_write(at_people: Any) -> None:
    with open_session(at_people) as session:
        list(session.rows("select 1 as one"))
        driver = session._connection.connection.driver_connection
        with pytest.raises(sqlite3.OperationalError):
            driver.execute("insert into person values ('x', 'x', 'x', 'x', 1, 'x')")


def test_a_missing_file_is_an_error_and_is_not_created(open_door: Doors, tmp_path: Path) -> None:
    with open_session(open_door(url="sqlite:///none.db")) as session, pytest.raises(Unavailable) as failed:
        list(session.rows("select 1"))
    assert failed.value.why == Why.CONNECTION_REFUSED and not (tmp_path / "none.db").exists()


def test_a_colon_in_a_quoted_text_is_a_colon(at_people: Any) -> None:
    with open_session(at_people) as session:
        (row,) = session.rows("select ':ref' as a, 'it''s 12:30' as b, /* :no */ :ref as c -- :nor", ref="T1")
    assert (row.a, row.b, row.c) == (":ref", "it's 12:30", "T1")


def test_a_name_without_a_value_is_the_authors_mistake(at_people: Any) -> None:
    with open_session(at_people) as session, pytest.raises(Misconfigured):
        list(session.rows("select 1 where 1 = :nobody"))


def test_the_row_budget_stops_and_says_so(open_door: Doors, people: Path) -> None:
    for sql in (None, "select person_id, surname from person where surname <> :family"):
        door = open_door(url=f"sqlite:///{people.name}", rows=2)
        step = Step(table="person", columns=("person_id",)) if sql is None else Step(sql=sql)
        assert len(ids(door, step, family="x")) == 2 and door.tally.truncated


def test_exactly_the_budget_is_not_called_cut_off(open_door: Doors, people: Path) -> None:
    door = open_door(url=f"sqlite:///{people.name}", rows=4)
    assert len(ids(door, Step(table="person", columns=("person_id",)))) == 4 and not door.tally.truncated


def test_a_statement_that_never_ends_is_stopped_at_the_deadline(open_door: Doors, people: Path) -> None:
    door = open_door(url=f"sqlite:///{people.name}", seconds=0.05)
    with open_session(door) as session, pytest.raises(Unavailable) as failed:
        list(session.rows(ENDLESS))
    assert failed.value.why == Why.DEADLINE


def test_the_gate_is_asked_before_each_statement(at_people: Any) -> None:
    with open_session(at_people) as session:
        assert at_people.tally.requests == 0
        list(session.rows("select 1"))
        list(session.select(BY_NAME, {"family": "Khan"}))
    assert at_people.tally.requests == 2


def test_what_the_gate_refuses_is_never_connected(at_people: Any, people: Path) -> None:
    people.unlink()

    def refused(**_: Any) -> float:
        raise Unavailable(Why.DEADLINE)

    at_people.request = refused
    with pytest.raises(Unavailable) as failed, open_session(at_people) as session:
        list(session.rows("select 1"))
    assert failed.value.why == Why.DEADLINE


@pytest.mark.parametrize(("url", "why"), [
    ("not an address", Why.SECRET_MISSING), ("sqlite://", Why.SECRET_MISSING),
    ("nosuchdatabase://x", Why.DRIVER_MISSING),
    ("postgresql://u:hunter2@127.0.0.1:1/x", Why.CONNECTION_REFUSED),
])  # fmt: skip
def test_an_address_that_leads_nowhere_is_told_by_a_code_only(open_door: Doors, url: str, why: Why) -> None:
    with pytest.raises(Unavailable) as failed, open_session(open_door(url=url)) as session:
        list(session.rows("select 1"))
    assert failed.value.why == why
    assert failed.value.__cause__ is None and "hunter2" not in "".join(traceback.format_exception(failed.value))


def test_a_file_that_is_no_database_is_an_unreadable_answer(open_door: Doors, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("<html>Proxy error</html>" * 100)
    with open_session(open_door(url="sqlite:///x.db")) as session, pytest.raises(Malformed):
        list(session.rows("select name from sqlite_master"))


def test_text_in_the_wrong_encoding_is_an_unreadable_answer(open_door: Doors, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as db, db:
        db.execute("create table t (a text)")
        db.execute("insert into t values (cast(x'e9' as text))")
    with open_session(open_door(url="sqlite:///x.db")) as session, pytest.raises(TrawlError):
        list(session.rows("select a from t"))


def test_no_value_is_in_logs_or_in_what_is_raised(at_people: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "-".join(("Canary", "Smythe"))
    with open_session(at_people) as session, pytest.raises(Unavailable) as failed:
        list(session.rows("select missing_column from person where surname = :family", family=canary))
    told = caplog.text + "".join(traceback.format_exception(failed.value, chain=True))
    assert canary not in told and failed.value.__cause__ is None


def test_kept_engines_serve_the_next_ask_and_are_forgotten_after_a_fault(at_people: Any) -> None:
    engines = Engines()
    with open_session(at_people, engines) as session:
        list(session.select(BY_NAME, {"family": "Khan"}))
    first, catalogue = engines.engine(at_people)
    assert list(catalogue) == ["person"]
    with pytest.raises(Unavailable), open_session(at_people, engines) as session:
        list(session.rows("select nothing from nowhere"))
    assert engines.engine(at_people)[0] is not first
    engines.close()
