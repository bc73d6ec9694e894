"""Is anybody there? For `check` alone: opens a connection and closes it. Sends no login and nothing about anybody.

This is the one place that touches a network without a door, because there is no question behind it.
"""

from __future__ import annotations

import importlib
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why

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
        _driver(connect.get("driver", ""))


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


def _driver(wanted: str) -> None:
    """pyodbc is there and finds the machine's driver manager, and the named driver is installed."""
    try:
        pyodbc = importlib.import_module("pyodbc")
    except ImportError:
        raise Unavailable(Why.DRIVER_MISSING) from None
    installed = pyodbc.drivers()
    if not installed or (wanted and wanted not in installed and not Path(wanted).is_file()):
        raise Unavailable(Why.DRIVER_MISSING)
