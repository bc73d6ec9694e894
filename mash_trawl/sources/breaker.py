"""A breaker for each source: after five failures in a row it is left alone for a minute, then tried with one ask.

Lines that are already under way when it opens are not called back, so a source with several lines may fail a few times
more than five; that does no harm, because it is left alone all the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from mash_trawl.store.breaker import BreakerState, breaker_state, set_breaker
from mash_trawl.store.engine import Store

LIMIT = 5
PERIOD = timedelta(seconds=60)


class Leave(Enum):
    """What a breaker says: leave it alone, ask, or ask as the one who tries whether it is back."""

    NO = "no"
    ASK = "ask"
    TRY = "try"


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

    def standing(self, source: str) -> tuple[int, datetime | None]:
        """Failures in a row, and until when it is left alone; None when it is asked. For whoever only looks."""
        state = self._load(source)
        until = None if state.opened_at is None else state.opened_at + PERIOD
        return state.failures, until if until is not None and until > self._clock() else None

    def leave(self, source: str) -> Leave:
        """May it be asked now? After the period one caller gets the try; how that ends is told with `record`."""
        with self._lock:
            state = self._load(source)
            if state.opened_at is None:
                return Leave.ASK
            now = self._clock()
            if timedelta(0) <= now - state.opened_at < PERIOD:
                return Leave.NO
            self._save(source, BreakerState(failures=state.failures, opened_at=now))
            return Leave.TRY

    def give_back(self, source: str) -> None:
        """A try that showed nothing was none: the next caller gets it at once."""
        with self._lock:
            state = self._load(source)
            if state.opened_at is not None:
                self._save(source, BreakerState(failures=state.failures, opened_at=self._clock() - PERIOD))

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


class Turnstile:
    """One lane's way past its source's breaker: while a line of the lane tries, the others wait for how that ends."""

    def __init__(self, breakers: Breakers, source: str) -> None:
        self._breakers, self._source = breakers, source
        self._changed = threading.Condition()
        self._tries, self._shut = 0, False

    def enter(self, left: Callable[[], float]) -> Leave | None:
        """What the breaker says, once no line of this lane tries; `left` tells the seconds to the deadline.

        None when the time was up or the lane ended before that. Whoever may ask tells its end with `leave`.
        """
        with self._changed:
            while not self._shut and (seconds := left()) > 0:
                leave = self._breakers.leave(self._source)
                if leave is not Leave.NO or not self._tries:
                    self._tries += leave is Leave.TRY
                    return leave
                self._changed.wait(seconds)
        return None

    def note(self, leave: Leave, *, failed: bool | None) -> None:
        """How the line ended; None when it showed nothing about the source, and then a try is given back."""
        if failed is not None:
            self._breakers.record(self._source, failed=failed)
        elif leave is Leave.TRY:
            self._breakers.give_back(self._source)

    def leave(self, leave: Leave) -> None:
        """The line has ended, whatever became of it; if it was the one that tried, the others go on."""
        with self._changed:
            self._tries -= leave is Leave.TRY
            self._changed.notify_all()

    def shut(self) -> None:
        """The lane has ended: nobody waits any longer, and nobody enters."""
        with self._changed:
            self._shut = True
            self._changed.notify_all()
