"""Checks 14, 19 and 23: deadlines and stops are heard, memory stays flat, importing costs little."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from mash_trawl.sources.asking import Visit
from mash_trawl.testing.bench import GENEROUS, MOST_WALL, Bench, Run
from mash_trawl.testing.capture import listening
from mash_trawl.testing.checks.safety import usual
from mash_trawl.testing.checks.scope import smallest
from mash_trawl.testing.seen import Twist
from mash_trawl.testing.verdict import Skip, check

FEW, MANY = 20, 60
MOST_PER_ROW, MOST_PER_ITEM = 200, 320
"""Bytes that may be kept for each row more that SQLAlchemy reads, and each item more of what comes in blocks.

A row that is kept costs 250 and more, a finding 600; ODBC reads 200 rows ahead, and the kit notes every page.
"""
HEAVY = ("sqlalchemy", "requests", "pyodbc", "pandas", "numpy", "pydantic", "cryptography", "openpyxl", "urllib3")
MOST_CPU = 0.5
_PAGE = 20
"""Items on a page; memory is looked at whenever as many findings have come, so at the same place of each page."""
_TRIES = 3
"""What is kept is kept every time; what happened to be there once is not."""
_LARGE = 60
"""Rows at the source when it is stopped in the middle."""


@check(14, "deadline and stop", "It ends by its deadline and at a stop or withdrawal, and asks nothing more after it.",
       always=True)  # fmt: skip
def deadline(bench: Bench) -> Iterator[str]:
    """The clock jumps, a stop comes, the grant is withdrawn: each while rows are still coming."""
    for where, run in usual(bench):
        if run.hung:
            yield f"{where} did not end within {MOST_WALL:.0f} seconds, though nothing at the source is slow."
            return
        if run.seen.slept:
            yield f"{where} sleeps for {run.seen.slept:.1f} s by itself: a deadline or a stop cannot wake it."
    for why, act in _ACTS.items():
        for step in ("find", "fetch"):
            cut, after = _interrupted(bench, step, act)
            if cut is None:
                continue
            if cut.hung:
                yield f"{step} did not end after {why}."
                return
            if cut.failure is None:
                yield f"{step} went on to the end after {why}, as if nothing had happened."
            if after > 0:
                yield f"{step} asked the source {after} more times after {why}: let the error pass."


def _interrupted(bench: Bench, step: str, act: Any) -> tuple[Run | None, int]:
    """The run, and how many questions reached the source after the act."""
    at: list[int] = []

    def passing(run: Run, visit: Visit, number: int) -> None:
        if number == 1:
            act(run, visit)
            at.append(len(run.seen.asked))

    twist = Twist(total=_LARGE) if bench.seed.grows and step == "fetch" else Twist()
    limits = replace(GENEROUS, rows=10 * _LARGE)
    key = next(iter(bench.queries()), None)
    if step == "find" and key is None:
        return None, 0
    run = bench.find(key, passing=passing, limits=limits) if step == "find" and key else bench.fetch(
        twist=twist, passing=passing, limits=limits)  # fmt: skip
    return (run, len(run.seen.asked) - at[0]) if at or run.hung else (None, 0)


def _late(run: Run, visit: Visit) -> None:
    run.clock.advance(3600)


def _stop(run: Run, visit: Visit) -> None:
    visit.over.set()


_ACTS = {"its deadline": _late, "a stop": _stop}


@check(19, "flat memory", "Memory does not grow with the number of rows.")
def flat_memory(bench: Bench) -> Iterator[str]:
    """Sized down: what one row more costs between 20 and 60 rows is what it costs at 100,000."""
    if not bench.seed.grows:
        raise Skip("this seed cannot be made larger")
    category = smallest(bench)
    if not bench.once("fetch", None, category).rows:
        raise Skip("fetch reads no row of this seed")
    bench.fetch(None, category, twist=Twist(total=FEW, page=_PAGE), forget=True)
    most = MOST_PER_ROW if "sql" in bench.seed.kinds else MOST_PER_ITEM
    each = _each(bench, category, most)
    if each > most:
        yield (
            f"each row more keeps about {each:.0f} bytes until the end: at 100,000 rows that is "
            f"{each / 10:.0f} MB. Yield each finding as its row comes."
        )
    if not bench.seed.selects:  # a whole file is read whatever is asked
        return
    large = Twist(total=100_000, page=_PAGE)
    drawn = bench.fetch(None, category, twist=large, limits=replace(GENEROUS, rows=50), forget=True).seen.drawn
    if drawn > 10_000:
        yield f"with a budget of 50 rows it reads {drawn} of 100,000 at the source."


def _each(bench: Bench, category: tuple[str, ...], most: float) -> float:
    """Bytes that one row more costs; the least of some tries if the first says that it is too much."""
    least = float("inf")
    for _ in range(_TRIES):
        with _traced():
            few, many = (_held(bench, category, total) for total in (FEW, MANY))
        least = min(least, (many - few) / (MANY - FEW))
        if least <= most:
            break
    return least


def _held(bench: Bench, category: tuple[str, ...], total: int) -> int:
    """The most that was held in memory while findings came."""
    most = 0

    def passing(run: Run, visit: Visit, number: int) -> None:
        nonlocal most
        if number % _PAGE == 1:
            bench.seed.settle()
            gc.collect()  # what only a cycle of objects still holds is not kept
            most = max(most, tracemalloc.get_traced_memory()[0])

    with listening():  # what somebody else left open is not said of this one
        gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    bench.fetch(
        None, category, twist=Twist(total=total, page=_PAGE), limits=replace(GENEROUS, rows=3 * MANY), forget=True,
        passing=passing,
    )  # fmt: skip
    return most - before


@contextmanager
def _traced() -> Iterator[None]:
    """Memory is counted, and what was there before is not looked through for cycles again and again."""
    already, frozen = tracemalloc.is_tracing(), gc.get_freeze_count()
    if not frozen:
        gc.freeze()
    if not already:
        tracemalloc.start(1)
    try:
        yield
    finally:
        if not already:
            tracemalloc.stop()
        if not frozen:
            gc.unfreeze()


_TOLD = "imported"
_MEASURE = """
import sys, time
import mash_trawl.api
before = set(sys.modules)
began = time.process_time()
{load}
print({told!r}, time.process_time() - began, *sorted({{name.partition('.')[0] for name in set(sys.modules) - before}}))
"""


@check(23, "import cost", "Importing its module loads no driver and costs next to nothing.")
def import_cost(bench: Bench) -> Iterator[str]:
    """In a fresh Python, beside `mash_trawl.api`; where all checks are run it was started before the first."""
    ready = bench.beside or begun(bench)
    said, _ = ready.communicate(timeout=60)
    bench.beside = None
    *printed, told = said.splitlines() or [""]
    if ready.returncode or not told.startswith(_TOLD):
        yield "its module cannot be imported by itself in a fresh Python."
        return
    if printed:
        yield "it prints when it is imported: that would stand in what every command says."
    _, spent, *loaded = told.split()
    for name in sorted(set(HEAVY) & set(loaded)):
        yield f"importing it loads {name}, for every command of every hub. Import it where it is used."
    if float(spent) > MOST_CPU:
        yield f"importing it takes {float(spent):.1f} s of processor time: move what takes long into a function."


def begun(bench: Bench) -> subprocess.Popen[str]:
    """Start that Python. Skip when there is no module to import."""
    words = [sys.executable, "-c", _MEASURE.format(load=_loading(bench), told=_TOLD)]
    bench.beside = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return bench.beside


def _loading(bench: Bench) -> str:
    """How to import it: by name, or from its file; not from a test file, whose own imports are not the connector's."""
    name = bench.declared.__module__
    file = getattr(sys.modules.get(name), "__file__", None)
    if name.startswith("mash_trawl.") or not file:
        raise Skip("a mapping has no module of its own")
    if Path(file).name.startswith(("test_", "conftest")):
        raise Skip("the class stands in a test file")
    top = Path(file).parents[name.count(".") + (Path(file).name == "__init__.py")]
    return f"sys.path.insert(0, {str(top)!r})\nimport importlib\nimportlib.import_module({name!r})"
