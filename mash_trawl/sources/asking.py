"""One ask of one source: its row in the ledger, the doors that it opened, and its closing row."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from mash_trawl.errors import Refused, TrawlError, Unavailable
from mash_trawl.log import RequestSent, log
from mash_trawl.model.answer import Why
from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import Limits, Tls
from mash_trawl.sources.claims import Claims
from mash_trawl.sources.gate import Gate, Row, Step, tls_now
from mash_trawl.sources.keep import Keep
from mash_trawl.transports.door import Tally
from mash_trawl.transports.extract import Extracts

MOST_RETRIES = 100
"""Retries in one ask, each a row that stays for ever; honest ones wait between them, so their deadline comes first."""
OUT_OF_ORDER = "retry_out_of_order"
"""What the gate says to a retry that follows no try, or to one too many: no transport of ours asks so."""
LOOK_EVERY = 50
"""Rows after which the gate looks at the grants again, while no request is made."""
Came = Mapping[str, Sequence[str]]
"""The categories of which something came, by person."""
NOTHING_CAME: Came = MappingProxyType({})
_QUIET = 3.0
"""Seconds: a ledger row takes milliseconds, and a ledger that is locked gives up after two seconds."""


class Visit:
    """One source's time in one trawl: a single deadline over everything, and one moment at which it is over.

    `broken` is told when the ledger cannot be written: then no source may be asked any more.
    """

    def __init__(self, gate: Gate, source: str, *, case: str, trawl: str, broken: Callable[[Refused], None]) -> None:
        self.gate, self.source, self.case = gate, source, case
        self.limits = gate.post(source).settings.limits
        self.deadline = gate.monotonic() + self.limits.deadline.seconds
        self.over = threading.Event()
        self.keep = Keep()
        self.claims = Claims()
        self._about = {"source": source} | ({"trawl": trawl} if trawl else {})
        self._broken = broken
        self._open: set[Asking] = set()
        self._asks: list[Asking] = []
        self._quiet = threading.Condition()
        self._writing = 0

    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - self.gate.monotonic()

    def check(self) -> None:
        """Refused once it is over, Unavailable(`deadline`) once its time is up."""
        if self.over.is_set():
            raise Refused("visit_over")
        if self.left() <= 0:
            raise Unavailable(Why.DEADLINE)

    def write(
        self, kind: str, public: Mapping[str, object], people: Sequence[str] = (), came: Came = NOTHING_CAME
    ) -> int:
        """One durable row; a ledger that cannot be written ends the trawl, whatever the connector does with it."""
        try:
            row = Row(kind=kind, public={**self._about, **public}, people=tuple(people), came=came)
            (number,) = self.gate.write(self.case, row)
        except Refused as refusal:
            self._broken(refusal)
            raise
        return number

    def note(self, rows: Sequence[Row]) -> None:
        """Durable rows in one commit, before what follows from them; none once it is over, for then nothing follows."""
        with self._write_under_way():
            if self.over.is_set():
                return
            try:
                self.gate.write(self.case, *(replace(row, public={**self._about, **row.public}) for row in rows))
            except Refused as refusal:
                self._broken(refusal)
                raise

    def ask(self, step: Step, grants: Sequence[Grant]) -> Asking:
        """Begin an ask: the gate agrees to every grant, and its row is durable, before this returns."""
        with self._write_under_way():
            self.check()
            self.gate.check(grants, self.source, step)
            people = list(dict.fromkeys(grant.person for grant in grants))
            public: dict[str, object] = {"step": step, "people": len(people)}
            if step == "fetch":
                public["categories"] = sorted(frozenset().union(*(grant.categories for grant in grants)))
            asking = Asking(self, step, tuple(grants), self.write("source.asked", public, people))
            with self._quiet:
                self._open.add(asking)
                self._asks.append(asking)
            return asking

    def sent(self, person: str) -> int:
        """The requests of all asks that were about this person so far, also of one that is under way."""
        with self._quiet:
            about = [ask for ask in self._asks if any(grant.person == person for grant in ask.grants)]
        return sum(ask.total("requests") for ask in about)

    def close(self, asking: Asking, kind: str, public: Mapping[str, object], came: Came = NOTHING_CAME) -> None:
        """Write the closing row for the first who closes it: the line itself, or the engine at the deadline."""
        with self._write_under_way():
            with self._quiet:
                first = asking in self._open
                self._open.discard(asking)
            if first:
                self.write(kind, public, came=came)

    def end(self, why: str | None = None) -> None:
        """No request passes from here on. With `why`, asks still open get their closing row now.

        Rows that are being written are waited for, so that nothing follows the row that ends the trawl.
        """
        self.over.set()
        self.keep.close()
        self._wait_for_quiet()
        if why:
            for asking in list(self._open):
                asking.close("source.failed", why)
            self._wait_for_quiet()

    def _wait_for_quiet(self) -> None:
        with self._quiet:
            self._quiet.wait_for(lambda: not self._writing, timeout=_QUIET)

    @contextmanager
    def _write_under_way(self) -> Iterator[None]:
        with self._quiet:
            self._writing += 1
        try:
            yield
        finally:
            with self._quiet:
                self._writing -= 1
                self._quiet.notify_all()


class Asking:
    """An ask under way. `trouble` keeps what the gate said, so that a connector cannot swallow it."""

    def __init__(self, visit: Visit, step: Step, grants: tuple[Grant, ...], number: int) -> None:
        self.visit, self.step, self.grants, self.number = visit, step, grants, number
        self.doors: list[GateDoor] = []
        self.trouble: list[TrawlError] = []
        self._rows = 0
        self._began = visit.gate.monotonic()

    def open(self, grants: Sequence[Grant]) -> GateDoor:
        """What `Connector.open` calls. Only grants of this very ask pass; address and secret come last."""
        try:
            if not grants or not all(any(grant is own for own in self.grants) for grant in grants):
                raise Refused("grant_of_another_ask")
            self.visit.check()
            self.visit.gate.check(grants, self.visit.source, self.step)
            door = self._door(tuple(grants))
        except TrawlError as trouble:
            self.trouble.append(trouble)
            raise
        self.doors.append(door)
        return door

    def check(self) -> None:
        """Between two rows: is there still time, and was there no stop?

        A transport may fetch on without a new request; so every so many rows the gate looks at the grants again.
        """
        self._rows += 1
        try:
            self.visit.check()
            if self._rows % LOOK_EVERY == 0:
                self.visit.gate.check(self.grants, self.visit.source, self.step)
        except TrawlError as trouble:
            self.trouble.append(trouble)
            raise

    def _door(self, grants: tuple[Grant, ...]) -> GateDoor:
        gate, source = self.visit.gate, self.visit.source
        post = gate.post(source)
        return GateDoor(
            asking=self,
            grants=grants,
            source=source,
            step=self.step,
            connect=gate.connect(source),
            base=gate.base,
            limits=post.settings.limits,
            tls=tls_now(post.tls, gate.clock()),
            proxy=post.proxy,
            extracts=gate.extracts(source),
        )

    def total(self, count: str) -> int:
        """The sum of one count of the tallies over all doors."""
        return sum(getattr(door.tally, count) for door in self.doors)

    def close(
        self, kind: str, why: str, counts: Mapping[str, object] | None = None, came: Came = NOTHING_CAME
    ) -> None:  # fmt: skip
        """Write the closing row, once: what was sent, what came back and of which kinds, how long it took."""
        sent = {count: self.total(count) for count in ("requests", "pages", "retries", "rows")}
        took = round((self.visit.gate.monotonic() - self._began) * 1000)
        public = {"step": self.step, "ask": self.number, "why": why, **sent, **(counts or {}), "milliseconds": took}
        self.visit.close(self, kind, public, came)


@dataclass(slots=True, kw_only=True, repr=False)
class GateDoor:
    """The gate's real door (see `transports.door.Door`). Has no repr: it holds an address and secrets."""

    asking: Asking
    grants: tuple[Grant, ...]
    source: str
    step: str
    connect: Mapping[str, str]
    base: Path
    limits: Limits
    tls: Tls
    proxy: str | None
    extracts: Extracts | None = None
    tally: Tally = field(default_factory=Tally)
    tried: dict[int, int] = field(default_factory=dict)

    def request(self, *, page: int = 1, attempt: int = 1) -> float:
        """Look again at stop, deadline, expiry and withdrawal; a retry is a durable row; then the pace."""
        try:
            return self._request(page, attempt)
        except TrawlError as trouble:
            self.asking.trouble.append(trouble)
            raise

    def _request(self, page: int, attempt: int) -> float:
        visit = self.asking.visit
        self._check()
        pace, now = visit.gate.post(self.source).pace, visit.gate.monotonic()
        if pace.resting(now) >= visit.left():
            raise Unavailable(Why.TOO_MANY_REQUESTS)
        self._in_order(page, attempt)
        if attempt > 1:
            row = {"step": self.step, "ask": self.asking.number, "attempt": attempt, "page": page}
            visit.write("source.retried", row)
            self.tally.retries += 1
        pause = pace.turn(visit.gate.monotonic())
        if pause > 0:
            self._sleep(pause)
        self._check()
        self.tally.requests += 1
        self.tally.pages += attempt == 1 and page > 0
        log(RequestSent(source=self.source, attempt=attempt, page=page), logging.DEBUG)
        return visit.left()

    def _in_order(self, page: int, attempt: int) -> None:
        """Refused(OUT_OF_ORDER) unless this is a first try, or the retry that comes next for its page.

        Each of the source's attempts may take three sendings, when its log-in ran out (transports/http.py).
        """
        most, before = 3 * self.limits.attempts, self.tried.get(page, 0)
        if attempt != 1 and (attempt != before + 1 or attempt > most or self.asking.total("retries") >= MOST_RETRIES):
            raise Refused(OUT_OF_ORDER)
        self.tried[page] = attempt

    def row(self) -> bool:
        """Count one row; False once the budget for these people is used up."""
        if self.tally.rows >= self.limits.rows * len(self.grants):
            return False
        self.tally.rows += 1
        return True

    def wait(self, seconds: float) -> None:
        """Sleep; a stop wakes it, and a wait longer than the time left is not begun."""
        try:
            self._sleep(seconds)
            self._check()
        except TrawlError as trouble:
            self.asking.trouble.append(trouble)
            raise

    def _check(self) -> None:
        self.asking.visit.check()
        self.asking.visit.gate.check(self.grants, self.source, self.asking.step)

    def _sleep(self, seconds: float) -> None:
        if seconds >= self.asking.visit.left():
            raise Unavailable(Why.DEADLINE)
        self.asking.visit.over.wait(seconds)
