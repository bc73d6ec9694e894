"""One side of a comparison, made ready once: names folded, dates without placeholders, addresses that say something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mash_trawl.identity.birth_dates import coarse_date
from mash_trawl.identity.normalise import family_names, given_names
from mash_trawl.identity.placeholders import is_initial
from mash_trawl.model.base import Private
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address, Name, Person
from mash_trawl.model.query import Candidate


@dataclass(slots=True, kw_only=True, repr=False)
class Side(Private):
    """What is compared of a person or a candidate. `left_out` are addresses that many share (crowds.py).

    `real_given`: a given name is known that is no initial and no word in place of a name.
    """

    names: tuple[Name, ...]
    given: tuple[tuple[str, ...], ...]
    family: tuple[str, ...]
    born: PartialDate | None
    sex: str
    identifiers: Mapping[str, str]
    addresses: tuple[Address, ...]
    restrictions: tuple[str, ...]
    real_given: bool
    left_out: tuple[Address, ...] = ()

    def at(self, addresses: tuple[Address, ...]) -> Side:
        """The same side with these of its addresses; the others are left out."""
        if addresses is self.addresses:
            return self
        return replace(
            self, addresses=addresses, left_out=tuple(held for held in self.addresses if held not in addresses)
        )


def side_of(whom: Person | Candidate, *, social_care: bool = False) -> Side:
    """Either side in the same way: comparison is the same from both."""
    given = given_names(whom.names)
    return Side(
        names=whom.names,
        given=given,
        family=family_names(whom.names),
        born=coarse_date(whom.born, social_care=social_care),
        sex=whom.sex,
        identifiers=whom.identifiers,
        addresses=whom.addresses,
        restrictions=tuple(whom.restrictions),
        real_given=any(len(parts[0]) > 3 or not is_initial(parts[0]) for parts in given),
    )
