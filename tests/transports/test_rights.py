"""What `check` finds out about a login: asked of the real databases, in a process that can be killed."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mash_trawl.errors import Misconfigured, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Tls
from mash_trawl.transports import rights


@pytest.fixture(scope="module")
def postgresql_logins(postgresql_server: str) -> Iterator[Callable[[str], str]]:
    """The address for a login: one that reads, one that writes a table, and the owner of everything."""
    from sqlalchemy import create_engine, text

    admin = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in ("create database rights", "create role looks login", "create role works login"):
            connection.execute(text(statement))
    inside = create_engine(f"{postgresql_server}/rights", isolation_level="AUTOCOMMIT")
    with inside.connect() as connection:
        for statement in ("create table held(a int)", "grant select on held to looks, works",
                          "grant update on held to works"):  # fmt: skip
            connection.execute(text(statement))
    inside.dispose()
    yield lambda login: postgresql_server.replace("trawl@", f"{login}@") + "/rights"
    with admin.connect() as connection:
        for statement in ("drop database rights with (force)", "drop role looks", "drop role works"):
            connection.execute(text(statement))
    admin.dispose()


@pytest.mark.parametrize(("login", "could", "held"), [
    ("looks", "reads", ()), ("works", "writes", ("a table",)), ("trawl", "writes", ("superuser", "a table")),
])  # fmt: skip
def test_postgresql_says_whether_a_login_could_write(
    postgresql_logins: Callable[[str], str],
    open_door: Callable[..., Any],
    login: str,
    could: str,
    held: tuple[str, ...],
) -> None:
    found = rights.ask("sql", open_door(url=postgresql_logins(login)))
    assert (found.could, found.database, found.held) == (could, "postgresql", held)


@pytest.mark.parametrize("kind", ["sql", "odbc"])
@pytest.mark.parametrize(("login", "could", "held"), [("reader", "reads", ()), ("writer", "writes", ("UPDATE",))])
def test_mariadb_says_whether_a_login_could_write(
    mariadb_server: Any, open_door: Callable[..., Any], kind: str, login: str, could: str, held: tuple[str, ...]
) -> None:
    import mash_trawl_test_databases as databases

    settings = mariadb_server.settings(databases.driver("MariaDB Unicode", "odbc-mariadb"), user=login)
    found = rights.ask(kind, open_door(**settings))
    assert (found.could, found.database, found.held) == (could, "mariadb", held)


def test_sql_servers_protocol_is_asked_too(sql_server: Any, open_door: Callable[..., Any]) -> None:
    import mash_trawl_test_databases as databases

    found = rights.ask("odbc", open_door(**sql_server.settings(databases.microsoft_driver())))
    assert (found.could, found.database, found.held) == ("reads", "mssql", ())


@pytest.mark.parametrize(("told", "could"), [
    ([[], []], "reads"), ([[], Unavailable(Why.SERVER_ERROR)], "unknown"),
    ([["a table"], Unavailable(Why.SERVER_ERROR)], "writes"), ([[], ["a table"]], "writes"),
])  # fmt: skip
def test_what_a_database_does_not_answer_is_unknown_and_never_a_yes(
    monkeypatch: pytest.MonkeyPatch, told: list[Any], could: str
) -> None:
    answers = iter(told)

    class Told:
        def database(self) -> str:
            return "microsoft sql server"

        def rows(self, question: str) -> list[Any]:
            answer = next(answers)
            if isinstance(answer, Unavailable):
                raise answer
            return [SimpleNamespace(held=word) for word in answer]

    monkeypatch.setattr(rights, "session", lambda kind, door: nullcontext(Told()))
    assert rights.ask("odbc", None).could == could


def test_an_sqlite_file_is_opened_to_read_only(people: Path, open_door: Callable[..., Any]) -> None:
    assert rights.ask("sql", open_door(url=f"sqlite:///{people}")).could == "reads"


def test_a_database_that_is_not_known_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    told = SimpleNamespace(database=lambda: "progress openedge")
    monkeypatch.setattr(rights, "session", lambda kind, door: nullcontext(told))
    assert rights.ask("odbc", None) == rights.Rights(could="unknown", database="progress openedge")


def test_a_driver_that_hangs_is_killed_with_its_process() -> None:
    import mash_trawl_test_databases as databases

    driver = databases.microsoft_driver()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = {"driver": driver, "server": "127.0.0.1", "port": str(silent.getsockname()[1]), "user": "x"}
        with pytest.raises(Unavailable) as failed:
            rights.look("odbc", settings, Tls(), Path(), seconds=1.0)
    assert failed.value.why == Why.DEADLINE


def test_a_wrong_password_and_a_wrong_setting_come_back_as_what_they_are(mariadb_server: Any) -> None:
    import mash_trawl_test_databases as databases

    driver = databases.driver("MariaDB Unicode", "odbc-mariadb")
    with pytest.raises(Unavailable) as failed:
        rights.look("odbc", mariadb_server.settings(driver, password="wrong"), Tls(), Path())
    assert failed.value.why == Why.LOGIN_FAILED
    with pytest.raises(Misconfigured, match="tls"):
        rights.look("odbc", mariadb_server.settings(driver, server=databases.FAR), Tls(pin="ab" * 32), Path())
