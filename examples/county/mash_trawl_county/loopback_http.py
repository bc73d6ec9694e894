"""A small HTTP server for loopback with OAuth2 client credentials: what the county's police and health servers share.

Standard library only. It binds 127.0.0.1 and nothing else, counts every request by path, and forgets its tokens after
`token_life` seconds, so that a client which never renews is found out.
"""

from __future__ import annotations

import base64
import json
import secrets
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlsplit

MAX_BODY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """One request as it came in: `query` from the address, `body` as bytes."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; BadRequest if it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise BadRequest("the body must be a JSON object")
        return value

    def form(self) -> list[tuple[str, str]]:
        """The body as form fields, in order, repeated ones kept."""
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to send back."""

    status: int = 200
    body: Any = None
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


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
        self._lines: set[socket.socket] = set()
        self._server: ThreadingHTTPServer | None = None
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
        server = ThreadingHTTPServer(("127.0.0.1", self._port), type("Handler", (_Handler,), {"owner": self}))
        self._server, self._port = server, server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), name="loopback", daemon=True).start()
        return self.base_url

    def stop(self) -> None:
        """Stop at once: the port is closed, and so is every line that is still open."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        with self._lock:
            lines, self._lines = self._lines, set()
        for line in lines:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

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


class _Handler(BaseHTTPRequestHandler):
    """One line to one client; `owner` is set by a subclass made for each server."""

    owner: LoopbackServer
    protocol_version = "HTTP/1.1"
    server_version = "county"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 65536

    def setup(self) -> None:
        super().setup()
        with self.owner._lock:
            self.owner._lines.add(self.connection)

    def finish(self) -> None:
        with self.owner._lock:
            self.owner._lines.discard(self.connection)
        with suppress(OSError):  # the client went away: nothing is owed to it
            super().finish()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the client went away: nothing is owed to it
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the addresses asked for are nobody's business."""

    def do_POST(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            return self._send(Reply(status=413, body=self.owner.error_body("too-long", "the body is too long")))
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(
            method=self.command, path=address.path, query=query, headers=headers, body=self.rfile.read(length)
        )
        return self._send(self.owner.answer(request))

    def _send(self, reply: Reply) -> None:
        body = json.dumps(reply.body, ensure_ascii=False).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
