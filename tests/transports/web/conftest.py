"""A server that does what a test tells it to, byte by byte, and a door that gates nothing but counts everything."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from mash_trawl.errors import Unavailable
from mash_trawl.model.duration import Duration
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.transports.door import Tally
from mash_trawl.transports.http_lines import Lines

Script = Callable[[socket.socket, int], None]


@dataclass(kw_only=True)
class OpenDoor:
    """A door for transports under test. `waits` are the pauses asked for; time passes only on the fake clock."""

    connect: Mapping[str, str]
    source: str = "police"
    step: str = "find"
    base: Path = field(default_factory=Path)
    limits: Limits = field(default_factory=lambda: Limits(deadline=Duration(seconds=10)))
    tls: Tls = field(default_factory=Tls)
    extracts: None = None
    proxy: str | None = None
    seconds: float = 10.0
    tally: Tally = field(default_factory=Tally)
    asked: list[tuple[int, int]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    clock: float = 0.0
    ends: float = 0.0

    def __post_init__(self) -> None:
        self.ends = time.monotonic() + self.seconds

    def now(self) -> float:
        """Real time, moved on by every wait."""
        return time.monotonic() + self.clock

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        """Count it; what is left of the deadline."""
        self.asked.append((page, attempt))
        self.tally.requests += 1
        left = self.ends - self.now()
        if left <= 0:
            raise Unavailable("deadline")
        return left

    def row(self) -> bool:
        """Count a row against the budget."""
        if self.tally.rows >= self.limits.rows:
            return False
        self.tally.rows += 1
        return True

    def wait(self, seconds: float) -> None:
        """Let the fake clock pass."""
        self.waits.append(seconds)
        if self.now() + seconds >= self.ends:
            raise Unavailable("deadline")
        self.clock += seconds

    def limited(self, **changes: Any) -> OpenDoor:
        """With other limits."""
        self.limits = replace(self.limits, **changes)
        return self


@pytest.fixture
def door() -> type[OpenDoor]:
    """Makes doors: `door(connect={"url": ...})`."""
    return OpenDoor


class Wire:
    """Listens on a free loopback port; hands each connection, numbered from 0, to the script. `heard` is what came."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self.heard: list[bytes] = []
        self.connections = 0
        self._threads: list[threading.Thread] = []
        self._lines: list[socket.socket] = []
        self._main = threading.Thread(target=self._accept, daemon=True)
        self._main.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def hear(self, line: socket.socket) -> bytes:
        """Read one request, body included; empty at the end of the line."""
        data = b""
        while b"\r\n\r\n" not in data:
            part = line.recv(65536)
            if not part:
                return b""
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        sizes = [item.split(b":")[1] for item in head.split(b"\r\n") if item.lower().startswith(b"content-length:")]
        while sizes and len(body) < int(sizes[0]):
            body += line.recv(65536)
        self.heard.append(head + b"\r\n\r\n" + body)
        return self.heard[-1]

    def pause(self, seconds: float) -> bool:
        """Wait, unless the test ends first; True if it has ended."""
        return self._ended.wait(seconds)

    def reset(self, line: socket.socket) -> None:
        """End the line with a TCP reset."""
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()

    def stop(self) -> None:
        """Close the port and let the scripts end."""
        self._ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._main.join(5)
        self._listener.close()
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        self._listener.settimeout(0.05)
        while not self._ended.is_set():
            try:
                line, _ = self._listener.accept()
            except OSError:
                continue
            number, self.connections = self.connections, self.connections + 1
            thread = threading.Thread(target=self._serve, args=(line, number), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, line: socket.socket, number: int) -> None:
        line.settimeout(5)
        self._lines.append(line)
        with line, suppress(OSError):
            self._script(line, number)


@pytest.fixture
def wire() -> Iterator[Callable[[Script], Wire]]:
    """Starts servers that follow a script; all are stopped at the end."""
    started: list[Wire] = []

    def start(script: Script) -> Wire:
        started.append(Wire(script))
        return started[-1]

    yield start
    for server in started:
        server.stop()


def _reply(body: bytes, *, status: str = "200 OK", kind: str = "application/json", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


@pytest.fixture
def lines() -> Iterator[Callable[..., Lines]]:
    """Makes what keeps connections between asks; all are hung up at the end."""
    made: list[Lines] = []

    def make(*clock: Callable[[], float]) -> Lines:
        made.append(Lines(*clock))
        return made[-1]

    yield make
    for kept in made:
        kept.close()


@pytest.fixture
def reply() -> Callable[..., bytes]:
    """Builds one well-formed answer: `reply(body, status=..., kind=..., more="Header: x\\r\\n")`."""
    return _reply


@pytest.fixture
def replies(wire: Callable[[Script], Wire]) -> Callable[..., Wire]:
    """A server that gives these answers one after another, whichever line they are asked on, the last one for ever."""

    def start(*answers: bytes) -> Wire:
        lock, place = threading.Lock(), [0]

        def script(line: socket.socket, _: int) -> None:
            while server.hear(line):
                with lock:
                    answer = answers[min(place[0], len(answers) - 1)]
                    place[0] += 1
                line.sendall(answer)

        server = wire(script)
        return server

    return start
