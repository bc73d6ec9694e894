"""A SQL Server that is not there is told as that, and at once; nobody else's server is called for it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.transports import odbc, sql
from mash_trawl.transports.odbc_knock import knock

MICROSOFT = "DRIVER=ODBC Driver 18 for SQL Server;SERVER={place};DATABASE=x"


@pytest.fixture
def shut() -> Iterator[int]:
    """A port of this machine where nobody listens, and nobody else will."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.mark.parametrize("place", ["127.0.0.1,{port}", "tcp:127.0.0.1,{port}", "TCP:localhost,{port}"])
def test_a_shut_port_is_a_refused_connection(shut: int, place: str) -> None:
    with pytest.raises(Unavailable) as caught:
        knock(MICROSOFT.format(place=place.format(port=shut)), 1.0)
    assert caught.value.why == Why.CONNECTION_REFUSED


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (socket.gaierror(), Why.NAME_NOT_RESOLVED),
        (TimeoutError(), Why.DEADLINE),
        (OSError(), Why.CONNECTION_LOST),
        (OverflowError(), Why.CONNECTION_LOST),
    ],
)
def test_each_way_not_to_answer_has_its_name(monkeypatch: pytest.MonkeyPatch, error: Exception, why: str) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(socket, "create_connection", fail)
    with pytest.raises(Unavailable) as caught:
        knock(MICROSOFT.format(place="sqlserver.example,1433"), 1.0)
    assert caught.value.why == why


@pytest.mark.parametrize(
    "string",
    [
        "DRIVER=MariaDB Unicode;SERVER=127.0.0.1,{port}",
        "DRIVER=FreeTDS;SERVER=127.0.0.1,{port}",
        "DSN=council",
        MICROSOFT.replace("{place}", "127.0.0.1"),
        MICROSOFT.replace("{place}", "127.0.0.1\\INSTANCE"),
    ],
)
def test_nobody_else_is_called(shut: int, string: str) -> None:
    knock(string.replace("{port}", str(shut)), 1.0)


@pytest.mark.parametrize("road", [sql, odbc])
def test_both_roads_to_a_sql_server_knock(shut: int, road: Any, open_door: Callable[..., Any]) -> None:
    import mash_trawl_test_databases as databases

    door = open_door(driver=databases.microsoft_driver(), server="127.0.0.1", port=str(shut), database="x", user="u",
                     password="p")  # fmt: skip
    with road.open_session(door) as session, pytest.raises(Unavailable) as caught:
        list(session.rows("select 1 as one"))
    assert caught.value.why == Why.CONNECTION_REFUSED
