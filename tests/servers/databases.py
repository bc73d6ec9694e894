"""Database servers that the tests start for themselves: free loopback ports, temporary folders, gone afterwards.

Each is a session fixture (tests/conftest.py registers them), so it starts once for each process of tests that asks for
it. What is missing skips loudly, and with CI=true is an error.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
PASSWORD = "Loopback-only-1"
FAR = "127.0.0.2"
"""Loopback too, but not by its usual name: to the program it is another machine, whose certificate counts."""
STARTED = 60.0
TLS_FILES = (("ca", "ca.pem"), ("cert", "server.pem"), ("key", "server.key"))
ODD = """odd ]"'; drop table person; --"""
"""A table and a column that are really called this: a name that is there is read, whatever it looks like."""
PEOPLE: tuple[dict[str, Any], ...] = (
    {"person_id": "T1", "surname": "Khan", "forename": "Aisha", "dob": "2014-05-17", "uprn": 100023336956,
     "pc": "NB1 4QT", "places": '[{"line1": "14 Mill Lane", "postcode": "NB1 4QT", "from": "2021-03"}]'},
    {"person_id": "T2", "surname": "KHAN", "forename": "Amina", "dob": "2014-05-17", "uprn": 100023336956,
     "pc": "nb14qt", "places": '{"line1": "9 Low Road", "uprn": 100023330001}'},
    {"person_id": "T3", "surname": "O'Brien", "forename": "Zoë", "dob": "1985-03-09", "uprn": 100023330001,
     "pc": "NB14 1QT", "places": "[]"},
    {"person_id": "T4", "surname": "Null", "forename": "Łukasz 😀", "dob": None, "uprn": None, "pc": "",
     "places": None},
)  # fmt: skip
"""Synthetic people; every server holds them in a table `person`."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where a server listens and who may read there. `connect` is what a source's settings would hold."""

    port: int
    user: str
    database: str
    folder: Path
    ca: Path | None = None
    host: str = "127.0.0.1"
    password: str = field(default=PASSWORD, repr=False)

    def settings(self, driver: str, **others: str) -> dict[str, str]:
        """`connect:` of an ODBC source at this server."""
        mine = {"driver": driver, "server": self.host, "port": str(self.port), "database": self.database}
        return mine | {"user": self.user, "password": self.password} | others


def without(what: str) -> None:
    """Skip, loudly; in CI fail."""
    if os.environ.get("CI") == "true":
        raise RuntimeError(f"{what} is not installed, and in CI its tests may not be skipped")
    pytest.skip(f"NOTHING IS TESTED HERE: {what} is not installed")


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(port: int, process: subprocess.Popen[Any]) -> None:
    """Return when somebody listens; RuntimeError when the process has ended instead."""
    end = time.monotonic() + STARTED
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")


def certificates(folder: Path) -> None:
    """A certificate authority (ca.pem) and a server's certificate by it (server.pem, server.key), good for a day."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def made(name: str, signer: Any, issuer: Any) -> tuple[Any, Any]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        words = [x509.DNSName(one) for one in ("localhost", FAR)]  # some drivers compare nothing else, numbers too
        names = [*words, *(x509.IPAddress(ip_address(one)) for one in ("127.0.0.1", FAR))]
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer or subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        )  # fmt: skip
        if issuer is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return key, builder.sign(signer or key, hashes.SHA256())

    authority, root = made("Synthetic test authority", None, None)
    key, certificate = made("localhost", authority, root.subject)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    (folder / "server.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "server.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    )


@contextmanager
def stopped_afterwards(process: subprocess.Popen[Any]) -> Iterator[None]:
    """Kill the server when the tests are over: what it holds is thrown away."""
    try:
        yield
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


MARIADB_TABLES = f"""
set names utf8mb4;
create database council character set utf8mb4;
create table council.person(person_id varchar(20), surname varchar(80), forename varchar(80), dob date, uprn bigint,
  pc varchar(10), places json) character set utf8mb4;
create table council.`{ODD}`(`{ODD}` varchar(9)) character set utf8mb4;
insert into council.`{ODD}` values ('yes');
create user reader@'%' identified by '{PASSWORD}';
grant select on council.* to reader@'%';
create user writer@'%' identified by '{PASSWORD}';
grant select, update on council.* to writer@'%';
"""


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """A MariaDB with TLS, a login `reader` that can only read, and one `writer` that could write."""
    program, installer = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
    if program is None or installer is None:
        without("mariadb-server")
    with tempfile.TemporaryDirectory(prefix="trawl-maria-") as name:
        folder, port = Path(name), free_port()
        certificates(folder)
        (folder / "tables.sql").write_text(MARIADB_TABLES + _inserts("council.person"), "utf-8")
        own = ["--no-defaults", f"--datadir={folder / 'data'}", *(["--user=root"] if os.geteuid() == 0 else [])]
        install = [str(installer), *own, "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run([*install, "--skip-name-resolve"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        run = [
            str(program), *own, f"--port={port}", "--bind-address=127.0.0.1,127.0.0.2", f"--socket={folder / 's'}",
            f"--pid-file={folder / 'pid'}", "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=16M", "--performance-schema=OFF", f"--init-file={folder / 'tables.sql'}",
            *(f"--ssl-{part}={folder / file}" for part, file in TLS_FILES),
        ]  # fmt: skip
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(run, stdout=log, stderr=log, cwd=folder)
        with stopped_afterwards(process):
            listening(port, process)
            yield Server(port=port, user="reader", database="council", folder=folder, ca=folder / "ca.pem")


def _inserts(table: str) -> str:
    """One line for each person, as MariaDB's init file wants it."""
    return "".join(
        f"insert into {table} values ({', '.join(_literal(value) for value in person.values())});\n"
        for person in PEOPLE
    )


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def table(name: str, rows: tuple[Mapping[str, Any], ...], folder: Path) -> dict[str, str]:
    """One table of the stand-in for SQL Server: its rows in a file beside it."""
    file = folder / f"{len(list(folder.glob('*.json')))}.json"
    file.write_text(json.dumps(rows), "utf-8")
    return {"name": name, "json": file.name}


def _two_bytes(people: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Without the signs that UTF-16 writes in two parts: the stand-in counts them as one, and the drivers stumble."""
    return tuple(
        {name: "".join(c for c in v if ord(c) < 0x10000) if isinstance(v, str) else v for name, v in person.items()}
        for person in people
    )


@pytest.fixture(scope="session")
def sql_server() -> Iterator[Server]:
    """A stand-in for SQL Server: the real protocol, TLS and log-in, over a table `person` that can only be read."""
    try:
        import pysqlbridge  # noqa: F401
    except ImportError:
        without("pysqlbridge")
    with tempfile.TemporaryDirectory(prefix="trawl-tds-") as name:
        folder = Path(name)
        certificates(folder)
        known = {
            "tables": [table("person", _two_bytes(PEOPLE), folder)],
            "logins": [{"user": "reader", "password": PASSWORD}],
        }
        (folder / "tables.json").write_text(json.dumps(known), "utf-8")
        run = [sys.executable, str(HERE / "sql_server.py"), name]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(run, stdout=subprocess.PIPE, stderr=log, text=True, cwd=folder)
        with stopped_afterwards(process):
            assert process.stdout is not None
            port = int(process.stdout.readline() or 0)
            listening(port, process)
            yield Server(port=port, user="reader", database="bridge", folder=folder, ca=folder / "ca.pem")


def microsoft_driver() -> str:
    """The path of Microsoft's ODBC driver 18, from the package that only the tests use."""
    try:
        import mssql_python_odbc
    except ImportError:
        without("mssql-python-odbc")
    family = "debian_ubuntu" if Path("/etc/debian_version").exists() else "rhel"
    libraries = Path(mssql_python_odbc.__file__).parent / "libs" / "linux" / family
    found = sorted(libraries.glob("x86_64/lib/libmsodbcsql-*.so.*"))
    if not found:
        without("Microsoft's ODBC driver for this machine")
    return str(found[-1])


def driver(name: str, package: str) -> str:
    """The ODBC driver of this name, or a skip that names its package."""
    try:
        import pyodbc
    except ImportError:
        without("unixodbc")
    if name not in pyodbc.drivers():
        without(package)
    return name


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an SQLite store with nothing in it: a copy opens in a fifth of the time that making one takes."""
    from mash_trawl.store.engine import Store

    folder = tmp_path_factory.mktemp("store")
    Store.open("sqlite:///hub.db", folder).close()
    return folder / "hub.db"
