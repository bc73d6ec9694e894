"""The checks in two processes at once: whoever is free takes the next.

The second process is a copy of this one. It holds what was asked so far, opens the seed by itself and hands back what
it found. Where there can be no such copy (Windows, a seed that is a server, another thread that runs), the checks are
run here, one after another; and so are those that it took and died of. What they find is the same.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from mash_trawl.system.copies import can_be_copied, copied
from mash_trawl.testing.bench import Bench
from mash_trawl.testing.verdict import Check, Result

Jobs = Sequence[Sequence[Check]]
"""Checks that look at the same asks are one job. The longest come first."""
Run = Callable[[Bench, Check], Result]


def shared_out(bench: Bench, jobs: Jobs, run: Run) -> list[Result]:
    """What every check of these jobs found, in no order."""
    done = _by_both(bench, jobs, run) if bench.seed.twice and can_be_copied() else []
    numbers = {result.number for result in done}
    return done + [run(bench, one) for job in jobs for one in job if one.number not in numbers]


def _by_both(bench: Bench, jobs: Jobs, run: Run) -> list[Result]:
    """What this process and its copy found; without what a copy that died had taken."""
    queue, filling = os.pipe()
    os.write(filling, bytes(range(len(jobs))))
    os.close(filling)
    before = len(bench.remarks)

    def beside() -> bytes:
        return pickle.dumps(([run(bench, one) for one in _taken(jobs, queue)], bench.remarks[before:]))

    try:
        with copied(beside) as told:
            done = [run(bench, one) for one in _taken(jobs, queue)]
            with suppress(EOFError, pickle.UnpicklingError):  # it died before it had told all
                found, remarks = pickle.loads(told())  # noqa: S301 - written by a copy of this very process
                done += found
                bench.remarks += remarks
    finally:
        os.close(queue)
    return done


def _taken(jobs: Jobs, queue: int) -> Iterator[Check]:
    """Job after job from the queue, which both processes read: a byte is there for one of them only."""
    while place := os.read(queue, 1):
        yield from jobs[place[0]]
