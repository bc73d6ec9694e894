"""One person or one referral told twice, and parents of their own parents: slips that a case file cannot show itself.

Two people may share a name and a birth date, so that is said and never refused; nobody is their own ancestor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mash_trawl.model.case import Case


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two people, in plain data, share a name and a date of birth; both must be known."""
    born = (one.get("born"), other.get("born"))
    days = [getattr(day, "edtf", day) for day in born]
    return None not in born and days[0] == days[1] and bool(_names(one) & _names(other))


def _names(person: Mapping[str, Any]) -> set[str]:
    parts = ([*name.get("given", ()), name.get("family") or ""] for name in person.get("names", ()))
    return {words for words in (" ".join(" ".join(said).casefold().split()) for said in parts) if words}


def twice(case: Case) -> Iterator[tuple[str, str]]:
    """The ids of every two people who share a name and a date of birth, the one who stands first first."""
    people = [
        (person.id, {"born": person.born, "names": [{"given": n.given, "family": n.family} for n in person.names]})
        for person in case.people
    ]
    for at, (first, one) in enumerate(people):
        yield from ((first, second) for second, other in people[at + 1 :] if same(one, other))


def same_referral(one: Case, other: Case) -> bool:
    """Whether two cases tell the same: the same referral, at the same moment, about the same people."""
    return one.id != other.id and (one.referral, one.people) == (other.referral, other.people)


def own_ancestors(ties: Iterable[tuple[str, str]]) -> list[int]:
    """Which ties, `parent` and `child`, would make somebody their own ancestor together with those before them."""
    children: dict[str, set[str]] = {}
    wrong = []
    for at, (parent, child) in enumerate(ties):
        if parent != child and parent in _descendants(child, children):
            wrong.append(at)
        else:
            children.setdefault(parent, set()).add(child)
    return wrong


def _descendants(person: str, children: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting: Sequence[str] = [person]
    while waiting:
        waiting = [child for each in waiting for child in children.get(each, ()) if child not in found]
        found.update(waiting)
    return found
