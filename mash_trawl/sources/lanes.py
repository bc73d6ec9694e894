"""Ask every permitted source at once: one bounded lane and one deadline for each, and one answer for every pair.

Lanes are daemon threads, because a thread pool would hold the process at exit. A thread cannot be killed: one that is
late is disowned, the gate refuses its next request and whatever it still brings is thrown away.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Literal

from mash_trawl.errors import Refused, TrawlError
from mash_trawl.log import SourceFinished, SourceStarted, log
from mash_trawl.model.answer import Answer, Status, Why
from mash_trawl.model.case import Case
from mash_trawl.model.decision import Decisions
from mash_trawl.model.grant import Grant
from mash_trawl.sources.asking import Visit
from mash_trawl.sources.breaker import Leave, Turnstile
from mash_trawl.sources.gate import Gate, Row
from mash_trawl.sources.kinds import Connector
from mash_trawl.sources.line import Matching, Planning, Tools, plan_line, run_line
from mash_trawl.sources.pace import Place
from mash_trawl.sources.pairs import Unasked, sort_pairs
from mash_trawl.sources.registry import Registry
from mash_trawl.sources.section import Pair, Section

Progress = Callable[[str, str, int, int], None]
"""Called with source, state (`asking`, `done`, `late`, `stopped`), pairs answered, pairs to answer; on one thread."""

BATCH = 50
"""People in one ask of a source that takes many."""
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
) -> tuple[Answer, ...]:
    """One answer for every (source, person) of the decisions, in the order of hub file and case file.

    Raises Refused when the ledger cannot be written: then no source is asked any more. `trawl` is an opaque id for the
    ledger's rows.
    """
    held = tuple(grants)
    to_ask, unasked = sort_pairs(case, decisions, held, registry)
    gate.write(case.id, *(_not_asked(item, trawl) for item in unasked))
    gate.admit(held)
    walk = _Walk(case, gate, registry, progress or (lambda *_: None), stop or threading.Event(), trawl)
    try:
        asked = walk.ask(to_ask, Tools(plan=plan, match=match, new_id=_ids()))
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


def _order(case: Case, decisions: Decisions, registry: Registry) -> list[tuple[str, str]]:
    sources = {name: place for place, name in enumerate(registry.names)}
    people = {person.id: place for place, person in enumerate(case.people)}
    return sorted(decisions.pairs, key=lambda pair: (sources.get(pair[0], len(sources)), pair[0], people[pair[1]]))


class _Lane:
    """One source: its people in groups, its threads, and the answers that are still owed."""

    def __init__(self, visit: Visit, connector: type[Connector], pairs: Sequence[Pair], tools: Tools) -> None:
        self.visit, self.source = visit, visit.source
        self.owed = {pair.person.id: pair for pair in pairs}
        self.total = len(pairs)
        self.busy = True
        self._connector, self._tools = connector, tools
        self._breaker = Turnstile(visit.gate.breakers, visit.source)
        size = BATCH if connector.batches else 1
        self._groups = deque(tuple(pairs[at : at + size]) for at in range(0, len(pairs), size))
        self._places: list[Place] = []
        self._answers: list[Answer] = []
        self._began = visit.gate.monotonic()

    def start(self, events: SimpleQueue[_Event]) -> None:
        """Begin; each thread takes the next group until none is left."""
        log(SourceStarted(source=self.source, people=self.total))
        for _ in range(min(self.visit.limits.parallel, len(self._groups))):
            threading.Thread(target=self._work, args=(events,), name=f"lane {self.source}", daemon=True).start()

    def _work(self, events: SimpleQueue[_Event]) -> None:
        try:
            while not self.visit.over.is_set() and self._groups:
                with suppress(IndexError):
                    events.put((self, self._line(self._groups.popleft()), None))
        except BaseException as error:
            events.put((self, (), error))

    def _line(self, group: Sequence[Pair]) -> tuple[Answer, ...]:
        visit = self.visit
        place = visit.gate.post(self.source).width.take(visit.left())
        if place is None:
            return ()
        self._places.append(place)
        try:
            sections = plan_line(self._connector, group, self._tools)
            silent = [section for section in sections if not section.queries]
            answers = run_line(visit, self._connector, silent, self._tools)
            return answers + self._ask([section for section in sections if section.queries])
        finally:
            place.give_back()

    def _ask(self, sections: Sequence[Section]) -> tuple[Answer, ...]:
        """Ask, if the breaker lets it; no answers when the lane ended before that."""
        leave = self._breaker.enter(self.visit.left) if sections else None
        if leave is None:
            return ()
        if leave is Leave.NO:
            return self.refuse((section.pair for section in sections), Why.BREAKER_OPEN)
        try:
            answers = run_line(self.visit, self._connector, sections, self._tools)
            if not self.visit.over.is_set():
                self._breaker.note(leave, failed=_failed(answers))
            return answers
        finally:
            self._breaker.leave(leave)

    def refuse(self, pairs: Iterable[Pair], why: Why) -> tuple[Answer, ...]:
        """The same answer without findings for each pair."""
        now = self.visit.gate.clock()
        return tuple(Section(pair=pair, failure=why, asked_at=now).answer(now, 0) for pair in pairs)

    def take(self, answers: Iterable[Answer]) -> None:
        """Keep the answers that are still owed; a pair that was given up stays given up."""
        self._answers += [answer for answer in answers if self.owed.pop(answer.person, None)]
        self.busy = self.busy and bool(self.owed)

    def give_up(self, why: Why) -> None:
        """Disown the threads and answer for everybody who is still owed."""
        self.end(why)
        self.take(self.refuse(list(self.owed.values()), why))

    def settled(self) -> tuple[Answer, ...]:
        """Every answer, once the last line has ended: nothing rests on a record that was taken for two people."""
        settled = self.visit.claims.settle(self._answers)
        if settled.people:
            counts = {"records": settled.records, "people": len(settled.people), "withdrawn": settled.findings}
            self.visit.write("match.decided", {"why": "one_record_for_several", **counts}, settled.people)
        return settled.answers

    def end(self, why: Why | None = None) -> None:
        """No request passes any more; places go back, whatever a late thread still does."""
        was_over = self.visit.over.is_set()
        try:
            self.visit.end(why)
        finally:
            self._breaker.shut()
            for place in self._places:
                place.give_back()
        if not was_over:
            took = round((self.visit.gate.monotonic() - self._began) * 1000)
            ended: dict[Why | None, Literal["answered", "deadline", "cancelled"]]
            ended = {None: "answered", Why.DEADLINE: "deadline"}
            log(
                SourceFinished(
                    source=self.source,
                    answers=self.total - len(self.owed),
                    milliseconds=took,
                    ended=ended.get(why, "cancelled"),
                )
            )


def _failed(answers: Sequence[Answer]) -> bool | None:
    """Did the source fail? None when nothing was sent that could show it."""
    statuses = {answer.status for answer in answers if answer.why is not Why.STOPPED}
    if statuses & {Status.UNREACHABLE, Status.TIMED_OUT}:
        return True
    sent = statuses - {Status.NOT_CONNECTED} and any(answer.attempts for answer in answers)
    return False if sent else None


_Event = tuple[_Lane, Sequence[Answer], BaseException | None]


class _Walk:
    """All lanes of one trawl, watched from the thread that asked for it."""

    def __init__(
        self, case: Case, gate: Gate, registry: Registry, progress: Progress, stop: threading.Event, trawl: str
    ) -> None:
        self._case, self._gate, self._registry = case.id, gate, registry
        self._progress, self._stop, self._trawl = progress, stop, trawl
        self._events: SimpleQueue[_Event] = SimpleQueue()
        self._broken: SimpleQueue[Refused] = SimpleQueue()
        self._lanes: list[_Lane] = []

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

    def _make_lanes(self, pairs: Iterable[Pair], tools: Tools) -> list[_Lane]:
        """Slow sources first: theirs is the longest way."""
        by_source: dict[str, list[Pair]] = {}
        for pair in pairs:
            by_source.setdefault(pair.source, []).append(pair)
        lanes = []
        for name, own in by_source.items():
            connector = self._registry.source(name).connector
            if connector is None:
                raise ValueError("a source without a connector cannot be asked")
            visit = Visit(self._gate, name, case=self._case, trawl=self._trawl, broken=self._broken.put)
            lanes.append(_Lane(visit, connector, own, tools))
        return sorted(lanes, key=lambda lane: -lane.visit.limits.deadline.seconds)

    def _look(self) -> None:
        """Take what is ready; then end what is late, or everything if there was a stop."""
        nearest = min(lane.visit.left() for lane in self._lanes if lane.busy)
        with suppress(Empty):
            self._take(self._events.get(timeout=0.0 if self._stop.is_set() else max(0.0, min(nearest, _LOOK))))
            while True:
                self._take(self._events.get_nowait())
        if not self._broken.empty():
            raise self._broken.get()
        for lane in [lane for lane in self._lanes if lane.busy]:
            if self._stop.is_set():
                self._give_up(lane, Why.STOPPED, "stopped")
            elif lane.visit.left() <= 0:
                self._give_up(lane, Why.DEADLINE, "late")
                self._gate.breakers.record(lane.source, failed=True)

    def _take(self, event: _Event) -> None:
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

    def _give_up(self, lane: _Lane, why: Why, state: str) -> None:
        lane.give_up(why)
        self._tell(lane, state)

    def end_all(self, why: Why | None) -> None:
        """Shut every lane, because the trawl ends here; with `why` the ledger is told, as far as it can be."""
        for lane in self._lanes:
            lane.visit.over.set()
        for lane in self._lanes:
            with suppress(Refused):
                lane.end(why)

    def _tell(self, lane: _Lane, state: str) -> None:
        self._progress(lane.source, state, lane.total - len(lane.owed), lane.total)
