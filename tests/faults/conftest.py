"""Five sources over five drivers, each behind a proxy, and a sixth that nothing happens to; the engine asks them."""

from __future__ import annotations

import importlib.util
import json
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from mash_trawl.audit.ledger import Ledger
from mash_trawl.config.case import load_case
from mash_trawl.config.secrets import Secret
from mash_trawl.consent.grants import mint_grants
from mash_trawl.identity.plan import plan_queries
from mash_trawl.identity.recognise import Recognise
from mash_trawl.model.answer import Answer
from mash_trawl.model.base import to_plain
from mash_trawl.model.decision import Decision, Decisions, Outcome
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import HubFile, Limits, RootKeys, SourceSettings, Tls
from mash_trawl.sources.gate import Gate
from mash_trawl.sources.lanes import ask
from mash_trawl.sources.registry import Registry

HERE = Path(__file__).parent
SPEC = importlib.util.spec_from_file_location("mash_trawl_fault_proxy", HERE / "proxy.py")
assert SPEC and SPEC.loader
PROXY = sys.modules.setdefault(SPEC.name, importlib.util.module_from_spec(SPEC))
SPEC.loader.exec_module(PROXY)

DRIVERS = ("requests", "psqlodbc", "mariadb", "freetds", "microsoft")
CONTROL = "control"
CASE = {
    "version": 1,
    "id": "MASH-2026-0001",
    "profile": "children_in_need",
    "opened_at": "2026-11-03T09:20:00+00:00",
    "referral": {"source": "school", "received_at": "2026-11-03T09:05:00+00:00"},
    "people": [
        {
            "id": "p1",
            "roles": ["subject"],
            "names": [{"given": ["Aisha"], "family": "Khan"}],
            "born": "2014-05-17",
            "addresses": [{"postcode": "NB1 4QT", "uprn": "100023336956"}],
        }
    ],
}
TABLE = """version: 1
name: council
agency: housing
kind: odbc
find:
  - by: [given, family, born]
    table: person
    where: {forename: given, surname: family, dob: born}
    person: {ref: person_id, given: forename, family: surname, born: dob, addresses: {postcode: pc, uprn: uprn}}
fetch:
  - category: housing.asb
    table: person
    where: {person_id: ref}
    event: {ref: person_id, at: dob, kind: asb, headline: surname}
"""
WEB = """version: 1
name: council
agency: housing
kind: http
pages: {by: whole, items: people, total: count}
find:
  - by: [given, family, born]
    path: people/search
    body: {forename: given, surname: family, dob: born}
    person: {ref: person_id, given: forename, family: surname, born: dob, addresses: {postcode: pc, uprn: uprn}}
fetch:
  - category: housing.asb
    path: people/:ref
    event: {ref: person_id, at: dob, kind: asb, headline: surname}
"""


@contextmanager
def web_server(person: Mapping[str, Any], certificate: tuple[Path, Path]) -> Iterator[int]:
    """A council's REST interface over TLS that knows one person, with a line for each answer."""
    answer = json.dumps({"people": [dict(person)], "count": 1}).encode()

    class Council(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> Any:
            line, address = super().get_request()
            line.settimeout(10)
            return context.wrap_socket(line, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, *args: Any) -> None:
            """A line that was spoilt on purpose."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Quiet(("127.0.0.1", 0), Council) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(5)


@dataclass(frozen=True)
class Told:
    """What came of one trawl: each source's answer, the ledger's rows, and the seconds that it took."""

    answers: Mapping[str, Answer]
    rows: tuple[tuple[str, Mapping[str, Any]], ...]
    seconds: float

    def content(self, source: str) -> Any:
        """An answer without what differs from one run to the next."""
        plain = to_plain(self.answers[source])
        return {name: value for name, value in plain.items() if name not in ("asked_at", "milliseconds", "attempts")}


@dataclass
class Scene:
    """The proxies by driver, the sources, and how a trawl asks them all."""

    exchange: Any
    proxies: dict[str, Any]
    registry: Registry
    hub: HubFile
    ledger: Ledger
    length: dict[str, int] = field(default_factory=dict)

    def spoil(self, kind: Any, after: Mapping[str, int] | None = None) -> None:
        """The same fault on every line but the control's."""
        for name, proxy in self.proxies.items():
            self.exchange.set(proxy, kind, (after or {}).get(name, 0))

    def warm(self) -> None:
        """See that every worker is there and has loaded its driver, so that a trawl begins as on a hub that runs."""
        pool = self.registry._pool
        taken = []
        for name in DRIVERS[1:]:
            connector = self.registry.source(name).connector
            connector.warm(1)
            taken.append((name, pool.take(name, connector.order)))
        for name, worker in taken:
            worker.facts()
            pool.keep(name, worker)

    def trawl(self, deadline: int) -> Told:
        """Ask everybody, with this deadline for each of the five."""
        limits = {name: Limits(deadline=Duration(seconds=deadline)) for name in DRIVERS}
        sources = tuple(replace(item, limits=limits.get(item.name, item.limits)) for item in self.hub.sources)
        hub = replace(self.hub, sources=sources)
        clock = lambda: datetime.now(UTC)  # noqa: E731
        decisions = _decisions(clock())
        ids = iter(f"g{number}" for number in range(100))
        grants = mint_grants(decisions, decisions.at, lambda: next(ids))
        gate = Gate.build(self.ledger, hub, resolve=Secret, clock=clock, monotonic=time.monotonic, actor="j.shah")
        before = max((row.n for row in self.ledger.rows()), default=-1)
        self.warm()
        began = time.monotonic()
        answers = ask(
            load_case(CASE), decisions, grants, registry=self.registry, gate=gate, plan=plan_queries,
            match=Recognise(), clock=clock,
        )  # fmt: skip
        took = time.monotonic() - began
        rows = tuple((row.kind, row.public) for row in self.ledger.rows() if row.n > before)
        return Told({answer.source: answer for answer in answers}, rows, took)


def _decisions(now: datetime) -> Decisions:
    items = tuple(
        Decision(
            person="p1", source=source, agency="housing", category="housing.asb", outcome=Outcome.PERMIT,
            rule="test-rule", reason="as the test says", why="", basis="c1",
        )
        for source in (*DRIVERS, CONTROL)
    )  # fmt: skip
    return Decisions(case=str(CASE["id"]), profile="children_in_need", at=now, items=items)


def _source(name: str, mapping: str, connect: Mapping[str, str], tls: Tls | None = None) -> SourceSettings:
    return SourceSettings(name=name, agency="housing", mapping=mapping, connect=dict(connect), tls=tls,
                          limits=Limits(deadline=Duration(seconds=20)))  # fmt: skip


@pytest.fixture(scope="module")
def postgresql_port(postgresql_server: str) -> Iterator[int]:
    """A PostgreSQL with the same people in a database of its own."""
    import mash_trawl_test_databases as databases

    admin = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("create database faults"))
    engine = create_engine(f"{postgresql_server}/faults")
    with engine.begin() as connection:
        connection.execute(text("create table person(person_id varchar(20), surname varchar(80), forename varchar(80),"
                                " dob date, uprn bigint, pc varchar(10), places text)"))  # fmt: skip
        for person in databases.PEOPLE:
            names = ", ".join(f":{name}" for name in person)
            connection.execute(text(f"insert into person values ({names})"), dict(person))
    engine.dispose()
    yield int(postgresql_server.rpartition(":")[2])
    with admin.connect() as connection:
        connection.execute(text("drop database faults with (force)"))
    admin.dispose()


@pytest.fixture(scope="module")
def scene(
    postgresql_port: int, mariadb_server: Any, sql_server: Any, signer: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """Everything running, and every line healthy."""
    import mash_trawl_test_databases as databases

    from mash_trawl.store.engine import Store

    folder = tmp_path_factory.mktemp("faults")
    (folder / "table.yaml").write_text(TABLE, "utf-8")
    (folder / "web.yaml").write_text(WEB, "utf-8")
    databases.certificates(folder)
    certificate = (folder / "server.pem", folder / "server.key")
    exchange = PROXY.Exchange()
    with tempfile.TemporaryDirectory() as home, web_server(databases.PEOPLE[0], certificate) as web:
        targets = {"requests": web, "psqlodbc": postgresql_port, "mariadb": mariadb_server.port,
                   "freetds": sql_server.port, "microsoft": sql_server.port}  # fmt: skip
        proxies = {name: exchange.proxy(port) for name, port in targets.items()}
        at = {name: {"server": "127.0.0.1", "port": str(proxy.port)} for name, proxy in proxies.items()}
        psql = databases.driver("PostgreSQL Unicode", "odbc-postgresql")
        maria, free = databases.driver("MariaDB Unicode", "odbc-mariadb"), databases.driver("FreeTDS", "tdsodbc")
        microsoft = databases.microsoft_driver()
        tls = Tls(ca=str(folder / "ca.pem"))
        hub = HubFile(
            version=1, name="test", profiles=("base",), root_keys=RootKeys(paths=("../root",)),
            reader_keys="../readers", signing_key="../sign",
            sources=(
                _source("requests", "web.yaml", {"url": f"https://127.0.0.1:{proxies['requests'].port}"}, tls),
                _source("psqlodbc", "table.yaml",
                        {"driver": psql, "database": "faults", "user": "trawl", "sslmode": "prefer", **at["psqlodbc"]}),
                _source("mariadb", "table.yaml", mariadb_server.settings(maria) | at["mariadb"]),
                _source("freetds", "table.yaml", sql_server.settings(free) | at["freetds"]),
                _source("microsoft", "table.yaml", sql_server.settings(microsoft) | at["microsoft"]),
                _source(CONTROL, "web.yaml", {"url": f"https://127.0.0.1:{web}"}, tls),
            ),
        )  # fmt: skip
        store = Store.open(f"sqlite:///{home}/hub.db", Path(home))
        ledger = Ledger.build(store, signer, "test-borough/mash-trawl", lambda: datetime.now(UTC))
        registry = Registry.build(hub, folder)
        try:
            yield Scene(exchange, proxies, registry, hub, ledger)
        finally:
            registry.close()
            store.close()
            exchange.close()
