"""A service on loopback with OAuth2 client credentials: what the county's servers share.

It listens by the conformance kit's own small web server, on 127.0.0.1 and nowhere else, counts every request by path,
and forgets its tokens after `token_life` seconds, so that a client which never renews is found out.
"""

from __future__ import annotations

import base64
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

from mash_trawl.testing.server import Reply, Request, Server

Record = Mapping[str, Any]
Search = Callable[[dict[str, Any]], list[Record]]


class BadRequest(Exception):
    """The request cannot be understood; the text is shown to the client."""


class LoopbackServer(ABC):
    """Start it, ask it, stop it. A subclass answers in `reply`; everything but `open_paths` needs a token.

    Set `journal` to a list, and every request with a good token is kept in it: what the server itself was asked.
    """

    base_path = ""
    open_paths: frozenset[str] = frozenset()

    def __init__(self, client_id: str, client_secret: str, port: int = 0, token_life: float = 300.0) -> None:
        self._client = (client_id, client_secret)
        self._port = port
        self._life = token_life
        self._lock = threading.Lock()
        self._tokens: dict[str, float] = {}
        self._server: Server | None = None
        self.hits: Counter[str] = Counter()
        self.journal: list[Request] | None = None

    @property
    def base_url(self) -> str:
        """Where the service stands, once started."""
        return f"http://127.0.0.1:{self._port}{self.base_path}"

    @property
    def token_url(self) -> str:
        """Where tokens are given out, once started."""
        return f"http://127.0.0.1:{self._port}/oauth2/token"

    def start(self) -> str:
        """Listen on a free port of 127.0.0.1 (or the port asked for); returns the base address."""
        self._server = Server(self, self._port)
        self._port = self._server.port
        return self.base_url

    def stop(self) -> None:
        """Stop at once: the port is closed, and so is every line that is still open."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def forget_tokens(self) -> None:
        """Make every token worthless, as a restart of the identity server would."""
        with self._lock:
            self._tokens.clear()

    def answer(self, request: Request) -> Reply:
        """Count the request, check the token, and let the subclass reply."""
        with self._lock:
            self.hits[request.path] += 1
        if request.path == "/oauth2/token":
            return self._token(request)
        if request.path not in self.open_paths and not self._knows(request):
            return Reply(
                status=401, body=self.error_body("login", "a valid token is needed"),
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}, kind=self.error_kind,
            )  # fmt: skip
        if self.journal is not None:
            self.journal.append(request)
        try:
            return self.reply(request)
        except BadRequest as error:
            return Reply(status=400, body=self.error_body("invalid", str(error)), kind=self.error_kind)

    error_kind = "application/json"

    def error_body(self, code: str, text: str) -> Any:
        """How this service words an error."""
        return {"error": code, "message": text}

    @abstractmethod
    def reply(self, request: Request) -> Reply:
        """Answer a request whose token is good."""

    def _knows(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        with self._lock:
            return scheme.lower() == "bearer" and self._tokens.get(token, 0.0) > time.monotonic()

    def _token(self, request: Request) -> Reply:
        """RFC 6749 sections 4.4 and 2.3.1: id and secret by HTTP Basic, or in the form."""
        form = dict(request.form())
        if request.method != "POST" or form.get("grant_type") != "client_credentials":
            return Reply(status=400, body={"error": "unsupported_grant_type"})
        if _client_of(request, form) != self._client:
            return Reply(status=401, body={"error": "invalid_client"})
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[token] = time.monotonic() + self._life
        return Reply(
            body={"access_token": token, "token_type": "Bearer", "expires_in": max(1, int(self._life))},
            headers={"Cache-Control": "no-store"},
        )


def _client_of(request: Request, form: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, packed = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        name, _, secret = base64.b64decode(packed).decode("utf-8", "replace").partition(":")
        return unquote_plus(name), unquote_plus(secret)
    return form.get("client_id", ""), form.get("client_secret", "")


class SearchServer(LoopbackServer):
    """Answers a JSON object by POST with a page of what was found, so that no name ever stands in an address."""

    paging_keys: frozenset[str]

    @abstractmethod
    def searches(self) -> Mapping[str, tuple[frozenset[str], Search]]:
        """By its path, what a search may name, and the search."""

    @abstractmethod
    def paged(self, rows: Sequence[Record], body: dict[str, Any]) -> dict[str, Any]:
        """The page that is asked for."""

    def reply(self, request: Request) -> Reply:
        """One of the searches; a field that it does not know is refused."""
        searches = self.searches()
        if request.path not in searches:
            return Reply(status=404, body=self.error_body("not-found", "no such service"))
        if request.method != "POST":
            return Reply(status=405, body=self.error_body("method", "search by POST"))
        keys, search = searches[request.path]
        body = request.json()
        if unknown := sorted(set(body) - keys - self.paging_keys):
            raise BadRequest(f"unknown fields: {len(unknown)}")
        return Reply(body=self.paged(search(body), body))
