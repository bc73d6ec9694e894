"""Every request, page, retry and login passes the gate: a server that counts is the witness."""

from __future__ import annotations

import json
import sqlite3
import sys
import textwrap
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from mash_trawl.api import FilesConnector, SqlConnector
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import HubFile, Limits, RootKeys, SourceSettings
from mash_trawl.sources.installed import installed
from mash_trawl.sources.registry import Registry
from mash_trawl.sources.watch import Watch

PAGED = textwrap.dedent("""
    from mash_trawl.api import Candidate, HttpConnector, PartialDate, name


    class Paged(HttpConnector):
        name, agency, api = "paged", "housing", 1
        offers, search_keys = frozenset({"housing.asb", "housing.tenancy"}), (("given", "family", "born"),)

        def find(self, query, grant):
            with self.open(grant) as session:
                for row in session.pages("people", body={"born": str(query.born)}):
                    yield Candidate(ref=row["ref"], names=(name("Synthetica", "Testfall"),), born=query.born,
                                    identifiers={"nhs_number": "943 476 5919"})

        def fetch(self, ref, grant):
            with self.open(grant) as session:
                for row in session.pages("events", body={"ref": ref}):
                    yield from ()
""")
MOTIONS = ["token", "people 1", "people 1", "token", "people 1", "people 2", "people 3", "events 1"]
"""The first page is refused with 503 and then with 401, so that it is tried again, and again with a new login."""
LOGIN, RETRY, PAGE = 1, 2, 5
"""After how many of them the next would be the request that the login was for, a second try, another page."""


class Looks:
    """How often the gate has looked at what was said, and what is said from a certain request on."""

    def __init__(self):
        self.looked, self.said = 0, 0

    def revision(self):
        self.looked += 1
        return self.said


class Server(ThreadingHTTPServer):
    """A service with pages and a login. Notes what it was sent, and how often the gate had looked by then."""

    daemon_threads = True

    def __init__(self, looks):
        self.looks, self.sent, self.seen, self.stop_at, self.busy = looks, [], [], 99, iter([503, 401])
        super().__init__(("127.0.0.1", 0), Answers)


class Answers(BaseHTTPRequestHandler):
    """Three pages of people, one of events."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        what = self.path.strip("/")
        page = 0 if what == "token" else int(json.loads(body).get("cursor", 1))
        server = self.server
        server.sent.append(f"{what} {page}" if page else what)
        server.seen.append(server.looks.looked)
        if len(server.sent) == server.stop_at:
            server.looks.said = 1
        status = next(server.busy, 200) if (what, page) == ("people", 1) else 200
        if what == "token":
            answer = {"access_token": f"t{len(server.sent)}", "token_type": "Bearer", "expires_in": 3600}
        else:
            more = str(page + 1) if what == "people" and page < 3 else None
            answer = {"items": [{"ref": "r1"}] if (what, page) == ("people", 1) else [], "next_cursor": more}
        told = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        """Nothing on the terminal."""


@pytest.fixture
def server(world):
    """The service; the watch over the world's grants says that everything is taken back once `said` has grown."""
    looks = Looks()
    opened = Server(looks)
    threading.Thread(target=opened.serve_forever, args=(0.02,), daemon=True).start()

    def nothing():
        return type(world.decisions())(case="MASH-2026-0001", profile="children_in_need", at=world.clock(), items=())

    world.watch, world.people = Watch(since=0, revision=looks.revision, still=nothing), ("p1",)
    url = f"http://127.0.0.1:{opened.server_address[1]}"
    login = {"token_url": f"{url}/token", "client_id": "hub", "client_secret": "synthetic"}
    world.settings = {"paged": {"connect": {"url": url, **login}}}
    world.limits = {"paged": Limits(deadline=Duration(seconds=20), parallel=1)}
    yield opened
    opened.shutdown()
    opened.server_close()


@pytest.fixture
def paged(request, world, server, tmp_path, monkeypatch):
    """The same connector on a thread and in a process of its own, as a test asks for it."""
    if request.param == "thread":
        room = {"__name__": "paged"}
        exec(PAGED, room)  # noqa: S102 - the program above
        world.sources = {"paged": room["Paged"]}
        yield room["Paged"]
        return
    site, info = tmp_path / "site", tmp_path / "site" / "paged_far-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "paged_far.py").write_text(PAGED, "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: paged-far\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[mash_trawl]\npaged = paged_far:Paged\n", "utf-8")
    monkeypatch.syspath_prepend(site)
    hub = HubFile(
        version=1, name="test", profiles=("base",), root_keys=RootKeys(paths=("../root",)), reader_keys="../readers",
        signing_key="../sign", approve=tuple(one.approval for one in installed([str(site)])),
        sources=(SourceSettings(name="paged", agency="housing", connector="paged"),),
    )  # fmt: skip
    registry = Registry.build(hub, tmp_path)
    world.sources = {"paged": registry.source("paged").connector}
    assert "paged_far" not in sys.modules, "it runs in its own process"
    yield world.sources["paged"]
    registry.close()


@pytest.mark.parametrize("paged", ["thread", "worker"], indirect=True)
def test_the_gate_looks_before_every_request_page_retry_and_login(world, server, paged):
    assert world.said() == {"p1": ("found", "known_nothing_in_scope")}
    assert server.sent == MOTIONS
    assert server.seen[0] > 0 and all(before < after for before, after in pairwise(server.seen))
    closed = world.rows("source.answered")
    assert sum(row["requests"] for row in closed) == len(MOTIONS), "the ledger counts what the server counts"
    assert sum(row["retries"] for row in closed) == len(world.rows("source.retried")) == 2
    assert sum(row["pages"] for row in closed) == 4


@pytest.mark.parametrize(
    ("paged", "last"),
    [*(("thread", last) for last in range(1, len(MOTIONS))), *(("worker", last) for last in (LOGIN, RETRY, PAGE))],
    indirect=["paged"],
)
def test_whatever_is_under_way_is_the_last_once_something_was_said(world, server, paged, last):
    server.stop_at = last
    assert world.said() == {"p1": ("not_permitted", "permit_withdrawn")}
    assert server.sent == MOTIONS[:last]


@pytest.mark.parametrize("kind", [SqlConnector, FilesConnector])
def test_a_statement_and_a_file_pass_the_gate_each(world, tmp_path, kind):
    looks = Looks()
    with sqlite3.connect(tmp_path / "one.db") as database:
        database.execute("create table one (ref text)")
        database.execute("insert into one values ('r1')")
    database.close()
    (tmp_path / "one.csv").write_text("ref\nr1\n", "utf-8")
    read, looked = [], []

    class Twice(kind):
        name, agency = "twice", "housing"
        offers, search_keys = frozenset({"housing.asb", "housing.tenancy"}), (("given", "family", "born"),)

        def find(self, query, grant):
            with self.open(grant) as session:
                for _ in range(3):
                    rows = session.rows("select ref from one") if kind is SqlConnector else session.read("one.csv")
                    read.append(len(list(rows)))
                    looked.append(looks.looked)
                    looks.said = len(read) - 1
                yield from ()

        def fetch(self, ref, grant):
            yield from ()

    world.sources, world.people = {"twice": Twice}, ("p1",)
    there = {"url": f"sqlite:///{tmp_path / 'one.db'}"} if kind is SqlConnector else {"folder": str(tmp_path)}
    world.settings = {"twice": {"connect": there}}
    empty = world.decisions()
    world.watch = Watch(since=0, revision=looks.revision, still=lambda: type(empty)(
        case=empty.case, profile=empty.profile, at=empty.at, items=()))  # fmt: skip
    assert world.said() == {"p1": ("not_permitted", "permit_withdrawn")}
    assert read == [1, 1] and looked[0] < looked[1]
