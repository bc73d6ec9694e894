"""A trawl that is planned, and one that is under way: on a thread of its own, to be watched, stopped and waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mash_trawl import trawl
from mash_trawl.model.backing import Backing
from mash_trawl.model.decision import Decision, Decisions, Outcome

Progress = Mapping[str, tuple[str, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be asked and what would not, and why; made without sending anything.

    `policy` is the profile and its version; `backing` what the decisions rest on beside the case file.
    """

    case: str
    decisions: Decisions
    policy: str
    backing: Backing

    @property
    def asks(self) -> tuple[Decision, ...]:
        """The permitted (person, source, category)."""
        return tuple(item for item in self.decisions if item.outcome is Outcome.PERMIT)

    @property
    def refusals(self) -> tuple[Decision, ...]:
        """The others, each with what would unlock it."""
        return tuple(item for item in self.decisions if item.outcome is not Outcome.PERMIT)


class Run:
    """A trawl under way on a thread of its own."""

    def __init__(self, work: Callable[[Callable[..., None], threading.Event], trawl.Result]) -> None:
        self._stop = threading.Event()
        self._progress: dict[str, tuple[str, int, int]] = {}
        self._result: trawl.Result | None = None
        self._problem: BaseException | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._walk, args=(work,), name="trawl", daemon=True).start()

    def _walk(self, work: Callable[[Callable[..., None], threading.Event], trawl.Result]) -> None:
        try:
            self._result = work(self._note, self._stop)
        except BaseException as problem:
            self._problem = problem
        finally:
            self._ended.set()

    def _note(self, source: str, state: str, done: int, total: int) -> None:
        self._progress[source] = (state, done, total)

    def progress(self) -> Progress:
        """Source name to (state, people answered, people asked about), as of now."""
        return dict(self._progress)

    def cancel(self) -> None:
        """Ask it to stop: no further request is made, nothing is sealed, `result` raises Stopped."""
        self._stop.set()

    def done(self, wait: float | None = None) -> bool:
        """Wait up to `wait` seconds; True once it has ended.

        Waits for an event and never joins the thread: in Python 3.11 a join that Ctrl-C interrupts takes a running
        thread for an ended one.
        """
        return self._ended.wait(wait)

    def result(self) -> trawl.Result:
        """Wait for the end; the result, or the error that ended it."""
        self._ended.wait()
        if self._problem is not None:
            raise self._problem
        if self._result is None:
            raise RuntimeError("the trawl ended without a result")
        return self._result
