"""What a source can bear: so many requests a second, and so many people at once, whoever is asking."""

from __future__ import annotations

import threading
from collections import deque

PATIENCE = 900.0
"""Seconds that a trawl waits for its first place at a source that is busy with other trawls of the same hub.

Whoever stands in front ends at their own deadline, so a batch with 40 cases in flight and deadlines of 20 seconds never
waits so long; the bound is for what nobody foresaw.
"""


MOST_REST = 900.0
"""Seconds that a source may ask for at once to be left alone; whoever says more says it again then."""


class Pace:
    """Spaces requests evenly; one for each source, shared by all trawls behind one gate."""

    def __init__(self, per_second: int | None) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next = self._rests = float("-inf")
        self._lock = threading.Lock()

    def rest(self, now: float, seconds: float) -> None:
        """The source wants to be left alone for so long: every trawl behind the gate heeds it."""
        with self._lock:
            self._rests = max(self._rests, now + min(seconds, MOST_REST))

    def resting(self, now: float) -> float:
        """The seconds that it still wants to be left alone."""
        return max(0.0, self._rests - now)

    def turn(self, now: float) -> float:
        """Reserve the next free moment; returns the seconds to wait for it. `now` is a monotonic reading."""
        with self._lock:
            at = max(now, self._next, self._rests)
            self._next = at + self._gap
            return at - now


class Width:
    """How many lines may run at once: a queue before so many places, first come first served.

    Whoever has a place keeps it for all people of its case, so cases are served one after the other and a family that
    came first is never overtaken by the next one.
    """

    def __init__(self, places: int) -> None:
        self._free = max(1, places)
        self._queue: deque[Place] = deque()
        self._lock = threading.Lock()

    def line_up(self) -> Place:
        """Stand at the end of the queue; the place may be free at once."""
        place = Place(self)
        with self._lock:
            self._queue.append(place)
            self._serve()
        return place

    def take(self, seconds: float) -> Place | None:
        """A place, or None when none came free within `seconds`."""
        place = self.line_up()
        if place.wait(seconds):
            return place
        place.give_back()
        return None

    def leave(self, place: Place) -> None:
        """Called by a place that goes: out of the queue, or free for the next."""
        with self._lock:
            if place.gone:
                return
            place.gone = True
            if place in self._queue:
                self._queue.remove(place)
            else:
                self._free += 1
            self._serve()

    def _serve(self) -> None:
        while self._free and self._queue:
            self._free -= 1
            self._queue.popleft().called.set()


class Place:
    """A place in the queue, and then at the source. Given back once, by the line itself or by whoever disowns it."""

    def __init__(self, width: Width) -> None:
        self._width = width
        self.called, self.gone = threading.Event(), False

    def wait(self, seconds: float) -> bool:
        """Wait until it is this one's turn; False when that took longer than `seconds`, or it was given back."""
        return self.called.wait(max(0.0, seconds)) and not self.gone

    def give_back(self) -> None:
        """Free the place, or leave the queue and wake whoever waits in it; a second call does nothing."""
        self._width.leave(self)
        self.called.set()
