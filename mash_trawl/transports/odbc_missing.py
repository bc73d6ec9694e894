"""What is missing to read a database, and how to get it on this kind of machine."""

from __future__ import annotations

import importlib
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from mash_trawl.errors import Unavailable
from mash_trawl.transports.odbc_string import Kind, kind_of, settings

System = Literal["debian", "rhel", "windows", "other"]

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
_REGISTRY = r"SOFTWARE\ODBC\ODBCINST.INI\ODBC Drivers"


def bits() -> int:
    """Is this Python one of 32 or 64 bits? On Windows it sees only drivers of the same width."""
    return struct.calcsize("P") * 8


def system(root: Path = Path("/")) -> System:
    """Which kind of machine this is; `root` is where its files begin."""
    if sys.platform == "win32":
        return "windows"
    if (root / "etc/debian_version").exists():
        return "debian"
    return "rhel" if (root / "etc/redhat-release").exists() else "other"


def how(kind: str, here: System | None = None) -> str:
    """How to get a kind of driver, or the `manager`."""
    here = here or system()
    debian, rhel, windows = _WAYS.get(kind, ("", "", ""))
    if not debian:
        return "Install the driver that the system's supplier names, of the same width (bits) as this Python."
    if here == "windows":
        return f"Install {windows}, for {bits()} bits." if windows else ""
    return f"Install the package {rhel if here == 'rhel' else debian}."


def for_source(connect: Mapping[str, str], here: System | None = None) -> str:
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
    other = _in_other_width(said["driver"])
    kind: Kind = kind_of(said["driver"])
    way = how("microsoft" if kind == "microsoft_old" else kind, here)
    return f"The driver is here for {other} bits only, and this Python has {bits()}. {way}" if other else way


def _in_other_width(driver: str) -> int:
    """On Windows: the width of an installed driver that this Python cannot see; else 0."""
    if sys.platform != "win32":
        return 0
    return _registered(importlib.import_module("winreg"), driver, 96 - bits())


def _registered(winreg: Any, driver: str, width: int) -> int:
    """`width` when the driver is registered for programs of so many bits, else 0."""
    view = winreg.KEY_WOW64_64KEY if width == 64 else winreg.KEY_WOW64_32KEY
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _REGISTRY, 0, winreg.KEY_READ | view) as key:
            winreg.QueryValueEx(key, driver)
    except OSError:
        return 0
    return width
