"""One side of a comparison, made ready once: names folded, dates without placeholders, addresses that say something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mash_trawl.identity.birth_dates import coarse_date, is_placeholder_date
from mash_trawl.identity.forms import Called, called
from mash_trawl.identity.places import Place, latest
from mash_trawl.model.base import Private
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate


@dataclass(slots=True, repr=False)
class Side(Private):
    """What is compared of a person or a candidate. `left_out` are addresses that many share (crowds.py).

    Made in the order of its fields, for one is made for each candidate, and names cost more time than the rest.
    `places` are the addresses as they are compared. `real_given`: a given name is known that is no initial and no word
    in place of a name. `uncertain_day`: a birth date is known in part, or may be a placeholder.
    """

    names: tuple[Name, ...]
    called: Called
    born: PartialDate | None
    sex: str
    identifiers: Mapping[str, str]
    addresses: tuple[Address, ...]
    places: tuple[Place, ...]
    restrictions: tuple[str, ...]
    real_given: bool
    uncertain_day: bool
    left_out: tuple[Address, ...] = ()

    def at(self, addresses: tuple[Address, ...]) -> Side:
        """The same side with these of its addresses; the others are left out."""
        if addresses is self.addresses:
            return self
        left_out = tuple(held for held in self.addresses if held not in addresses)
        return replace(self, addresses=addresses, places=latest(addresses), left_out=left_out)


def side_of(whom: Person | Candidate, *, social_care: bool = False) -> Side:
    """Either side in the same way: comparison is the same from both."""
    name, born = called(whom.names), coarse_date(whom.born, social_care=social_care)
    return Side(
        whom.names, name, born, whom.sex, whom.identifiers, whom.addresses, latest(whom.addresses),
        tuple(whom.restrictions), name.real_given, born is not None and is_placeholder_date(born),
    )  # fmt: skip
