"""A small case tool with its own users that embeds the hub: start a trawl, watch it, stop it, show the product.

    python embed.py HUB USERS.json [PORT]      (USERS.json: {"name": {"id": ..., "roles": [...], "key": ...}})

Each user's `key` is the hexadecimal SHA-256 of a long random token that the user sends as `Authorization: Bearer`. The
tool vouches for its users under the name `case-tool`; the hub decides what that is worth (`vouches:` in hub.yaml). WHO
MAY SEE WHICH CASE is the tool's own business, because the hub knows roles and readers but no case loads: here a case
belongs to whoever made it, and a manager sees all. Nothing of a product is written to disk, and no address (URL) holds
more than a case id.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

from mash_trawl import Actor, Hub, load_case
from mash_trawl.errors import Misconfigured, Refused, TrawlError
from mash_trawl.render import page

Start = Callable[[str, list[tuple[str, str]]], Any]
Reply = tuple[str, str, bytes]
MOST_BYTES = 1_000_000
"""Of a request; a case is far smaller."""
MOST_CASES = 200
"""Kept in memory; the oldest whose trawl has ended goes first."""


@dataclass
class Held:
    """A case of this tool: whose it is, its content, and its trawl once it was started."""

    owner: str
    case: dict[str, Any]
    run: Any = None


class CaseTool:
    """A WSGI application. `hub` is opened once and serves every user and thread."""

    def __init__(self, hub: Hub, users: dict[str, dict[str, Any]]) -> None:
        self.hub, self.users = hub, users
        self.held: dict[str, Held] = {}

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request; every refusal of the hub becomes a plain sentence."""
        try:
            status, kind, body = self.answer(environ)
        except Misconfigured as wrong:
            status, kind, body = _said("400 Bad Request", str(wrong))
        except Refused as refusal:
            status, kind, body = _said("403 Forbidden", str(refusal), why=refusal.why)
        except KeyError:
            status, kind, body = _said("404 Not Found", "There is no such thing here.")
        except (ValueError, RecursionError):
            status, kind, body = _said("400 Bad Request", "This cannot be read.")
        start(status, [("Content-Type", kind), ("Cache-Control", "no-store"), ("Content-Length", str(len(body)))])
        return [body]

    def answer(self, environ: dict[str, Any]) -> Reply:
        """The way to each act; the user is known, and may do it, before anything else is looked at."""
        hub = self.hub.acting_as(self.user(environ))
        parts = environ["PATH_INFO"].strip("/").split("/")
        match environ["REQUEST_METHOD"], parts:
            case "POST", ["cases"]:
                hub.require("trawl")
                return self.add(hub.actor, _body(environ))
            case "POST", ["cases", ident, "trawl"]:
                held = self.mine(hub, ident, "trawl")
                held.run = hub.start(held.case)
                return _said("202 Accepted", "Started.")
            case "POST", ["cases", ident, "cancel"]:
                _started(self.mine(hub, ident, "trawl")).cancel()
                return _said("202 Accepted", "No further question is asked.")
            case "GET", ["cases", ident]:
                return "200 OK", "application/json", _json(_state(_started(self.mine(hub, ident, "read"))))
            case "GET", ["cases", ident, "product"]:
                run = _started(self.mine(hub, ident, "read"))
                product = hub.open(run.result().path, reason="read in the case tool")
                shown = page(product, {"audience": product.audience, "reader": hub.actor.id})
                return "200 OK", "text/html; charset=utf-8", shown.encode("utf-8")
        raise KeyError(parts[0])

    def user(self, environ: dict[str, Any]) -> Actor:
        """Who asks, by the tool's own list of users; Refused when nobody has this token."""
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        key = hashlib.sha256(token.encode("utf-8")).hexdigest()
        for user in self.users.values():
            if hmac.compare_digest(user["key"], key):
                return Actor(id=user["id"], roles=tuple(user["roles"]), vouched_by="case-tool")
        raise Refused("not_a_user", "this is not a user of the case tool")

    def add(self, actor: Actor, case: dict[str, Any]) -> Reply:
        """Keep a new case; somebody else's is never written over."""
        ident = load_case(case).id
        before = self.held.get(ident)
        if before is not None and before.owner != actor.id:
            raise Refused("not_your_case", "a case of this id belongs to somebody else")
        while len(self.held) >= MOST_CASES:
            ended = next((name for name, held in self.held.items() if held.run is None or held.run.done(0)), None)
            if ended is None:
                raise Refused("too_many", "too many trawls are under way; try again later")
            del self.held[ended]
        self.held[ident] = Held(owner=actor.id, case=case)
        return "201 Created", "application/json", _json({"case": ident})

    def mine(self, hub: Hub, ident: str, act: str) -> Held:
        """A case that this user made, or any for a manager, if their role lets them do this at all."""
        hub.require(act)
        held = self.held[ident]
        if held.owner != hub.actor.id and "mash_manager" not in hub.actor.roles:
            raise Refused("not_your_case", "this case belongs to somebody else")
        return held


def _started(held: Held) -> Any:
    if held.run is None:
        raise Refused("not_started", "this case was not trawled yet")
    return held.run


def _state(run: Any) -> dict[str, Any]:
    """How far a trawl has come; how it ended, once it has."""
    sources = {name: {"state": state, "done": done, "of": of} for name, (state, done, of) in run.progress().items()}
    if not run.done(0):
        return {"state": "under way", "sources": sources}
    try:
        result = run.result()
    except TrawlError as problem:
        return {"state": "ended", "said": str(problem), "sources": sources}
    answers = [{"source": a.source, "person": a.person, "status": a.status.value} for a in result.answers]
    return {"state": "sealed", "version": result.sealed.version, "answers": answers, "sources": sources}


def _body(environ: dict[str, Any]) -> dict[str, Any]:
    """The JSON object of a request. ValueError for anything else: a text would be taken for the name of a file."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if not 0 < length <= MOST_BYTES:
        raise ValueError("length")
    found = json.loads(environ["wsgi.input"].read(length))
    if not isinstance(found, dict):
        raise ValueError("shape")
    return found


def _said(status: str, said: str, **more: str) -> Reply:
    return status, "application/json", _json({"said": said, **more})


def _json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8")


def main(arguments: list[str]) -> None:
    """Serve on loopback until stopped."""
    folder, users = arguments[0], json.loads(Path(arguments[1]).read_text("utf-8"))
    port = int(arguments[2]) if len(arguments) > 2 else 8080
    runner = Actor(id=next(iter(users.values()))["id"], vouched_by="case-tool")
    with Hub.open(folder, actor=runner) as hub, make_server("127.0.0.1", port, CaseTool(hub, users)) as server:
        print(f"case tool on http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
