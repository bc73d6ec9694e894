"""What one ask brought in, row by row, and how it ended."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from mash_trawl.errors import Malformed, Misconfigured, Refused, Unavailable, WrongStatement
from mash_trawl.log import AskFailed, RowsDropped, log
from mash_trawl.model.answer import STATUS_OF, Status, Why
from mash_trawl.model.finding import Finding
from mash_trawl.model.grant import Grant
from mash_trawl.model.query import MOST_AT_A_PLACE, Candidate, FetchAsk, FindAsk, PersonQuery
from mash_trawl.sources.asking import NOTHING_CAME, OUT_OF_ORDER, Asking, Came, Visit
from mash_trawl.sources.gate import Step
from mash_trawl.sources.kinds import Connector
from mash_trawl.sources.sieve import FINDINGS, in_scope, sound

MOST_KEYS_TOLD = 40
"""Keys that are counted one by one in the ledger, whose rows are short; any more are counted together."""
LAPSED = frozenset({"grant_expired", "grant_withdrawn"})
"""What the gate says when a permit ended between two requests."""
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{5,15}(?:Z|[+-][0-9]{2}:[0-9]{2})?)?")
_FROM_OUTSIDE = {Status.REFUSED_BY_CUSTODIAN, Status.TIMED_OUT, Status.UNREACHABLE, Status.NOT_CONNECTED}


class Haul(ABC):
    """The rows of one ask. `failure` is a why code, or what the gate said of a grant; then the rows do not count."""

    types: tuple[type[Any], ...]

    def __init__(self) -> None:
        self.failure: str | None = None
        self.complete, self.truncated = True, False
        self.rows = self.quarantined = self.other_people = self.not_granted = self.requests = 0
        self.skipped: tuple[tuple[str, ...], ...] = ()
        self.as_of: str | None = None

    def take(self, item: object) -> None:
        """Sift one item: `(key, value)` of exactly the right types, or it is quarantined."""
        value = sound(item[1], self.types) if type(item) is tuple and len(item) == 2 else None
        key = item[0] if isinstance(item, tuple) and value is not None else None
        if value is None or type(key) is not str:
            self.quarantined += 1
            return
        self.rows += 1
        self.keep(key, value)

    @abstractmethod
    def keep(self, key: str, value: Any) -> None:
        """Put a sound value where it belongs, or count it as one that nobody asked for."""

    def came(self) -> Came:
        """The categories of what is kept, by person, for the ledger; a search brings none."""
        return NOTHING_CAME

    def by_key(self) -> Mapping[str, Mapping[str, int]]:
        """For the ledger, what was searched by and what came of it: keys and counts only; a fetch has none."""
        return {}


class FindHaul(Haul):
    """Candidates by query. `crowded` are the queries by a place alone that brought more people than are taken."""

    types = (Candidate,)

    def __init__(self, queries: Iterable[PersonQuery]) -> None:
        super().__init__()
        self._queries = {query.id: query for query in queries}
        self.found: dict[str, list[Candidate]] = {query: [] for query in self._queries}
        self._there: dict[str, set[str]] = {query.id: set() for query in self._queries.values() if query.place_only}
        self.crowded: set[str] = set()

    def keep(self, key: str, value: Candidate) -> None:
        """A candidate for a query of this ask."""
        if key not in self.found:
            self.other_people += 1
        elif self._one_too_many(key, value.ref):
            self.crowded.add(key)
        else:
            known = value.born is None or value.born.precision != "unknown"
            self.found[key].append(value if known else replace(value, born=None))

    def _one_too_many(self, key: str, ref: str) -> bool:
        """Is this one more person at a place than are taken? Several rows about one person count once."""
        there = self._there.get(key)
        if there is None or (ref and ref in there):
            return False
        if len(there) == MOST_AT_A_PLACE:
            return True
        there.add(ref or f"row {len(self.found[key])}")
        return False

    def cut_off(self, query: PersonQuery) -> bool:
        """True when not all that the source holds for this query came."""
        return self.truncated or query.id in self.crowded

    def by_key(self) -> Mapping[str, Mapping[str, int]]:
        """How many queries by each key, how many candidates, how many lists that were cut off; not the skipped."""
        told: dict[str, dict[str, int]] = {}
        for query in self._queries.values():
            if query.by in self.skipped:
                continue
            name = " + ".join(query.by)
            if name not in told and len(told) >= MOST_KEYS_TOLD:
                name = "others"
            row = told.setdefault(name, {"queries": 0, "candidates": 0, "cut_off": 0})
            row["queries"] += 1
            row["candidates"] += len(self.found[query.id])
            row["cut_off"] += self.cut_off(query)
        return told


class FetchHaul(Haul):
    """Findings by grant: those about a record that matched, in a category and period that were granted."""

    types = FINDINGS

    def __init__(self, wanted: Sequence[tuple[Grant, frozenset[str]]]) -> None:
        super().__init__()
        self._wanted = wanted
        self.kept: dict[str, list[Finding]] = {grant.id: [] for grant, _ in wanted}
        self.dropped: dict[str, int] = {grant.id: 0 for grant, _ in wanted}

    def keep(self, key: str, value: Finding) -> None:
        """A finding on a record of this ask; one record may belong to two of its people."""
        owners = [grant for grant, refs in self._wanted if key in refs]
        if not owners:
            self.other_people += 1
        for grant in owners:
            if key not in value.about:
                self.other_people += 1
                self.dropped[grant.id] += 1
            elif not in_scope(value, grant):
                self.not_granted += 1
                self.dropped[grant.id] += 1
            else:
                self.kept[grant.id].append(value)

    def came(self) -> Came:
        """What its agency restricts is left out: a family's sheet is made from it."""
        kinds = {
            grant.person: sorted({item.category for item in self.kept[grant.id] if not item.restricted})
            for grant, _ in self._wanted
        }
        return {person: found for person, found in kinds.items() if found}


def put(
    visit: Visit,
    connector: type[Connector],
    step: Step,
    grants: Sequence[Grant],
    asks: Sequence[FindAsk] | Sequence[FetchAsk],
    haul: Haul,
) -> None:
    """Ask once and fill the haul. Whatever the connector does, raises or is, this ends in the haul.

    Raises Refused only when the ledger cannot be written.
    """
    try:
        asking = visit.ask(step, grants)
    except (Refused, Unavailable) as trouble:
        haul.failure = _gate_code(trouble)
        if haul.failure == Why.STOPPED and trouble.why != "visit_over":
            raise
        return
    error: BaseException | None = None
    try:
        _drain(asking, connector(asking.open, visit.keep), step, asks, haul)
    except BaseException as raised:  # SystemExit in a connector ends nothing but its own section
        error = raised
    if isinstance(error, Unavailable) and error.retry_after is not None:
        visit.gate.post(visit.source).pace.rest(visit.gate.monotonic(), error.retry_after)
    haul.failure = _failure(asking, error)
    _settle(asking, connector, step, len(asks), haul)
    if haul.failure:
        kind = type(error).__name__ if error else "Swallowed"
        log(AskFailed(source=visit.source, step=step, why=haul.failure, kind=kind if kind.isidentifier() else "Error"))
    if haul.other_people or haul.not_granted:
        log(RowsDropped(source=visit.source, step=step, other_people=haul.other_people, not_granted=haul.not_granted))
    counts: dict[str, object] = {name: getattr(haul, name) for name in ("quarantined", "other_people", "not_granted")}
    came = NOTHING_CAME if haul.failure else haul.came()
    if not haul.failure and (searched := haul.by_key()):
        counts["searched"] = searched
    asking.close(_closing_kind(haul.failure), haul.failure or "answered", counts, came)


def _drain(asking: Asking, connector: Connector, step: Step, asks: Any, haul: Haul) -> None:
    """Take rows until the end, the budget, the deadline or a stop; an endless stream ends here."""
    items: Iterator[object] = iter(connector.find_many(asks) if step == "find" else connector.fetch_many(asks))
    most = asking.visit.limits.rows * len(asks)
    try:
        for count, item in enumerate(items):
            asking.check()
            if count == most:
                haul.truncated = True
                return
            haul.take(item)
    finally:
        close = getattr(items, "close", None)
        if close is not None:
            close()


def _failure(asking: Asking, error: BaseException | None) -> str | None:
    """What the gate said goes first: a connector that swallowed it has still not asked."""
    for trouble in asking.trouble:
        return _gate_code(trouble)
    return None if error is None else outside_code(error)


def _gate_code(trouble: Exception) -> str:
    why = getattr(trouble, "why", "")
    if isinstance(trouble, Unavailable):
        return str(Why(why))
    if why in LAPSED:
        return str(why)
    if why == OUT_OF_ORDER or why.startswith("grant_"):
        return Why.CONNECTOR_CRASHED
    return Why.STOPPED


def outside_code(error: BaseException) -> Why:
    """The why code of an error that a connector or transport raised; a code that is not theirs to give is a crash."""
    if isinstance(error, Malformed):
        return Why.UNREADABLE_ANSWER
    if isinstance(error, Misconfigured) and not isinstance(error, WrongStatement):
        return Why.SETTINGS_REFUSED
    if isinstance(error, Unavailable | Refused) and error.why in Why.__members__.values():
        code = Why(error.why)
        if STATUS_OF[code] in _FROM_OUTSIDE and (isinstance(error, Unavailable) or code is Why.CUSTODIAN_SAID_NO):
            return code
    return Why.CONNECTOR_CRASHED


def _settle(asking: Asking, connector: type[Connector], step: Step, asks: int, haul: Haul) -> None:
    """Read the tallies. An answer without a request behind each ask proves nothing.

    A source that says how old its data is in words that nobody can read has said something unreadable: that counts as
    a row would, or its data would pass for fresh.
    """
    tallies = [door.tally for door in asking.doors]
    haul.requests = asking.total("requests")
    haul.quarantined += asking.total("quarantined")
    haul.truncated = haul.truncated or any(tally.truncated for tally in tallies)
    haul.skipped = tuple(key for tally in tallies for key in tally.skipped)
    said = [tally.as_of for tally in tallies if tally.as_of is not None]
    stood = [iso for iso in map(_iso, said) if iso]
    haul.as_of, haul.quarantined = min(stood, default=None), haul.quarantined + len(said) - len(stood)
    asked = asking.total("pages") + len(haul.skipped)
    haul.complete = all(tally.complete for tally in tallies) and asked >= (asks if connector.asks_each(step) else 1)


def _iso(said: object) -> str:
    """A day or an instant as ISO text, or nothing: other text of a source's could be anything, and is told nowhere."""
    if type(said) is not str or not _ISO.fullmatch(said):
        return ""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return ""
    return moment.isoformat() if len(said) > len("2026-11-03") else said


def _closing_kind(failure: str | None) -> str:
    if failure is None:
        return "source.answered"
    return "source.refused" if failure in LAPSED or failure == Why.CUSTODIAN_SAID_NO else "source.failed"
