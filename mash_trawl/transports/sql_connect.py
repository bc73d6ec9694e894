"""The way to one database: address, read-only settings and certificates, from a door's resolved settings."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from mash_trawl.errors import Unavailable
from mash_trawl.log import never_rows
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Tls
from mash_trawl.transports import sql_oracle, sql_over_odbc

_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mssql": "mssql+pyodbc",
    "mariadb": "mariadb+pyodbc",
    "mysql": "mysql+pyodbc",
    "oracle": "oracle+oracledb",
}
_LOCAL = ("", "localhost", "127.0.0.1", "::1")


def engine(connect: Mapping[str, str], base: Path, tls: Tls, seconds: float) -> Engine:
    """An engine that can only read, as far as the database lets itself be told; nothing is connected yet.

    A relative path of an SQLite file starts at `base`; `seconds` is the longest that connecting may take.

    Raises Unavailable: `secret_missing` for an address that is none, `driver_missing` for a driver that is not
    installed.
    """
    common: dict[str, Any] = {"hide_parameters": True, "echo": False, "pool_size": 4, "max_overflow": 0}
    common |= {"logging_name": never_rows("mash_trawl_source")}
    url = _url(connect) if "url" in connect else None
    if url is not None and url.get_backend_name() == "sqlite":
        return create_engine("sqlite://", creator=_sqlite(url, base), poolclass=QueuePool, **common)
    common |= {"pool_pre_ping": True, "pool_timeout": max(1, int(seconds))}
    if url is None:
        return sql_over_odbc.engine(*sql_over_odbc.by_settings(connect, tls, base, seconds), seconds, common)
    if url.drivername.endswith("+pyodbc"):
        return sql_over_odbc.engine(*sql_over_odbc.by_address(url, connect, tls, base, seconds), seconds, common)
    if url.get_backend_name() == "oracle":
        return create_engine(url, **sql_oracle.arguments(url, connect, tls, seconds, base), **common)
    return create_engine(url, connect_args=arguments(url, tls, seconds, base), **common)


def _url(connect: Mapping[str, str]) -> URL:
    try:
        url = make_url(connect["url"])
    except ArgumentError:
        raise Unavailable(Why.SECRET_MISSING) from None
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    return url.set(
        username=connect.get("user", url.username),
        password=connect.get("password", url.password),
        database=connect.get("database", url.database),
    )


def _sqlite(url: URL, base: Path) -> Callable[[], sqlite3.Connection]:
    """Open the file read-only; a missing file is an error, never a new empty database."""
    if not url.database or url.database == ":memory:":
        raise Unavailable(Why.SECRET_MISSING)
    address = (base / url.database).absolute().as_uri() + "?mode=ro"

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(address, uri=True, timeout=1.0, check_same_thread=False)
        connection.execute("pragma query_only = on")
        connection.execute("pragma trusted_schema = off")
        return connection

    return opened


def arguments(url: URL, tls: Tls, seconds: float, base: Path) -> dict[str, Any]:
    """What the driver is told beside the address: time limits, read-only, certificates (a file starts at `base`).

    Raises Misconfigured for a driver that this program cannot tell to check certificates.
    """
    wait = max(1, int(seconds))
    driver = url.get_driver_name()
    host = str(url.host or url.query.get("host", ""))
    near = host in _LOCAL or host.startswith("/")
    if not near and tls.unverified is None:
        _refuse(driver, tls)
    if url.get_backend_name() == "postgresql":
        return _postgresql(url, near, tls, wait, base)
    if driver == "pymysql":
        told = {"connect_timeout": wait, "read_timeout": wait, "charset": "utf8mb4"}
        return told if near else told | {"ssl": sql_oracle.context(tls, base)}
    return {"connect_timeout": wait} if url.get_backend_name() in ("mysql", "mariadb") else {}


def _refuse(driver: str, tls: Tls) -> None:
    if driver not in ("psycopg", "psycopg2", "pymysql"):
        raise sql_oracle.cannot(
            "ca", "This program does not know how to tell this library to check the server's certificate.",
            "Read the database over ODBC, or have `tls: {unverified: {approved_by, reason, until}}` approved.",
        )  # fmt: skip
    if tls.pin is not None:
        raise sql_oracle.cannot("pin", "No database's library compares fingerprints.", "Write `tls: {ca: FILE}`.")


def _postgresql(url: URL, near: bool, tls: Tls, wait: int, base: Path) -> dict[str, Any]:
    own = url.query.get("options", "")
    mode = "prefer" if near else "require" if tls.unverified else "verify-full"
    ca = tls.ca if tls.ca == "system" else str(base / tls.ca)
    told: dict[str, Any] = {
        "connect_timeout": wait,
        "options": f"{own} -c default_transaction_read_only=on -c statement_timeout={wait * 1000}".lstrip(),
        "sslmode": mode,
        "passfile": str(Path(os.devnull, "none")),
        "application_name": "mash_trawl",
    }
    return told if near or tls.unverified else told | {"sslrootcert": ca}
