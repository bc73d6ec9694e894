"""How often names are borne: counts from a person table, without those that too few bear to be named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mash_trawl.identity.normalise import family_names, given_names
from mash_trawl.model.person import Person

SMALLEST = 5
"""A name that fewer people bear is not written: a rare name in a file says that its bearer is in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a table says of names: how many people it holds, and how many bear each name as it is compared (folded)."""

    people: int
    given: dict[str, int]
    family: dict[str, int]


def count_names(people: Iterable[Person], smallest: int = SMALLEST) -> Counted:
    """Count each person once for each first given name and family name. ValueError for a `smallest` below SMALLEST."""
    if smallest < SMALLEST:
        raise ValueError(f"names of fewer than {SMALLEST} people are never written")
    given: Counter[str] = Counter()
    family: Counter[str] = Counter()
    total = 0
    for person in people:
        total += 1
        given.update({name[0] for name in given_names(person.names)})
        family.update(family_names(person.names))
    return Counted(people=total, given=_kept(given, smallest), family=_kept(family, smallest))


def _kept(counts: Counter[str], smallest: int) -> dict[str, int]:
    return {name: number for name, number in sorted(counts.items()) if number >= smallest}


def document(counted: Counted, as_of: str, smallest: int = SMALLEST) -> dict[str, Any]:
    """The file that a profile's `matching: frequencies:` names, as plain data; see docs/calibrating.md."""
    return {
        "version": 1,
        "source": "local",
        "as_of": as_of,
        "people": counted.people,
        "smallest": smallest,
        "given": counted.given,
        "family": counted.family,
    }
