"""Connections that cannot outlive the deadline: every single read and write is given only the time that is left.

A library's time-out counts from one byte to the next, so that a server which drips one byte a second is never late.
Here the sockets themselves know the deadline: status line, headers, body, proxy greeting and TLS handshake included.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from mash_trawl.transports.http_settings import HttpSettings, is_loopback, origin_of
from mash_trawl.transports.http_tls import check_pin


class Deadline:
    """The moment by which the present request must have ended."""

    __slots__ = ("_at", "_now")

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._at = 0.0

    def give(self, seconds: float) -> None:
        """Start anew: so many seconds are left from now."""
        self._at = self._now() + seconds

    def left(self) -> float:
        """The seconds left, more than 0; TimeoutError when none are."""
        left = self.spare()
        if left <= 0:
            raise TimeoutError
        return left

    def spare(self) -> float:
        """The seconds left, 0 or less when it is over."""
        return self._at - self._now()


class TimedSocket(socket.socket):
    """A socket whose every call ends by the deadline."""

    deadline: Deadline

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        self.settimeout(self.deadline.left())
        return super().recv_into(buffer, nbytes, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        self.settimeout(self.deadline.left())
        super().sendall(data, flags)


class TimedTlsSocket(ssl.SSLSocket):
    """The same over TLS; `deadline` is set once the handshake, which has its own total, is done."""

    deadline: Deadline | None = None

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        if self.deadline is not None:
            self.settimeout(self.deadline.left())
        return super().recv_into(buffer, nbytes, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        if self.deadline is not None:
            self.settimeout(self.deadline.left())
        super().sendall(data, flags)


def dial(host: str, port: int, deadline: Deadline) -> TimedSocket:
    """Connect to the first address that answers; the time left is shared by the addresses still to try."""
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    failure: OSError = OSError("no address")
    for place, (family, kind, protocol, _, address) in enumerate(addresses):
        line = TimedSocket(family, kind, protocol)
        line.deadline = deadline
        try:
            line.settimeout(deadline.left() / (len(addresses) - place))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.connect(address)
            line.settimeout(deadline.left())
        except OSError as error:
            line.close()
            failure = error
        else:
            return line
    raise failure


class StrictResponse(http.client.HTTPResponse):
    """Refuses headers that cannot be read, before a library writes them into a log."""

    def begin(self) -> None:
        super().begin()
        if self.headers.defects or self.headers.get_payload():
            raise http.client.HTTPException("headers that cannot be read")


class TimedConnection(HTTPConnection):
    """Plain HTTP, for this machine only (http_settings sees to that)."""

    deadline: Deadline
    response_class = StrictResponse

    def _new_conn(self) -> socket.socket:
        return dial(self._dns_host, self.port or 80, self.deadline)


class TimedTlsConnection(HTTPSConnection):
    """HTTPS; the pinned key is compared before the first byte of a request is sent."""

    deadline: Deadline
    pin: bytes | None
    pinned_host: str
    response_class = StrictResponse

    def _new_conn(self) -> socket.socket:
        return dial(self._dns_host, self.port or 443, self.deadline)

    def connect(self) -> None:
        super().connect()
        line = self.sock
        if not isinstance(line, TimedTlsSocket):
            raise ssl.SSLError("not a line of ours")
        line.deadline = self.deadline
        if self.pin is not None and self.pinned_host == (self._tunnel_host or self.host):
            check_pin(line.getpeercert(binary_form=True), self.pin)


class TimedAdapter(HTTPAdapter):
    """Hands requests our connections and our certificates, and lets it choose neither."""

    def __init__(self, settings: HttpSettings, context: ssl.SSLContext, deadline: Deadline) -> None:
        context.sslsocket_class = TimedTlsSocket
        self._context = context
        known = {"deadline": deadline, "pin": settings.pin, "pinned_host": settings.origin.host}
        plain = type("Plain", (TimedConnection,), known)
        secure = type("Secure", (TimedTlsConnection,), known)
        self._pools: dict[str, type[HTTPConnectionPool]] = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
        super().__init__(pool_connections=2, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._fit(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return self._fit(super().proxy_manager_for(*args, **kwargs))

    def _fit(self, manager: PoolManager) -> PoolManager:
        manager.pool_classes_by_scheme = self._pools
        return manager

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        place, _ = super().build_connection_pool_key_attributes(request, True)
        return place, {"cert_reqs": "CERT_REQUIRED", "ssl_context": self._context}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to choose: the context verifies, and no bundle that comes with a library is added to it."""
        conn.cert_reqs = "CERT_REQUIRED"


class Line:
    """One requests session with its deadline; used by one ask at a time, and kept for the next after no fault."""

    def __init__(
        self, settings: HttpSettings, context: ssl.SSLContext, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.deadline = Deadline(now)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = TimedAdapter(settings, context, self.deadline)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._adapter = adapter
        self._proxy = settings.proxy

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, seconds: float
    ) -> requests.Response:
        """Send once, follow nothing; the body is not read yet. Raises what requests and the sockets raise."""
        self.deadline.give(seconds)
        direct = self._proxy is None or is_loopback(origin_of(url).host)
        return self._session.request(
            method, url, headers=dict(headers), data=body, stream=True, allow_redirects=False,
            timeout=seconds, proxies=None if direct else {"https": str(self._proxy)},
        )  # fmt: skip

    def close(self) -> None:
        """Hang up, also where an answer that was given up still holds on to its connection."""
        pools = self._adapter.poolmanager.pools
        for key in pools.keys():  # noqa: SIM118 - it cannot be walked through by itself
            if (pool := pools.get(key)) is not None:
                pool.close()
        self._session.close()
