"""How a decision about a match came about: closed in the ledger, opened and made again for whoever may read the case.

What was compared is personal data, also of strangers, and the ledger lies in an open database. So every trawl closes
its traces under a key of its own, which is kept in the sealed working copy alone: to read one takes the ledger, and
a reader's own key and custody. A trawl that seals nothing leaves traces that nobody can open. Nor can anybody once the
case is destroyed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mash_trawl.audit.ledger import Ledger
from mash_trawl.identity.recognise import Recognise
from mash_trawl.identity.trace import rebuild
from mash_trawl.identity.verdicts import Verdicts
from mash_trawl.model.base import Private
from mash_trawl.model.match import Matches
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate
from mash_trawl.sources.again import Memory
from mash_trawl.vault.traces import close_trace, open_trace


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClosedTraces:
    """Matching as a trawl hands it to its sources: what it leaves for the ledger is closed."""

    recognise: Recognise
    key: bytes
    trawl: str

    def __call__(self, person: Person, candidates: Sequence[Candidate], /, *, source: str, truncated: bool) -> Matches:
        """As `Recognise`; by which rules stays in the open."""
        matches = self.recognise(person, candidates, source=source, truncated=truncated)
        open_part = {name: matches.trace[name] for name in ("model", "policy_mark")}
        return replace(matches, trace=open_part | {"closed": close_trace(self.key, matches.trace, self.trawl, source)})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Retold(Private):
    """A decision as it stands in the ledger: the number of its entry, the source, and all that was decided then.

    `without`: of so many records a named person has said since that they are somebody else's. These are left out of
    `matches`, and so is the trace, which holds them.
    """

    n: int
    source: str
    matches: Matches
    without: int = 0


def retold(
    ledger: Ledger, case: str, memory: Memory, said: Verdicts, shown: Collection[tuple[str, str]]
) -> Iterator[Retold]:
    """Every decision about a match of this case whose trawl's key the working copy still holds, in order.

    Only of the (source, person) in `shown`: that somebody is looked for at a source can itself be hidden. Nothing of a
    record that is somebody else's, by what was `said` up to now.

    Refused("damaged") or Refused("custody_altered") for a trace that is not as it was written.
    """
    keys = memory.trace_keys
    for row in ledger.rows("match.decided"):
        private = row.private or {}
        closed, trawl = private.get("trace", {}).get("closed"), row.public.get("trawl", "")
        if private.get("case") == case and closed and trawl in keys:
            source = str(row.public["source"])
            matches = rebuild(open_trace(keys[trawl], closed, trawl, source))
            if (source, matches.person) in shown:
                yield _told(row.n, source, matches, said)


def _told(n: int, source: str, matches: Matches, said: Verdicts) -> Retold:
    left = tuple(match for match in matches.items if not said.denies(source, match))
    without = len(matches.items) - len(left)
    if without:
        matches = replace(matches, items=left, trace={})
    return Retold(n=n, source=source, matches=matches, without=without)


def keys_with(memory: Memory | None, trawl: str, key: bytes) -> Mapping[str, str]:
    """The keys of earlier trawls of the case, and this one's."""
    return {**(memory.traces if memory else {}), trawl: key.hex()}
