"""What Python itself says of connections, look-ups, programs and files while a connector runs.

An audit hook can never be taken away, so there is one for the process, and it looks only while a run is on. What it
cannot see is what C code does by itself (an ODBC driver); the seeds count that at their own end.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from mash_trawl.testing.seen import Seen

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
LANE = "kit lane"
"""The thread on which a connector is asked. Its sleep is noted, and takes no time."""
_ours: list[Callable[[str, tuple[Any, ...]], None]] = []
"""Whoever looks now: at most one."""
_installed = threading.Event()


class Forbidden(OSError):
    """Raised into a connection that nobody declared: the kit lets nothing out."""


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _ours:
        _ours[-1](event, args)


@contextmanager
def watching(seen: Seen, allowed: frozenset[tuple[str, int]]) -> Iterator[None]:
    """Note in `seen` where anybody connects to beside `allowed`, what is started and which files are written."""
    if not _installed.is_set():
        _installed.set()
        sys.addaudithook(_hook)
    hosts = frozenset(host for host, _ in allowed)

    def look(event: str, args: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto"):
            _connect(seen, args[1] if len(args) > 1 else None, allowed)
        elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
            host = str(args[0]) if args else ""
            if host not in hosts:
                seen.strangers.append(f"looked up the host {host!r}")
                raise Forbidden("the kit lets no look-up out")
        elif event in ("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec"):
            seen.programs.append(str(args[0])[:200])
        elif event == "open":
            _file(seen, args)

    def sleep(seconds: Any) -> None:
        if threading.current_thread().name == LANE:
            seen.slept += seconds
        else:
            real(seconds)

    _ours.append(look)
    real, time.sleep = time.sleep, sleep
    try:
        yield
    finally:
        time.sleep = real
        with suppress(ValueError):
            _ours.remove(look)


def _connect(seen: Seen, address: Any, allowed: frozenset[tuple[str, int]]) -> None:
    place = tuple(address[:2]) if isinstance(address, tuple) and len(address) >= 2 else (str(address), 0)
    if place not in allowed:
        seen.strangers.append(f"connected to {place[0]}:{place[1]}")
        raise Forbidden("the kit lets no connection out")


def _file(seen: Seen, args: tuple[Any, ...]) -> None:
    path, mode, flags = (*args, None, None, None)[:3]
    writing = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool((flags or 0) & _WRITING)
    name = os.fsdecode(path) if isinstance(path, str | bytes) else str(path)
    if writing and not isinstance(path, int) and "__pycache__" not in name and name != os.devnull:
        seen.files.append(name)
