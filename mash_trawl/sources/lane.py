"""One source's lane in one trawl: its people in groups, its threads, its places, and the answers still owed.

The deadline begins with the first place at the source: while the lane stands behind other trawls of the same hub, its
own time does not run.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Literal, TypeVar

from mash_trawl.log import SourceFinished, SourceStarted, log
from mash_trawl.model.answer import Answer, Status, Why
from mash_trawl.sources.asking import Visit
from mash_trawl.sources.beside import Beside
from mash_trawl.sources.breaker import Leave, Turnstile
from mash_trawl.sources.kinds import Connector
from mash_trawl.sources.line import Tools, bring, plan_line, run_line
from mash_trawl.sources.pace import PATIENCE, Place
from mash_trawl.sources.section import Pair, Section

T = TypeVar("T")
BATCH = 50
"""People in one ask of a source that takes many."""


class Lane:
    """One source: its people in groups, its threads, and the answers that are still owed."""

    def __init__(self, visit: Visit, connector: type[Connector], pairs: Sequence[Pair], tools: Tools) -> None:
        self.visit, self.source = visit, visit.source
        self.owed = {pair.person.id: pair for pair in pairs}
        self.total = len(pairs)
        self.busy = True
        self._connector, self._tools = connector, tools
        self._breaker = Turnstile(visit.gate.breakers, visit.source)
        self._size = BATCH if connector.batches else 1
        self._groups = deque(self._grouped(pairs))
        self._places: list[Place] = []
        self._answers: list[Answer] = []
        self._began = visit.gate.monotonic()
        self._patient_until: float | None = self._began + PATIENCE
        self._admission = threading.Lock()
        self._beside = Beside()
        self._unasked = len(self._groups)

    def left(self) -> float:
        """Seconds until the deadline; before the first place, seconds until it is no longer waited for."""
        patient_until = self._patient_until
        return self.visit.left() if patient_until is None else patient_until - self.visit.gate.monotonic()

    @property
    def queues(self) -> bool:
        """Whether it still stands behind other trawls: nothing was asked yet."""
        return self._patient_until is not None

    def start(self, events: SimpleQueue[Event]) -> None:
        """Begin; each thread takes the next group until none is left."""
        log(SourceStarted(source=self.source, people=self.total))
        width = self.visit.gate.post(self.source).width
        for _ in range(min(self.visit.limits.parallel, len(self._groups))):
            self._places.append(width.line_up())
        for place in self._places:
            threading.Thread(target=self._work, args=(events, place), name=f"lane {self.source}", daemon=True).start()

    def _work(self, events: SimpleQueue[Event], place: Place) -> None:
        """Wait for the place, then take group after group: a trawl that has begun is not overtaken by later ones."""
        try:
            if place.wait(self.left()):
                self._admit()
                while not self.visit.over.is_set() and (group := self._next()):
                    events.put((self, self._line(group), None))
                    if self._last():
                        events.put((self, self._look_again(), None))
        except BaseException as error:
            events.put((self, (), error))
        finally:
            place.give_back()

    def _admit(self) -> None:
        """The first place was reached: the deadline begins."""
        with self._admission:
            if self.queues:
                self.visit.deadline = self.visit.gate.monotonic() + self.visit.limits.deadline.seconds
                self._patient_until = None

    def _next(self) -> tuple[Pair, ...]:
        """The next group; none when all are taken."""
        with suppress(IndexError):
            return self._groups.popleft()
        return ()

    def _last(self) -> bool:
        """Whether this was the last group: everybody was searched for, though a thread may still wait for its place."""
        with self._admission:
            self._unasked -= 1
            return not self._unasked

    def _line(self, group: Sequence[Pair]) -> tuple[Answer, ...]:
        sections = plan_line(self._connector, group, self._tools)
        silent = [section for section in sections if not section.queries]
        answers = run_line(self.visit, self._connector, silent, self._tools)
        asked = [section for section in sections if section.queries]

        came = self._ask(asked, partial(run_line, self.visit, self._connector, asked, self._tools))
        if came is None:
            return answers + self.refuse((section.pair for section in asked), Why.BREAKER_OPEN)
        return answers + (self._beside.hold(asked, came) if came else ())

    def _look_again(self) -> tuple[Answer, ...]:
        """Those who waited for the others: as they come out beside them, or as they stood."""
        came: list[Answer] = []
        for again in self._grouped(self._beside.look(self.visit, self._tools.match)):
            began = self.visit.gate.monotonic()
            came += self._ask(again, partial(bring, self.visit, self._connector, again, began)) or ()
        told = {answer.person for answer in came}
        return (*came, *self._beside.as_they_stand([person for person in list(self.owed) if person not in told]))

    def _grouped(self, items: Sequence[T]) -> Iterator[tuple[T, ...]]:
        """As many in one ask as the source takes."""
        return (tuple(items[at : at + self._size]) for at in range(0, len(items), self._size))

    def _ask(self, sections: Sequence[Section], run: Callable[[], tuple[Answer, ...]]) -> tuple[Answer, ...] | None:
        """Ask, if the breaker lets it (None: it does not); no answers when the lane ended before that."""
        leave = self._breaker.enter(self.visit.left) if sections else None
        if leave is None:
            return ()
        if leave is Leave.NO:
            return None
        try:
            answers = run()
            if not self.visit.over.is_set():
                self._breaker.note(leave, failed=_failed(answers))
            return answers
        finally:
            self._breaker.leave(leave)

    def refuse(self, pairs: Iterable[Pair], why: Why) -> tuple[Answer, ...]:
        """The same answer without findings for each pair."""
        now, sent = self.visit.gate.clock(), self.visit.sent
        sections = (Section(pair=pair, failure=why, asked_at=now, attempts=sent(pair.person.id)) for pair in pairs)
        return tuple(section.answer(now, 0) for section in sections)

    def take(self, answers: Iterable[Answer]) -> None:
        """Keep the answers that are still owed; a pair that was given up stays given up."""
        self._answers += [answer for answer in answers if self.owed.pop(answer.person, None)]
        self.busy = self.busy and bool(self.owed)

    def give_up(self, why: Why) -> None:
        """Disown the threads and answer for everybody who is still owed."""
        self.end(why)
        self.take(self._beside.as_they_stand(list(self.owed)))
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


Event = tuple[Lane, Sequence[Answer], BaseException | None]
"""What a lane's thread tells: answers that are ready, or the error that ended it."""
