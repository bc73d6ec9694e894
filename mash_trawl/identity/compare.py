"""One person and one candidate, field by field, before weights and guards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from mash_trawl.identity.birth_dates import compare_born
from mash_trawl.identity.level import NOT_COMPARED, NOTHING, Level
from mash_trawl.identity.names import family_of, given_of, swapped
from mash_trawl.identity.numbers import compare_nhs_number, compare_upn
from mash_trawl.identity.places import compare_places
from mash_trawl.identity.side import Side, side_of
from mash_trawl.model.base import Private
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Person
from mash_trawl.model.query import Candidate

Middle = Literal["", "initial", "name"]
Spans = tuple[PartialDate | None, PartialDate | None]
_NO_SPANS: Spans = (None, None)
_KNOWN = frozenset({"female", "male"})
_GIVEN_AGREES = frozenset({"exact", "spelling", "short form", "slip", "near"})
_FAMILY_AGREES = frozenset({"exact", "near"})


@dataclass(slots=True, repr=False)
class Compared(Private):
    """Every field's level, before guards, and the two sides.

    `crowded`: the two meet at an address that many share. `identifier_agrees`: an identifier is the same on both sides.
    `given_agrees`: the same name, a known variant or a slip of the pen. `family_agrees`: the same family name or half
    of a double-barrelled one. What only names that agree are asked for is worked out when it is asked for.
    Made in the order of its fields (as `Side`).
    """

    here: Side
    there: Side
    given: Level
    family: Level
    born: Level
    address: Level
    sex: Level
    nhs_number: Level
    upn: Level
    crowded: bool = False
    identifier_agrees: bool = field(init=False)
    given_agrees: bool = field(init=False)
    family_agrees: bool = field(init=False)

    def __post_init__(self) -> None:
        self.identifier_agrees = self.nhs_number.name == "same" or self.upn.name == "same"
        self.given_agrees = self.given.name in _GIVEN_AGREES
        self.family_agrees = self.family.name in _FAMILY_AGREES

    @property
    def scripts_differ(self) -> bool:
        """True where names stand on both sides, but in scripts of their own."""
        if self.given.name != NOT_COMPARED or self.family.name != NOT_COMPARED:
            return False
        return all(side.called.given and side.called.family for side in (self.here, self.there))

    @property
    def same_given(self) -> frozenset[str]:
        """The first words of the given names that both sides hold, or of the two spellings of one.

        `mohammed ali` is as common as Mohammed; of Jo-Anne and Joanne it is the shorter.
        """
        if both := self._both():
            return frozenset(parts[0].split()[0] for parts in both)
        words = [shown.split()[0] for shown in (self.given.here, self.given.there) if shown]
        if self.given.name == "exact":
            words = [min(words, key=lambda word: (len(word), word))]
        return frozenset(words)

    @property
    def same_family(self) -> frozenset[str]:
        """The family names that both sides hold, or the two that are alike."""
        both = frozenset(self.here.called.family).intersection(self.there.called.family)
        return both or frozenset((self.family.here, self.family.there))

    @property
    def middle(self) -> Middle:
        """What agrees behind the first name, of names that are the same from end to end."""
        if self.given.name != "exact":
            return ""
        behind = [" ".join(parts).split()[1:] for parts in self._both()]
        if any(len(word) > 1 for words in behind for word in words):
            return "name"
        return "initial" if any(behind) else ""

    @property
    def spans(self) -> Spans:
        """The two birth dates where they agree in part."""
        return (self.here.born, self.there.born) if self.born.name == "partial" else _NO_SPANS

    def _both(self) -> Collection[tuple[str, ...]]:
        """The given names that are the same from end to end."""
        return set(self.here.called.given).intersection(self.there.called.given) if self.given.name == "exact" else ()


def compare(person: Person | Candidate, candidate: Person | Candidate) -> Compared:
    """Compare every field that both sides hold, as they are written."""
    return compare_sides(side_of(person), side_of(candidate))


def compare_sides(here: Side, there: Side, *, crowded: bool = False) -> Compared:
    """The same for two sides that are made ready."""
    ours, theirs = here.called, there.called
    given, family = given_of(ours, theirs), family_of(ours, theirs)
    if given.name not in ("exact", "spelling") and swapped(ours, theirs):
        given, family = Level("near", given.here, given.there), Level("near", family.here, family.there)
    return Compared(
        here, there, given, family, compare_born(here.born, there.born), compare_places(here.places, there.places),
        _compare_sex(here.sex, there.sex), *_compare_numbers(here.identifiers, there.identifiers), crowded,
    )  # fmt: skip


def _compare_numbers(here: Mapping[str, str], there: Mapping[str, str]) -> tuple[Level, Level]:
    """NHS number and UPN."""
    if not here and not there:
        return NOTHING, NOTHING
    nhs_number = compare_nhs_number(here.get("nhs_number"), there.get("nhs_number"))
    return nhs_number, compare_upn(here.get("upn"), there.get("upn"))


@lru_cache(maxsize=64)
def _compare_sex(here: str, there: str) -> Level:
    if here not in _KNOWN or there not in _KNOWN:
        return Level(NOT_COMPARED, here, there)
    return Level("same" if here == there else "different", here, there)
