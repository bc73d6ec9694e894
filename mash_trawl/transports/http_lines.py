"""What is kept between asks: connections that did nothing wrong, and the token. Never in a global, never on disk."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable

from mash_trawl.transports.door import Door
from mash_trawl.transports.http_login import Login
from mash_trawl.transports.http_settings import HttpSettings, read_settings
from mash_trawl.transports.http_tls import trust
from mash_trawl.transports.http_wire import Line


class Kept:
    """What is kept of one source: certificates, the token, idle lines, and until when it wants to be left alone."""

    def __init__(self, settings: HttpSettings, now: Callable[[], float]) -> None:
        self.settings = settings
        self.now = now
        self.context: ssl.SSLContext = trust(settings)
        self.login = Login(settings, now)
        self.lock = threading.Lock()
        self.idle: list[Line] = []
        self.rest_until = 0.0

    def take(self) -> Line:
        """A line for one ask: an idle one, or a new one."""
        with self.lock:
            if self.idle:
                return self.idle.pop()
        return Line(self.settings, self.context, self.now)

    def give_back(self, line: Line) -> None:
        """Keep a line that did nothing wrong for the next ask."""
        with self.lock:
            self.idle.append(line)

    def close(self) -> None:
        """Hang up and forget the token."""
        with self.lock:
            lines, self.idle = self.idle, []
        self.login.clear()
        for line in lines:
            line.close()


class Lines:
    """Open lines and tokens of each source, for use by many asks and threads. A line that saw a fault is not kept."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._known: dict[str, Kept] = {}

    def of(self, door: Door) -> Kept:
        """What is kept of the door's source; made anew when its settings have changed."""
        settings = read_settings(door.source, door.connect, door.tls, door.proxy, door.base)
        with self._lock:
            old = self._known.get(door.source)
            if old is not None and old.settings == settings:
                return old
            kept = self._known[door.source] = Kept(settings, self._now)
        if old is not None:
            old.close()
        return kept

    def close(self) -> None:
        """Hang up everywhere and forget the tokens."""
        with self._lock:
            known, self._known = self._known, {}
        for kept in known.values():
            kept.close()
