"""What `check` says to get when a driver is missing, on each kind of machine."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from mash_trawl.system import machine
from mash_trawl.transports import odbc_missing

DRIVER_18 = "ODBC Driver 18 for SQL Server"


@pytest.mark.parametrize(("connect", "here", "word"), [
    ({"driver": DRIVER_18}, "debian", "msodbcsql18"), ({"driver": DRIVER_18}, "windows", "installer"),
    ({"driver": "SQL Server"}, "rhel", "msodbcsql18"), ({"url": "env:LCS", "driver": "FreeTDS"}, "debian", "tdsodbc"),
    ({"url": "mssql://S1/LCS"}, "debian", "msodbcsql18"), ({"url": "mariadb://db/x"}, "rhel", "mariadb-connector-odbc"),
    ({"driver": "MariaDB Unicode"}, "debian", "odbc-mariadb"), ({"driver": "PostgreSQL Unicode"}, "rhel", "postgresql"),
    ({"url": "postgresql://db/x"}, "debian", "mash-trawl[postgres]"), ({"url": "oracle://db"}, "other", "[oracle]"),
    ({"string": "Driver={MySQL ODBC 8.0 Unicode Driver};Server=x"}, "windows", "Connector/ODBC"),
    ({"dsn": "LCS"}, "windows", "dsn"), ({"driver": "Progress OpenEdge 12"}, "windows", "supplier"),
])  # fmt: skip
def test_what_is_missing_is_said_with_how_to_get_it(connect, here, word):
    assert word in odbc_missing.for_source(connect, here)


def test_the_kind_of_machine_is_told_by_its_files(tmp_path: Path):
    assert machine.machine(tmp_path) == "other"
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/redhat-release").touch()
    assert machine.machine(tmp_path) == "rhel"
    (tmp_path / "etc/debian_version").touch()
    assert machine.machine(tmp_path) == "debian"


class Registry(SimpleNamespace):
    """Windows' registry with one driver, for programs of 32 bits."""

    HKEY_LOCAL_MACHINE, KEY_READ, KEY_WOW64_64KEY, KEY_WOW64_32KEY = 1, 0, 64, 32

    def OpenKey(self, _root, path, _zero, view):
        class Key:
            def __enter__(self):
                return (path, view)

            def __exit__(self, *_):
                return None

        return Key()

    def QueryValueEx(self, key, name):
        if key[1] != 32 or name != DRIVER_18 or "ODBC Drivers" not in key[0]:
            raise OSError


@pytest.mark.parametrize(("driver", "width", "found"), [
    (DRIVER_18, 32, 32), (DRIVER_18, 64, 0), ("Another", 32, 0),
])  # fmt: skip
def test_a_driver_of_the_other_width_is_found_in_the_registry_of_windows(driver, width, found):
    assert machine.registered(Registry(), driver, width) == found


def test_a_driver_of_the_other_width_only_is_said_to_be_that(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(odbc_missing, "other_width", lambda _: 32)
    said = odbc_missing.for_source({"driver": DRIVER_18}, "windows")
    assert "32 bits only" in said and f"{machine.bits()}" in said
