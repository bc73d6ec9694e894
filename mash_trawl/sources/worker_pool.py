"""Workers that are warm, source by source: starting one takes most of a second, so that it is done before it is asked.

A worker never changes its source: what it was told once, an address or a secret, it might keep. One that ended badly is
thrown away with everything that it had started.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress

from mash_trawl.errors import Refused
from mash_trawl.sources.worker_facts import Order
from mash_trawl.sources.worker_process import Gone, Process

IDLE_EACH, IDLE_ALL = 4, 12
"""Workers that wait for work: of one source, and of all together. Each holds some 60 MB."""


class Pool:
    """The idle workers of one hub. Safe in threads; `close()` ends them all."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(os.environ if environment is None else environment)
        self._idle: list[tuple[str, Process]] = []
        self._out: dict[Process, str] = {}
        self._closed = False
        self._lock = threading.Lock()

    def take(self, source: str, order: Order) -> Process:
        """A worker of this source: the one that was used last, or a new one. Raises Gone, or Refused once closed."""
        with self._lock:
            self._check()
            for place in range(len(self._idle) - 1, -1, -1):
                if self._idle[place][0] == source:
                    worker = self._idle.pop(place)[1]
                    self._out[worker] = source
                    return worker
        return self._lend(source, self.start(order))

    def start(self, order: Order) -> Process:
        """A new worker that belongs to nobody yet. Raises Gone."""
        return Process(order, self._environment)

    def warm(self, source: str, order: Order, count: int) -> int:
        """See that there are so many for this source, as far as may be; returns how many were started. Never raises."""
        with self._lock:
            there = [name for name, _ in self._idle] + list(self._out.values())
        started = 0
        with suppress(Gone):
            while there.count(source) + started < min(count, IDLE_EACH):
                self.keep(source, self.start(order))
                started += 1
        return started

    def keep(self, source: str, worker: Process) -> None:
        """Take in a worker that is sound and idle; the oldest goes when there are too many."""
        with self._lock:
            self._out.pop(worker, None)
            surplus = [worker] if self._closed else []
            if not self._closed:
                worker.waited = True
                self._idle.append((source, worker))
                own = [held for name, held in self._idle if name == source]
                surplus = own[:-IDLE_EACH] or [held for _, held in self._idle[:-IDLE_ALL]]
                self._idle = [(name, held) for name, held in self._idle if held not in surplus]
        for one in surplus:
            one.kill()

    def discard(self, worker: Process) -> None:
        """End a worker."""
        worker.kill()
        with self._lock:
            self._out.pop(worker, None)

    def close(self) -> None:
        """End every worker, busy ones too; none is lent any more."""
        with self._lock:
            self._closed = True
            held = [worker for _, worker in self._idle] + list(self._out)
            self._idle, self._out = [], {}
        for worker in held:
            worker.kill()

    def _lend(self, source: str, worker: Process) -> Process:
        with self._lock:
            if not self._closed:
                self._out[worker] = source
                return worker
        worker.kill()
        raise Refused("visit_over")

    def _check(self) -> None:
        if self._closed:
            raise Refused("visit_over")


class Crew:
    """The workers of one source in one trawl; its connections live in them until `close()`, and no longer."""

    def __init__(self, pool: Pool, source: str, order: Order) -> None:
        self._pool, self._source, self._order = pool, source, order
        self._ready: list[Process] = []
        self._busy: set[Process] = set()
        self._closed = False
        self._lock = threading.Lock()

    def take(self) -> Process:
        """A worker for one ask. Raises Gone, or Refused once this is over."""
        with self._lock:
            worker = self._ready.pop() if self._ready else None
        worker = worker or self._pool.take(self._source, self._order)
        with self._lock:
            if not self._closed:
                self._busy.add(worker)
                return worker
        self._pool.discard(worker)
        raise Refused("visit_over")

    def give_back(self, worker: Process, *, sound: bool) -> None:
        """After an ask. One that is not sound, or comes back too late, is ended."""
        with self._lock:
            self._busy.discard(worker)
            stays = sound and not self._closed
            if stays:
                self._ready.append(worker)
        if not stays:
            self._pool.discard(worker)

    def close(self) -> None:
        """The trawl is over here: busy workers are killed, the others let go of their connections and wait."""
        with self._lock:
            self._closed = True
            busy, ready = list(self._busy), self._ready
            self._busy, self._ready = set(), []
        for worker in busy:
            self._pool.discard(worker)
        for worker in ready:
            try:
                worker.say({"do": "rest"})
            except Gone:
                self._pool.discard(worker)
            else:
                self._pool.keep(self._source, worker)
