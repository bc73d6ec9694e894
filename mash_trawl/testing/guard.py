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
from pathlib import Path
from typing import Any, NoReturn

from mash_trawl.testing.seen import Seen

_CONNECTIONS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_PROGRAMS = frozenset({"subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn", "os.exec"})
_COPIES = frozenset({"os.fork", "os.forkpty"})
_CHANGES = {"os.mkdir": 0, "os.rename": 1, "os.link": 1, "os.symlink": 1, "os.truncate": 0, "os.remove": 0,
            "os.rmdir": 0}  # fmt: skip
"""Changes to files that open none of them, and which argument says where."""
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
def staying() -> Iterator[None]:
    """`os._exit`, which ends a program without a word, raises SystemExit as `sys.exit` does, so that it can be told."""

    def leave(status: int) -> NoReturn:
        raise SystemExit(status)

    real, os._exit = os._exit, leave
    try:
        yield
    finally:
        os._exit = real


@contextmanager
def watching(seen: Seen, allowed: frozenset[tuple[str, int]], own: Path | None = None) -> Iterator[None]:
    """Note in `seen` where anybody connects to beside `allowed`, what is started and which files are changed.

    `own` is the seed's folder, whose databases may be opened.
    """
    if not _installed.is_set():
        _installed.set()
        sys.addaudithook(_hook)
    hosts = frozenset(host for host, _ in allowed)

    def look(event: str, args: tuple[Any, ...]) -> None:
        if event in _CONNECTIONS:
            _connect(seen, args[1] if len(args) > 1 else None, allowed)
        elif event in _LOOK_UPS:
            host = str(args[0]) if args else ""
            if host not in hosts:
                seen.strangers.append(f"looked up the host {host!r}")
                raise Forbidden("the kit lets no look-up out")
        elif event in _PROGRAMS:
            seen.programs.append(str(args[1] if event == "os.spawn" else args[0])[:200])
        elif event in _COPIES:
            seen.programs.append("a copy of this one")
            raise Forbidden("the kit lets no process be copied")
        elif event == "open":
            _file(seen, args)
        elif event in _CHANGES:
            _changed(seen, _name(args[_CHANGES[event]]))
        elif event == "sqlite3.connect":
            _database(seen, _name(args[0]), own)

    def sleep(seconds: Any) -> None:
        if threading.current_thread().name == LANE:
            seen.slept += seconds
        else:
            real(seconds)

    _ours.append(look)
    real, time.sleep = time.sleep, sleep
    try:
        with staying():
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
    if writing and not isinstance(path, int):
        _changed(seen, _name(path))


def _changed(seen: Seen, name: str) -> None:
    """What Python compiles for itself is nobody's doing."""
    if "__pycache__" not in name and name != os.devnull:
        seen.files.append(name)


def _name(path: Any) -> str:
    return os.fsdecode(path) if isinstance(path, str | bytes) else str(path)


def _database(seen: Seen, name: str, own: Path | None) -> None:
    """SQLite opens its files by itself: one that is not the seed's is the connector's own."""
    path = name.removeprefix("file:").partition("?")[0]
    if path not in ("", ":memory:") and (own is None or own not in Path(path).parents):
        seen.files.append(path)
