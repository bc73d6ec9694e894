"""Fixtures that several rooms share: stores on SQLite and on a real PostgreSQL, a ledger, a clock that tests move."""

from __future__ import annotations

import gc
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from mash_trawl.audit.ledger import Ledger
from mash_trawl.audit.signing import Signer
from mash_trawl.store.engine import Store

ORIGIN = "test-borough/mash-trawl"

# What Python compiled is kept, as an installation keeps it: for the next run, and for the processes that tests start.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_configure(config: pytest.Config) -> None:
    """Database servers, processes that tests start, the order of files, what is told at the end: files of servers/."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell: programs inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for file in ("databases", "processes", "order", "telling"):
        name = f"mash_trawl_test_{file}"
        if config.pluginmanager.has_plugin(name):
            continue
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / "servers" / f"{file}.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        config.pluginmanager.register(module, name)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """The tests themselves are a million things that never go away: the collector of rubbish need not look at them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


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
def store(sqlite_url: str, tmp_path: Path, empty_store: Path) -> Iterator[Store]:
    """A fresh SQLite store."""
    shutil.copy(empty_store, tmp_path / "hub.db")
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


class FillForm:
    """Fills the shipped referral form, as somebody with Excel would, from the plain content of a case."""

    def __call__(self, case: Mapping[str, Any]) -> bytes:
        """The filled workbook."""
        return self.saved(self.book(case))

    def book(self, case: Mapping[str, Any]) -> Any:
        """The filled workbook, still open for mischief (openpyxl)."""
        from openpyxl import load_workbook

        from mash_trawl.config.referral_form import EMPTY_FORM

        book = load_workbook(EMPTY_FORM)
        self._lines(book["Referral"], case)
        self._table(book["People"], [self._person(person) for person in case.get("people", ())])
        homes = [(person["id"], home) for person in case.get("people", ()) for home in person.get("addresses", ())]
        self._table(book["Addresses"], [self._address(ident, home) for ident, home in homes])
        self._table(book["Relationships"], list(case.get("relationships", ())))
        self._table(book["Consent"], [self._consent(consent) for consent in case.get("consents", ())])
        return book

    def saved(self, book: Any) -> bytes:
        """The bytes of an open workbook."""
        import io

        made = io.BytesIO()
        book.save(made)
        return made.getvalue()

    def cell(self, sheet: str, key: str, row: int = 1) -> str:
        """Where an answer stands: `B12` on the sheet Referral, the row counted from the first of a table."""
        from mash_trawl.config.referral_sheets import HEADER_ROW, by_title
        from mash_trawl.config.workbook import column_letters

        table = by_title(sheet)
        at = [ask.key for ask in table.asks].index(key) + 1
        return f"B{HEADER_ROW + at}" if table.lines else f"{column_letters(at)}{HEADER_ROW + row}"

    def _lines(self, sheet: Any, case: Mapping[str, Any]) -> None:
        referral = case["referral"]
        values = {"id": case.get("id"), "profile": case.get("profile"), "source": referral.get("source")}
        values |= {key: referral.get(key) for key in ("level", "rag", "narrative")}
        values |= {f"referrer_{key}": text for key, text in referral.get("referrer", {}).items()}
        values |= {f"concern_{at}": word for at, word in enumerate(referral.get("concerns", ()), start=1)}
        values |= self._moment("received", referral.get("received_at")) | self._moment("opened", case.get("opened_at"))
        for key, value in values.items():
            if value is not None:
                sheet[self.cell("Referral", key)] = str(value)

    def _table(self, sheet: Any, rows: list[dict[str, Any]]) -> None:
        for number, row in enumerate(rows, start=1):
            for key, value in row.items():
                if value is not None:
                    sheet[self.cell(sheet.title, key, number)] = str(value)

    def _person(self, person: Mapping[str, Any]) -> dict[str, Any]:
        keys = ("id", "born", "due", "died", "sex", "gender", "school", "language")
        made = {key: person.get(key) for key in keys} | dict(person.get("identifiers", {}))
        made |= {f"role_{at}": role for at, role in enumerate(person.get("roles", ()), start=1)}
        for at, name in enumerate(person.get("names", ())):
            ends = ("given", "family", "") if not at else (f"other_given_{at}", f"other_family_{at}", f"other_use_{at}")
            made[ends[0]] = ", ".join(name["given"]) + "," if name.get("given") else None
            made[ends[1]] = name.get("family")
            if ends[2]:
                made[ends[2]] = name.get("use")
        restrictions = list(person.get("restrictions", ()))
        made["hidden"] = "yes" if "hidden_address" in restrictions else "no"
        others = [word for word in restrictions if word != "hidden_address"]
        return made | {f"restriction_{at}": word for at, word in enumerate(others, start=1)}

    def _address(self, ident: str, home: Mapping[str, Any]) -> dict[str, Any]:
        made = {"person": ident} | {key: home.get(key) for key in ("postcode", "uprn", "from", "to")}
        made["no_fixed_address"] = "yes" if home.get("no_fixed_address") else None
        return made | {f"line_{at}": line for at, line in enumerate(home.get("lines", ()), start=1)}

    def _consent(self, consent: Mapping[str, Any]) -> dict[str, Any]:
        made = {key: consent.get(key) for key in ("id", "given_by", "capacity", "how", "pr_basis")}
        made |= {"kind": consent.get("kind", "agreement")}
        made |= {"covers": ", ".join(consent["covers"]), "limited_by": consent.get("limited_by", "none")}
        for agency, words in consent["categories"].items():
            made[f"agency_{agency}"] = words if isinstance(words, str) else ", ".join(words)
        made |= {"gillick": consent.get("gillick_assessed_by"), "authority": consent.get("authority_ref")}
        told = consent.get("explained", {})
        made |= {"notice": told.get("notice"), "language": told.get("language"), "interpreter": told.get("interpreter")}
        made["understood"] = told.get("understood_confirmed_by")
        made |= self._moment("given", consent.get("given_at")) | self._moment("withdrawn", consent.get("withdrawn_at"))
        made["expires"] = self._moment("x", consent.get("expires_at")).get("x_day")
        return made

    def _moment(self, key: str, text: str | None) -> dict[str, str]:
        from datetime import datetime
        from zoneinfo import ZoneInfo

        if text is None:
            return {}
        local = datetime.fromisoformat(text).astimezone(ZoneInfo("Europe/London"))
        return {f"{key}_day": f"{local:%d/%m/%Y}", f"{key}_time": f"{local:%H:%M}"}


@pytest.fixture(scope="session")
def fill_form() -> FillForm:
    """Fill the referral form: `fill_form(plain case)` gives bytes; `.book`, `.saved` and `.cell` to spoil one."""
    return FillForm()
