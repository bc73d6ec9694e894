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

_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "mssql": "mssql+pyodbc"}
_LOCAL = ("", "localhost", "127.0.0.1", "::1")


def engine(connect: Mapping[str, str], base: Path, tls: Tls, seconds: float) -> Engine:
    """An engine that can only read, as far as the database lets itself be told; nothing is connected yet.

    A relative path of an SQLite file starts at `base`; `seconds` is the longest that connecting may take.

    Raises Unavailable: `secret_missing` for an address that is none, `driver_missing` for a driver that is not
    installed.
    """
    url = _url(connect)
    common: dict[str, Any] = {"hide_parameters": True, "echo": False, "pool_size": 4, "max_overflow": 0}
    common |= {"logging_name": never_rows("mash_trawl_source")}
    if url.get_backend_name() == "sqlite":
        return create_engine("sqlite://", creator=_sqlite(url, base), poolclass=QueuePool, **common)
    common |= {"pool_pre_ping": True, "pool_timeout": max(1, int(seconds))}
    return create_engine(url, connect_args=arguments(url, tls, seconds, base), **common)


def connection_string(connect: Mapping[str, str]) -> str:
    """An ODBC connection string: `string`, or one built from the other settings, so that no value can add a setting."""
    if "string" in connect:
        return connect["string"]
    if not {"dsn", "driver"} & set(connect):
        raise Unavailable(Why.SECRET_MISSING)
    names = {"dsn": "DSN", "driver": "DRIVER", "server": "SERVER", "port": "PORT", "database": "DATABASE",
             "user": "UID", "password": "PWD"}  # fmt: skip
    pairs = [(names.get(key, key), value) for key, value in connect.items() if key not in ("auth", "url")]
    if connect.get("auth") == "windows":
        pairs.append(("Trusted_Connection", "yes"))
    if "encrypt" not in {key.lower() for key, _ in pairs} and "sql server" in connect.get("driver", "").lower():
        pairs.append(("Encrypt", "yes"))
    return ";".join(f"{name}={_braced(value)}" for name, value in pairs)


def _braced(value: str) -> str:
    """Braced where ODBC needs it, and only there: some drivers take the braces for part of a plain value."""
    plain = value == value.strip() and not set(value) & set("[]{}(),;?*=!@'\"")
    return value if plain and value else "{" + value.replace("}", "}}") + "}"


def _url(connect: Mapping[str, str]) -> URL:
    if "url" not in connect:
        if "driver" not in connect:
            raise Unavailable(Why.SECRET_MISSING)
        return URL.create("mssql+pyodbc", query={"odbc_connect": connection_string(connect)})
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
    """What the driver is told beside the address: time limits, read-only, certificates (a file starts at `base`)."""
    wait = max(1, int(seconds))
    if url.get_backend_name() == "postgresql":
        host = str(url.host or url.query.get("host", ""))
        near = host in _LOCAL or host.startswith("/")
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
    if url.get_driver_name() == "pyodbc":
        return {"timeout": wait, "readonly": True}
    return {"connect_timeout": wait} if url.get_backend_name() in ("mysql", "mariadb") else {}
