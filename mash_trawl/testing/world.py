"""What stands around a run in place of the world: a clock that waits for nothing, a ledger in memory, settings."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from mash_trawl.audit.entry import Entry


class Clock:
    """A monotonic clock that waiting moves on, so that nothing here sleeps."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        """Seconds."""
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds


class Over(threading.Event):
    """The end of a visit; waiting for it takes no time and is written down."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        """As if `timeout` had passed."""
        if not self.is_set() and timeout:
            self._clock.waits.append(timeout)
            self._clock.advance(timeout)
        return self.is_set()


class Book:
    """A ledger in memory: what would have been written."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def write(self, *entries: Entry) -> tuple[int, ...]:
        """Keep the rows, and number them."""
        first = len(self.entries) + 1
        self.entries += entries
        return tuple(range(first, first + len(entries)))


class Shown:
    """A resolved setting."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text."""
        return self._text


class Backwards(frozenset[str]):
    """Categories that are walked through from the end: an order that comes from a set shows."""

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(super().__iter__(), reverse=True))


class Forwards(frozenset[str]):
    """The same from the beginning."""

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(super().__iter__()))
