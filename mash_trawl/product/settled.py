"""Answers before anything is read from them: what has no order of its own gets one, so that no source's whim counts."""

from __future__ import annotations

from dataclasses import replace

from mash_trawl.model.answer import Answer
from mash_trawl.model.finding import Event, Finding
from mash_trawl.model.match import Match
from mash_trawl.model.query import Candidate
from mash_trawl.product.plain import order_key


def settled(answer: Answer) -> Answer:
    """The same answer with names, addresses, people, mentions, citations and matches in the order of their content."""
    return replace(
        answer,
        findings=tuple(_finding(item) for item in answer.findings),
        matches=tuple(sorted((_match(item) for item in answer.matches), key=order_key)),
        searched=tuple(sorted(answer.searched, key=order_key)),
        not_searched=tuple(sorted(answer.not_searched)),
        not_offered=tuple(sorted(answer.not_offered)),
        withheld=tuple(sorted(answer.withheld, key=order_key)),
    )


def _finding(finding: Finding) -> Finding:
    mentions = tuple(sorted((_candidate(item) for item in finding.mentions), key=order_key))
    finding = replace(finding, about=tuple(sorted(finding.about)), mentions=mentions)
    return replace(finding, cites=tuple(sorted(finding.cites))) if isinstance(finding, Event) else finding


def _match(match: Match) -> Match:
    return replace(match, candidate=_candidate(match.candidate))


def _candidate(candidate: Candidate) -> Candidate:
    return replace(
        candidate,
        names=tuple(sorted(candidate.names, key=order_key)),
        addresses=tuple(sorted(candidate.addresses, key=order_key)),
        restrictions=tuple(sorted(candidate.restrictions)),
    )
