"""Is anybody there? For `check` alone: opens a connection and closes it. Sends no login and nothing about anybody.

This is the one place that touches a network without a door, because there is no question behind it.
"""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why

WAIT = 3.0
PORTS = {"https": 443, "http": 80, "postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}


def reach(kind: str, connect: Mapping[str, str]) -> None:
    """Return when the source's address answers; raises Unavailable with the reason. `connect` holds resolved values."""
    if kind == "files":
        _folder(connect.get("folder", ""))
    elif kind == "odbc":
        _driver()
    else:
        _address(connect.get("url", ""))


def _address(url: str) -> None:
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme == "sqlite":
        file = url.removeprefix("sqlite:///").partition("?")[0]
        if not Path(file).is_file():
            raise Unavailable(Why.CONNECTION_REFUSED)
        return
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORTS.get(scheme)
    except ValueError:
        raise Unavailable(Why.NAME_NOT_RESOLVED) from None
    if not host or not port:
        raise Unavailable(Why.NAME_NOT_RESOLVED)
    _connect(host, port)


def _connect(host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), timeout=WAIT).close()
    except socket.gaierror:
        raise Unavailable(Why.NAME_NOT_RESOLVED) from None
    except TimeoutError:
        raise Unavailable(Why.DEADLINE) from None
    except OSError:
        raise Unavailable(Why.CONNECTION_REFUSED) from None


def _folder(folder: str) -> None:
    if not Path(folder).is_dir():
        raise Unavailable(Why.CONNECTION_REFUSED)


def _driver() -> None:
    """pyodbc is there and can load the machine's driver manager."""
    if importlib.util.find_spec("pyodbc") is None:
        raise Unavailable(Why.DRIVER_MISSING)
    try:
        import pyodbc

        if not pyodbc.drivers():
            raise Unavailable(Why.DRIVER_MISSING)
    except ImportError:
        raise Unavailable(Why.DRIVER_MISSING) from None
