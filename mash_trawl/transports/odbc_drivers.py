"""The ODBC drivers and data sources of this machine. pyodbc is loaded at the first question: it needs unixODBC."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.hub import Tls
from mash_trawl.transports.odbc_string import connection_string, kind_of, settings

_WANTED = {
    "mssql": ("microsoft", "microsoft_old", "freetds"),
    "mariadb": ("mariadb", "mysql"),
    "mysql": ("mysql", "mariadb"),
}


def pyodbc() -> Any:
    """The library. Raises Unavailable(`driver_missing`) without it or the machine's driver manager."""
    try:
        return importlib.import_module("pyodbc")
    except ImportError:
        raise Unavailable(Why.DRIVER_MISSING) from None


def string(connect: Mapping[str, str], tls: Tls, base: Path, seconds: float) -> str:
    """The connection string of a source on this machine.

    Raises what `connection_string` raises, and Unavailable(`driver_missing`) for a driver or DSN that is not here.
    """
    return connection_string(connect, tls, base, seconds, driver_of(connect))


def driver_of(connect: Mapping[str, str]) -> str:
    """The name or file of the driver that a source uses, also behind a `dsn`. Raises Unavailable."""
    said = {name.lower(): value for name, value in settings(connect)}
    driver = said.get("driver") or data_sources().get(said.get("dsn", ""))
    if driver is None or not (kind_of(driver) != "other" or driver in pyodbc().drivers() or Path(driver).is_file()):
        raise Unavailable(Why.DRIVER_MISSING)
    return driver


def data_sources() -> Mapping[str, str]:
    """Each data source name (DSN) of this machine and account, with its driver."""
    found: Mapping[str, str] = pyodbc().dataSources()
    return found


def installed() -> list[str]:
    """The drivers that this Python can use, by name. Raises Unavailable(`driver_missing`) without a driver manager."""
    return sorted(pyodbc().drivers())


def best(backend: str) -> str:
    """The installed driver that suits a database best. Raises Unavailable(`driver_missing`) without any."""
    drivers = sorted(pyodbc().drivers(), key=lambda name: (name.startswith("ODBC Driver"), name), reverse=True)
    for wanted in _WANTED[backend]:
        for driver in drivers:
            if kind_of(driver) == wanted:
                return str(driver)
    raise Unavailable(Why.DRIVER_MISSING)
