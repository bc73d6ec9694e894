"""What a driver lists as columns becomes one table or none; moments that SQL Server packs are unpacked."""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import make_url

from mash_trawl.errors import Unavailable
from mash_trawl.model.hub import Tls
from mash_trawl.transports import odbc, odbc_drivers, odbc_string, sql_connect, sql_over_odbc

LISTED = [
    ("LCS", "dbo", "Person", "Id", 4), ("LCS", "dbo", "Person", "Dob", 91), ("LCS", "old", "Person", "Nr", -9),
    ("LCS", "dbo", "PersonX", "Other", -9), ("LCS", "a", "Twice", "Id", 4), ("LCS", "b", "Twice", "Id", 4),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "name", "found"), [
    ("", "person", (None, "Person", ["Id", "Dob"])), ("DBO", "PERSON", ("dbo", "Person", ["Id", "Dob"])),
    ("old", "Person", ("old", "Person", ["Nr"])), ("b", "twice", ("b", "Twice", ["Id"])),
])  # fmt: skip
def test_one_table_is_taken_as_the_catalogue_spells_it(schema, name, found):
    table = odbc._one_table(LISTED, schema, name, "schema")
    assert (table.schema, table.name, list(table.columns)) == found


@pytest.mark.parametrize(("schema", "name"), [("", "Pers_n"), ("", "Twice"), ("%", "Person"), ("gone", "Person")])
def test_a_pattern_or_a_name_that_means_two_tables_means_none(schema, name):
    with pytest.raises(Unavailable):
        odbc._one_table(LISTED, schema, name, "schema")


def test_a_moment_with_its_distance_from_utc_is_read():
    packed = struct.pack("<6hI2h", 2026, 6, 1, 23, 30, 5, 123_000_000, 1, 0)
    assert odbc._moment(packed) == datetime(2026, 6, 1, 22, 30, 5, 123000, tzinfo=UTC)
    assert odbc._moment(packed).utcoffset() == timedelta(hours=1)
    assert odbc._moment(packed).date() == date(2026, 6, 1)


def test_the_best_driver_that_is_there_is_taken(monkeypatch):
    class Machine:
        here = ("SQL Server", "SQL Server Native Client 11.0", "ODBC Driver 17 for SQL Server", "FreeTDS")

        def drivers(self):
            return list(self.here)

    machine = Machine()
    monkeypatch.setattr(odbc_drivers, "pyodbc", lambda: machine)
    assert odbc_drivers.best("mssql") == "ODBC Driver 17 for SQL Server"
    machine.here += ("ODBC Driver 18 for SQL Server", "MySQL ODBC 8.0 Unicode Driver")
    assert odbc_drivers.best("mssql") == "ODBC Driver 18 for SQL Server"
    assert odbc_drivers.best("mariadb") == odbc_drivers.best("mysql") == "MySQL ODBC 8.0 Unicode Driver"
    machine.here = ()
    with pytest.raises(Unavailable):
        odbc_drivers.best("mssql")


@pytest.mark.parametrize(("url", "beside", "expected"), [
    ("mssql://SQL01:1433/LCS", {}, {"SERVER": "SQL01,1433", "DATABASE": "LCS", "Trusted_Connection": "yes"}),
    ("mssql://mash:p;w@SQL01/LCS", {}, {"UID": "mash", "PWD": "p;w", "Encrypt": "yes"}),
    ("mssql://SQL01/LCS", {"auth": "windows", "ApplicationIntent": "ReadOnly"}, {"ApplicationIntent": "ReadOnly"}),
    ("mssql+pyodbc://u:p@SQL01/LCS?HostNameInCertificate=sql.council", {}, {"HostNameInCertificate": "sql.council"}),
])  # fmt: skip
def test_an_address_says_the_same_as_settings(monkeypatch, tmp_path, url, beside, expected):
    monkeypatch.setattr(odbc_drivers, "best", lambda _: "ODBC Driver 18 for SQL Server")
    backend, string = sql_over_odbc.by_address(make_url(url), beside, Tls(), tmp_path, 5.0)
    said = dict(odbc_string.read(string))
    assert (backend, said["DRIVER"]) == ("mssql", "ODBC Driver 18 for SQL Server")
    assert {name: said.get(name) for name in expected} == expected
    assert ("Trusted_Connection" in said) is ("UID" not in said)


@pytest.mark.parametrize("settings", [
    {"url": "mssql://mash@S1/LCS", "password": "hunter2"},
    {"driver": "ODBC Driver 18 for SQL Server", "password": "hunter2"},
    {"url": "mssql://mash:hunter2@S1/LCS"}, {"string": "Driver={ODBC Driver 18 for SQL Server};Server=S1;PWD=hunter2"},
])  # fmt: skip
def test_an_engine_shows_no_password_when_it_is_printed(monkeypatch, tmp_path, settings):
    monkeypatch.setattr(odbc_drivers, "best", lambda _: "ODBC Driver 18 for SQL Server")
    made = sql_connect.engine(settings, tmp_path, Tls(), 5.0)
    shown = f"{made!r} {made.url!r} {made.url.render_as_string(hide_password=True)} {made.url.query}"
    assert "hunter2" not in shown and made.dialect.name == "mssql"


def test_a_driver_beside_an_address_is_the_one_that_is_used(tmp_path):
    address = make_url("mariadb+pyodbc://mash@db/x")
    backend, string = sql_over_odbc.by_address(address, {"driver": "MariaDB ODBC 3.2 Driver"}, Tls(), tmp_path, 5.0)
    assert backend == "mariadb" and string.startswith("DRIVER=MariaDB ODBC 3.2 Driver;SERVER=db;DATABASE=x;UID=mash")
