"""Ask every permitted source at once: one bounded lane and one deadline for each, and one answer for every pair.

Lanes are daemon threads, because a thread pool would hold the process at exit. A thread cannot be killed: one that is
late is disowned, the gate refuses its next request and whatever it still brings is thrown away.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue

from mash_trawl.errors import Refused, TrawlError
from mash_trawl.model.answer import Answer, Why
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decisions
from mash_trawl.model.grant import Grant
from mash_trawl.sources.asking import Visit
from mash_trawl.sources.gate import Gate, Row
from mash_trawl.sources.lane import Event, Lane
from mash_trawl.sources.line import Matching, Planning, Tools
from mash_trawl.sources.pairs import Unasked, sort_pairs
from mash_trawl.sources.registry import Registry
from mash_trawl.sources.section import Pair
from mash_trawl.sources.watch import Watch

Progress = Callable[[str, str, int, int], None]
"""Called with source, state (`asking`, `done`, `late`, `stopped`), pairs answered, pairs to answer; on one thread."""

_LOOK = 0.1
"""Seconds between two looks at `stop`."""


def ask(
    case: Case,
    decisions: Decisions,
    grants: Iterable[Grant],
    *,
    registry: Registry,
    gate: Gate,
    plan: Planning,
    match: Matching,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    trawl: str = "",
    watch: Watch | None = None,
) -> tuple[Answer, ...]:
    """One answer for every (source, person) of the decisions, in the order of hub file and case file.

    Raises Refused when the ledger cannot be written: then no source is asked any more. `trawl` is an opaque id for the
    ledger's rows. With a `watch`, a grant that is taken back while this runs asks nothing more, and the ledger says so.
    """
    held = tuple(grants)
    to_ask, unasked = sort_pairs(case, decisions, held, registry)
    gate.write(case.id, *(_not_asked(item, trawl) for item in unasked))
    gate.admit(held, watch)
    walk = _Walk(case, gate, registry, progress or (lambda *_: None), stop or threading.Event(), trawl)
    try:
        asked = walk.ask(to_ask, Tools(plan=plan, match=match, new_id=_ids()))
        gate.write(case.id, *_taken_back(held, gate, trawl))
    except BaseException as problem:
        walk.end_all(None if isinstance(problem, Refused) else Why.STOPPED)
        raise
    finally:
        gate.dismiss(held)
    answers = {(item.source, item.person): item for item in [*(one.answer for one in unasked), *asked]}
    return tuple(answers[pair] for pair in _order(case, decisions, registry))


def _ids() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"q{next(numbers)}"


def _not_asked(item: Unasked, trawl: str) -> Row:
    answer = item.answer
    public = {"source": answer.source, "people": 1, "why": answer.why.value, "rule": item.rule}
    public |= {"trawl": trawl} if trawl else {}
    return Row(kind="source.not_asked", public=public, people=(answer.person,))


def _taken_back(grants: Iterable[Grant], gate: Gate, trawl: str) -> list[Row]:
    """A row for each source and reason, if grants were taken back while they were held."""
    lost: dict[tuple[str, Why], list[str]] = {}
    for grant in grants:
        why = gate.taken_back(grant)
        if why is not None:
            lost.setdefault((grant.source, why), []).append(grant.person)
    told = {"trawl": trawl} if trawl else {}
    return [
        Row(kind="permit.withdrawn", public={"source": source, "people": len(people), "why": why.value} | told,
            people=tuple(people))
        for (source, why), people in lost.items()
    ]  # fmt: skip


def _order(case: Case, decisions: Decisions, registry: Registry) -> list[tuple[str, str]]:
    sources = {name: place for place, name in enumerate(registry.names)}
    people = {person.id: place for place, person in enumerate(case.people)}
    return sorted(decisions.pairs, key=lambda pair: (sources.get(pair[0], len(sources)), pair[0], people[pair[1]]))


class _Walk:
    """All lanes of one trawl, watched from the thread that asked for it."""

    def __init__(
        self, case: Case, gate: Gate, registry: Registry, progress: Progress, stop: threading.Event, trawl: str
    ) -> None:
        self._case, self._gate, self._registry = case.id, gate, registry
        self._progress, self._stop, self._trawl = progress, stop, trawl
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._broken: SimpleQueue[Refused] = SimpleQueue()
        self._lanes: list[Lane] = []

    def ask(self, pairs: Iterable[Pair], tools: Tools) -> list[Answer]:
        """Every pair's answer; returns when each lane has ended, by itself, at its deadline or by a stop."""
        self._lanes = self._make_lanes(pairs, tools)
        for lane in self._lanes:
            if not self._stop.is_set():
                self._tell(lane, "asking")
                lane.start(self._events)
        while any(lane.busy for lane in self._lanes):
            self._look()
        return [answer for lane in self._lanes for answer in lane.settled()]

    def _make_lanes(self, pairs: Iterable[Pair], tools: Tools) -> list[Lane]:
        """Slow sources first: theirs is the longest way."""
        by_source: dict[str, list[Pair]] = {}
        for pair in pairs:
            by_source.setdefault(pair.source, []).append(pair)
        lanes = []
        for name, own in by_source.items():
            connector = self._registry.source(name).connector
            if connector is None:
                raise ValueError("a source without a connector cannot be asked")
            connector.warm(1 if connector.batches else min(self._gate.post(name).settings.limits.parallel, len(own)))
            visit = Visit(self._gate, name, case=self._case, trawl=self._trawl, broken=self._broken.put)
            lanes.append(Lane(visit, connector, own, tools))
        return sorted(lanes, key=lambda lane: -lane.visit.limits.deadline.seconds)

    def _look(self) -> None:
        """Take what is ready; then end what is late, or everything if there was a stop."""
        nearest = min(lane.left() for lane in self._lanes if lane.busy)
        with suppress(Empty):
            self._take(self._events.get(timeout=0.0 if self._stop.is_set() else max(0.0, min(nearest, _LOOK))))
            while True:
                self._take(self._events.get_nowait())
        if not self._broken.empty():
            raise self._broken.get()
        for lane in [lane for lane in self._lanes if lane.busy]:
            if self._stop.is_set():
                self._give_up(lane, Why.STOPPED, "stopped")
            elif lane.left() <= 0:
                asked = not lane.queues
                self._give_up(lane, Why.DEADLINE, "late")
                if asked:
                    self._gate.breakers.record(lane.source, failed=True)

    def _take(self, event: Event) -> None:
        lane, answers, error = event
        if not lane.busy:
            return
        if isinstance(error, TrawlError):
            raise error
        if error is not None:
            raise RuntimeError(f"a lane ended with {type(error).__name__}") from None
        lane.take(answers)
        if not lane.busy:
            lane.end()
        self._tell(lane, "asking" if lane.busy else "done")

    def _give_up(self, lane: Lane, why: Why, state: str) -> None:
        lane.give_up(why)
        self._tell(lane, state)

    def end_all(self, why: Why | None) -> None:
        """Shut every lane, because the trawl ends here; with `why` the ledger is told, as far as it can be."""
        for lane in self._lanes:
            lane.visit.over.set()
        for lane in self._lanes:
            with suppress(Refused):
                lane.end(why)

    def _tell(self, lane: Lane, state: str) -> None:
        self._progress(lane.source, state, lane.total - len(lane.owed), lane.total)
