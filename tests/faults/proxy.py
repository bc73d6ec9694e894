"""A line to a server that can be spoilt: ten kinds of fault between a driver and what it believes to be its server.

| kind | what the driver meets |
| --- | --- |
| refuse | nobody listens |
| silent | the line opens, and nothing ever comes |
| stall | the server's first bytes come, then nothing more; the line stays open |
| drip | the server's bytes come one at a time |
| cut | the server's first bytes come, then the line ends in good order |
| reset | the server's first bytes come, then the line is torn down |
| garbage | bytes that are no answer in any protocol, then the end of the line |
| slow | every piece of every message is late, in both directions; nothing is lost |
| tls_stall | the server's side stops in the middle of the TLS handshake |
| flap | two of three lines, the first two to begin with, are torn down as soon as they open |
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "refuse", "silent", "stall", "drip", "cut", "reset", "garbage", "slow", "tls_stall", "flap"
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "refuse", "silent", "stall", "drip", "cut", "reset", "garbage", "slow", "tls_stall", "flap",
)  # fmt: skip
DRIP, LATE = 0.05, 0.01
"""Seconds between two dripping bytes; by which a slow piece is late."""
_GARBAGE = random.Random(20261122).randbytes(4096)
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""How a PostgreSQL client asks whether it may speak TLS; `S` is the yes."""


@dataclass(eq=False)
class Proxy:
    """One port in front of one server. `after`: how many of the server's bytes pass before a fault begins.

    `lines` counts who called; `sent` is how many of the server's bytes each line passed on.
    """

    target: int
    port: int = 0
    kind: Kind | None = None
    after: int = 0
    lines: int = 0
    sent: list[int] = field(default_factory=list)
    server: asyncio.Server | None = None
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def listen(self) -> None:
        """Take calls, at the same port as before."""
        if self.server is None:
            self.server = await asyncio.start_server(self._call, "127.0.0.1", self.port)
            self.port = self.server.sockets[0].getsockname()[1]

    async def set(self, kind: Kind | None, after: int = 0) -> None:
        """From now on this fault, or none; lines that are open end."""
        for writer in list(self.open):
            writer.transport.abort()
        self.kind, self.after, self.lines, self.sent = kind, after, 0, []
        if kind != "refuse":
            await self.listen()
        elif self.server is not None:
            self.server.close()
            self.server = None

    async def _call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        self.sent.append(0)
        self.open.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._serve(reader, writer, self.lines)
        self.open.discard(writer)
        writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        if self.kind == "silent":
            await _for_ever(reader)
        elif self.kind == "garbage":
            await reader.read(1)
            writer.write(_GARBAGE)
            await writer.drain()
            writer.write_eof()
            await _for_ever(reader)
        elif self.kind == "flap" and number % 3:
            tear(writer)
        else:
            await self._pass_on(reader, writer, number)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        first = await self._secret(reader, writer)
        if first is None:
            await _for_ever(reader)
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        self.open.add(far_writer)
        far_writer.write(first)
        up = asyncio.ensure_future(self._up(reader, far_writer))
        try:
            if await self._down(far_reader, writer, number - 1) and self.kind in ("stall", "tls_stall"):
                await up
        finally:
            up.cancel()
            self.open.discard(far_writer)
            far_writer.transport.abort()
        if self.kind == "reset":
            tear(writer)
        elif writer.can_write_eof():
            writer.write_eof()
            await asyncio.sleep(DRIP)

    async def _secret(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
        """PostgreSQL's client asks first whether TLS is spoken: it is told yes, and then nothing. None if it was so."""
        if self.kind != "tls_stall" or self.after:
            return b""
        first = await reader.readexactly(8)
        if first != _SSL_REQUEST:
            return first
        writer.write(b"S")
        await writer.drain()
        return None

    async def _up(self, reader: asyncio.StreamReader, far: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await asyncio.sleep(LATE if self.kind == "slow" else 0)
                far.write(data)
                await far.drain()
            if far.can_write_eof():
                far.write_eof()

    async def _down(self, far: asyncio.StreamReader, writer: asyncio.StreamWriter, place: int) -> bool:
        """Pass on the server's bytes; True when the fault has come, False when the server has hung up."""
        faulty = self.kind in ("stall", "cut", "reset", "tls_stall")
        while True:
            most = self.after - self.sent[place] if faulty else 65536
            if most <= 0:
                return True
            data = await far.read(1 if self.kind == "drip" else most)
            if not data:
                return False
            await asyncio.sleep({"drip": DRIP, "slow": LATE}.get(self.kind or "", 0))
            writer.write(data)
            await writer.drain()
            self.sent[place] += len(data)


async def _for_ever(reader: asyncio.StreamReader) -> None:
    """Take whatever comes until the other side hangs up."""
    while await reader.read(65536):
        pass


def tear(writer: asyncio.StreamWriter) -> None:
    """End a line with a TCP reset."""
    line = writer.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Exchange:
    """All the proxies of a test, on one thread of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._proxies: list[Proxy] = []

    def proxy(self, target: int) -> Proxy:
        """A new one in front of a port of this machine; without a fault."""
        made = Proxy(target)
        self._run(made.listen())
        self._proxies.append(made)
        return made

    def set(self, proxy: Proxy, kind: Kind | None, after: int = 0) -> None:
        """Choose a fault, or none."""
        self._run(proxy.set(kind, after))

    def close(self) -> None:
        """End every line and the thread."""
        for proxy in self._proxies:
            self._run(proxy.set("refuse"))
        self._run(self._rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _rest(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self, act: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(act, self._loop).result(10)
