"""Checks 5 to 7: only what was granted is asked for, only its days come, and no more rows than are allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from math import comb
from typing import Any

from mash_trawl.model.grant import Period
from mash_trawl.sources.periods import outside
from mash_trawl.sources.sieve import FINDINGS
from mash_trawl.testing.bench import GENEROUS, Bench, Run
from mash_trawl.testing.checks.asking import (
    database,
    limits_itself,
    loses_some,
    other_tables,
    thrown_away,
    unbound_period,
)
from mash_trawl.testing.checks.shape import answered, identity, usable
from mash_trawl.testing.seen import Twist
from mash_trawl.testing.verdict import Skip, check

_FOREIGN = "kit.never_offered"
MANY = 600


@check(5, "granted categories", "Only granted categories come back, and only they are asked for at the source itself.",
       always=True)  # fmt: skip
def granted_categories(bench: Bench) -> Iterator[str]:
    """One category at a time; what is asked for one may not hold all that another needs."""
    questions: dict[str, set[tuple[str, str]]] = {}
    for category in sorted(bench.connector.offers):
        run = bench.once("fetch", None, (category,))
        yield from answered(f"fetch of {category}", run)
        came = {str(getattr(item, "category", "")) for item in run.items} - {category}
        yield from (f"granted {category} alone, it also yields {other}." for other in sorted(came))
        questions[category] = {asked.key for asked in run.seen.asked if not asked.more}
        if not run.items and run.failure is None and not bench.once("fetch").failure:
            yield f"fetch brings nothing on the child in {category}: the seed lacks a record there, or it is not read."
    for one, asked in questions.items():
        for other, needed in questions.items():
            if bench.seed.selects and one != other and needed and needed <= asked:
                yield (
                    f"granted {one} alone, it asks the source all that it asks for {other}: let the grant's "
                    "categories choose the statements, or bind them."
                )
    yield from other_tables(bench)
    yield from thrown_away(bench)
    yield from _nothing_offered(bench)


def _nothing_offered(bench: Bench) -> Iterator[str]:
    run = bench.fetch(None, (_FOREIGN,))
    if run.items:
        yield "granted only a category that it does not offer, it still yields findings."
    if run.seen.asked:
        yield "granted only a category that it does not offer, it still asks the source."
    every = bench.fetch(None, (*bench.connector.offers, _FOREIGN))
    if any(getattr(item, "category", "") == _FOREIGN for item in every.items):
        yield "it labels findings with a category that it does not offer, because the grant names it."


def _dated(run: Run) -> list[tuple[date, Any]]:
    """Findings with the day by which a period counts, oldest first."""
    held = []
    for item in run.items:
        if type(item) not in FINDINGS:
            continue
        names = ("when", "from_", "since")
        found = next((value for name in names if (value := getattr(item, name, None)) is not None
                      and not isinstance(value, str)), None)  # fmt: skip
        if found is not None and found.earliest is not None:
            held.append((found.earliest, item))
    return sorted(held, key=lambda pair: pair[0])


@check(
    6, "date window", "Nothing from outside the granted days comes, and nothing from inside them is lost.", always=True
)
def date_window(bench: Bench) -> Iterator[str]:
    """Windows are laid between the days that the seed has; also periods of single categories."""
    full = usable(bench)
    days = sorted({day for day, _ in _dated(full)})
    if not days:
        raise Skip("no finding of this seed has a day")
    middle, step = days[len(days) // 2], timedelta(days=1)
    windows: list[tuple[date | None, date | None]] = [
        (middle, None), (middle + step, None), (None, middle), (None, middle - step), (middle, middle),
        (days[-1] + step, None),
    ]  # fmt: skip
    for window in windows:
        run = bench.fetch(since=window[0], until=window[1])
        yield from _compared(bench, full, run, dict.fromkeys(bench.connector.offers, window))
        after = run
    for apart in _apart(bench.connector.offers):
        own: dict[str, tuple[date | None, date | None]] = dict.fromkeys(apart, (middle + step, None))
        run = bench.fetch(periods=own)
        yield from _compared(bench, full, run, {one: own.get(one, (None, None)) for one in bench.connector.offers})
    yield from _edges(bench)
    yield from unbound_period(bench, after)


def _apart(offers: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Which categories have a period of their own in one run after another.

    Of any two, each has one in a run in which the other has none: no category can take another's and not be seen.
    """
    every, size = sorted(offers), 1
    while comb(size, size // 2) < len(every):
        size += 1
    runs = dict(zip(every, combinations(range(size), max(1, size // 2)), strict=False))
    for number in range(size):
        yield tuple(one for one in every if number in runs[one])


def _edges(bench: Bench) -> Iterator[str]:
    """The first and the last day of each category's own findings are the edges of its period once each."""
    held = {one: _dated(bench.once("fetch", None, (one,))) for one in sorted(bench.connector.offers)}
    found = {one: full for one, full in held.items() if full}
    until: dict[str, Period] = {one: (None, full[0][0]) for one, full in found.items()}
    since: dict[str, Period] = {one: (_last_end(full), None) for one, full in found.items()}
    for periods in (until, since):
        every = bench.fetch(None, tuple(found), periods=periods)
        for category, full in found.items():
            alone = every if every.failure is None else bench.fetch(None, (category,), periods=periods)
            inside = {identity(item) for _, item in full if not outside(item, periods[category])}
            lost = alone.failure is None and inside - {identity(item) for item in alone.items}
            if lost:
                yield f"{category} loses what begins on the last granted day, or ends on the first: both days count."


def _last_end(full: list[tuple[date, Any]]) -> date:
    """The last day on which something ends; where nothing does, the last on which something begins."""
    ends = [end.latest for _, item in full for end in (getattr(item, "until", None) or getattr(item, "to", None),)
            if end is not None and not isinstance(end, str) and end.latest is not None]  # fmt: skip
    return max(ends) if ends else full[-1][0]


def _compared(bench: Bench, full: Run, run: Run, periods: dict[str, tuple[date | None, date | None]]) -> Iterator[str]:
    yield from answered("fetch within a period", run)
    if run.failure:
        return
    nothing = (None, None)
    early = [
        item for item in run.items if type(item) in FINDINGS and outside(item, periods.get(item.category, nothing))
    ]
    for category in sorted({item.category for item in early}):
        yield f"{category} brings what lies outside the granted days: bind `grant.period(category)`, both ends."
    inside = {identity(item) for item in full.items if type(item) in FINDINGS
              and not outside(item, periods.get(item.category, nothing))}  # fmt: skip
    lost = inside - {identity(item) for item in run.items}
    for category in sorted({found[2] for found in lost}):
        yield (
            f"{category} loses records that reach into the granted days: the first and the last day count, what has no "
            "day counts, and what began earlier and lasts counts. Or it takes another category's period."
        )


@check(7, "row budget", "It stops at the granted number of rows and says so, and stops nowhere else.",
       always=True)  # fmt: skip
def row_budget(bench: Bench) -> Iterator[str]:
    """A budget smaller than what there is; then a source with far more rows than the seed."""
    full = usable(bench)
    if full.rows == 0:
        yield "no row passed the gate's count, yet findings came: read through `self.open(grant)` only."
        return
    if full.rows > 1:
        run = bench.fetch(limits=replace(GENEROUS, rows=full.rows - 1))
        if not run.failure and not run.haul.truncated:
            yield f"with a budget of {full.rows - 1} rows and {full.rows} to read, it does not say it was cut off."
        if len(run.probe.doors) == 1 and run.rows >= full.rows:
            yield "it reads more rows than the budget allows."
    unseen = full.seen.drawn - full.rows
    if bench.seed.selects and unseen > 0:
        yield f"{unseen} rows were read from the source past the gate's count: read through the session only."
    if database(bench):
        yield from limits_itself(bench)
    if not bench.seed.grows:
        return
    run = bench.fetch(None, smallest(bench), twist=Twist(total=MANY), limits=replace(GENEROUS, rows=3 * MANY))
    yield from loses_some(bench.once("fetch", None, smallest(bench)), run, MANY)
    read = run.rows if bench.seed.selects else max(run.rows, run.seen.drawn)
    if run.failure is None and not run.haul.truncated and read < MANY and run.haul.complete:
        yield f"of {MANY} rows it read {read} and did not say that it stopped: no cut-off of its own, please."
    endless = bench.fetch(None, smallest(bench), twist=Twist(total=MANY), limits=replace(GENEROUS, rows=50))
    if endless.failure is None and not endless.haul.truncated:
        yield f"with a budget of 50 rows and {MANY} at the source, the answer does not say it was cut off."


def smallest(bench: Bench) -> tuple[str, ...]:
    """The category with the fewest questions, so that a large run stays short."""
    runs = {category: bench.once("fetch", None, (category,)) for category in sorted(bench.connector.offers)}
    with_rows = {category: run for category, run in runs.items() if run.rows}
    return (min(with_rows or runs, key=lambda category: len(runs[category].seen.asked)),)
