"""Whatever people said: what reaches a source is what is permitted, and a refused source hears nothing at all.

Real sockets, and witnesses of their own: each HTTP server counts connections and requests, PostgreSQL keeps its log,
and every name look-up of this process is noted. The suite draws some states; `MASH_TRAWL_STATES=10000` draws more.
"""

from __future__ import annotations

import json
import os
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from mash_trawl.api import Candidate, Event, HttpConnector, PartialDate, SqlConnector
from mash_trawl.config.secrets import Secret
from mash_trawl.consent import decide, mint_grants
from mash_trawl.identity.plan import plan_queries
from mash_trawl.identity.recognise import Recognise
from mash_trawl.model.decision import Outcome
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import HubFile, Limits, RootKeys, SourceSettings
from mash_trawl.sources.gate import Gate
from mash_trawl.sources.lanes import ask
from mash_trawl.sources.quarantine import quarantine
from mash_trawl.sources.registry import Registry, Source
from mash_trawl.sources.watch import Watch

STATES = int(os.environ.get("MASH_TRAWL_STATES", "60"))
KNOWN = "known"
SOUGHT = re.compile(r"parameters: \$1 = '(\d{10})', \$2 = '([a-z_.]+)'")


@dataclass
class Said:
    """What is heard while a trawl runs: the number of the change, and at which request it comes."""

    number: int = 0
    requests: int = 0
    at: int = 0


@dataclass
class Counting:
    """All servers together: what each heard, in order, and who the people are whom they know."""

    people: dict[str, object] = field(default_factory=dict)
    heard: list[tuple[str, str, str, bool]] = field(default_factory=list)
    connections: Counter[str] = field(default_factory=Counter)
    looked_up: Counter[int] = field(default_factory=Counter)
    ports: dict[str, int] = field(default_factory=dict)
    said: Said = field(default_factory=Said)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, source: str, number: str, what: str) -> None:
        """Note one request; at its turn, something is taken back before it is answered."""
        with self.lock:
            self.heard.append((source, number, what, self.said.number > 0))
            self.said.requests += 1
            if self.said.requests == self.said.at:
                self.said.number = 1


class Server(ThreadingHTTPServer):
    """One source over HTTP."""

    daemon_threads = True

    def __init__(self, name: str, counting: Counting) -> None:
        self.source, self.counting = name, counting
        super().__init__(("127.0.0.1", 0), Heard)

    def get_request(self):
        """Count every connection, also one on which nothing is asked."""
        taken = super().get_request()
        with self.counting.lock:
            self.counting.connections[self.source] += 1
        return taken


class Heard(BaseHTTPRequestHandler):
    """Notes who was asked about, and what for."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.counting.hear(self.server.source, wanted["person"], wanted["what"])
        body = json.dumps({"items": [wanted], "next_cursor": None}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


def connector(name: str, agency: str, categories: tuple[str, ...], counting: Counting):
    """A source that knows everybody, and holds one event in each category."""
    kind = SqlConnector if name == "schools" else HttpConnector

    def rows(session, number, what):
        if kind is HttpConnector:
            return session.pages("asked", body={"person": number, "what": what})
        return session.rows("select cast(:person as text) as person, cast(:what as text) as what", person=number,
                            what=what)  # fmt: skip

    class Everybody(kind):
        offers, search_keys = frozenset(categories), (("nhs_number",),)

        def find(self, query, grant):
            with self.open(grant) as session:
                for _ in rows(session, query.nhs_number, KNOWN):
                    person = counting.people[query.nhs_number]
                    yield Candidate(ref=query.nhs_number, names=person.names, born=person.born,
                                    identifiers={"nhs_number": query.nhs_number})  # fmt: skip

        def fetch(self, ref, grant):
            with self.open(grant) as session:
                for category in sorted(grant.categories):
                    for _ in rows(session, ref, category):
                        yield Event(ref=f"{ref}-{category}", about=(ref,), category=category, headline="Synthetic",
                                    when=PartialDate.parse("2026-10-01"))  # fmt: skip

    Everybody.name, Everybody.agency = name, agency
    return Everybody


@pytest.fixture(scope="module")
def school_log(postgresql_server: str) -> Iterator[tuple[str, Path]]:
    """A database that logs every connection and statement: its address, and the log of the server."""
    admin = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        folder = Path(connection.execute(text("show data_directory")).scalar_one())
        for statement in ("create database schools", "alter database schools set log_statement = 'all'",
                          "alter system set log_connections = on", "select pg_reload_conf()"):  # fmt: skip
            connection.execute(text(statement))
        yield f"{postgresql_server}/schools", folder.parent / "log"
        for statement in ("alter system reset log_connections", "select pg_reload_conf()",
                          "drop database schools with (force)"):  # fmt: skip
            connection.execute(text(statement))
    admin.dispose()


@pytest.fixture
def counting(refs, monkeypatch) -> Iterator[Counting]:
    """A server for each source over HTTP, and a note of every name look-up."""
    made, look_up = Counting(), socket.getaddrinfo

    def noted(host, port, *more, **named):
        made.looked_up[port] += 1
        return look_up(host, port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    servers = [Server(ref.name, made) for ref in refs if ref.name != "schools"]
    for server in servers:
        made.ports[server.source] = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    for server in servers:
        server.shutdown()
        server.server_close()


class Walk:
    """Decide, mint, ask: one state after the other, and what the witnesses must say of all of them."""

    def __init__(self, refs, counting: Counting, ledger, clock, school: str) -> None:
        self.refs, self.counting, self.ledger, self.clock = refs, counting, ledger, clock
        urls = {ref.name: f"http://127.0.0.1:{counting.ports[ref.name]}" for ref in refs if ref.name != "schools"}
        self.urls = urls | {"schools": school}
        made = {ref.name: connector(ref.name, ref.agency, ref.categories, counting) for ref in refs}
        self.hub = HubFile(
            version=1, name="test", profiles=("base",), root_keys=RootKeys(paths=("../root",)),
            reader_keys="../readers", signing_key="../sign",
            sources=tuple(
                SourceSettings(name=ref.name, agency=ref.agency, connector=ref.name,
                               connect={"url": self.urls[ref.name]},
                               limits=Limits(deadline=Duration(seconds=30), parallel=1))
                for ref in refs
            ),
        )  # fmt: skip
        self.registry = Registry(
            {item.name: Source(name=item.name, settings=item, connector=made[item.name], version="test 1", why=None)
             for item in self.hub.sources}, (), "hub.yaml",
        )  # fmt: skip
        self.permitted = self.asked = self.pairs = self.changed = self.existence = 0
        self.at_school: set[tuple[str, str]] = set()
        self.never_at_school: set[tuple[str, str]] = set()
        self.maybe_at_school: set[tuple[str, str]] = set()
        self.sure_visits = self.visits = 0

    def permits(self, state, backing):
        """(source, number, what) of everything that is permitted; `known` for the search itself."""
        decisions = decide(state.case, state.profile, self.clock(), self.refs, backing=backing)
        numbers = {person.id: person.identifiers["nhs_number"] for person in state.case.people}
        allowed = [item for item in decisions if item.outcome is Outcome.PERMIT]
        self.existence += sum(item.mode == "existence" for item in allowed)
        content = {(item.source, numbers[item.person], item.category) for item in allowed if item.mode == "content"}
        return decisions, content | {(item.source, numbers[item.person], KNOWN) for item in allowed}

    def ask(self, state):
        """Walk one state, and compare what each server heard with what was permitted."""
        self.counting.people = {person.identifiers["nhs_number"]: person for person in state.case.people}
        self.counting.heard.clear()
        self.counting.connections.clear()
        self.counting.looked_up.clear()
        self.counting.said = said = Said(at=state.after if state.later else 0)
        decisions, permitted = self.permits(state, state.backing)
        now, still = (decisions, permitted) if state.later is None else self.permits(state, state.later)
        ids = iter(f"g{number}" for number in range(1000))
        gate = Gate.build(self.ledger, self.hub, resolve=Secret, clock=self.clock, monotonic=time.monotonic,
                          actor="j.shah")  # fmt: skip
        grants = mint_grants(decisions, decisions.at, lambda: next(ids))
        answers = ask(state.case, decisions, grants, registry=self.registry, gate=gate, plan=plan_queries,
                      match=Recognise(policy=state.profile.matching), clock=self.clock, trawl=str(state.number),
                      watch=Watch(since=0, revision=lambda: said.number, still=lambda: now))  # fmt: skip
        self.told(state, answers, now if said.number else decisions)
        self.reached(state, permitted, still if said.number else permitted)

    def reached(self, state, permitted, still):
        """Nothing but what was permitted; all of that, unless it was taken back; after that only what was under way."""
        heard = {(source, number, what) for source, number, what, _ in self.counting.heard}
        assert heard <= permitted, f"state {state.number}: asked without a permit"
        taken = {(source, number) for source, number, _ in permitted - still}
        over_http = {item for item in permitted if item[0] != "schools"}
        sure = {item for item in over_http if item[:2] not in taken}
        assert sure <= heard, f"state {state.number}: permitted and not asked"
        late = Counter(
            source for source, number, _, after in self.counting.heard if after and (source, number) in taken
        )
        assert all(count <= 1 for count in late.values()), f"state {state.number}: asked after it was taken back"
        for name, port in self.counting.ports.items():
            if not any(source == name for source, *_ in permitted):
                assert self.counting.connections[name] == self.counting.looked_up[port] == 0, f"state {state.number}"
        school = {(number, what) for source, number, what in permitted if source == "schools"}
        firm = {(number, what) for number, what in school if ("schools", number) not in taken}
        numbers = set(self.counting.people)
        everything = {(number, what) for number in numbers for what in (KNOWN, *self.refs[-1].categories)}
        self.at_school |= firm
        self.maybe_at_school |= school - firm
        self.never_at_school |= everything - school
        self.visits += bool(school)
        self.sure_visits += bool(firm)
        self.permitted += len(permitted)
        self.asked += len(self.counting.heard)
        self.pairs += len({item[:2] for item in permitted})
        self.changed += bool(permitted - still)

    def told(self, state, answers, now):
        """Nobody is told what is no longer permitted, and a pair without a permit has no findings."""
        content = {(item.source, item.person, item.category) for item in now
                   if item.outcome is Outcome.PERMIT and item.mode == "content"}  # fmt: skip
        for answer in quarantine(answers, now).answers:
            read = {(answer.source, answer.person, item.category) for item in answer.findings}
            assert read <= content, f"state {state.number}: told without a permit"
            assert answer.status not in ("unreachable", "timed_out", "partial", "ambiguous_identity"), answer.why


@pytest.mark.timeout(max(120, STATES))
def test_what_reaches_a_source_is_what_is_permitted(draw, refs, counting, ledger, clock, school_log):
    address, log = school_log
    walk = Walk(refs, counting, ledger, clock, address)
    clock.now = draw(0).case.opened_at
    before, began = len(log.read_bytes()), time.monotonic()
    for number in range(STATES):
        walk.ask(draw(number))
    with closing(log.open("rb")) as opened:
        opened.seek(before)
        written = opened.read().decode()
    reached = set(SOUGHT.findall(written))
    assert walk.at_school <= reached <= walk.at_school | walk.maybe_at_school
    assert not reached & walk.never_at_school
    connections = len(re.findall(r"connection authorized: user=\S+ database=schools", written))
    assert 0 < walk.sure_visits <= connections <= walk.visits
    assert walk.permitted > STATES and walk.changed > STATES / 30 and walk.existence > 0
    print(
        f"\n{STATES} states, {walk.pairs} permitted pairs, {walk.permitted} permitted questions ({walk.existence} of "
        f"existence alone), {walk.asked} requests over HTTP, {len(reached)} statements and {connections} connections "
        f"at PostgreSQL, {walk.changed} states in which something was taken back; {time.monotonic() - began:.0f} s"
    )
