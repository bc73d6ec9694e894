"""What a source can bear: so many requests a second, and so many people at once, whoever is asking."""

from __future__ import annotations

import threading


class Pace:
    """Spaces requests evenly; one for each source, shared by all trawls behind one gate."""

    def __init__(self, per_second: int | None) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next = float("-inf")
        self._lock = threading.Lock()

    def turn(self, now: float) -> float:
        """Reserve the next free moment; returns the seconds to wait for it. `now` is a monotonic reading."""
        with self._lock:
            at = max(now, self._next)
            self._next = at + self._gap
            return at - now


class Width:
    """How many lines may run at once. A place is given back once, by the line itself or by whoever disowns it."""

    def __init__(self, places: int) -> None:
        self._places = threading.Semaphore(max(1, places))

    def take(self, seconds: float) -> Place | None:
        """A place, or None when none came free within `seconds`."""
        return Place(self._places) if self._places.acquire(timeout=max(0.0, seconds)) else None


class Place:
    """One held place."""

    def __init__(self, places: threading.Semaphore) -> None:
        self._places, self._held, self._lock = places, True, threading.Lock()

    def give_back(self) -> None:
        """Free the place; a second call does nothing."""
        with self._lock:
            held, self._held = self._held, False
        if held:
            self._places.release()
