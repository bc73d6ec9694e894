"""One line at one source: find, match, fetch; for one person or, where the source takes many, for several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from mash_trawl.log import AskFailed, log
from mash_trawl.model.answer import Answer, Why
from mash_trawl.model.match import Looked, Match, Matches
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate, FetchAsk, FindAsk, PersonQuery, Searched
from mash_trawl.sources.asking import Visit
from mash_trawl.sources.gate import Step
from mash_trawl.sources.haul import LAPSED, FetchHaul, FindHaul, Haul, put
from mash_trawl.sources.kinds import Connector
from mash_trawl.sources.section import Pair, Section
from mash_trawl.sources.sieve import once


class Plan(Protocol):
    """What may be asked of a source about one person."""

    @property
    def queries(self) -> tuple[PersonQuery, ...]:
        """One for each key that the source supports and the person's facts fill."""
        ...

    @property
    def not_searched(self) -> tuple[tuple[str, ...], ...]:
        """The supported keys that the facts do not fill."""
        ...

    @property
    def cut(self) -> tuple[tuple[str, ...], ...]:
        """The keys that are asked with some of their values only, because there were too many."""
        ...

    @property
    def not_given(self) -> tuple[tuple[str, ...], ...]:
        """Of those not searched by, the keys that something known would fill which must not leave the hub."""
        ...

    @property
    def not_valid(self) -> tuple[tuple[str, ...], ...]:
        """Of those not searched by, the keys for which the only number known cannot be right."""
        ...

    @property
    def not_offered(self) -> tuple[tuple[str, ...], ...]:
        """Usual ways of searching that the facts fill and the source has no key for."""
        ...


class Matching(Protocol):
    """`identity.match`, handed in: sources and identity do not know each other."""

    def __call__(self, person: Person, candidates: Sequence[Candidate], /, *, source: str, truncated: bool) -> Matches:
        """Which of the candidates is the person?"""
        ...

    def together(self, looked: Sequence[Looked], others: Sequence[Match], /, *, source: str) -> Sequence[Matches]:
        """What comes out otherwise beside one another, and beside the records of others."""
        ...


H = TypeVar("H", bound=Haul)
Planning = Callable[[Person, Sequence[tuple[str, ...]], Callable[[], str]], Plan]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a line is handed from outside: the query plan, the matching, opaque ids that are unique in the trawl."""

    plan: Planning
    match: Matching
    new_id: Callable[[], str]


def plan_line(connector: type[Connector], pairs: Sequence[Pair], tools: Tools) -> list[Section]:
    """What would be asked about each pair; a section without queries sends nothing."""
    sections = [Section(pair=pair, lag=connector.lag) for pair in pairs]
    for section in sections:
        plan = tools.plan(section.pair.person, connector.search_keys, tools.new_id)
        section.queries, section.not_searched, section.cut = plan.queries, plan.not_searched, plan.cut
        section.not_offered, section.not_given, section.not_valid = plan.not_offered, plan.not_given, plan.not_valid
    return sections


def run_line(visit: Visit, connector: type[Connector], sections: Sequence[Section], tools: Tools) -> tuple[Answer, ...]:
    """One answer for each section.

    Only people who matched are fetched, if a content was granted; those to be reviewed never are.
    """
    began, asked_at = visit.gate.monotonic(), visit.gate.clock()
    for section in sections:
        section.asked_at = asked_at
    _find(visit, connector, [section for section in sections if section.queries], tools)
    return bring(visit, connector, sections, began)


def bring(visit: Visit, connector: type[Connector], sections: Sequence[Section], began: float) -> tuple[Answer, ...]:
    """Once it is decided who is whom, and that is in the ledger: fetch, and one answer for each section."""
    gate = visit.gate
    visit.note([section.decided for section in sections if section.decided])
    matched = [section for section in sections if section.matches and not section.failure]
    for section in matched:
        visit.claims.make(section.taken, section.for_review(gate.clock()))
    sure = [section for section in matched if not visit.claims.disputed(section.pair.person.id)]
    _fetch(visit, connector, [section for section in sure if section.pair.grant.categories])
    took = round((gate.monotonic() - began) * 1000)
    for section in sections:
        section.took += took
    return tuple(section.answer(gate.clock(), section.took) for section in sections)


def _find(visit: Visit, connector: type[Connector], sections: list[Section], tools: Tools) -> None:
    def asks(live: Sequence[Section]) -> list[FindAsk]:
        return [FindAsk(query=query, grant=section.pair.grant) for section in live for query in section.queries]

    def begin(live: Sequence[Section]) -> FindHaul:
        return FindHaul(queries=[query for section in live for query in section.queries])

    haul, live = _put(visit, connector, "find", sections, asks, begin)
    if haul is None:
        return
    for section in live:
        cut = bool(section.cut) or any(query.id in haul.crowded for query in section.queries)
        section.gaps |= {Why.SEARCH_TRUNCATED} if cut else set()
        _gather(section, haul, (Why.SEARCH_TRUNCATED, Why.NO_END_PROOF, Why.ROWS_QUARANTINED))
        _search(section, haul, tools, visit.source)


def _search(section: Section, haul: FindHaul, tools: Tools, source: str) -> None:
    """Note what was searched and how; match what was found."""
    section.not_searched += tuple(dict.fromkeys(haul.skipped))
    section.searched = tuple(
        Searched(by=query.by, candidates=len(haul.found[query.id]), truncated=truncated)
        for query in section.queries
        for truncated in [haul.cut_off(query) or query.by in section.cut]
        if query.by not in haul.skipped
    )
    if section.failure:
        return
    candidates = tuple(candidate for query in section.queries for candidate in haul.found[query.id])
    try:
        matches = tools.match(section.pair.person, candidates, source=source, truncated=bool(section.gaps))
        section.take(matches)
        section.gaps |= {Why.SEARCH_TRUNCATED} if matches.cut else set()
        section.look(candidates, matches)
    except Exception as error:  # a hostile value that upsets matching costs its own section only
        log(AskFailed(source=source, step="find", why=Why.UNREADABLE_ANSWER, kind=type(error).__name__))
        section.fail(Why.UNREADABLE_ANSWER)


def _fetch(visit: Visit, connector: type[Connector], sections: list[Section]) -> None:
    def asks(live: Sequence[Section]) -> list[FetchAsk]:
        return [FetchAsk(ref=ref, grant=section.pair.grant) for section in live for ref in section.taken]

    def begin(live: Sequence[Section]) -> FetchHaul:
        return FetchHaul(wanted=tuple((section.pair.grant, frozenset(section.taken)) for section in live))

    haul, live = _put(visit, connector, "fetch", sections, asks, begin)
    if haul is None:
        return
    for section in live:
        _gather(section, haul, (Why.ROW_BUDGET, Why.NO_END_PROOF, Why.ROWS_QUARANTINED))
        kept = haul.kept[section.pair.grant.id]
        section.findings = once(kept)
        section.dropped += haul.dropped[section.pair.grant.id]


def _put(
    visit: Visit,
    connector: type[Connector],
    step: Step,
    sections: Sequence[Section],
    asks: Callable[[Sequence[Section]], Sequence[FindAsk] | Sequence[FetchAsk]],
    begin: Callable[[Sequence[Section]], H],
) -> tuple[H | None, Sequence[Section]]:
    """Ask for all sections together; one whose permit ended meanwhile drops out, and the others are asked again."""
    live = still_allowed(visit, sections, step)
    while live:
        haul = begin(live)
        put(visit, connector, step, [section.pair.grant for section in live], asks(live), haul)
        for section in live:
            section.attempts += haul.requests
        remaining = still_allowed(visit, live, step) if haul.failure in LAPSED else live
        if len(remaining) == len(live):
            return haul, live
        live = remaining
    return None, ()


def still_allowed(visit: Visit, sections: Sequence[Section], step: Step) -> list[Section]:
    """Those whose grant the gate still accepts; the others get their answer."""
    live = []
    grants = [section.pair.grant for section in sections]
    for section, objection in zip(sections, visit.gate.objections(grants, visit.source, step), strict=True):
        if objection is None:
            live.append(section)
        else:
            section.fail(objection, visit.gate.taken_back(section.pair.grant))
    return live


def _gather(section: Section, haul: Haul, gaps: tuple[Why, Why, Why]) -> None:
    """Carry over how the ask ended; a row that could not be read might have been about anybody in it."""
    truncated, unproved, unreadable = gaps
    section.quarantined += haul.quarantined
    section.as_of = min((said for said in (section.as_of, haul.as_of) if said), default=None)
    if haul.failure:
        section.fail(haul.failure)
    elif haul.quarantined and not haul.rows:
        section.fail(Why.UNREADABLE_ANSWER)
    if haul.truncated:
        section.gaps.add(truncated)
    if not haul.complete:
        section.gaps.add(unproved)
    if haul.quarantined:
        section.gaps.add(unreadable)
