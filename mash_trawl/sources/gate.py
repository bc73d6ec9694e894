"""The gate: the only way from a grant to an address, a secret and a request.

It knows its own grants by identity, so a copy, a pickle or a hand-made grant opens nothing. It looks at expiry, stop
and whatever was said about the case since at the moment of asking, and again at every request, page and retry. Nothing
is asked before the ledger has the row: when the ledger cannot be written, the whole trawl ends (Refused, exit 5).
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from mash_trawl.audit.entry import Entry
from mash_trawl.errors import Refused, Unavailable
from mash_trawl.model.answer import Why
from mash_trawl.model.base import Private
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.grant import Grant
from mash_trawl.model.hub import HubFile, SourceSettings, Tls
from mash_trawl.sources.breaker import Breakers
from mash_trawl.sources.pace import Pace, Width
from mash_trawl.sources.watch import Watch, Watched
from mash_trawl.transports.extract import Extract, Extracts

Step = Literal["find", "fetch"]


class Revealable(Protocol):
    """A resolved secret."""

    def reveal(self) -> str:
        """The text itself."""
        ...


class Rows(Protocol):
    """The ledger, as far as the gate uses it: durable on return, Refused when it cannot be written."""

    def write(self, *entries: Entry) -> tuple[int, ...]:
        """Write all entries in one commit; returns their numbers."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One source's side of the gate: its settings, and what it can bear."""

    settings: SourceSettings
    tls: Tls
    proxy: str | None
    pace: Pace
    width: Width


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Row(Private):
    """A row for the ledger. The ids of `people` are the case file's own and may mean something: they are private.

    `came`, private too, are the categories of which something came, by person; `trace` is what a match came from.
    """

    kind: str
    public: Mapping[str, Any]
    people: tuple[str, ...] = ()
    came: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trace: Mapping[str, Any] = field(default_factory=dict)


def _none(_source: str, _pattern: str) -> Extract | None:
    return None


def tls_now(tls: Tls, now: datetime) -> Tls:
    """The rules for certificates at this moment: an exception ends at the start of its `until` day (London time)."""
    if tls.unverified is None:
        return tls
    end = PartialDate.parse(tls.unverified.until).earliest
    if end is not None and now.astimezone(ZoneInfo("Europe/London")).date() < end:
        return tls
    return replace(tls, unverified=None)


class Gate:
    """Built once for a hub, or for a trawl; serves many threads."""

    def __init__(
        self,
        ledger: Rows,
        posts: Mapping[str, Post],
        *,
        resolve: Callable[[str], Revealable],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        actor: str,
        base: Path,
        breakers: Breakers,
        extract: Callable[[str, str], Extract | None] = _none,
    ) -> None:
        self.clock, self.monotonic, self.actor, self.base, self.breakers = clock, monotonic, actor, base, breakers
        self._ledger, self._posts, self._resolve = ledger, posts, resolve
        self._extract = extract
        self._grants: dict[int, Grant] = {}
        self._watched: dict[int, Watched] = {}
        self._withdrawn: set[str] = set()
        self._lock = threading.Lock()

    @classmethod
    def build(
        cls,
        ledger: Rows,
        settings: HubFile,
        *,
        resolve: Callable[[str], Revealable],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        actor: str,
        base: Path = Path(),
        breakers: Breakers | None = None,
        extract: Callable[[str, str], Extract | None] = _none,
    ) -> Gate:
        """Wire a gate for the sources of a hub file. `base` is the hub's directory, where relative paths start.

        `extract` reads the newest extract of a source and file that were sent to the hub.
        """
        posts = {
            source.name: Post(
                settings=source,
                tls=source.tls or settings.tls,
                proxy=source.proxy or settings.proxy,
                pace=Pace(source.limits.per_second),
                width=Width(source.limits.parallel),
            )
            for source in settings.sources
        }
        return cls(
            ledger,
            posts,
            resolve=resolve,
            clock=clock,
            monotonic=monotonic,
            actor=actor,
            base=base,
            breakers=breakers or Breakers.in_memory(clock),
            extract=extract,
        )

    def acting_as(self, actor: str) -> Gate:
        """The same gate, its grants, places and pace shared, whose rows name another actor."""
        other = copy.copy(self)
        other.actor = actor
        return other

    def admit(self, grants: Iterable[Grant], watch: Watch | None = None) -> None:
        """Take note of the grants that consent has just minted; only these objects open anything.

        With a watch, what is said about the case from now on is heard before every request.
        """
        held = tuple(grants)
        watched = Watched(watch, held) if watch else None
        with self._lock:
            self._grants.update((id(grant), grant) for grant in held)
            if watched:
                self._watched.update((id(grant), watched) for grant in held)

    def dismiss(self, grants: Iterable[Grant]) -> None:
        """Forget them at the end of a trawl: whoever still holds one is refused."""
        with self._lock:
            for grant in grants:
                self._grants.pop(id(grant), None)
                self._watched.pop(id(grant), None)

    def withdraw(self, *ids: str) -> None:
        """Stop these grants now; a request under way is the last one."""
        with self._lock:
            self._withdrawn.update(ids)

    def objection(self, grant: object, source: str, step: Step | None = None) -> str | None:
        """Why this grant does not open this source for this step at this moment; None when it does."""
        return self.objections([grant], source, step)[0]

    def objections(self, grants: Sequence[object], source: str, step: Step | None = None) -> tuple[str | None, ...]:
        """The same for several grants; what was said about the case is looked at once for all of them."""
        self._look(grants)
        return tuple(self._objection(grant, source, step) for grant in grants)

    def check(self, grants: Sequence[Grant], source: str, step: Step | None = None) -> None:
        """Refused with the first objection to any of the grants."""
        for why in self.objections(grants, source, step):
            if why:
                raise Refused(why)

    def taken_back(self, grant: Grant) -> Why | None:
        """Why an admitted grant was taken back, if its watch noticed it; None otherwise."""
        with self._lock:
            watched = self._watched.get(id(grant))
        return watched.taken(grant) if watched else None

    def _look(self, grants: Sequence[object]) -> None:
        with self._lock:
            watched = {self._watched[id(grant)] for grant in grants if id(grant) in self._watched}
        for one in watched:
            one.look()

    def _objection(self, grant: object, source: str, step: Step | None) -> str | None:
        with self._lock:
            known, watched = self._grants.get(id(grant)), self._watched.get(id(grant))
            withdrawn = known is not None and known.id in self._withdrawn
        if known is None or known is not grant:
            return "grant_unknown"
        if known.source != source:
            return "grant_for_another_source"
        if withdrawn or (watched and watched.taken(known)):
            return "grant_withdrawn"
        now = self.clock()
        ends = (known.expires_at, watched.end(known) if watched else None)
        if any(end is not None and now >= end for end in ends):
            return "grant_expired"
        return "grant_existence_only" if step == "fetch" and not known.categories else None

    def post(self, source: str) -> Post:
        """The settings of a source and what it can bear."""
        return self._posts[source]

    def connect(self, source: str) -> dict[str, str]:
        """Address and secrets in clear, for a door that was just agreed. Unavailable when a secret is missing."""
        try:
            settings = self._posts[source].settings
            spared = {"zip_password"} if settings.received else set()  # opens what is sent; what is held is sealed
            items = [(name, text) for name, text in settings.connect.items() if name not in spared]
            return {name: self._resolve(text).reveal() for name, text in items}
        except Unavailable:
            raise
        except Exception:
            raise Unavailable(Why.SECRET_MISSING) from None

    def extracts(self, source: str) -> Extracts | None:
        """Where the extracts of a source that is sent files are read; None for any other source."""
        if self._posts[source].settings.received is None:
            return None

        def read(pattern: str) -> Extract | None:
            try:
                return self._extract(source, pattern)
            except Refused:
                raise Unavailable(Why.UNREADABLE_ANSWER) from None

        return read

    def write(self, case: str, *rows: Row) -> tuple[int, ...]:
        """Put rows into the ledger in one commit; the case reference and the people are private."""
        entries = [
            Entry(
                kind=row.kind,
                actor=self.actor,
                public=dict(row.public),
                private={"case": case}
                | ({"people": list(row.people)} if row.people else {})
                | ({"came": {person: list(kinds) for person, kinds in row.came.items()}} if row.came else {})
                | ({"trace": dict(row.trace)} if row.trace else {}),
            )
            for row in rows
        ]
        return self._ledger.write(*entries) if entries else ()
