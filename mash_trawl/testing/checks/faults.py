"""Check 16: whatever goes wrong at the source is a typed error or a named gap, and never an empty answer."""

from __future__ import annotations

from collections.abc import Iterator

from mash_trawl.model.answer import Why
from mash_trawl.testing.bench import Bench, Run
from mash_trawl.testing.seen import Twist
from mash_trawl.testing.verdict import Skip, check

_FIRST = 3
"""Statements or requests of a fetch at which each fault is tried by itself; a fault in one of them must not be lost."""


@check(16, "faults", "Every fault of the source becomes a typed error: no rows means that there are none.",
       always=True)  # fmt: skip
def faults(bench: Bench) -> Iterator[str]:
    """Every fault that the seed can make, in find and in fetch, at every question and at each of the first ones."""
    if not bench.seed.faults:
        raise Skip("this seed cannot make faults")
    key = next(iter(bench.queries()), None)
    asked = len(bench.once("fetch").seen.asked)
    for fault in bench.seed.faults:
        if key is not None:
            yield from _typed(
                bench, f"find, at a source where {fault},", bench.once_with("find", Twist(fault=fault), key)
            )
        yield from _typed(bench, f"fetch, at a source where {fault},", bench.once_with("fetch", Twist(fault=fault)))
    for fault in bench.seed.faults[1:2]:
        for at in range(1, min(asked, _FIRST * 2) + 1):
            run = bench.once_with("fetch", Twist(fault=fault, at=at))
            yield from _typed(bench, f"fetch, when question {at} of {asked} meets a source where {fault},", run)
    for category in sorted(bench.connector.offers):
        run = bench.once_with("fetch", Twist(fault=bench.seed.faults[-1]), None, (category,))
        yield from _typed(bench, f"fetch of {category}, at a source where {bench.seed.faults[-1]},", run)


def _typed(bench: Bench, where: str, run: Run) -> Iterator[str]:
    if run.seen.faults == 0:
        return
    if run.failure is None and run.haul.complete and not run.haul.quarantined and not run.haul.skipped:
        yield f"{where} answers as if all were well: let the error pass; not asked is not nothing known."
    elif run.failure == Why.CONNECTOR_CRASHED:
        error = run.probe.error
        plain = not bench.seed.selects and error is not None and error.kind == "KeyError"
        if error is None or not (error.ours or plain):
            kind = error.kind if error else "an error"
            yield f"{where} raises {kind}, which is no error of the engine's: let the session's own error pass."
    elif run.hung:
        yield f"{where} does not end."
    elif run.probe.count and run.failure is None and run.haul.complete:
        yield f"{where} takes what came before the fault for the whole answer."
