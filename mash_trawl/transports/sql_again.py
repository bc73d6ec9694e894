"""A statement is sent once more when its line failed before a row came: a passing fault should not cost the source.

Only questions are asked, so a second sending changes nothing there. What came in part is never asked for again, a
refused log-in never knocks twice (accounts are locked for that), and nothing is begun that the deadline would end.
"""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from mash_trawl.errors import Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.transports.door import Door, Tally

T = TypeVar("T")
_BACKOFF = 0.2
"""Seconds before the second sending at most, and half of it at least: many who lost their line do not come at once."""
_PASSING = frozenset({Why.CONNECTION_REFUSED, Why.CONNECTION_LOST})


class Unclear(Unavailable):
    """A log-in failed in words that say nothing. It may have been refused, so it is not tried again."""


class Trying(ABC):
    """What sessions with a database have in common: a deadline, a line that may be lost, a second sending."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._connection: Any = None
        self._end = 0.0

    @property
    def tally(self) -> Tally:
        """Where a connector counts rows that it cannot read."""
        return self._door.tally

    @abstractmethod
    def close(self) -> None:
        """Give the line back."""

    @abstractmethod
    def _drop(self) -> None:
        """Close the line for good: nobody is given it again."""

    def _tried(self, once: Callable[[], Iterator[T]]) -> Iterator[T]:
        """What `once` yields, asking the gate first; it is called again after a fault of the line that may pass."""
        self._begin(1)
        before = self._door.tally.rows
        try:
            yield from once()
            return
        except Unavailable as error:
            failed = error
        pause = random.uniform(_BACKOFF / 2, _BACKOFF)  # noqa: S311  # spreads tries, guards nothing
        if self._door.tally.rows > before or not self._may_pass(failed) or pause >= self._end - time.monotonic():
            raise failed
        self._drop()
        self._door.wait(pause)
        self._begin(2)
        yield from once()

    def _may_pass(self, failed: Unavailable) -> bool:
        """Nobody there, a line that broke off, a driver that gave up logging in before the deadline."""
        if self._door.limits.attempts < 2 or isinstance(failed, Unclear):
            return False
        return failed.why in _PASSING or (failed.why == Why.DEADLINE and self._connection is None)

    def _begin(self, attempt: int) -> None:
        self._end = time.monotonic() + self._door.request(attempt=attempt)

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise Unavailable(Why.DEADLINE)
        return left
