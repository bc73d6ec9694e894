"""One batch at a time in a hub: the same lease as for a case, under a name that no case can have."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mash_trawl.batch.due import Verdict
from mash_trawl.batch.journal import Journal
from mash_trawl.batch.listing import Listed
from mash_trawl.batch.night import Desk, Night
from mash_trawl.batch.outcome import went_wrong
from mash_trawl.batch.summary import Summary, summary
from mash_trawl.errors import Refused, TrawlError
from mash_trawl.model.hub import HubFile
from mash_trawl.store.engine import Store
from mash_trawl.store.turn import case_turn

LEASE = "*batch*"
MOST = 24
"""Cases in flight at most, unless somebody says otherwise: more only wait for each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a batch would do with one case; `case` is None when its file cannot be read.

    `pairs` counts the (source, person) with a permit: of one asked before, only what changed or fell due is asked.
    """

    where: str
    case: str | None
    verdict: Verdict
    pairs: int = 0
    detail: str = ""


def in_flight(settings: HubFile) -> int:
    """How many cases at once keep the widest source busy while others of the batch wait for the slowest."""
    widest = max((source.limits.parallel for source in settings.sources), default=1)
    return min(MOST, max(4, 3 * widest))


def work_through(
    desk: Desk,
    store: Store,
    actor: str,
    listed: Sequence[Listed],
    *,
    at_once: int,
    resume: bool = False,
    stop: threading.Event | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Summary:
    """Work through the list, or through what an unfinished batch left of it. Refused("batch_busy") beside another."""
    stop = stop or threading.Event()
    with _alone(store, actor, desk.clock, stop):
        journal = Journal.open(store, desk.clock, resume=resume)
        Night(desk, journal, listed, at_once=at_once, stop=stop, told=told).work()
        return summary(journal, listed)


def foresee(desk: Desk, listed: Sequence[Listed]) -> Iterator[Foreseen]:
    """What would be done with each case and why; reads files and custody, writes nothing, sends nothing."""
    seen: set[str] = set()
    for item in listed:
        if item.file is None:
            what = item.problem.what if item.problem else ""
            yield Foreseen(where=item.where, case=None, verdict=Verdict(run=False, why="bad_row"), detail=what)
            continue
        yield _foresee(desk, item, item.file, seen)


def _foresee(desk: Desk, item: Listed, file: Path, seen: set[str]) -> Foreseen:
    try:
        case = desk.load(file)
        judged, _ = desk.judge(case)
        if judged.run and case.id in seen:
            judged = Verdict(run=False, why="listed_twice")
        pairs = {(ask.source, ask.person) for ask in desk.asks(case)} if judged.run else set()
    except TrawlError as problem:
        ending = went_wrong(problem)
        return Foreseen(where=item.where, case=None, verdict=Verdict(run=False, why=ending.why), detail=ending.detail)
    seen.add(case.id)
    return Foreseen(where=item.where, case=case.id, verdict=judged, pairs=len(pairs))


def standing(store: Store, clock: Callable[[], datetime]) -> Summary | None:
    """The newest batch as its journal knows it; None when there never was one."""
    journal = Journal.newest(store, clock)
    return None if journal is None else summary(journal)


@contextmanager
def _alone(store: Store, actor: str, clock: Callable[[], datetime], stop: threading.Event) -> Iterator[None]:
    entered = False
    try:
        with case_turn(store, LEASE, actor, clock, stop):
            entered = True
            yield
    except Refused as problem:
        if entered or problem.why != "case_busy":
            raise
        raise Refused("batch_busy", "another batch of this hub is under way", "Wait for its end.") from None
