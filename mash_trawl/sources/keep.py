"""Connections and tokens that one trawl keeps of one source, from its first ask to its last; never longer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from mash_trawl.errors import Refused


class Closable(Protocol):
    """Something that a transport keeps."""

    def close(self) -> None:
        """Let go of it."""
        ...


T = TypeVar("T", bound=Closable)


class Keep:
    """One kept thing of each sort, made at its first use. Safe in threads."""

    def __init__(self) -> None:
        self._held: dict[Callable[[], Any], Closable] = {}
        self._closed = False
        self._lock = threading.Lock()

    def of(self, make: Callable[[], T]) -> T:
        """What `make` makes, the same each time. Refused(`visit_over`) once it was closed."""
        with self._lock:
            if self._closed:
                raise Refused("visit_over")
            if make not in self._held:
                self._held[make] = make()
            held: Any = self._held[make]
        kept: T = held
        return kept

    def close(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._closed = True
            held, self._held = self._held, {}
        for thing in held.values():
            thing.close()
