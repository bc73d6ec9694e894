"""The people of a case beside one another at one source: who shares a home there with another of them is no stranger.

Names and birth date alone are never certain (G15), for a source that does not hold the person can hold a stranger of
the same names and birth date. But that two strangers who agree so with two people of the case live in one home, or one
with a record that is certain, is out of the question: a family that moved is recognised by its being together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mash_trawl.identity.compare import compare
from mash_trawl.identity.crowds import crowded_homes, without_crowds
from mash_trawl.identity.match import as_candidate, as_person, judge, match
from mash_trawl.identity.places import Place, compare_places, latest
from mash_trawl.identity.policy import Rules, rules_for
from mash_trawl.identity.side import side_of
from mash_trawl.identity.weigh import Weighed
from mash_trawl.model.match import Company, Looked, Match, Matches, MatchPolicy
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate

_SAME = frozenset({"exact", "spelling"})
_OTHERS = frozenset({"different", "two parts"})


def match_together(
    asked: Iterable[tuple[Person | Mapping[str, Any], Iterable[Candidate | Mapping[str, Any]]]],
    policy: MatchPolicy | None = None,
    *,
    truncated: bool = False,
) -> tuple[Matches, ...]:
    """Match everybody of one case against the candidates that one source named for each, in their order.

    Plain dicts work as with `match`; whoever has no `id` gets p1, p2 ... ValueError where two people have one id.
    `truncated` says that the source cut its list off, or failed in part, for anybody of them (guard G12).
    """
    looked = []
    for number, (whom, found) in enumerate(asked, 1):
        person, candidates = as_person(whom, f"p{number}"), tuple(as_candidate(one, at) for at, one in enumerate(found))
        matches = match(person, candidates, policy, truncated=truncated)
        looked.append(Looked(person=person, candidates=candidates, matches=matches))
    if len({one.person.id for one in looked}) < len(looked):
        raise ValueError("two people of the case have one id")
    again = {own.person.id: own.matches for own in judge_together(looked, (), rules_for(policy))}
    return tuple(again.get(one.person.id, one.matches) for one in looked)


def judge_together(looked: Iterable[Looked], others: Iterable[Match], rules: Rules) -> tuple[Weighed, ...]:
    """The decisions that come out otherwise beside everybody else of the case, in the order of `looked`.

    Who gets more can stand in another's way: of two records that are both likely then, a person decides (G6).
    `others`: records of this source that stand beside them, of people who are not decided again. Whatever the order,
    the same comes of it: who stands beside whom is read off the first decisions, before any is made again.
    """
    first = tuple(looked)
    beside = [*others, *(item for one in first for item in one.matches)]
    companies = _companies(beside, rules)
    made = []
    for one in first:
        own = {item.ref: companies[one.person.id, item.ref] for item in one.matches if item.alone
               and (one.person.id, item.ref) in companies}  # fmt: skip
        again = judge(one.person, one.candidates, rules, companies=own) if own else None
        if again and _otherwise(one.matches, again.matches):
            made.append(again)
    return tuple(made)


def _otherwise(before: Matches, again: Matches) -> bool:
    """Whether any record comes out otherwise by rule; of some a named person decided."""
    by_rule = {item.ref: item.outcome for item in again}
    return any(item.outcome not in ("confirmed", "rejected", by_rule[item.ref]) for item in before)


def _companies(beside: Sequence[Match], rules: Rules) -> Mapping[tuple[str, str], tuple[Company, ...]]:
    """For each record with names and birth date alone, the others of the case whose records share its home."""
    if "G15" in rules.strict:
        return {}
    known = _of_one_each([item for item in beside if _stands(item)])
    if not any(item.alone for item in known):
        return {}
    homes = _homes(known, beside, rules)
    found = {}
    for item in known:
        company = tuple(
            Company(person=other.person, ref=other.ref)
            for other in sorted(known, key=lambda one: (one.person, one.ref))
            if _another(item, other) and _share(homes[id(item)], homes[id(other)])
        )
        if company and item.alone:
            found[item.person, item.ref] = company
    return found


def _stands(item: Match) -> bool:
    """A record that is certain, or would be but for G15, with both names and the birth date the same.

    A restricted one stands beside nobody: who lives with whom is what it is restricted for.
    """
    if not item.ref.strip() or any(guard.id == "G10" for guard in item.guards):
        return False
    if item.outcome in ("auto", "confirmed"):
        return True
    level = {line.field: line.level for line in item.lines}
    names = {level.get("given name"), level.get("family name")} <= _SAME
    return item.alone and names and level.get("date of birth") == "exact"


def _of_one_each(known: Sequence[Match]) -> Sequence[Match]:
    """Without the records that would be two people's: these are nobody's."""
    people: dict[str, set[str]] = {}
    for item in known:
        people.setdefault(item.ref, set()).add(item.person)
    return [item for item in known if len(people[item.ref]) == 1]


def _another(item: Match, other: Match) -> bool:
    """Two records of two people; who is written down twice, in the case and at the source, is no company for himself.

    Twins bear other given names.
    """
    if other.person == item.person or other.ref == item.ref:
        return False
    compared = compare(item.candidate, other.candidate)
    return compared.given.name in _OTHERS or compared.born.name in _OTHERS


def _homes(known: Sequence[Match], beside: Sequence[Match], rules: Rules) -> dict[int, tuple[Place, ...]]:
    """Where each lives or lived, without places that many share."""
    people = {item.ref: item.candidate for item in beside}
    crowded = crowded_homes([side_of(candidate) for candidate in people.values()])
    return {
        id(item): latest(without_crowds(item.candidate.addresses, crowded, rules.shared)) for item in known
    }  # fmt: skip


def _share(ours: tuple[Place, ...], theirs: tuple[Place, ...]) -> bool:
    return compare_places(ours, theirs).name == "home"
