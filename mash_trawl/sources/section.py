"""One (source, person): what was allowed, what was asked, what came back, and the one status that follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from mash_trawl.model.answer import STATUS_OF, Answer, Coverage, Why, Withheld
from mash_trawl.model.duration import Duration
from mash_trawl.model.finding import Finding
from mash_trawl.model.grant import Grant
from mash_trawl.model.match import Looked, Match, Matches
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate, PersonQuery, Searched
from mash_trawl.sources.gate import Row

PARTIAL = (Why.NO_END_PROOF, Why.SEARCH_TRUNCATED, Why.ROW_BUDGET, Why.ROWS_QUARANTINED, Why.TOO_OLD)
"""What makes an answer partial; the first that applies is told."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pair:
    """A permitted (source, person). `by_consent`: the permit rests on an agreement, not on a legal power."""

    source: str
    agency: str
    person: Person
    grant: Grant
    by_consent: bool
    withheld: tuple[Withheld, ...] = ()
    coverage: Coverage | None = None
    fresh_for: Duration | None = None
    connector: str = ""


@dataclass(slots=True, kw_only=True, repr=False)
class Section:
    """What gathers for one pair while its line runs. Rows of a pair that failed are never handed on."""

    pair: Pair
    asked_at: datetime | None = None
    queries: tuple[PersonQuery, ...] = ()
    not_searched: tuple[tuple[str, ...], ...] = ()
    cut: tuple[tuple[str, ...], ...] = ()
    not_offered: tuple[tuple[str, ...], ...] = ()
    not_given: tuple[tuple[str, ...], ...] = ()
    not_valid: tuple[tuple[str, ...], ...] = ()
    searched: tuple[Searched, ...] = ()
    matches: tuple[Match, ...] = ()
    refs: tuple[str, ...] | None = None
    waiting: tuple[Match, ...] = ()
    rejected: int = 0
    decided: Row | None = None
    findings: tuple[Finding, ...] = ()
    failure: Why | None = None
    gaps: set[Why] = field(default_factory=set)
    quarantined: int = 0
    dropped: int = 0
    attempts: int = 0
    as_of: str | None = None
    lag: Duration | None = None
    looked: Looked | None = None
    took: int = 0

    @property
    def taken(self) -> list[str]:
        """The records that are this person's."""
        return sorted({match.ref for match in self.matches})

    def look(self, candidates: tuple[Candidate, ...], matches: Matches) -> None:
        """Keep what it was decided from, where it can come out otherwise beside the others of the case."""
        if any(match.alone for match in matches):
            self.looked = Looked(person=self.pair.person, candidates=candidates, matches=matches)

    def take(self, matches: Matches) -> None:
        """Who was recognised, who waits for a person, and what the ledger is told of it before anything is fetched."""
        self.matches, self.waiting = matches.accepted, matches.review
        self.refs = tuple(self.taken)
        self.rejected = sum(match.outcome == "rejected" for match in matches)
        outcomes = Counter(match.outcome for match in matches)
        guards = Counter(guard.id for match in matches for guard in {*match.guards})
        public = {
            "why": "recognised", "outcomes": dict(sorted(outcomes.items())), "guards": dict(sorted(guards.items())),
            "policy_sha256": matches.trace.get("policy_mark", ""), "model": matches.trace.get("model", ""),
        }  # fmt: skip
        people = (self.pair.person.id,)
        self.decided = Row(kind="match.decided", public=public, people=people, trace=matches.trace)

    def fail(self, code: str, taken_back: Why | None = None) -> None:
        """Note why nothing can be said. What the gate says of a grant depends on what the permit rested on.

        `taken_back`: what the gate knows besides of a grant that was withdrawn.
        """
        lapsed = {
            "grant_expired": (Why.CONSENT_EXPIRED, Why.PERMIT_EXPIRED),
            "grant_withdrawn": (Why.CONSENT_WITHDRAWN, Why.PERMIT_WITHDRAWN),
        }
        if code == "grant_withdrawn" and taken_back is not None:
            self.failure = taken_back
        elif code in lapsed:
            consent, power = lapsed[code]
            self.failure = consent if self.pair.by_consent else power
        else:
            self.failure = Why(code) if code in STATUS_OF else Why.CONNECTOR_CRASHED

    def answer(self, now: datetime, milliseconds: int) -> Answer:
        """The one answer."""
        why = self._why(now)
        good = STATUS_OF[why] in {"found", "partial"}
        return Answer(
            source=self.pair.source,
            agency=self.pair.agency,
            person=self.pair.person.id,
            status=STATUS_OF[why],
            why=why,
            findings=self.findings if good else (),
            matches=self.matches if good else (),
            possible=len(self.waiting),
            waiting=self.waiting,
            rejected=self.rejected,
            withheld=self.pair.withheld,
            coverage=self._coverage(),
            searched=self.searched,
            not_searched=self.not_searched,
            not_offered=self.not_offered,
            not_given=self.not_given,
            not_valid=self.not_valid,
            quarantined=self.quarantined,
            dropped=self.dropped,
            connector=self.pair.connector,
            asked_at=self.asked_at,
            attempts=self.attempts,
            milliseconds=milliseconds,
            refs=self.refs,
        )

    def for_review(self, now: datetime) -> Answer:
        """The answer if a person has to say whose the matched records are; nothing of them was fetched."""
        waiting = (*self.waiting, *self.matches)
        return replace(self, matches=(), refs=(), waiting=waiting, gaps=set(self.gaps)).answer(now, 0)

    def _why(self, now: datetime) -> Why:
        """The first that applies, in the order of docs/statuses.md."""
        if self.failure is not None:
            return self.failure
        if not self.searched:
            return Why.NO_USABLE_KEY
        if self._too_old(now):
            self.gaps.add(Why.TOO_OLD)
        for gap in PARTIAL:
            if gap in self.gaps:
                return gap
        if self.matches:
            return self._known()
        return Why.POSSIBLE_MATCHES if self.waiting else Why.SEARCHED_ALL_KEYS

    def _known(self) -> Why:
        if not self.pair.grant.categories:
            return Why.KNOWN_EXISTENCE_ONLY
        return Why.MATCHED if self.findings else Why.KNOWN_NOTHING_IN_SCOPE

    def _too_old(self, now: datetime) -> bool:
        """Older than `fresh_for`; a source that does not say how old its data is counts as up to date."""
        said = self.as_of or (self.pair.coverage.as_of if self.pair.coverage else None)
        stood = _instant(said) if said else self._behind()
        limit = self.pair.fresh_for
        return limit is not None and stood is not None and now - stood > timedelta(seconds=limit.seconds)

    def _coverage(self) -> Coverage | None:
        """Of what the source said, what the hub file says and the connector's constant lag, the first that there is."""
        stated, behind = self.pair.coverage, self._behind()
        if self.as_of is not None:
            return replace(stated or Coverage(), as_of=self.as_of)
        if behind is None or (stated and stated.as_of):
            return stated
        return replace(stated or Coverage(), as_of=behind.date().isoformat())

    def _behind(self) -> datetime | None:
        """When the data stood, for a connector with a constant lag that was asked."""
        if self.lag is None or self.asked_at is None or not self.searched:
            return None
        return self.asked_at - timedelta(seconds=self.lag.seconds)


def _instant(text: str) -> datetime | None:
    """An ISO day (its beginning) or instant; without a zone it is taken as UTC. None when it cannot be read."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
