"""A breaker for each source: after five failures in a row it is left alone for a minute, then tried with one ask."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from mash_trawl.store.breaker import BreakerState, breaker_state, set_breaker
from mash_trawl.store.engine import Store

LIMIT = 5
PERIOD = timedelta(seconds=60)


class Breakers:
    """The breakers of a hub. `load` and `save` keep the state; it outlives a run, so a dead source stays known."""

    def __init__(
        self,
        load: Callable[[str], BreakerState],
        save: Callable[[str, BreakerState], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._load, self._save, self._clock = load, save, clock
        self._lock = threading.Lock()

    @classmethod
    def of(cls, store: Store, clock: Callable[[], datetime]) -> Breakers:
        """Kept in the hub's database."""

        def load(source: str) -> BreakerState:
            with store.read() as connection:
                return breaker_state(connection, source)

        def save(source: str, state: BreakerState) -> None:
            with store.begin() as connection:
                set_breaker(connection, source, state)

        return cls(load, save, clock)

    @classmethod
    def in_memory(cls, clock: Callable[[], datetime]) -> Breakers:
        """Kept as long as this object lives."""
        kept: dict[str, BreakerState] = {}
        return cls(lambda source: kept.get(source, BreakerState()), kept.__setitem__, clock)

    def allows(self, source: str) -> bool:
        """May it be asked now? After the period one caller gets a yes and the others wait for how that ends."""
        with self._lock:
            state = self._load(source)
            if state.opened_at is None:
                return True
            now = self._clock()
            if timedelta(0) <= now - state.opened_at < PERIOD:
                return False
            self._save(source, BreakerState(failures=state.failures, opened_at=now))
            return True

    def record(self, source: str, *, failed: bool) -> None:
        """Note how an ask ended. A success closes the breaker; a failure in a row too many opens it."""
        with self._lock:
            state = self._load(source)
            if not failed:
                if state != BreakerState():
                    self._save(source, BreakerState())
                return
            failures = state.failures + 1
            opened = self._clock() if failures >= LIMIT else None
            self._save(source, BreakerState(failures=failures, opened_at=opened))
