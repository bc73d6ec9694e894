"""The tamper-evident log: what is written here is durable before its effect happens.

Callers that write at the same time share one transaction and one signature: whoever comes first commits for all that
wait (no thread of its own, no waiting for company). A caller never waits longer than about two seconds.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from mash_trawl.audit.canonical import parse_canonical
from mash_trawl.audit.checkpoint import Checkpoint, sign_checkpoint
from mash_trawl.audit.entry import Entry, read_entry
from mash_trawl.audit.growth import TOLERATED, Growth, check_genuine
from mash_trawl.audit.signing import Signer, Verifier
from mash_trawl.audit.tree import EMPTY, HASH, InclusionProof, neighbours, path_from, place_stored
from mash_trawl.errors import Refused
from mash_trawl.model.base import Private
from mash_trawl.store import ledger as rows
from mash_trawl.store.engine import Store
from mash_trawl.store.trouble import locked
from mash_trawl.store.wait import WAIT, not_writable

if TYPE_CHECKING:
    from sqlalchemy import Connection

Clock = Callable[[], datetime]
_CASE = b"mash-trawl/case-mark/v1\n"
"""What is signed for a case's mark begins so. A checkpoint's first line is its origin, which ends in another word."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Row(Private):
    """One entry as it is shown. `private` is None when it had none, or (`erased`) when its time was over."""

    n: int
    at: datetime
    kind: str
    actor: str
    public: Mapping[str, Any]
    private: Mapping[str, Any] | None
    erased: bool


class _Ticket:
    """One caller's entries, waiting to be committed by whoever leads; then their numbers, or why not."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.numbers: tuple[int, ...] | None = None
        self.problem: Refused | None = None

    @property
    def settled(self) -> bool:
        return self.numbers is not None or self.problem is not None


class Ledger:
    """The hub's ledger. Thread-safe; several processes may write to one database."""

    def __init__(self, store: Store, signer: Signer, origin: str, clock: Clock) -> None:
        self.origin = origin
        self._store = store
        self._signer = signer
        self._clock = clock
        self._waiting: deque[_Ticket] = deque()
        self._lead = threading.Lock()
        self._growing: tuple[Connection, Growth] | None = None
        self._seen = 0
        self._signed: rows.StoredCheckpoint | None = None

    @classmethod
    def build(cls, store: Store, signer: Signer, origin: str, clock: Clock) -> Self:
        """The ledger in this store; `origin` names it in every checkpoint, `clock` gives aware instants in UTC."""
        return cls(store, signer, origin, clock)

    @property
    def verifier(self) -> Verifier:
        """The public half of the key that signs it."""
        return self._signer.verifier

    def write(self, *entries: Entry) -> tuple[int, ...]:
        """Make the entries durable; returns their numbers. On any failure nothing of them counts as written.

        Raises Refused: `ledger_not_writable`; `clock_behind` (more than five minutes behind the last event, which is
        itself recorded); `ledger_damaged` or `ledger_rolled_back` (what is stored is not what was signed). Never
        inside `store.begin()`: use `write_in` there.
        """
        ticket, until = _Ticket(entries), time.monotonic() + WAIT
        self._waiting.append(ticket)
        if not self._lead.acquire(timeout=WAIT):
            self._settle([ticket], not_writable(locked(WAIT)))
        else:
            try:
                if not ticket.settled:
                    self._commit_all(until)
            finally:
                self._lead.release()
        if ticket.numbers is None:
            raise ticket.problem or not_writable()
        return ticket.numbers

    def _commit_all(self, until: float) -> None:
        """Commit for everybody who waits. After a failure those who came meanwhile fail too: the store is away."""
        tickets = self._take()
        try:
            numbers = iter(self._commit([entry for ticket in tickets for entry in ticket.entries], until))
        except BaseException as problem:
            why = problem if isinstance(problem, Refused) else not_writable()
            self._settle([*tickets, *self._take()], why)
            if not isinstance(problem, Refused):
                raise
            return
        for ticket in tickets:
            ticket.numbers = tuple(next(numbers) for _ in ticket.entries)

    def _take(self) -> list[_Ticket]:
        taken = []
        while self._waiting:
            taken.append(self._waiting.popleft())
        return taken

    def _settle(self, tickets: Sequence[_Ticket], why: Refused) -> None:
        for ticket in tickets:
            ticket.problem = Refused(why.why, str(why))

    def _commit(self, entries: Sequence[Entry], until: float) -> tuple[int, ...]:
        now = self._clock()
        try:
            with self._store.begin(max(until - time.monotonic(), 0)) as connection:
                behind = self._growth(connection).behind(now)
                if behind <= TOLERATED:
                    return self._add(connection, entries, now)
                self._note_anomaly(connection, behind, now)
        except Refused as problem:
            raise not_writable() if problem.why == "store_conflict" else problem from None
        raise _clock_behind()

    def write_in(self, connection: Connection, *entries: Entry) -> tuple[int, ...]:
        """Append inside somebody's `store.begin()`: durable, and signed once, when that transaction commits.

        Raises as `write` does; a clock that lies behind is refused without being recorded.
        """
        now = self._clock()
        if self._growth(connection).behind(now) > TOLERATED:
            raise _clock_behind()
        return self._add(connection, entries, now)

    def _growth(self, connection: Connection) -> Growth:
        """This transaction's right edge; taken from the last commit, which must be genuine, at its first use."""
        if self._growing is not None and self._growing[0] is connection:
            return self._growing[1]
        stored = rows.newest_checkpoint(connection)
        size = 0 if stored is None else stored.size
        if size < self._seen:
            raise Refused("ledger_rolled_back", "The ledger is shorter than this process has seen it.")
        if stored is not None and stored != self._signed:
            check_genuine(stored, self.origin, self._signer.verifier)
        self._seen = size
        growth = Growth.from_checkpoint(stored)
        self._growing = (connection, growth)
        self._store.before_commit(self._sign)
        return growth

    def _add(self, connection: Connection, entries: Sequence[Entry], now: datetime) -> tuple[int, ...]:
        return self._growth(connection).add(connection, entries, now) if entries else ()

    def _sign(self, connection: Connection) -> None:
        growing, self._growing = self._growing, None
        if growing is None or growing[1].size == self._seen:
            return
        self._signed = growing[1].sign(self.origin, self._signer)
        rows.add_checkpoint(connection, self._signed)

    def _note_anomaly(self, connection: Connection, behind: timedelta, now: datetime) -> None:
        """Record once that the clock lies behind, however often it is then tried."""
        growth = self._growth(connection)
        newest = rows.entry_at(connection, growth.size - 1)
        if newest is None or newest.kind != "clock.anomaly":
            seconds = int(behind.total_seconds())
            growth.add(connection, [Entry("clock.anomaly", "hub", {"behind_seconds": seconds})], now)

    def mark(self, case: str) -> str:
        """What entries say in the open of the case that they are about: always the same, for nobody else to work out.

        A digest of the hub's signature over the case's id (Ed25519 signs the same bytes alike every time): whoever
        holds the key can find a case's entries again, and nobody else can try out ids.
        """
        return hashlib.sha256(self._signer.sign(_CASE + case.encode("utf-8", "surrogatepass"))).hexdigest()

    def checkpoint(self) -> str:
        """The newest checkpoint: a signed note that fixes every entry written so far."""
        with self._store.read() as connection:
            stored = rows.newest_checkpoint(connection)
        if stored is None:
            return sign_checkpoint(Checkpoint(origin=self.origin, size=0, root=EMPTY), self._signer)
        return stored.note

    def last_time(self) -> datetime | None:
        """When the last event happened; None in an empty ledger."""
        with self._store.read() as connection:
            stored = rows.newest_checkpoint(connection)
        return None if stored is None else datetime.fromisoformat(stored.at)

    def rows(self, kind: str | None = None, holding: str = "") -> Iterator[Row]:
        """Every entry in order, of one kind or of all. Shows what is stored; `verify` says whether it is genuine.

        With `holding` only those whose canonical bytes hold this ASCII text, such as `"record":"..."`.
        """
        with self._store.read() as connection:
            for stored in rows.entries(connection, kind, holding.encode("ascii")):
                yield _shown(stored)

    def inclusion_proof(self, n: int) -> InclusionProof:
        """That entry `n` lies in the ledger as it is now; check it with `check_inclusion` under a checkpoint's root.

        Raises Refused `no_such_entry`.
        """
        with self._store.read() as connection:
            stored = rows.newest_checkpoint(connection)
            size = 0 if stored is None else stored.size
            if not 0 <= n < size:
                raise Refused("no_such_entry", f"The ledger has no entry {n}.")
            steps = neighbours(n, size)
            places = {place: place_stored(place) for step in steps for place in step}
            hashes = rows.hashes(connection, {row for row, _ in places.values()})
        known = {place: hashes[row][start : start + HASH] for place, (row, start) in places.items()}
        return InclusionProof(n=n, size=size, path=path_from(steps, known))


def _shown(stored: rows.StoredEntry) -> Row:
    entry = read_entry(stored.entry)
    return Row(
        n=stored.n,
        at=datetime.fromisoformat(entry["at"]),
        kind=entry["kind"],
        actor=entry["actor"],
        public=entry["pub"],
        private=None if stored.body is None else parse_canonical(stored.body),
        erased=entry["priv"] is not None and stored.body is None,
    )


def _clock_behind() -> Refused:
    return Refused(
        "clock_behind", "The computer's clock is more than five minutes behind the last event.", "Set the clock."
    )
