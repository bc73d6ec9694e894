"""How a decision about a match came about: closed in the ledger, opened and made again for whoever may read the case.

What was compared is personal data, also of strangers, and the ledger lies in an open database. So every trawl closes
each of its traces, one for a source and a person, under a key of its own, which is kept in the sealed working copy
alone: to read one takes the ledger, and a reader's own key and custody. A trawl that seals nothing leaves traces that
nobody can open. Nor can anybody once the case is destroyed; nor, from the next version on, where a record in it turned
out to be somebody else's, or one of another person beside which it was decided: that key is carried over no more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from mash_trawl.audit.ledger import Ledger
from mash_trawl.identity.recognise import Recognise
from mash_trawl.identity.trace import rebuild
from mash_trawl.identity.verdicts import Verdicts
from mash_trawl.model.base import Private
from mash_trawl.model.match import Company, Looked, Match, Matches
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate
from mash_trawl.sources.again import Memory, TraceKey
from mash_trawl.vault.traces import close_trace, open_trace


class ClosedTraces:
    """Matching as a trawl hands it to its sources: what it leaves for the ledger is closed.

    `keys` are those that it closed something under so far. Sources answer at the same time, each in its own thread.
    """

    def __init__(self, recognise: Recognise, trawl: str, new_key: Callable[[], bytes]) -> None:
        self._recognise, self._trawl, self._new_key = recognise, trawl, new_key
        self._lock = threading.Lock()
        self._keys: dict[tuple[str, str], TraceKey] = {}

    @property
    def keys(self) -> tuple[TraceKey, ...]:
        """One for each source and person, in their order."""
        with self._lock:
            return tuple(self._keys[pair] for pair in sorted(self._keys))

    def __call__(self, person: Person, candidates: Sequence[Candidate], /, *, source: str, truncated: bool) -> Matches:
        """As `Recognise`; by which rules stays in the open."""
        return self._closed(self._recognise(person, candidates, source=source, truncated=truncated), source)

    def together(self, looked: Sequence[Looked], others: Sequence[Match], /, *, source: str) -> tuple[Matches, ...]:
        """As `Recognise.together`; each decision that came out otherwise leaves a trace of its own."""
        again = self._recognise.together(looked, others, source=source)
        return tuple(self._closed(matches, source) for matches in again)

    def _closed(self, matches: Matches, source: str) -> Matches:
        key = self._key(source, matches)
        open_part = {name: matches.trace[name] for name in ("model", "policy_mark")}
        closed = close_trace(key, matches.trace, self._trawl, source)
        return replace(matches, trace=open_part | {"closed": closed})

    def _key(self, source: str, matches: Matches) -> bytes:
        """The key of this source and person; that these records are in the trace is noted beside it."""
        person, said = matches.person, self._recognise.verdicts
        refs = [str(item["candidate"]["ref"]) for item in matches.trace["matches"]]
        held = {ref: _denial(said, source, person, ref) for ref in refs}
        beside: dict[str, tuple[str, ...]] = {}
        for one in (one for match in matches for one in match.company):
            beside[one.person] = tuple(sorted({*beside.get(one.person, ()), one.ref}))
        with self._lock:
            own = self._keys.get((source, person)) or TraceKey(
                trawl=self._trawl, source=source, person=person, key=self._new_key().hex()
            )
            self._keys[source, person] = replace(own, held={**own.held, **held}, beside=beside or own.beside)
        return bytes.fromhex(own.key)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Retold(Private):
    """A decision as it stands in the ledger: the number of its entry, the source, and all that was decided then.

    `without`: of so many records a named person has said since that they are somebody else's. These are left out of
    `matches`, and so is the trace, which holds them. `closed`: for that reason it cannot be opened any more, by
    anybody, and `matches` holds nobody. What was rejected before it was decided is not in it at all.
    """

    n: int
    source: str
    matches: Matches
    without: int = 0
    closed: bool = False


def retold(
    ledger: Ledger, case: str, memory: Memory, said: Verdicts, shown: Collection[tuple[str, str]]
) -> Iterator[Retold]:
    """Every decision about a match of this case whose key the working copy holds, or forgot on purpose, in order.

    Only of the (source, person) in `shown`: that somebody is looked for at a source can itself be hidden. Nothing of a
    record that is somebody else's, by what was `said` up to now.

    Refused("damaged") or Refused("custody_altered") for a trace that is not as it was written.
    """
    keys = {(one.trawl, one.source, one.person): one for one in memory.traces}
    for row in ledger.rows("match.decided"):
        private = row.private or {}
        closed = private.get("trace", {}).get("closed")
        if private.get("case") != case or not closed:
            continue
        source, trawl = str(row.public["source"]), str(row.public.get("trawl", ""))
        for person in private.get("people", ()):
            held = keys.get((trawl, source, person))
            if held is None or (source, person) not in shown:
                continue
            if not held.key:
                yield Retold(n=row.n, source=source, matches=Matches(person=person, items=()), closed=True)
                continue
            plain = open_trace(bytes.fromhex(held.key), closed, trawl, source)
            yield _told(row.n, source, rebuild(plain), said)


def _told(n: int, source: str, matches: Matches, said: Verdicts) -> Retold:
    left = tuple(match for match in matches.items if not said.denies(source, match))
    without = len(matches.items) - len(left)
    left = tuple(replace(match, company=_still_beside(said, source, match)) for match in left)
    if left != matches.items:
        matches = replace(matches, items=left, trace={})
    return Retold(n=n, source=source, matches=matches, without=without)


def _still_beside(said: Verdicts, source: str, match: Match) -> tuple[Company, ...]:
    return tuple(one for one in match.company if not _denial(said, source, one.person, one.ref))


def keys_with(memory: Memory | None, fresh: Sequence[TraceKey], said: Verdicts) -> tuple[TraceKey, ...]:
    """The keys of earlier trawls of the case, and this one's; forgotten where a record in it was denied since."""
    return tuple(_unless_denied(one, said) for one in (*(memory.traces if memory else ()), *fresh))


def _unless_denied(one: TraceKey, said: Verdicts) -> TraceKey:
    since = (_denial(said, one.source, one.person, ref) not in ("", before) for ref, before in one.held.items())
    beside = (_denial(said, one.source, person, ref) for person, refs in one.beside.items() for ref in refs)
    return replace(one, key="", held={}, beside={}) if any(since) or any(beside) else one


def _denial(said: Verdicts, source: str, person: str, ref: str) -> str:
    """The statement that says last that this record is not theirs; empty where none does."""
    judged = said.on(source, person, ref)
    return "" if judged is None or judged.same else judged.verdict.statement
