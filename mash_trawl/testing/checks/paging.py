"""Checks 17 and 18: lists in pages are read to their proved end, and a source that asks for patience gets it."""

from __future__ import annotations

from collections.abc import Iterator

from mash_trawl.model.answer import Why
from mash_trawl.testing.bench import GENEROUS, Bench, Run
from mash_trawl.testing.checks.scope import smallest
from mash_trawl.testing.seen import BROKEN, BUSY, PATIENCE, Twist
from mash_trawl.testing.verdict import Skip, check

PAGE = 3


@check(17, "pages", "Every page is read: none, one, one less, exactly, one more than fit; and a loop is noticed.")
def pages(bench: Bench) -> Iterator[str]:
    """The items of the seed, cut or repeated to the number wanted, on pages of three."""
    if not bench.seed.pages:
        raise Skip("this kind of source has no pages")
    category = smallest(bench)
    if not bench.once("fetch", None, category).rows:
        raise Skip("fetch reads no item of this seed")
    for total in (0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE + 1):
        run = bench.fetch(None, category, twist=Twist(total=total, page=PAGE))
        lists = max(1, run.seen.lists)
        if run.failure:
            yield f"a list of {total} on pages of {PAGE} ends as `{run.failure}`."
        elif run.rows < total * lists:
            yield f"of a list of {total} on pages of {PAGE} it reads {run.rows // lists}: follow every page."
        elif not run.haul.complete:
            yield f"a list of {total} on pages of {PAGE} is read to its end and still called incomplete."
    loop = bench.fetch(None, category, twist=Twist(total=2 * PAGE + 1, page=PAGE, same_token=True))
    if loop.hung or len(loop.seen.asked) > 40:
        yield "a page that names itself as the next one is followed for ever."
    elif loop.failure is None and loop.haul.complete:
        yield "a page token that comes twice is not noticed: the answer is called whole."


@check(18, "patience", "It waits as long as the source asks, tries a bounded number of times, and each try is told.")
def patience(bench: Bench) -> Iterator[str]:
    """At a source that is too busy, and at one that is always out of order."""
    key = next(iter(bench.queries()), None)
    if key is None:
        raise Skip("no search key can be filled")
    if bench.seed.retries:
        yield from _patient(bench.find(key, twist=Twist(fault=BUSY, at=1)))
    fault = BROKEN if bench.seed.retries else bench.seed.faults[-1] if bench.seed.faults else ""
    if not fault:
        raise Skip("this seed cannot make faults")
    most = GENEROUS.attempts
    for step, run in (
        ("find", bench.find(key, twist=Twist(fault=fault))),
        ("fetch", bench.fetch(twist=Twist(fault=fault))),
    ):
        tries = len(run.seen.asked) - run.seen.logins
        if run.hung or tries > most:
            do = f"{most} attempts are allowed. Leave retries to the session."
            yield f"{step} asks a source that is out of order {tries} times: {do}"
        told = sum(door.tally.requests for door in run.probe.doors)
        if tries > told:
            yield f"{step} sent {tries} questions and told the gate of {told}: each try is asked for, and written down."


def _patient(run: Run) -> Iterator[str]:
    waited = sum(run.clock.waits)
    if run.failure == Why.TOO_MANY_REQUESTS:
        return
    if run.failure is None and waited < PATIENCE:
        yield f"told to wait {PATIENCE} seconds, it asked again after {waited:.1f}: honour Retry-After."
    elif run.failure not in (None, Why.DEADLINE):
        yield f"a source that was busy once ends as `{run.failure}`."
