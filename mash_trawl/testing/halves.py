"""The checks in two processes at once: whoever is free takes the next.

The second process is a copy of this one. It holds what was asked so far, opens the seed by itself and hands back what
it found. Where there can be no such copy (Windows, a seed that is a server, another thread that runs), the checks are
run here, one after another; and so are those that it took and died of. What they find is the same.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from mash_trawl.testing.bench import Bench
from mash_trawl.testing.verdict import Check, Result

Jobs = Sequence[Sequence[Check]]
"""Checks that look at the same asks are one job. The longest come first."""
Run = Callable[[Bench, Check], Result]


def shared_out(bench: Bench, jobs: Jobs, run: Run) -> list[Result]:
    """What every check of these jobs found, in no order."""
    done: list[Result] = []
    if sys.platform != "win32" and bench.seed.twice and threading.active_count() == 1:
        with _copied(bench, jobs, run) as (queue, line):
            done += (run(bench, one) for one in _taken(jobs, queue))
            told = b"".join(iter(lambda: os.read(line, 65_536), b""))
        with suppress(EOFError, pickle.UnpicklingError):  # it died before it had told all
            found, remarks = pickle.loads(told)  # noqa: S301 - written by a copy of this very process
            done += found
            bench.remarks += remarks
    numbers = {result.number for result in done}
    return done + [run(bench, one) for job in jobs for one in job if one.number not in numbers]


def _taken(jobs: Jobs, queue: int) -> Iterator[Check]:
    """Job after job from the queue, which both processes read: a byte is there for one of them only."""
    while place := os.read(queue, 1):
        yield from jobs[place[0]]


@contextmanager
def _copied(bench: Bench, jobs: Jobs, run: Run) -> Iterator[tuple[int, int]]:
    """With a copy at work: the queue of jobs, and the line on which it hands over. Behind the block it is gone."""
    if sys.platform == "win32":
        raise NotImplementedError("a process of Windows cannot be copied")
    (queue, filling), (line, theirs) = os.pipe(), os.pipe()
    os.write(filling, bytes(range(len(jobs))))
    os.close(filling)
    pid = os.fork()
    if pid == 0:
        os.close(line)
        _live(bench, jobs, run, queue, theirs)
    os.close(theirs)
    try:
        yield queue, line
    finally:
        os.close(queue)
        os.close(line)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)  # its processor time counts as ours from now on


def _live(bench: Bench, jobs: Jobs, run: Run, queue: int, line: int) -> None:
    """The copy's whole life. It clears nothing up and prints nothing: that is for the process that it is a copy of."""
    try:
        before = len(bench.remarks)
        found = [run(bench, one) for one in _taken(jobs, queue)]
        with os.fdopen(line, "wb") as out:
            pickle.dump((found, bench.remarks[before:]), out)
    finally:
        os._exit(0)
