"""One page, shown once, from memory: on loopback, behind a link that works one time, and gone when nobody looks.

The link's token is used up by the browser that follows it first; from then on a cookie is what counts. Another site in
the same browser, or a second follower of the link, gets nothing. The link is no argument of any program, where other
accounts could read it: the browser is handed a file that only this account can read.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

IDLE = 15 * 60.0
"""Seconds without a request after which the page is gone."""
_WAIT = 10.0
"""Seconds that a connection may take to say what it wants."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Type": "text/html; charset=utf-8",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
FORWARD = '<!doctype html><meta charset="utf-8"><title>mash-trawl</title><meta http-equiv="refresh" content="0;url={}">'
"""A page that leads on at once: its address replaces the one with the token."""
_SAID = {
    403: "This link was used already, or it was made for another window. Ask for a new one with `mash-trawl view`.",
    404: "There is nothing else here.",
    405: "This page can only be read.",
}


class LoopbackPage:
    """Serves one page on a free port of 127.0.0.1 until `end`, or until nobody asked for `idle` seconds."""

    def __init__(
        self, html: str, *, idle: float = IDLE, token: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._body = html.encode("utf-8")
        self._idle, self._clock = idle, clock
        self._token: str | None = token or secrets.token_urlsafe(32)
        self._name, self._cookie = f"view-{secrets.token_hex(4)}", secrets.token_urlsafe(32)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._host = f"127.0.0.1:{self._server.server_port}"
        self._last = clock()
        self.link = f"http://{self._host}/{self._token}"

    def serve(self) -> None:
        """Serve until it ends; the page is forgotten then."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="view", daemon=True).start()
        try:
            while not self._ended.wait(min(1.0, self._idle / 4)) and self._clock() - self._last < self._idle:
                pass
        finally:
            self._server.shutdown()
            self._server.server_close()
            self._body = b""

    def end(self) -> None:
        """Stop serving."""
        self._ended.set()

    def reply(self, method: str, path: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for one request. A request that gets the page keeps it alive; no other does."""
        if headers.get("Host") != self._host:
            return self._no(403)
        if method not in ("GET", "HEAD"):
            return self._no(405)
        if self._is_token(path.removeprefix("/")):
            cookie = f"{self._name}={self._cookie}; HttpOnly; SameSite=Strict; Path=/"
            return 200, {"Set-Cookie": cookie}, FORWARD.format("/").encode("utf-8")
        if headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            return self._no(403)
        if not self._has_cookie(headers.get("Cookie", "")):
            return self._no(403)
        if path != "/":
            return self._no(404)
        self._last = self._clock()
        return 200, {}, self._body

    def _is_token(self, given: str) -> bool:
        """Whether this is the link's token, which is used up by asking."""
        with self._lock:
            right = self._token is not None and hmac.compare_digest(given.encode(), self._token.encode())
            if right:
                self._token = None
                self._last = self._clock()
            return right

    def _has_cookie(self, given: str) -> bool:
        pairs = (part.strip().partition("=") for part in given.split(";"))
        return any(
            name == self._name and hmac.compare_digest(value.encode(), self._cookie.encode())
            for name, _, value in pairs
        )

    def _no(self, status: int) -> tuple[int, dict[str, str], bytes]:
        return status, {"Content-Type": "text/plain; charset=utf-8"}, _SAID[status].encode("utf-8")


def _handler(page: LoopbackPage) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Hands every request to the page; writes no log line."""

        timeout = _WAIT
        server_version, sys_version = "mash-trawl", ""

        def _answer(self) -> None:
            status, headers, body = page.reply(self.command, self.path, dict(self.headers.items()))
            self.send_response(status)
            for name, value in {**_HEADERS, **headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _answer

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: a request line is nobody's business."""

    return Handler
