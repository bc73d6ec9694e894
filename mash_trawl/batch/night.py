"""A batch under way: some cases in flight, the rest in the journal, and nothing kept of those that have ended.

All cases share the hub's gate, so a source's width and pace hold over all of them. One case's trouble is that case's
alone; trouble of the hub itself (ledger, disk, keys, clock) stops the batch, which can then be resumed.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from mash_trawl.batch.due import Newest, Verdict, verdict
from mash_trawl.batch.journal import Ending, Journal
from mash_trawl.batch.listing import Listed
from mash_trawl.batch.outcome import ended_well, stops_everything, went_wrong
from mash_trawl.errors import Refused
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decision
from mash_trawl.model.profile import Profile
from mash_trawl.trawl import Result, Stopped
from mash_trawl.vault.custody import KnownRecord

_LOOK = 0.2
"""Seconds between two looks at a stop."""
_GRACE = 20.0
"""Seconds for the cases in flight to end after a stop; what takes longer is left to the next resume."""
SETBACKS = 3
"""How often in a row the ledger may be locked by others before that stops the batch."""


class Underway(Protocol):
    """A trawl that runs (`hub.Run`)."""

    def done(self, wait: float | None = None) -> bool:
        """Wait up to `wait` seconds; True once it has ended."""
        ...

    def cancel(self) -> None:
        """Ask it to stop."""
        ...

    def result(self) -> Result:
        """The result, or the error that ended it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a batch is handed by the hub."""

    load: Callable[[Path], Case]
    profile: Callable[[Case], Profile]
    newest: Callable[[str], KnownRecord]
    start: Callable[[Case], Underway]
    asks: Callable[[Case], Sequence[Decision]]
    clock: Callable[[], datetime]

    def known(self, case_id: str) -> KnownRecord | None:
        """The newest version of the case's record; None when there is none."""
        try:
            return self.newest(case_id)
        except Refused as problem:
            if problem.why == "unknown_case":
                return None
            raise

    def judge(self, case: Case) -> tuple[Verdict, int]:
        """Whether the case is due, and the newest version of its record (0: none)."""
        known = self.known(case.id)
        if known is None:
            return verdict(case, None, None, self.clock()), 0
        newest = Newest(version=known.version, sealed_at=known.sealed_at, destroyed=known.state == "destroyed")
        return verdict(case, self.profile(case).repeat, newest, self.clock()), known.version


class Night:
    """Works through a list. `told` hears, on any thread, how many cases of how many have ended."""

    def __init__(
        self,
        desk: Desk,
        journal: Journal,
        listed: Sequence[Listed],
        *,
        at_once: int,
        stop: threading.Event,
        told: Callable[[int, int], None] | None = None,
    ) -> None:
        self._desk, self._journal, self._stop = desk, journal, stop
        self._listed = {item.key: item for item in listed}
        self._at_once = max(1, at_once)
        self._told = told or (lambda _done, _all: None)
        self._queue: deque[tuple[int, str]] = deque()
        self._lock, self._over = threading.Lock(), threading.Event()
        self._all = self._done = self._walking = self._setbacks = 0
        self._trouble: BaseException | None = None

    def work(self) -> None:
        """Until the list is done or `stop` is set. Raises what stopped the batch, such as a ledger that is full.

        Whatever happens, the journal can be resumed.
        """
        self._settle()
        self._queue.extend(self._journal.take_in(list(self._listed)).items())
        self._all = len(self._queue)
        self._walking = min(self._at_once, self._all)
        for number in range(self._walking):
            threading.Thread(target=self._walk, name=f"case {number}", daemon=True).start()
        try:
            while self._walking and not self._over.wait(_LOOK):
                pass
        except BaseException:
            self._stop.set()
            self._over.wait(_GRACE)
            self._close("stopped")
            raise
        if self._trouble is not None:
            self._close("stopped")
            raise self._trouble
        self._close("stopped" if self._stop.is_set() and self._done < self._all else "ended")

    def _close(self, state: Literal["stopped", "ended"]) -> None:
        """Say so in the journal; one that cannot be written says `running`, and is resumed all the same."""
        with suppress(Refused):
            self._journal.close(state)

    def _settle(self) -> None:
        """What a kill left running: sealed since it was begun is done, anything else is queued again."""
        for row in self._journal.cases("running"):
            newest = self._desk.known(row.case_id or "")
            if newest is not None and newest.version > (row.before or 0):
                done = Ending(state="done", outcome="not_known", why="sealed_unseen", version=newest.version)
                self._journal.end(row.n, done)
            else:
                self._journal.put_back(row.n)

    def _walk(self) -> None:
        try:
            while not self._stop.is_set() and self._queue:
                with suppress(IndexError):
                    self._next(*self._queue.popleft())
        except BaseException as problem:
            with self._lock:
                self._trouble = self._trouble or problem
            self._stop.set()
        finally:
            with self._lock:
                self._walking -= 1
            if not self._walking:
                self._over.set()

    def _next(self, n: int, key: str) -> None:
        """One case; trouble of the hub is waited out a few times before it stops the batch."""
        try:
            ended = self._case(n, self._listed[key])
        except Refused as problem:
            with self._lock:
                self._setbacks += 1
            if problem.why != "ledger_not_writable" or self._setbacks > SETBACKS or not self._put_back(n):
                raise
            self._queue.append((n, key))
            return
        with self._lock:
            self._setbacks = 0
            self._done += ended
        self._told(self._done, self._all)

    def _put_back(self, n: int) -> bool:
        try:
            self._journal.put_back(n)
        except Refused:
            return False
        return True

    def _case(self, n: int, item: Listed) -> bool:
        """One case, from its file to its ending in the journal; False when it was stopped before that."""
        if item.file is None:
            what = item.problem.what if item.problem else ""
            return self._journal.end(n, Ending(state="failed", why="bad_row", detail=what))
        case_id: str | None = None
        try:
            case = self._desk.load(item.file)
            case_id = case.id
            ending = self._due(n, case)
        except Stopped:
            self._put_back(n)
            return False
        except _StillRunning:
            return False
        except Exception as problem:
            if stops_everything(problem):
                self._put_back(n)
                raise
            ending = went_wrong(problem)
        return self._journal.end(n, ending, case_id)

    def _due(self, n: int, case: Case) -> Ending:
        """Trawl the case, if it is due and no other file of this batch has it."""
        judged, before = self._desk.judge(case)
        if not judged.run:
            return Ending(state="skipped", why=judged.why)
        if not self._journal.begin(n, case.id, before):
            return Ending(state="skipped", why="listed_twice")
        run = self._desk.start(case)
        while not run.done(_LOOK):
            if self._stop.is_set():
                run.cancel()
                if not run.done(_GRACE / 2):
                    raise _StillRunning
        return ended_well(run.result())


class _StillRunning(Exception):
    """A trawl did not stop in time; what became of it is looked up at the next resume."""
