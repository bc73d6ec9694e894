"""What `check` says of databases: drivers, logins that could write, and what it could not find out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mash_trawl.cli import doctor_drivers
from mash_trawl.errors import Misconfigured, Problem, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Contact, SourceSettings, Tls
from mash_trawl.transports import odbc_drivers, rights

SOURCE = SourceSettings(
    name="lcs", agency="social_care", connect={"driver": "ODBC Driver 18 for SQL Server", "password": "hunter2"},
    contact=Contact(name="Data team", telephone="01632 960001"),
)  # fmt: skip


def hub(*sources: SourceSettings, kind: str = "odbc") -> Any:
    connector = SimpleNamespace(connector=SimpleNamespace(kind=kind))
    return SimpleNamespace(
        settings=SimpleNamespace(sources=sources, tls=Tls()), folder=Path("/hub"), registry=SimpleNamespace(
            source=lambda _: connector), clock=lambda: datetime(2026, 11, 3, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(("found", "level", "words"), [
    (rights.Rights(could="reads", database="mssql"), "ok", "may only read"),
    (rights.Rights(could="writes", database="mssql", held=("a table",)), "warning", "could write: a table"),
    (rights.Rights(could="unknown", database="openedge"), "warning", "could not be found out"),
    (Unavailable(Why.LOGIN_FAILED), "cannot be asked", "login failed"),
    (Unavailable(Why.DEADLINE), "cannot be asked", "deadline"),
    (Misconfigured(Problem(where="tls: pin", what="No.", do="Do this.")), "cannot be asked", "Do this."),
])  # fmt: skip
def test_check_says_what_a_login_could_do(monkeypatch: pytest.MonkeyPatch, found: Any, level: str, words: str) -> None:
    def looked(kind: str, connect: Any, tls: Tls, base: Path) -> Any:
        assert (kind, connect["password"]) == ("odbc", "hunter2")
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(rights, "look", looked)
    seen = doctor_drivers.look_at_login(hub(SOURCE), SOURCE, "odbc")
    assert (seen.level, seen.where) == (level, "lcs")
    assert words in seen.what and "hunter2" not in f"{seen.what} {seen.do}"


def test_a_missing_driver_manager_is_told_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> list[str]:
        raise Unavailable(Why.DRIVER_MISSING)

    monkeypatch.setattr(odbc_drivers, "installed", missing)
    (seen,) = doctor_drivers.look_at_drivers(hub(SOURCE))
    assert seen.level == "warning" and seen.do


def test_the_installed_drivers_are_listed_where_a_source_needs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odbc_drivers, "installed", lambda: ["FreeTDS", "MariaDB Unicode"])
    (seen,) = doctor_drivers.look_at_drivers(hub(SOURCE))
    assert seen.level == "ok" and "FreeTDS, MariaDB Unicode" in seen.what and "bits" in seen.what
    file = SourceSettings(name="x", agency="housing", connect={"url": "sqlite:///x.db"})
    assert list(doctor_drivers.look_at_drivers(hub(file, kind="sql"))) == []


@pytest.mark.parametrize(("kind", "connect", "login"), [
    ("sql", {"url": "sqlite:///x.db"}, False), ("sql", {"url": "postgresql://db/x"}, True),
    ("odbc", {"driver": "SQLite3", "database": "x.db"}, False), ("odbc", {"dsn": "LCS"}, True),
    ("files", {"folder": "drop"}, False), ("http", {"url": "https://x.example"}, False),
])  # fmt: skip
def test_only_where_there_is_a_login_one_is_tried(kind: str, connect: dict[str, str], login: bool) -> None:
    assert doctor_drivers.logs_in(SourceSettings(name="x", agency="a", connect=connect), kind, Path()) is login
