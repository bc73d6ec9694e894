"""One person and one candidate, field by field, before weights and guards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from mash_trawl.identity.birth_dates import compare_born
from mash_trawl.identity.level import NOT_COMPARED, Level
from mash_trawl.identity.names import compare_family, compare_given, names_swapped
from mash_trawl.identity.numbers import compare_nhs_number, compare_upn
from mash_trawl.identity.places import compare_addresses
from mash_trawl.identity.side import Side, side_of
from mash_trawl.model.base import Private
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate

Middle = Literal["", "initial", "name"]
_KNOWN = frozenset({"female", "male"})


@dataclass(slots=True, kw_only=True, repr=False)
class Compared(Private):
    """Every field's level, before guards. `scripts_differ`: names stand on both sides, but in scripts of their own.

    `same_given` and `same_family` are the folded names that both sides hold, or the two spellings of one;
    `middle`: whether a middle name or its initial is too. `spans` are the two birth dates. `crowded`: the two meet at
    an address that many share.
    """

    given: Level
    family: Level
    born: Level
    address: Level
    sex: Level
    nhs_number: Level
    upn: Level
    scripts_differ: bool = False
    same_given: frozenset[str] = frozenset()
    same_family: frozenset[str] = frozenset()
    middle: Middle = ""
    spans: tuple[PartialDate | None, PartialDate | None] = (None, None)
    crowded: bool = False

    @property
    def identifier_agrees(self) -> bool:
        """True when a national identifier is the same on both sides."""
        return self.nhs_number.name == "same" or self.upn.name == "same"

    @property
    def given_agrees(self) -> bool:
        """True for the same name, a known variant or a slip of the pen."""
        return self.given.name in ("exact", "spelling", "short form", "near")

    @property
    def family_agrees(self) -> bool:
        """True for the same family name or half of a double-barrelled one."""
        return self.family.name in ("exact", "near")


def compare(person: Person | Candidate, candidate: Person | Candidate) -> Compared:
    """Compare every field that both sides hold, as they are written."""
    return compare_sides(side_of(person), side_of(candidate))


def compare_sides(here: Side, there: Side, *, crowded: bool = False) -> Compared:
    """The same for two sides that are made ready."""
    given = compare_given(here.names, there.names)
    family = compare_family(here.names, there.names)
    if given.name not in ("exact", "spelling") and names_swapped(here.names, there.names):
        given = Level(name="near", here=given.here, there=given.there)
        family = Level(name="near", here=family.here, there=family.there)
    written = here.given and here.family and there.given and there.family
    sex = NOT_COMPARED
    if here.sex in _KNOWN and there.sex in _KNOWN:
        sex = "same" if here.sex == there.sex else "different"
    both = set(here.given).intersection(there.given) if given.name == "exact" else ()
    return Compared(
        given=given,
        family=family,
        born=compare_born(here.born, there.born),
        address=compare_addresses(here.addresses, there.addresses),
        sex=Level(name=sex, here=here.sex, there=there.sex),
        nhs_number=compare_nhs_number(here.identifiers.get("nhs_number"), there.identifiers.get("nhs_number")),
        upn=compare_upn(here.identifiers.get("upn"), there.identifiers.get("upn")),
        scripts_differ=bool(written) and given.name == family.name == NOT_COMPARED,
        same_given=_same_given(given, both),
        same_family=frozenset(here.family).intersection(there.family) or frozenset((family.here, family.there)),
        middle=_middle(both),
        spans=(here.born, there.born),
        crowded=crowded,
    )


def _same_given(given: Level, both: Collection[tuple[str, ...]]) -> frozenset[str]:
    """The first word of each, for `mohammed ali` is as common as Mohammed; of Jo-Anne and Joanne the shorter."""
    if both:
        return frozenset(parts[0].split()[0] for parts in both)
    words = [shown.split()[0] for shown in (given.here, given.there) if shown]
    if given.name == "exact":
        words = [min(words, key=lambda word: (len(word), word))]
    return frozenset(words)


def _middle(both: Collection[tuple[str, ...]]) -> Middle:
    """What agrees behind the first name, of names that are the same from end to end."""
    behind = [" ".join(parts).split()[1:] for parts in both]
    if any(len(word) > 1 for words in behind for word in words):
        return "name"
    return "initial" if any(behind) else ""
