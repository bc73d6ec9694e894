"""One person and one candidate, field by field, before weights and guards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from mash_trawl.identity.birth_dates import compare_born
from mash_trawl.identity.level import NOT_COMPARED, Level
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


@dataclass(slots=True, kw_only=True, repr=False)
class Compared(Private):
    """Every field's level, before guards. `scripts_differ`: names stand on both sides, but in scripts of their own.

    `same_given` and `same_family` are the folded names that both sides hold, or the two spellings of one;
    `middle`: whether a middle name or its initial is too. `spans` are the two birth dates where they agree in part.
    `crowded`: the two meet at an address that many share. `identifier_agrees`: an identifier is the same on both sides.
    `given_agrees`: the same name, a known variant or a slip of the pen. `family_agrees`: the same family name or half
    of a double-barrelled one.
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
    spans: Spans = _NO_SPANS
    crowded: bool = False
    identifier_agrees: bool = field(init=False)
    given_agrees: bool = field(init=False)
    family_agrees: bool = field(init=False)

    def __post_init__(self) -> None:
        self.identifier_agrees = self.nhs_number.name == "same" or self.upn.name == "same"
        self.given_agrees = self.given.name in _GIVEN_AGREES
        self.family_agrees = self.family.name in _FAMILY_AGREES


def compare(person: Person | Candidate, candidate: Person | Candidate) -> Compared:
    """Compare every field that both sides hold, as they are written."""
    return compare_sides(side_of(person), side_of(candidate))


def compare_sides(here: Side, there: Side, *, crowded: bool = False) -> Compared:
    """The same for two sides that are made ready."""
    ours, theirs = here.called, there.called
    given, family = given_of(ours, theirs), family_of(ours, theirs)
    if given.name not in ("exact", "spelling") and swapped(ours, theirs):
        given, family = Level("near", given.here, given.there), Level("near", family.here, family.there)
    born = compare_born(here.born, there.born)
    none = given.name == family.name == NOT_COMPARED
    both = set(ours.given).intersection(theirs.given) if given.name == "exact" else ()
    return Compared(
        given=given,
        family=family,
        born=born,
        address=compare_places(here.places, there.places),
        sex=_compare_sex(here.sex, there.sex),
        nhs_number=compare_nhs_number(here.identifiers.get("nhs_number"), there.identifiers.get("nhs_number")),
        upn=compare_upn(here.identifiers.get("upn"), there.identifiers.get("upn")),
        scripts_differ=none and bool(ours.given and ours.family and theirs.given and theirs.family),
        same_given=_same_given(given, both),
        same_family=frozenset(ours.family).intersection(theirs.family) or frozenset((family.here, family.there)),
        middle=_middle(both) if both else "",
        spans=(here.born, there.born) if born.name == "partial" else _NO_SPANS,
        crowded=crowded,
    )


@lru_cache(maxsize=64)
def _compare_sex(here: str, there: str) -> Level:
    if here not in _KNOWN or there not in _KNOWN:
        return Level(NOT_COMPARED, here, there)
    return Level("same" if here == there else "different", here, there)


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
