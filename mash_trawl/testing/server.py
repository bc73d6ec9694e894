"""A small web server on loopback for seeds: it sends what it is handed, and as badly as it is told."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

FAULTS = (
    "it says 401", "it says 403", "it says 404", "it says 429", "it says 500", "it redirects", "HTML comes",
    "the body is empty", "the JSON is cut short", "the line is reset",
)  # fmt: skip
"""What can go wrong, as it is said behind "at a source where"."""
MOST_BODY = 1_000_000
MOST_SETTLING = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """One request as it came in: `query` from the address, `body` as bytes."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    address: str = ""

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty if it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def form(self) -> list[tuple[str, str]]:
        """The body as form fields, in order, repeated ones kept."""
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to send back. `raw` goes out as it is, in place of `body` as JSON."""

    status: int = 200
    body: Any = None
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    length: int | None = None
    reset: bool = False


class Answering(Protocol):
    """Whoever serves."""

    def answer(self, request: Request) -> Reply:
        """The reply to one request."""
        ...


def faulty(fault: str, patience: int, body: Any) -> Reply:
    """A reply that is wrong in the way named."""
    code = fault.removeprefix("it says ")
    if code.isdigit():
        headers = {"Retry-After": str(patience)} if code == "429" else {}
        return Reply(status=int(code), body={"error": "kit"}, headers=headers)
    text = json.dumps(body).encode()
    return {
        "it redirects": Reply(status=302, headers={"Location": "https://elsewhere.invalid/"}, body={}),
        "HTML comes": Reply(kind="text/html", raw=b"<html><body>Please log in</body></html>"),
        "the body is empty": Reply(raw=b""),
        "the JSON is cut short": Reply(raw=text[: max(1, len(text) // 2)]),
        "the line is reset": Reply(reset=True),
    }[fault]


class Server:
    """Listens on 127.0.0.1 until stopped, on a free port or the one named; says nothing and remembers nothing."""

    def __init__(self, owner: Answering, port: int = 0) -> None:
        self._lines: set[socket.socket] = set()
        self._lock = threading.Condition()
        self._busy = 0
        handler = type("Handler", (_Handler,), {"owner": owner, "server_of": self})
        self._server = _Named(("127.0.0.1", port), handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="kit server", daemon=True).start()

    def stop(self) -> None:
        """Close the port and every line."""
        self._server.shutdown()
        self._server.server_close()
        with self._lock:
            lines, self._lines = self._lines, set()
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def settle(self) -> None:
        """Wait until no answer is being made or sent."""
        with self._lock:
            self._lock.wait_for(lambda: self._busy == 0, MOST_SETTLING)

    def working(self, by: int) -> None:
        """One answer more, or less, is being made."""
        with self._lock:
            self._busy += by
            self._lock.notify_all()

    def note(self, line: socket.socket, *, gone: bool) -> None:
        """A line came or went."""
        with self._lock:
            (self._lines.discard if gone else self._lines.add)(line)


class _Named(ThreadingHTTPServer):
    """Its threads are told from a connector's by their name."""

    daemon_threads = True

    def process_request(self, request: Any, client_address: Any) -> None:
        threading.Thread(
            target=self.process_request_thread, args=(request, client_address), name="kit line", daemon=True
        ).start()

    def server_bind(self) -> None:
        """Without looking up this machine's own name."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    owner: Answering
    server_of: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536

    def setup(self) -> None:
        super().setup()
        self.server_of.note(self.connection, gone=False)

    def finish(self) -> None:
        self.server_of.note(self.connection, gone=True)
        with suppress(OSError):  # the client went away: nothing is owed to it
            super().finish()

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):  # the client went away: nothing is owed to it
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        self.server_of.working(+1)
        try:
            self._answer()
        finally:
            self.server_of.working(-1)

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BODY:
            self.close_connection = True
            self._send(Reply(status=413, body={"error": "the body is too long"}))
            return
        parts = urlsplit(self.path)
        request = Request(
            method=self.command, path=parts.path, query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length), address=self.path,
        )  # fmt: skip
        self._send(self.owner.answer(request))

    def _send(self, reply: Reply) -> None:
        if reply.reset:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        body = json.dumps(reply.body, ensure_ascii=False).encode() if reply.raw is None else reply.raw
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if reply.length is None else reply.length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
