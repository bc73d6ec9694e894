"""Fixtures that several rooms share: stores on SQLite and on a real PostgreSQL, a ledger, a clock that tests move."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.store.engine import Store

ORIGIN = "test-borough/mash-trawl"


class MovableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 3, 9, 20, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **amount: float) -> None:
        """Move by a timedelta's arguments; negative goes back."""
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> MovableClock:
    """A clock at 2026-11-03 09:20 UTC."""
    return MovableClock()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path / 'hub.db'}"


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    """A fresh SQLite store."""
    opened = Store.open(sqlite_url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database: once SQLite, once PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def any_store(any_url: str, tmp_path: Path) -> Iterator[Store]:
    """A fresh store, once on each database."""
    opened = Store.open(any_url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """A signing key made for this run of the tests."""
    return Signer.create(tmp_path_factory.mktemp("keys") / "hub.sign", ORIGIN)


@pytest.fixture
def ledger(store: Store, signer: Signer, clock: Callable[[], datetime]) -> Ledger:
    """An empty ledger on SQLite."""
    return Ledger.build(store, signer, ORIGIN, clock)


@pytest.fixture
def any_ledger(any_store: Store, signer: Signer, clock: Callable[[], datetime]) -> Ledger:
    """An empty ledger, once on each database."""
    return Ledger.build(any_store, signer, ORIGIN, clock)


def _postgres_programs() -> Path | None:
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("pg_config")
    if found:
        told = subprocess.run([found, "--bindir"], capture_output=True, text=True, check=True)
        candidates.insert(0, Path(told.stdout.strip()))
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


def _as_other(user: str) -> list[str]:
    """PostgreSQL refuses to run as root, so root lends it another account."""
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own on a free loopback port; its address, without a database.

    fsync is off: no test here can cut the power, and killed processes lose nothing by it.
    """
    programs = _postgres_programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            raise RuntimeError("PostgreSQL is not installed, and in CI its tests may not be skipped")
        pytest.skip("PostgreSQL is not installed: nothing is tested on it (install the postgresql package)")
    with tempfile.TemporaryDirectory(prefix="trawl-pg-") as folder:
        data, port, prefix = Path(folder) / "data", _free_port(), []
        if os.geteuid() == 0:
            prefix = _as_other("postgres")
            shutil.chown(folder, "postgres", "postgres")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=60 -c fsync=off"
        start = [*prefix, str(programs / "pg_ctl"), "-D", str(data), "-w"]
        setup = [
            *prefix,
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "trawl",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        subprocess.run([*setup, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        log = str(Path(folder) / "log")
        subprocess.run([*start, "-l", log, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            yield f"postgresql+psycopg://trawl@127.0.0.1:{port}"
        finally:
            subprocess.run([*start, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, cwd=folder)


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """The address of a fresh, empty schema in a PostgreSQL database; it goes with the server."""
    name = f"hub_{secrets.token_hex(6)}"
    admin = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    admin.dispose()
    return f"{postgresql_server}/postgres?options=-csearch_path%3D{name}"
