"""A small case tool with its own users that embeds the hub: start a trawl, watch it, stop it, show the product.

    python embed.py HUB USERS.json [PORT]      (USERS.json: {"name": {"id": ..., "roles": [...], "key": ...}})

Each user's `key` is the hexadecimal SHA-256 of a long random token that the user sends as `Authorization: Bearer`. The
tool vouches for its users under the name `case-tool`; the hub decides what that is worth (`vouches:` in hub.yaml).
Nothing of a product is written to disk, and no address (URL) holds more than a case id.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

from mash_trawl import Actor, Hub, load_case
from mash_trawl.errors import Misconfigured, Refused, TrawlError
from mash_trawl.render import page

Start = Callable[[str, list[tuple[str, str]]], Any]
MOST = 1_000_000
"""Bytes of a request; a case is far smaller."""


class CaseTool:
    """A WSGI application. `hub` is opened once and serves every user and thread."""

    def __init__(self, hub: Hub, users: dict[str, dict[str, Any]]) -> None:
        self.hub, self.users = hub, users
        self.cases: dict[str, dict[str, Any]] = {}
        self.runs: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request; every refusal of the hub becomes a plain sentence."""
        try:
            status, kind, body = self.answer(environ)
        except Misconfigured as wrong:
            status, kind, body = "400 Bad Request", "application/json", _json({"problems": [str(wrong)]})
        except Refused as refusal:
            status, kind, body = "403 Forbidden", "application/json", _json({"why": refusal.why, "said": str(refusal)})
        except (KeyError, ValueError):
            status, kind, body = "404 Not Found", "application/json", _json({"said": "There is no such thing here."})
        start(status, [("Content-Type", kind), ("Cache-Control", "no-store"), ("Content-Length", str(len(body)))])
        return [body]

    def answer(self, environ: dict[str, Any]) -> tuple[str, str, bytes]:
        """The way to each act; the user is known before anything else is looked at."""
        hub = self.hub.acting_as(self.user(environ))
        parts = environ["PATH_INFO"].strip("/").split("/")
        match environ["REQUEST_METHOD"], parts:
            case "POST", ["cases"]:
                case = json.loads(environ["wsgi.input"].read(min(int(environ["CONTENT_LENGTH"]), MOST)))
                self.cases[load_case(case).id] = case
                return "201 Created", "application/json", _json({"case": case["id"]})
            case "POST", ["cases", ident, "trawl"]:
                self.runs[ident] = hub.start(self.cases[ident])
                return "202 Accepted", "application/json", _json({"case": ident})
            case "POST", ["cases", ident, "cancel"]:
                self.runs[ident].cancel()
                return "202 Accepted", "application/json", _json({"case": ident})
            case "GET", ["cases", ident]:
                return "200 OK", "application/json", _json(self.state(ident))
            case "GET", ["cases", ident, "product"]:
                product = hub.open(self.runs[ident].result().path, reason="read in the case tool")
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

    def state(self, ident: str) -> dict[str, Any]:
        """How far a trawl has come; how it ended, once it has."""
        run = self.runs[ident]
        sources = {name: {"state": state, "done": done, "of": of} for name, (state, done, of) in run.progress().items()}
        if not run.done(0):
            return {"state": "under way", "sources": sources}
        try:
            result = run.result()
        except TrawlError as problem:
            return {"state": "ended", "said": str(problem), "sources": sources}
        answers = [{"source": a.source, "person": a.person, "status": a.status.value} for a in result.answers]
        return {"state": "sealed", "version": result.sealed.version, "answers": answers, "sources": sources}


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
