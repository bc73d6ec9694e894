"""Progress while a trawl runs: one line for each source, with its state in a word. Nothing but a wait in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from mash_trawl.running import Run

_WORDS = {
    "waiting": "waiting for its turn",
    "asking": "asking",
    "done": "answered",
    "late": "late: given up",
    "stopped": "stopped",
}
_ENDED = ("done", "late", "stopped")
_LOOK = 0.1
"""Seconds between two looks."""


class Watched:
    """What was seen of each source: its last state, how many people are answered, and for how long it was asked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._seen: dict[str, tuple[str, int, int]] = {}

    def look(self, progress: Mapping[str, tuple[str, int, int]]) -> None:
        """Take in what `Run.progress()` says now; a source that has ended keeps its time."""
        now = self._clock()
        for source, (state, done, total) in progress.items():
            began = self._began.setdefault(source, now)
            if source not in self._took and state in _ENDED:
                self._took[source] = now - began
            self._seen[source] = (state, done, total)

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Source, people answered, state, elapsed time; in the order in which the sources began."""
        now = self._clock()
        return [
            (source, f"{done} of {total}", _WORDS.get(state, state), _elapsed(self._took.get(source, now - began)))
            for source, began in self._began.items()
            for state, done, total in [self._seen[source]]
        ]


def watch(run: Run, out: IO[str] | None = None, *, simple: bool = False) -> None:
    """Show the run's progress on `out` (standard error) until it has ended; the last picture stays.

    Where `out` is no terminal that can redraw a line it only waits, so that logs and pipes hold no half lines. With
    `simple`, for a screen reader, nothing is redrawn: each source is told once, when it has ended.
    """
    from rich.console import Console

    console = Console(file=out or sys.stderr, highlight=False, emoji=False, markup=False)
    if not console.is_terminal or console.is_dumb_terminal:
        while not run.done(0.2):
            pass
        return
    watched = Watched()
    if simple:
        _tell_once(run, watched, console.file)
        return
    from rich.live import Live

    with Live(_picture(watched), console=console, auto_refresh=False, redirect_stdout=False) as live:
        ended = False
        while not ended:
            ended = run.done(_LOOK)
            watched.look(run.progress())
            live.update(_picture(watched), refresh=True)


def _tell_once(run: Run, watched: Watched, out: IO[str]) -> None:
    from mash_trawl.render.safe import visible

    told: set[str] = set()
    ended = False
    while not ended:
        ended = run.done(_LOOK)
        progress = run.progress()
        watched.look(progress)
        for source, people, state, took in watched.rows():
            if source not in told and progress[source][0] in _ENDED:
                told.add(source)
                out.write(visible(f"{source}: {state}, {people}, {took}") + "\n")


def _picture(watched: Watched) -> Table:
    from rich.table import Table
    from rich.text import Text

    from mash_trawl.render.safe import visible

    drawn = Table.grid(padding=(0, 2))
    for row in watched.rows():
        drawn.add_row(*(Text(visible(cell)) for cell in row))
    return drawn


def _elapsed(seconds: float) -> str:
    """`0:07`, `2:30`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"
