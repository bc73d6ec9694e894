"""Is anybody there? For `check` alone: opens a connection and closes it. Sends no login (see rights.py), nobody's data.

This is the one place that touches a network without a door, because there is no question behind it.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.transports import odbc_drivers, odbc_string

WAIT = 3.0
PORTS = {"https": 443, "http": 80, "postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}


def reach(connect: Mapping[str, str], base: Path) -> None:
    """Return when the source's address answers; raises Unavailable with the reason.

    `connect` holds resolved values; the relative path of a drop folder or SQLite file starts at `base`.
    """
    if "host" in connect:
        port = connect.get("port", "22")
        _connect(connect["host"], int(port) if port.isdigit() else 0)
    elif "folder" in connect:
        if not (base / connect["folder"]).is_dir():
            raise Unavailable(Why.CONNECTION_REFUSED)
    elif "url" in connect:
        _address(connect["url"], base)
    else:
        _driver(connect)


def _address(url: str, base: Path) -> None:
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme == "sqlite":
        file = url.removeprefix("sqlite:///").partition("?")[0]
        if not (base / file).is_file():
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


def _driver(connect: Mapping[str, str]) -> None:
    """pyodbc is there and finds the machine's driver manager, and the source's driver is installed."""
    driver, installed = odbc_drivers.driver_of(connect), odbc_drivers.installed()
    named = {name.lower(): value for name, value in odbc_string.settings(connect)}
    if "driver" in named and driver not in installed and not Path(driver).is_file():
        raise Unavailable(Why.DRIVER_MISSING)
