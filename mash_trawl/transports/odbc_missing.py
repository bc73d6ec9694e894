"""What is missing to read a database, and how to get it on this kind of machine."""

from __future__ import annotations

from collections.abc import Mapping

from mash_trawl.errors import Unavailable
from mash_trawl.system.machine import Machine, bits, machine, other_width
from mash_trawl.transports.odbc_string import Kind, kind_of, settings

_OWN = "msodbcsql18, from Microsoft's own package source"
_WAYS: Mapping[str, tuple[str, str, str]] = {
    "manager": ("unixodbc", "unixODBC", ""),
    "microsoft": (_OWN, _OWN, "ODBC Driver 18 for SQL Server, Microsoft's installer"),
    "freetds": ("tdsodbc", "freetds, from EPEL", ""),
    "mariadb": ("odbc-mariadb", "mariadb-connector-odbc", "MariaDB Connector/ODBC, its installer"),
    "mysql": ("mysql-connector-odbc, from MySQL's own package source",
              "mysql-connector-odbc, from MySQL's own package source", "MySQL Connector/ODBC, its installer"),
    "postgresql": ("odbc-postgresql", "postgresql-odbc", "psqlODBC, its installer"),
}  # fmt: skip
"""Packages on Debian (and Ubuntu), on Red Hat's family, and what one installs on Windows."""

_EXTRAS = {"postgresql": "postgres", "postgres": "postgres", "oracle": "oracle"}


def how(kind: str, here: Machine | None = None) -> str:
    """How to get a kind of driver, or the `manager`."""
    here = here or machine()
    debian, rhel, windows = _WAYS.get(kind, ("", "", ""))
    if not debian:
        return "Install the driver that the system's supplier names, of the same width (bits) as this Python."
    if here == "windows":
        return f"Install {windows}, for {bits()} bits." if windows else ""
    return f"Install the package {rhel if here == 'rhel' else debian}."


def for_source(connect: Mapping[str, str], here: Machine | None = None) -> str:
    """What a source's settings need that is not on this machine."""
    backend = connect.get("url", "").partition(":")[0].partition("+")[0]
    if backend in _EXTRAS:
        return f"Install the program with what it needs: pip install 'mash-trawl[{_EXTRAS[backend]}]'."
    try:
        said = {name.lower(): value for name, value in settings(connect)}
    except Unavailable:
        said = {"driver": {"mssql": "ODBC Driver 18 for SQL Server"}.get(backend, backend)}
    if "driver" not in said:
        return "Name the data source (dsn) as this account's or the machine's ODBC settings have it."
    other = other_width(said["driver"])
    kind: Kind = kind_of(said["driver"])
    way = how("microsoft" if kind == "microsoft_old" else kind, here)
    return f"The driver is here for {other} bits only, and this Python has {bits()}. {way}" if other else way
