"""A statement is sent once more when its line failed before a row came; never after one, nor for a refused log-in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from mash_trawl.errors import Refused, TrawlError, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.mapping import Condition, Step
from mash_trawl.transports import sql
from mash_trawl.transports.sql_again import Trying, Unclear
from mash_trawl.transports.sql_faults import why_of

SOUND = Step(table="person", columns=("person_id",), where=(Condition(column="surname", key="k", how="soundex"),))


@pytest.fixture
def patient(open_door: Callable[..., Any]) -> Callable[..., Any]:
    """Open a door with three tries that notes each request; `pausing` is called in place of the pause."""

    def opened(pausing: Callable[[], None] = lambda: None, tries: int = 3, **settings: Any) -> Any:
        door = open_door(**settings)
        door.limits, door.asked = replace(door.limits, attempts=tries), []

        def request(*, page: int = 1, attempt: int = 1) -> float:
            door.asked.append(attempt)
            return float(door.seconds)

        door.request, door.wait = request, lambda seconds: pausing()
        return door

    return opened


class Scripted(Trying):
    """A session that fails as it is told: each item is what one sending does, rows first."""

    def __init__(self, door: Any, *sendings: tuple[int, TrawlError | None], connected: bool = False) -> None:
        super().__init__(door)
        self._sendings, self.dropped = iter(sendings), 0
        self._connection = object() if connected else None

    def close(self) -> None:
        """Nothing is open."""

    def _drop(self) -> None:
        self.dropped += 1

    def rows(self) -> list[int]:
        """Send."""
        return list(self._tried(self._once))

    def _once(self) -> Iterator[int]:
        rows, failed = next(self._sendings)
        for number in range(rows):
            assert self._door.row()
            yield number
        if failed is not None:
            raise failed


@pytest.mark.parametrize("why", [Why.CONNECTION_REFUSED, Why.CONNECTION_LOST, Why.DEADLINE])
def test_a_fault_of_the_line_before_a_row_is_tried_once_more(patient: Callable[..., Any], why: Why) -> None:
    door = patient()
    session = Scripted(door, (0, Unavailable(why)), (2, None))
    assert session.rows() == [0, 1]
    assert door.asked == [1, 2] and session.dropped == 1


def test_the_second_fault_is_told_and_there_is_no_third_try(patient: Callable[..., Any]) -> None:
    door = patient()
    session = Scripted(door, (0, Unavailable(Why.CONNECTION_LOST)), (0, Unavailable(Why.CONNECTION_REFUSED)), (1, None))
    with pytest.raises(Unavailable) as failed:
        session.rows()
    assert failed.value.why == Why.CONNECTION_REFUSED and door.asked == [1, 2]


@pytest.mark.parametrize("failed", [
    Unavailable(Why.LOGIN_FAILED), Unavailable(Why.TLS_FAILED), Unavailable(Why.SERVER_ERROR),
    Unavailable(Why.DRIVER_MISSING), Unavailable(Why.TOO_MANY_REQUESTS), Unclear(Why.CONNECTION_REFUSED),
    Refused("custodian_said_no"),
])  # fmt: skip
def test_what_would_come_out_the_same_or_may_lock_an_account_is_not_tried_again(
    patient: Callable[..., Any], failed: TrawlError
) -> None:
    door = patient()
    with pytest.raises(type(failed)) as told:
        Scripted(door, (0, failed), (1, None)).rows()
    assert told.value is failed and door.asked == [1]


def test_what_came_in_part_is_never_asked_for_again(patient: Callable[..., Any]) -> None:
    door = patient()
    with pytest.raises(Unavailable):
        Scripted(door, (1, Unavailable(Why.CONNECTION_LOST)), (2, None)).rows()
    assert door.asked == [1]


def test_a_statement_that_took_too_long_is_not_sent_twice(patient: Callable[..., Any]) -> None:
    door = patient()
    with pytest.raises(Unavailable):
        Scripted(door, (0, Unavailable(Why.DEADLINE)), (1, None), connected=True).rows()
    assert door.asked == [1]


@pytest.mark.parametrize("settings", [{"tries": 1}, {"seconds": 0.05}])
def test_nothing_is_begun_that_the_deadline_or_the_hub_forbids(patient: Callable[..., Any], settings: Any) -> None:
    door = patient(**settings)
    with pytest.raises(Unavailable) as failed:
        Scripted(door, (0, Unavailable(Why.CONNECTION_LOST)), (1, None)).rows()
    assert failed.value.why == Why.CONNECTION_LOST and door.asked == [1], "told as what it was"


def test_a_file_that_comes_back_meanwhile_is_read(patient: Callable[..., Any], tmp_path: Path) -> None:
    def made() -> None:
        with closing(sqlite3.connect(tmp_path / "late.db")) as db, db:
            db.execute("create table person(person_id text, surname text)")
            db.execute("insert into person values ('T1', 'Khan')")

    door = patient(made, url="sqlite:///late.db")
    with sql.open_session(door) as session:
        assert session.answers(SOUND) in (True, False), "whether it has soundex or not, it could be asked"
        assert [row.person_id for row in session.select(Step(table="person", columns=("person_id",)), {})] == ["T1"]
    assert door.asked == [1, 2, 1]


def test_a_line_that_was_lost_between_two_statements_is_made_anew(
    patient: Callable[..., Any], postgresql_server: str
) -> None:
    address = f"{postgresql_server}/postgres"
    killer = create_engine(address, isolation_level="AUTOCOMMIT")
    door = patient(url=address)
    with sql.open_session(door) as session:
        (row,) = session.rows("select pg_backend_pid() as pid")
        with killer.connect() as connection:
            connection.execute(text(f"select pg_terminate_backend({int(row.pid)}, 5000)"))
        (after,) = session.rows("select pg_backend_pid() as pid")
    killer.dispose()
    assert after.pid != row.pid and door.asked == [1, 1, 2]


@pytest.mark.parametrize(("said", "why"), [
    ("FATAL: no pg_hba.conf entry for host", Why.LOGIN_FAILED),
    ("FATAL: the database system is starting up", Why.CONNECTION_LOST),
])  # fmt: skip
def test_a_refusal_of_postgresql_is_told_from_a_fault_that_passes(said: str, why: Why) -> None:
    assert why_of(Exception(said)) is why
