"""Weigh the candidates of one source against one another: each one's score and guards, and its share of the odds."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from mash_trawl.identity.compare import Compared, compare_sides
from mash_trawl.identity.crowds import crowded_homes, meet_in_a_crowd, without_crowds
from mash_trawl.identity.gather import Gathered
from mash_trawl.identity.guards import (
    fired,
    g6_no_clear_lead,
    g12_search_incomplete,
    g13_key_contradicts_itself,
    g14_no_key,
)
from mash_trawl.identity.level import COMPANY, NOT_COMPARED, Level
from mash_trawl.identity.policy import Rules
from mash_trawl.identity.score import waterfall
from mash_trawl.identity.side import Side, side_of
from mash_trawl.model.base import Private
from mash_trawl.model.match import Company, Guard, Line, Match, Matches, MatchOutcome
from mash_trawl.model.person import Person

Companies = Mapping[str, tuple[Company, ...]]
"""By the source's key: with whose records a candidate was found in one home (together.py)."""
NOBODY: Companies = MappingProxyType({})
_RANK: dict[MatchOutcome, int] = {"rejected": 0, "no_match": 0, "review": 1, "auto": 2, "confirmed": 2}


@dataclass(slots=True, repr=False)
class Scored(Private):
    """One candidate with its comparison, lines and own guards. `total`: the score in thousandths of a bit.

    Never changed once it is made; not frozen, and made in the order of its fields, for one is made for each candidate
    (as `Compared` and `Side`).
    """

    gathered: Gathered
    compared: Compared
    lines: tuple[Line, ...]
    guards: tuple[Guard, ...]
    total: int
    ruled_out: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Weighed(Private):
    """A decision with all that it was made from. `rivals`: totals of candidates of which nothing else is known.

    `crowded` are homes at which the source showed too many people; `truncated` includes a list that was too long.
    """

    person: Person
    rules: Rules
    truncated: bool
    cut: bool
    crowded: frozenset[str]
    scored: tuple[Scored, ...]
    rivals: tuple[int, ...]
    matches: Matches


def weigh(
    person: Person, gathered: Sequence[Gathered], rules: Rules, *, truncated: bool = False, cut: bool = False,
    companies: Companies = NOBODY,
) -> Weighed:  # fmt: skip
    """Decide on all candidates. `cut`: there were more than these."""
    pairs = [(item, side_of(item.candidate, social_care=rules.social_care_dates)) for item in gathered]
    crowded = crowded_homes([side for _, side in pairs])
    return weigh_again(person, pairs, rules, crowded=crowded, rivals=(), truncated=truncated, cut=cut,
                       companies=companies)  # fmt: skip


def weigh_again(
    person: Person,
    pairs: Sequence[tuple[Gathered, Side]],
    rules: Rules,
    *,
    crowded: frozenset[str],
    rivals: tuple[int, ...],
    truncated: bool,
    cut: bool,
    companies: Companies = NOBODY,
) -> Weighed:
    """The same where some candidates are known by their totals only, and the crowded homes by name."""
    whole = side_of(person, social_care=rules.social_care_dates)
    here = whole.at(without_crowds(whole.addresses, crowded, rules.shared))
    scored = _scored(here, pairs, crowded, rules, companies)
    totals = sorted((*(own.total for own in scored if not own.ruled_out), *rivals), reverse=True)
    field = _Field(totals)
    incomplete = g12_search_incomplete(truncated or cut)
    items = [_decide(person.id, own, field, rules, incomplete, companies) for own in scored]
    items.sort(key=lambda item: (-item.millibits, item.ref))
    return Weighed(
        person=person, rules=rules, truncated=truncated, cut=cut, crowded=crowded, scored=scored, rivals=rivals,
        matches=Matches(person=person.id, items=tuple(items), cut=cut),
    )  # fmt: skip


def _scored(
    here: Side, pairs: Sequence[tuple[Gathered, Side]], crowded: Collection[str], rules: Rules, companies: Companies
) -> tuple[Scored, ...]:
    """`here` without the addresses that many share, and the others with nothing taken out yet.

    Each step goes through all candidates before the next: it takes less time than all steps for one after another.
    """
    sides = [away.at(without_crowds(away.addresses, crowded, rules.shared)) for _, away in pairs]
    compared = [compare_sides(here, there, crowded=_meet(here, there)) for there in sides]
    if companies:
        compared = [
            _in_company(each) if item.candidate.ref in companies else each
            for (item, _), each in zip(pairs, compared, strict=True)
        ]
    lines = [waterfall(each, rules) for each in compared]
    guards = [_guards(item, each, rules) for (item, _), each in zip(pairs, compared, strict=True)]
    return tuple(
        Scored(item, each, line, guard, line[-1].running, "no_match" in [one.limit for one in guard])
        for (item, _), each, line, guard in zip(pairs, compared, lines, guards, strict=True)
    )


def _in_company(compared: Compared) -> Compared:
    """The same, with the home that the record shares with somebody else's of the case in place of one that agrees."""
    shown = compared.address.there or next((place.shown for place in compared.there.places), "")
    return replace(compared, address=Level(COMPANY, compared.address.here, shown))


def _meet(here: Side, there: Side) -> bool:
    return bool(here.left_out and there.left_out) and meet_in_a_crowd(here.left_out, there.left_out)


def _guards(gathered: Gathered, compared: Compared, rules: Rules) -> tuple[Guard, ...]:
    guards = fired(compared.here, compared.there, compared, rules)
    if gathered.contradicts and all(guard.id != "G13" for guard in guards):
        guards.append(g13_key_contradicts_itself())
    if not gathered.candidate.ref.strip():
        guards.append(g14_no_key())
    return tuple(guards)


class _Field:
    """The totals of all who are in the running, best first: who is next, and what share of the odds one has."""

    __slots__ = ("_sum", "_top", "first", "second")

    def __init__(self, totals: Sequence[int]) -> None:
        self.first = totals[0] if totals else None
        self.second = totals[1] if len(totals) > 1 else None
        self._top = max(0, *totals) if totals else 0
        self._sum = math.fsum(_odds(total, self._top) for total in (0, *totals))

    def next_to(self, own: Scored) -> int | None:
        """The best total of anybody else."""
        running = not own.ruled_out and own.total == self.first
        return self.second if running else self.first

    def share(self, own: Scored) -> float:
        """2^w over the sum of all 2^w and the chance that it is none of them."""
        if not own.ruled_out:
            return _odds(own.total, self._top) / self._sum
        top = max(self._top, own.total)
        mine = _odds(own.total, top)
        return mine / (mine + self._sum * _odds(self._top, top))


def _decide(
    person: str, own: Scored, field: _Field, rules: Rules, incomplete: Guard | None, companies: Companies
) -> Match:
    rival = field.next_to(own)
    gap = None if rival is None else own.total - rival
    guards = own.guards
    for guard in (g6_no_clear_lead(gap, rules), incomplete):
        if guard is not None:
            guards = (*guards, guard)
    outcome: MatchOutcome = "no_match"
    if not own.ruled_out:
        outcome = min((_by_score(own, field, rules), *(guard.limit for guard in guards)), key=_RANK.__getitem__)
    return _match(person, own, rules.prior, outcome, guards, gap, companies.get(own.gathered.candidate.ref, ()))


(
    _set_person,
    _set_candidate,
    _set_outcome,
    _set_millibits,
    _set_prior,
    _set_lines,
    _set_guards,
    _set_gap,
    _set_verdict,
    _set_company,
) = (
    Match.__dict__[name].__set__
    for name in ("person", "candidate", "outcome", "millibits", "prior", "lines", "guards", "gap", "verdict", "company")
)


def _match(
    person: str, own: Scored, prior: int, outcome: MatchOutcome, guards: tuple[Guard, ...], gap: int | None,
    company: tuple[Company, ...],
) -> Match:  # fmt: skip
    """A match like any other, made in less than half of the time (as `score._line` makes a line)."""
    made = object.__new__(Match)
    _set_person(made, person)
    _set_candidate(made, own.gathered.candidate)
    _set_outcome(made, outcome)
    _set_millibits(made, own.total)
    _set_prior(made, prior)
    _set_lines(made, own.lines)
    _set_guards(made, guards)
    _set_gap(made, gap)
    _set_verdict(made, None)
    _set_company(made, company)
    return made


def _by_score(own: Scored, field: _Field, rules: Rules) -> MatchOutcome:
    """The outcome by score alone: the share of the odds among all candidates and nobody."""
    share = field.share(own) * 1_000_000
    if share >= rules.auto:
        return "auto"
    compared = own.compared
    born = compared.born.name == "exact"
    if (born and compared.scripts_differ) or _cannot_be_told(compared):
        return "review"
    if share >= rules.review or compared.given_agrees + compared.family_agrees + born >= 2:
        return "review"
    return "no_match"


def _cannot_be_told(compared: Compared) -> bool:
    """True for a record that hides who it is about: a source that masks name or birth date still knows somebody."""
    fields = (compared.given, compared.family, compared.born)
    hidden = compared.born.name == NOT_COMPARED and NOT_COMPARED in (compared.given.name, compared.family.name)
    return hidden and not any(level.name == "different" for level in (*fields, compared.sex, compared.nhs_number))


def _odds(total: int, top: int) -> float:
    return float(2.0 ** ((total - top) / 1000))
