"""How we measure: two things in turns, wall and CPU of each, medians."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Seconds on the clock and on the processor."""

    wall: float
    cpu: float


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table. `ours` and `floor` are in `unit`; a figure without a floor has no ratio."""

    what: str
    ours: float
    unit: str
    floor: float | None = None
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the floor."""
        return self.ours / self.floor if self.floor else None

    def row(self) -> tuple[str, str, str, str, str]:
        """As text for the table."""
        floor = f"{_short(self.floor)} {self.unit}" if self.floor else ""
        return (
            self.what,
            f"{_short(self.ours)} {self.unit}",
            floor,
            f"{self.ratio:.2f}x" if self.ratio else "",
            self.goal,
        )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def in_turns(works: Sequence[Callable[[], Cost]], rounds: int) -> list[Cost]:
    """Run all of them once to warm up, then in turns; the median wall and the median CPU of each."""
    for work in works:
        work()
    taken = [[work() for work in works] for _ in range(rounds)]
    return [
        Cost(wall=statistics.median(c.wall for c in column), cpu=statistics.median(c.cpu for c in column))
        for column in zip(*taken, strict=True)
    ]


def here(work: Callable[[], object]) -> Cost:
    """What a call costs in this process, all its threads included."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)


def process(*arguments: object, ends: tuple[int, ...] = (0,)) -> Cost:
    """What one Python process costs as a whole. CPU is 0 where the system does not tell (Windows)."""
    before, wall = _children(), time.perf_counter()
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=_compiled(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    if done.returncode not in ends:
        raise RuntimeError(f"ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return Cost(wall=time.perf_counter() - wall, cpu=_children() - before)


def _compiled() -> dict[str, str]:
    """The environment with bytecode kept, as an installation keeps it: the warming round writes it, the others read."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _children() -> float:
    if sys.platform == "win32":
        return 0.0
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
