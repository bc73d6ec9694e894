"""Decide, for the candidates of one source, which are the person: score and guards, three outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mash_trawl.identity.guards import coarse_date, fired, g6_no_clear_lead, g12_search_incomplete
from mash_trawl.identity.score import Compared, compare, prior_weight, waterfall
from mash_trawl.model.match import Guard, Match, Matches, MatchOutcome, MatchPolicy
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate

_RANK: dict[MatchOutcome, int] = {"no_match": 0, "review": 1, "auto": 2}


def match(
    person: Person | Mapping[str, Any],
    candidates: Iterable[Candidate | Mapping[str, Any]],
    policy: MatchPolicy | None = None,
    *,
    truncated: bool = False,
) -> Matches:
    """Match one person against the candidates of one source; plain dicts in the shape of the case file work too.

    The order of candidates never matters. A candidate that came by several queries (same `ref`) counts once.
    `truncated` says that the source cut its list off or failed in part (guard G12).
    """
    policy = policy or MatchPolicy()
    whom = _coarse_person(_as_person(person), policy)
    unique = {found.ref: found for found in (_as_candidate(item, n) for n, item in enumerate(candidates))}
    scored = [_score(whom, unique[ref], policy) for ref in sorted(unique)]
    items = tuple(
        _decide(
            person_id=whom.id, own=own, others=[o for o in scored if o is not own], policy=policy, truncated=truncated
        )
        for own in scored
    )
    return Matches(person=whom.id, items=tuple(sorted(items, key=lambda item: (-item.millibits, item.ref))))


class _Scored:
    """One candidate with its comparison, lines and own guards."""

    __slots__ = ("candidate", "compared", "guards", "lines", "prior", "total")

    def __init__(self, person: Person, candidate: Candidate, compared: Compared, policy: MatchPolicy) -> None:
        self.candidate, self.compared = candidate, compared
        self.prior = prior_weight(policy.population)
        self.lines = waterfall(person, candidate, compared, self.prior)
        self.total = self.lines[-1].running
        self.guards = tuple(fired(person, candidate, compared))

    @property
    def ruled_out(self) -> bool:
        return any(guard.limit == "no_match" for guard in self.guards)


def _score(person: Person, candidate: Candidate, policy: MatchPolicy) -> _Scored:
    coarse = replace(candidate, born=coarse_date(candidate.born, social_care=policy.social_care_dates))
    return (
        _Scored(person, candidate, compare(person, coarse), policy)
        if coarse == candidate
        else _coarse(person, candidate, coarse, policy)
    )


def _coarse(person: Person, candidate: Candidate, coarse: Candidate, policy: MatchPolicy) -> _Scored:
    scored = _Scored(person, coarse, compare(person, coarse), policy)
    scored.candidate = candidate
    return scored


def _decide(*, person_id: str, own: _Scored, others: list[_Scored], policy: MatchPolicy, truncated: bool) -> Match:
    rivals = [other.total for other in others if not other.ruled_out]
    gap = own.total - max(rivals) if rivals else None
    extra = [guard for guard in (g6_no_clear_lead(gap, policy), g12_search_incomplete(truncated)) if guard]
    by_score = _by_score(own, rivals, policy)
    guards: tuple[Guard, ...] = (*own.guards, *extra)
    outcome = min((by_score, *(guard.limit for guard in guards)), key=lambda item: _RANK[item])
    return Match(
        person=person_id, candidate=own.candidate, outcome=outcome, millibits=own.total, prior=own.prior,
        lines=own.lines, guards=guards, gap=gap,
    )  # fmt: skip


def _by_score(own: _Scored, rivals: list[int], policy: MatchPolicy) -> MatchOutcome:
    """The outcome by score alone: the share of the odds among all candidates and nobody."""
    top = max(own.total, 0, *rivals) if rivals else max(own.total, 0)
    share = _odds(own.total, top) / (_odds(own.total, top) + sum(_odds(r, top) for r in rivals) + _odds(0, top))
    if share * 1_000_000 >= policy.auto_per_million:
        return "auto"
    agreeing = (own.compared.given_agrees, own.compared.family_agrees, own.compared.born.name == "exact")
    if share * 1_000_000 >= policy.review_per_million or sum(agreeing) >= 2:
        return "review"
    return "no_match"


def _odds(total: int, top: int) -> float:
    return float(2.0 ** ((total - top) / 1000))


def _coarse_person(person: Person, policy: MatchPolicy) -> Person:
    return replace(person, born=coarse_date(person.born, social_care=policy.social_care_dates))


def _as_person(person: Person | Mapping[str, Any]) -> Person:
    if isinstance(person, Person):
        return person
    from mash_trawl.config.read import read_value

    return read_value(Person, {"id": "person"} | dict(person), "person")


def _as_candidate(candidate: Candidate | Mapping[str, Any], number: int) -> Candidate:
    if isinstance(candidate, Candidate):
        return candidate
    from mash_trawl.config.read import read_value

    return read_value(Candidate, {"ref": str(number)} | dict(candidate), "candidate")
