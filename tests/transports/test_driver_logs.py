"""What ODBC drivers write by themselves: nothing that is about anybody."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import Misconfigured
from mash_trawl.transports import odbc
from mash_trawl.transports.odbc_string import connection_string, read

POSTGRESQL = {"driver": "PostgreSQL Unicode", "server": "127.0.0.1"}


@pytest.mark.parametrize("more", [{}, {"Debug": "0"}, {"commlog": "0"}])
def test_psqlodbc_is_told_to_write_no_log(more: dict[str, str]) -> None:
    said = [(name.lower(), value) for name, value in read(connection_string(POSTGRESQL | more))]
    assert [pair for pair in said if pair[0] in ("debug", "commlog")] == [("debug", "0"), ("commlog", "0")]


def test_it_is_told_so_behind_the_name_of_a_data_source_too() -> None:
    string = connection_string({"dsn": "council", "server": "127.0.0.1"}, driver="psqlodbcw.so")
    assert string.endswith("Debug=0;CommLog=0")


@pytest.mark.parametrize("name", ["Debug", "CommLog", "debug", "B2", "B3"])
def test_a_setting_that_wants_such_a_log_is_refused(name: str) -> None:
    with pytest.raises(Misconfigured, match=f"(?i)connect: {name}.*password in clear"):
        connection_string(POSTGRESQL | {name: "1"})


def test_other_drivers_are_told_nothing_about_it() -> None:
    string = connection_string({"driver": "MariaDB Unicode", "server": "127.0.0.1"})
    assert "debug" not in string.lower() and "commlog" not in string.lower()


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    """All that this process's driver wrote under the folder for temporary files."""
    mine = f"*{os.getpid()}.log"

    def texts() -> str:
        return "".join(file.read_text("utf-8", "replace") for file in Path(tempfile.gettempdir()).glob(mine))

    before = texts()
    yield lambda: texts().removeprefix(before)


def test_a_data_source_that_wants_a_log_gets_none(
    postgresql_server: str, open_door: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    written: Callable[[], str],
) -> None:  # fmt: skip
    import mash_trawl_test_databases as databases

    driver = databases.driver("PostgreSQL Unicode", "odbc-postgresql")
    port = postgresql_server.rpartition(":")[2]
    lines = ("[council]", f"Driver={driver}", "Servername=127.0.0.1", f"Port={port}", "Debug=1", "CommLog=1")
    (tmp_path / "odbc.ini").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setenv("ODBCINI", str(tmp_path / "odbc.ini"))
    settings = {"dsn": "council", "server": "127.0.0.1", "port": port, "database": "postgres", "user": "trawl"}
    with odbc.open_session(open_door(**settings)) as session:
        asked = list(session.rows("select 1 from pg_class where relname = :kanaria", kanaria="Qvarnkvist"))
    assert asked == []
    assert not [word for word in ("Qvarnkvist", "relname", "council") if word in written()]
