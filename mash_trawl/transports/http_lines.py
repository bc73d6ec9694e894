"""What is kept between asks: connections that did nothing wrong, and the token. Never in a global, never on disk."""

from __future__ import annotations

import ssl
import threading

from mash_trawl.transports.door import Door
from mash_trawl.transports.http_login import Login
from mash_trawl.transports.http_settings import HttpSettings, read_settings
from mash_trawl.transports.http_tls import trust
from mash_trawl.transports.http_wire import Line


class Kept:
    """What is kept of one source: certificates, the token, idle lines, and until when it wants to be left alone."""

    def __init__(self, settings: HttpSettings) -> None:
        self.settings = settings
        self.context: ssl.SSLContext = trust(settings)
        self.login = Login(settings)
        self.lock = threading.Lock()
        self.idle: list[Line] = []
        self.rest_until = 0.0


class Lines:
    """Open lines and tokens of each source, for use by many asks and threads. A line that saw a fault is not kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Kept] = {}

    def of(self, door: Door) -> Kept:
        """What is kept of the door's source; made anew when its settings have changed."""
        settings = read_settings(door.source, door.connect, door.tls, door.proxy, door.base)
        with self._lock:
            kept = self._known.get(door.source)
            if kept is None or kept.settings != settings:
                kept = self._known[door.source] = Kept(settings)
            return kept

    def close(self) -> None:
        """Hang up everywhere and forget the tokens."""
        with self._lock:
            known, self._known = self._known, {}
        for kept in known.values():
            with kept.lock:
                lines, kept.idle = kept.idle, []
            for line in lines:
                line.close()
