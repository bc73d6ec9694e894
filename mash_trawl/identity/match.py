"""Which candidates of one source are the person? Rows become candidates, candidates are weighed, three outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mash_trawl.identity.gather import gather, likeliest
from mash_trawl.identity.policy import Rules, rules_for
from mash_trawl.identity.weigh import NOBODY, Companies, Weighed, weigh
from mash_trawl.model.match import Matches, MatchPolicy
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate

MOST = 5_000
"""A source that names more people is not searched but listed: the likeliest are looked at, and none is certain."""


def match(
    person: Person | Mapping[str, Any],
    candidates: Iterable[Candidate | Mapping[str, Any]],
    policy: MatchPolicy | None = None,
    *,
    truncated: bool = False,
) -> Matches:
    """Match one person against the candidates of one source; plain dicts in the shape of the case file work too.

    The order of candidates never matters. Rows with one `ref` are one candidate; where they contradict each other, or
    the `ref` is empty, a person decides (guards G13, G14). Of more than MOST candidates the likeliest are looked at
    (`Matches.cut`). `truncated` says that the source cut its list off or failed in part (guard G12).
    """
    return judge(person, candidates, rules_for(policy), truncated=truncated).matches


def judge(
    person: Person | Mapping[str, Any],
    candidates: Iterable[Candidate | Mapping[str, Any]],
    rules: Rules,
    *,
    truncated: bool = False,
    companies: Companies = NOBODY,
) -> Weighed:
    """The same with everything that the decision was made from."""
    whom = as_person(person)
    gathered = gather(as_candidate(item, number) for number, item in enumerate(candidates))
    cut = len(gathered) > MOST
    if cut:
        gathered = likeliest(whom, gathered, MOST)
    return weigh(whom, gathered, rules, truncated=truncated, cut=cut, companies=companies)


def as_person(person: Person | Mapping[str, Any], ident: str = "person") -> Person:
    """A person, also from a plain dict in the shape of the case file, which need not say an `id`."""
    if isinstance(person, Person):
        return person
    from mash_trawl.config.read import read_value

    return read_value(Person, {"id": ident} | dict(person), "person")


def as_candidate(candidate: Candidate | Mapping[str, Any], number: int) -> Candidate:
    """A candidate, also from a plain dict, which need not say a `ref`."""
    if isinstance(candidate, Candidate):
        return candidate
    from mash_trawl.config.read import read_value

    return read_value(Candidate, {"ref": f"#{number}"} | dict(candidate), "candidate")
