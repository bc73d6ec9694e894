"""Decide, for the candidates of one source, which are the person: score and guards, three outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mash_trawl.identity.birth_dates import coarse_date
from mash_trawl.identity.compare import Compared, compare
from mash_trawl.identity.gather import Gathered, gather
from mash_trawl.identity.guards import (
    fired,
    g6_no_clear_lead,
    g12_search_incomplete,
    g13_key_contradicts_itself,
    g14_no_key,
)
from mash_trawl.identity.level import NOT_COMPARED
from mash_trawl.identity.score import prior_weight, waterfall
from mash_trawl.model.match import Guard, Match, Matches, MatchOutcome, MatchPolicy
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate

_RANK: dict[MatchOutcome, int] = {"rejected": 0, "no_match": 0, "review": 1, "auto": 2, "confirmed": 2}


def match(
    person: Person | Mapping[str, Any],
    candidates: Iterable[Candidate | Mapping[str, Any]],
    policy: MatchPolicy | None = None,
    *,
    truncated: bool = False,
) -> Matches:
    """Match one person against the candidates of one source; plain dicts in the shape of the case file work too.

    The order of candidates never matters. Rows with one `ref` are one candidate; where they contradict each other, or
    the `ref` is empty, a person decides (guards G13, G14).
    `truncated` says that the source cut its list off or failed in part (guard G12).
    """
    policy = policy or MatchPolicy()
    whom = _coarse_person(_as_person(person), policy)
    rows = [_as_candidate(item, number) for number, item in enumerate(candidates)]
    scored = [_Scored(whom, gathered, policy) for gathered in gather(rows)]
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

    def __init__(self, person: Person, gathered: Gathered, policy: MatchPolicy) -> None:
        self.candidate = gathered.candidate
        coarse = replace(self.candidate, born=coarse_date(self.candidate.born, social_care=policy.social_care_dates))
        self.compared = compare(person, coarse)
        self.prior = prior_weight(policy.population)
        self.lines = waterfall(person, coarse, self.compared, self.prior)
        self.total = self.lines[-1].running
        guards = list(fired(person, coarse, self.compared))
        if gathered.contradicts and all(guard.id != "G13" for guard in guards):
            guards.append(g13_key_contradicts_itself())
        if not self.candidate.ref.strip():
            guards.append(g14_no_key())
        self.guards = tuple(guards)

    @property
    def ruled_out(self) -> bool:
        return any(guard.limit == "no_match" for guard in self.guards)


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
    born = own.compared.born.name == "exact"
    agreeing = (own.compared.given_agrees, own.compared.family_agrees, born)
    if (born and own.compared.scripts_differ) or _cannot_be_told(own.compared):
        return "review"
    if share * 1_000_000 >= policy.review_per_million or sum(agreeing) >= 2:
        return "review"
    return "no_match"


def _cannot_be_told(compared: Compared) -> bool:
    """True for a record that hides who it is about: a source that masks name or birth date still knows somebody."""
    fields = (compared.given, compared.family, compared.born)
    hidden = compared.born.name == NOT_COMPARED and NOT_COMPARED in (compared.given.name, compared.family.name)
    return hidden and not any(level.name == "different" for level in (*fields, compared.sex, compared.nhs_number))


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

    return read_value(Candidate, {"ref": f"#{number}"} | dict(candidate), "candidate")
