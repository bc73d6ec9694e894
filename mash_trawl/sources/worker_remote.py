"""A connector that runs in a worker, as the lanes see it: the same facts, the same two questions.

The gate stays here. A worker's `open`, `request` and `wait` come up as messages and go through the very doors that a
connector on a thread has; address and secret go down only after the gate agreed. What comes up is believed in nothing:
each message is checked, each row is read into the engine's own type, and the first thing that is out of order ends it.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, cast

from mash_trawl.errors import Malformed, Misconfigured, Refused, TrawlError, Unavailable
from mash_trawl.model.base import to_plain
from mash_trawl.model.finding import Finding
from mash_trawl.model.grant import Grant
from mash_trawl.model.query import Candidate, FetchAsk, FindAsk, PersonQuery
from mash_trawl.sources.kinds import Connector, Opener
from mash_trawl.sources.sieve import KINDS, own
from mash_trawl.sources.worker_facts import Order
from mash_trawl.sources.worker_frames import Message
from mash_trawl.sources.worker_pool import Crew, Pool
from mash_trawl.sources.worker_process import Gone, Process
from mash_trawl.transports.door import Door, Tally

MOST_MESSAGES = 20_000
"""Messages in one ask, rows apart; a worker that has more to say is out of its mind."""
_PATIENCE = 3.0
"""Seconds that a worker which has answered before may take to begin; it might hang in closing a connection."""
_RAISED: Mapping[str, type[Unavailable | Refused | Malformed]] = {
    kind.__name__: kind for kind in (Unavailable, Refused, Malformed)
}


class Remote(Connector):
    """The base of the classes that `remote` makes."""

    source: ClassVar[str]
    order: ClassVar[Order]
    pool: ClassVar[Pool]
    each: ClassVar[frozenset[str]]
    crew: ClassVar[Callable[[], Crew]]

    def find(self, query: PersonQuery, grant: Grant) -> Iterator[Candidate]:
        """One question."""
        for _, candidate in self.find_many([FindAsk(query=query, grant=grant)]):
            yield candidate

    def fetch(self, ref: str, grant: Grant) -> Iterator[Finding]:
        """One record."""
        for _, finding in self.fetch_many([FetchAsk(ref=ref, grant=grant)]):
            yield finding

    def find_many(self, asks: Sequence[FindAsk]) -> Iterator[tuple[str, Candidate]]:
        """Have the worker ask; the rows as they come."""
        plain = [{"query": to_plain(ask.query), "grant": ask.grant.id} for ask in asks]
        return self._ask("find", plain, [ask.grant for ask in asks])

    def fetch_many(self, asks: Sequence[FetchAsk]) -> Iterator[tuple[str, Finding]]:
        """Have the worker fetch; the rows as they come."""
        plain = [{"ref": ask.ref, "grant": ask.grant.id} for ask in asks]
        return self._ask("fetch", plain, [ask.grant for ask in asks])

    def session(self, door: Door) -> AbstractContextManager[Any]:
        """There is none on this side."""
        raise TypeError("a session of a worker is opened in the worker")

    @classmethod
    def asks_each(cls, step: str) -> bool:
        """As the connector in the worker says."""
        return step in cls.each

    @classmethod
    def warm(cls, count: int) -> int:
        """Start so many workers; they load while other things are done."""
        return cls.pool.warm(cls.source, cls.order, count)

    def _ask(self, step: str, asks: Sequence[Message], grants: Sequence[Grant]) -> Iterator[tuple[str, Any]]:
        crew = self.kept(type(self).crew) or type(self).crew()
        by_id = {grant.id: grant for grant in grants}
        order = {"do": step, "connector": self.name, "asks": asks,
                 "grants": [_described(grant) for grant in by_id.values()]}  # fmt: skip
        worker = self._begun(crew, order)
        sound = False
        try:
            yield from Talk(worker, self._opener, by_id, self.search_keys).rows()
            sound = True
        except TrawlError:
            sound = True
            raise
        finally:
            crew.give_back(worker, sound=sound)
            if self._keep is None:
                crew.close()

    def _begun(self, crew: Crew, order: Message) -> Process:
        """A worker that has begun. One that died or stuck while it waited is replaced: it has asked nothing yet."""
        while True:
            worker = crew.take()
            late = threading.Timer(_PATIENCE, worker.kill)
            late.daemon = True
            if worker.asked:
                late.start()
            try:
                if self.name not in {facts["name"] for facts in worker.facts()}:
                    raise Gone("another connector")
                worker.say(order)
                if worker.hear() != {"say": "begun"}:
                    raise Gone("out of order")
                worker.asked = True
                return worker
            except (Gone, Unavailable, Misconfigured) as error:
                crew.give_back(worker, sound=False)
                if not (worker.waited and isinstance(error, Gone)):
                    raise
            finally:
                late.cancel()


class Talk:
    """One ask of one worker, from `begun` to `end`."""

    def __init__(
        self, worker: Process, opener: Opener, grants: Mapping[str, Grant], keys: Sequence[tuple[str, ...]]
    ) -> None:
        self._worker, self._opener, self._grants, self._keys = worker, opener, grants, set(keys)
        self._doors: list[Any] = []

    def rows(self) -> Iterator[tuple[str, Any]]:
        """Every row as `(key, value)`; value None for one that is none. Raises Gone, or what the worker told."""
        for _ in range(MOST_MESSAGES):
            heard = self._worker.hear()
            said = heard.get("say")
            if said == "rows":
                yield from (_row(row) for row in _list(heard, "rows"))
            elif said in ("end", "error"):
                self._tallies(_list(heard, "doors"))
                if said == "error":
                    raise _told(heard)
                return
            else:
                self._worker.say(self._answer(str(said), heard))
        raise Gone("too many messages")

    def _answer(self, said: str, heard: Message) -> Message:
        """What the gate says to one message. A refusal goes down, and the ask remembers it here."""
        acts = {"open": self._open, "request": self._request, "wait": self._wait}
        if said not in acts:
            raise Gone("out of order")
        try:
            return acts[said](heard)
        except Refused as refusal:
            return {"refused": refusal.why}
        except Unavailable as trouble:
            return {"unavailable": str(trouble.why)}

    def _open(self, heard: Message) -> Message:
        ids = _list(heard, "grants")
        grants = [self._grants[one] for one in ids if isinstance(one, str) and one in self._grants]
        door = self._opener(grants if len(grants) == len(ids) else ())
        self._doors.append(door)
        return {
            "door": len(self._doors) - 1, "budget": _budget(door, len(grants)), "source": door.source,
            "step": door.step, "connect": dict(door.connect), "base": str(door.base), "limits": to_plain(door.limits),
            "tls": to_plain(door.tls), "proxy": door.proxy,
        }  # fmt: skip

    def _request(self, heard: Message) -> Message:
        door = self._door(heard)
        return {"left": door.request(page=_count(heard, "page"), attempt=_count(heard, "attempt"))}

    def _wait(self, heard: Message) -> Message:
        seconds = heard.get("seconds")
        if not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
            raise Gone("out of order")
        self._door(heard).wait(float(seconds))
        return {}

    def _door(self, heard: Message) -> Door:
        number = _count(heard, "door")
        if number >= len(self._doors):
            raise Gone("out of order")
        return cast(Door, self._doors[number])

    def _tallies(self, told: Sequence[Any]) -> None:
        """What the worker counted; it can make an answer look worse than it was, never better."""
        if len(told) > len(self._doors):
            raise Gone("out of order")
        for door, one in zip(self._doors, told, strict=False):
            if not isinstance(one, dict):
                raise Gone("out of order")
            tally: Tally = door.tally
            while tally.rows < min(_count(one, "rows"), 10**6) and door.row():
                pass
            tally.quarantined += _count(one, "quarantined")
            tally.complete = tally.complete and one.get("complete") is True
            tally.truncated = tally.truncated or one.get("truncated") is not False
            tally.as_of = _words(one.get("as_of"))
            tally.skipped += self._skipped(_list(one, "skipped"))
        for door in self._doors[len(told) :]:
            door.tally.complete = False

    def _skipped(self, keys: Sequence[Any]) -> list[tuple[str, ...]]:
        """Only keys of the connector, and each but once for every query: a skipped key counts as answered."""
        read = [tuple(key) for key in keys[:1000] if isinstance(key, list) and all(isinstance(one, str) for one in key)]
        return [key for key in read if key in self._keys]


def _budget(door: Door, grants: int) -> int:
    return door.limits.rows * grants


def _row(row: object) -> tuple[str, Any]:
    """A row as the engine's own value; None as its value when it is not exactly what the contract says."""
    if row is None:
        return "", None
    if not isinstance(row, list) or len(row) != 3 or not isinstance(row[0], str) or not isinstance(row[1], str):
        raise Gone("out of order")
    return row[0], own(KINDS[row[1]], row[2]) if row[1] in KINDS else None


def _list(heard: Message, name: str) -> list[Any]:
    value = heard.get(name)
    if not isinstance(value, list):
        raise Gone("out of order")
    return value


def _count(heard: Message, name: str) -> int:
    value = heard.get(name)
    if type(value) is not int or not 0 <= value < 10**9:
        raise Gone("out of order")
    return value


def _words(value: object) -> str | None:
    """Text, however it reads (the haul looks); what is no text reads as none that could be understood."""
    return None if value is None else value[:40] if isinstance(value, str) else ""


def _told(heard: Message) -> Exception:
    """The error that the worker told: one of ours with its code, else only Python's name of it."""
    kind, why = heard.get("kind"), heard.get("why")
    if isinstance(kind, str) and kind in _RAISED and isinstance(why, str):
        return _RAISED[kind](why[:60])
    return Crashed()


class Crashed(Exception):
    """The connector raised something of its own; it said nothing that could be told."""


def _described(grant: Grant) -> Message:
    return {
        "id": grant.id, "source": grant.source, "person": grant.person, "categories": sorted(grant.categories),
        "existence": sorted(grant.existence),
        "since": to_plain(grant.since), "until": to_plain(grant.until), "expires_at": to_plain(grant.expires_at),
        "periods": {name: [to_plain(day) for day in days] for name, days in grant.periods.items()},
    }  # fmt: skip


def remote(source: str, facts: Mapping[str, Any], order: Order, pool: Pool) -> type[Connector]:
    """The class that stands for a connector with these facts, which a worker of this source loads by `order`."""

    def crew() -> Crew:
        return Crew(pool, source, order)

    body = {**facts, "source": source, "order": order, "pool": pool, "crew": staticmethod(crew), "__module__": __name__}
    return cast(type[Connector], type("Remote", (Remote,), body))
