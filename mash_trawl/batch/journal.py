"""The journal of one batch: every step is durable before the next is taken, so that a kill at any moment loses nothing.

A case goes queued -> running -> done | failed | skipped, or queued -> failed | skipped, and back to queued when it was
stopped. One that a kill left running is looked up in custody: sealed since it was begun means done, else queued again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Self

from mash_trawl.store import batch as rows
from mash_trawl.store.batch import CaseRow, RunRow
from mash_trawl.store.engine import Store

WAIT = 30.0
"""Seconds that a step of the journal waits for its turn: nobody sits in front of it."""

Outcome = Literal["complete", "incomplete", "nothing_permitted", "unchanged", "not_known"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a case ended. `why` is a stable code, `detail` codes and places in a file, never a value or a name."""

    state: Literal["done", "failed", "skipped"]
    why: str = ""
    outcome: Outcome | None = None
    version: int | None = None
    detail: str = ""


class Journal:
    """The newest batch of a hub. Serves many threads; one batch at a time works on it."""

    def __init__(self, store: Store, clock: Callable[[], datetime], run: RunRow) -> None:
        self._store, self._clock, self._run = store, clock, run

    @property
    def number(self) -> int:
        """The batch's number: 1, 2, 3."""
        return self._run.number

    @classmethod
    def newest(cls, store: Store, clock: Callable[[], datetime]) -> Self | None:
        """The newest batch, to look at; None when there never was one."""
        with store.read() as connection:
            run = rows.newest_run(connection)
        return None if run is None else cls(store, clock, run)

    @classmethod
    def open(cls, store: Store, clock: Callable[[], datetime], *, resume: bool, salt: str | None = None) -> Self:
        """With `resume`, the newest batch if it has not ended; else a new one."""
        with store.begin(WAIT) as connection:
            last = rows.newest_run(connection)
            if resume and last is not None and last.state != "ended":
                rows.set_run(connection, last.number, "running", None)
                return cls(store, clock, last)
            number = last.number + 1 if last else 1
            run = RunRow(number=number, salt=salt or secrets.token_hex(16), state="running", began=_text(clock()))
            rows.add_run(connection, run)
        return cls(store, clock, run)

    def take_in(self, keys: Sequence[str]) -> dict[int, str]:
        """Join the list: new files are queued, queued ones that are not listed any more are skipped.

        Gives back what is still to be done: number to key, in the journal's order.
        """
        digests = {self.digest(key): key for key in keys}
        with self._store.begin(WAIT) as connection:
            known = rows.files(connection, self.number)
            start = max((n for n, _ in known.values()), default=0) + 1
            fresh = [digest for digest in digests if digest not in known]
            rows.add_cases(connection, self.number, dict(enumerate(fresh, start)))
            for digest, (n, state) in known.items():
                if digest not in digests and state == "queued":
                    gone = {"state": "skipped", "why": "not_listed_any_more", "ended": _text(self._clock())}
                    rows.move(connection, self.number, n, ("queued",), gone)
            now = rows.files(connection, self.number)
        return dict(sorted((n, digests[digest]) for digest, (n, state) in now.items() if state == "queued"))

    def begin(self, n: int, case_id: str, before: int) -> bool:
        """The case is under way; False when another file of this batch has the same case.

        `before` is the newest version of its record now (0: none).
        """
        with self._store.begin(WAIT) as connection:
            if rows.taken(connection, self.number, n, case_id):
                return False
            if not rows.begin_case(connection, self.number, n, case_id, before, _text(self._clock())):
                raise RuntimeError("a case was begun that was not queued")
        return True

    def put_back(self, n: int) -> None:
        """The case was stopped before anything was sealed: it is queued again."""
        with self._store.begin(WAIT) as connection:
            rows.move(connection, self.number, n, ("running",), {"state": "queued"})

    def end(self, n: int, ending: Ending, case_id: str | None = None) -> bool:
        """The case has ended; False when it had ended before: an ending is never written over."""
        values = {
            "state": ending.state, "outcome": ending.outcome, "why": ending.why or None,
            "detail": ending.detail or None, "after": ending.version, "ended": _text(self._clock()),
        }  # fmt: skip
        values |= {"case_id": case_id} if case_id else {}
        with self._store.begin(WAIT) as connection:
            return rows.move(connection, self.number, n, ("queued", "running"), values)

    def close(self, state: Literal["stopped", "ended"]) -> None:
        """The batch has come to its end, or was stopped and can be resumed."""
        with self._store.begin(WAIT) as connection:
            rows.set_run(connection, self.number, state, _text(self._clock()))

    def run(self) -> RunRow:
        """The batch's own row, as it stands."""
        with self._store.read() as connection:
            return rows.newest_run(connection) or self._run

    def counts(self) -> dict[tuple[str, str, str], int]:
        """How many cases stand in each (state, outcome, why)."""
        with self._store.read() as connection:
            return rows.counts(connection, self.number)

    def cases(self, *states: str) -> list[CaseRow]:
        """The cases in these states, in the list's order."""
        with self._store.read() as connection:
            return list(rows.cases(connection, self.number, states))

    def troubles(self, most: int) -> tuple[CaseRow, ...]:
        """The first cases that somebody has to look at."""
        with self._store.read() as connection:
            return tuple(rows.troubles(connection, self.number, ("incomplete", "not_known"), ("listed_twice",), most))

    def digest(self, key: str) -> str:
        """What the journal knows a file by; only who has the list can make it again."""
        return hashlib.sha256(f"{self._run.salt}\0{key}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
