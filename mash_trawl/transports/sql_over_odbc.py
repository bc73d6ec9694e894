"""SQLAlchemy over an ODBC driver: SQL Server, MariaDB and MySQL, by settings or by an address.

The connection string holds the password, so it never becomes part of an address that SQLAlchemy would print.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Tls
from mash_trawl.transports import odbc_drivers, odbc_string
from mash_trawl.transports.odbc_knock import knock


def engine(backend: str, string: str, seconds: float, common: Mapping[str, Any]) -> Engine:
    """An engine for the database `backend`; `common` is what every engine is told. Nothing is connected yet.

    SQL Server is asked in statements that each stand alone: FreeTDS and a transaction do not go together.
    """
    own = {"isolation_level": "AUTOCOMMIT"} if backend == "mssql" else {}

    def opened() -> Any:
        knock(string, seconds)
        return odbc_drivers.pyodbc().connect(string, timeout=max(1, int(seconds)), readonly=True)

    address = URL.create(f"{backend}+pyodbc", query={"driver": "told elsewhere"})
    return create_engine(address, creator=opened, **own, **common)


def by_settings(connect: Mapping[str, str], tls: Tls, base: Path, seconds: float) -> tuple[str, str]:
    """Which SQL is spoken, and the connection string, for settings with a `driver`, `dsn` or `string`.

    Raises what `odbc_drivers.string` raises; Unavailable(`secret_missing`) for settings that name none of them.
    """
    if not {"driver", "dsn", "string"} & set(connect):
        raise Unavailable(Why.SECRET_MISSING)
    kind = odbc_string.kind_of(odbc_drivers.driver_of(connect))
    backend = str(kind) if kind in ("mariadb", "mysql") else "mssql"
    return backend, odbc_drivers.string(connect, tls, base, seconds)


def by_address(url: URL, connect: Mapping[str, str], tls: Tls, base: Path, seconds: float) -> tuple[str, str]:
    """The same for `mssql://user@host:1433/database?setting=value`; settings that stand beside it count more."""
    backend = url.get_backend_name()
    beside = {name: value for name, value in connect.items() if name not in ("url", "user", "password", "database")}
    return backend, odbc_drivers.string(_parts(url, beside), tls, base, seconds)


def _parts(url: URL, beside: Mapping[str, str]) -> dict[str, str]:
    said = {name: str(value) for name, value in url.query.items()} | dict(beside)
    if "odbc_connect" in said:
        return {"string": said["odbc_connect"]}
    login = {"user": url.username, "password": str(url.password or "")} if url.username else {}
    if url.host and not (url.database or url.port or "driver" in said):
        return {"dsn": url.host} | login | said
    if not login and url.get_backend_name() == "mssql":
        login = {"auth": "windows"}
    place = {"server": url.host or "localhost", "port": str(url.port or ""), "database": url.database or ""}
    driver = said.get("driver") or odbc_drivers.best(url.get_backend_name())
    return {"driver": driver} | {name: value for name, value in place.items() if value} | login | said
