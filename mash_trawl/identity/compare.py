"""Field by field: at which level do two values agree? A missing value is `not compared`, never agreement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import OSA, JaroWinkler

from mash_trawl.identity.normalise import (
    digits,
    doorstep,
    family_names,
    fold,
    given_names,
    nhs_number_can_be,
    postcode,
    sector,
    soundex,
)  # fmt: skip
from mash_trawl.identity.placeholders import is_initial, scripts
from mash_trawl.identity.variants import is_shared, kind_of_variant
from mash_trawl.model.dates import PartialDate
from mash_trawl.model.person import Address, Name

NOT_COMPARED = "not compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How well one field agrees, with the values that were compared (for the explanation)."""

    name: str
    here: str = ""
    there: str = ""


def compare_given(here: tuple[Name, ...], there: tuple[Name, ...]) -> Level:
    """exact, spelling, short form, near, weak or different; the best of all names known on both sides.

    Names in two scripts (Cyrillic here, Latin there) say nothing about each other and are not compared.
    """
    pairs = [
        (_given_level(one, other), " ".join(one), " ".join(other))
        for one in given_names(here)
        for other in given_names(there)
        if _one_script(one[0], other[0])
    ]
    if not pairs:
        return Level(name=NOT_COMPARED, here=_given(here), there=_given(there))
    rank, one, other = min(pairs)
    return Level(name=GIVEN_LEVELS[rank], here=one, there=other)


GIVEN_LEVELS = ("exact", "spelling", "short form", "near", "weak", "different")
FAMILY_LEVELS = ("exact", "near", "weak", "different")
BORN_LEVELS = ("exact", "partial", "day and month swapped", "one digit", "two parts", "different")
_EXACT, _SPELLING, _SHORT, _NEAR, _WEAK, _DIFFERENT = range(6)


def _given_level(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """The level of two names with their middle names, of which one side often holds none."""
    ours, theirs = " ".join(one).split(), " ".join(other).split()
    if is_initial(one[0]) or is_initial(other[0]):
        return _WEAK if ours[0][0] == theirs[0][0] else _DIFFERENT
    if "".join(ours) == "".join(theirs):
        return _EXACT
    level = _first_level(one[0], other[0])
    if level > _NEAR and (one[0] in other[1:] or other[0] in one[1:]):
        return _NEAR
    if is_shared(ours[0]) and _first_level(ours[0], theirs[0]) <= _SPELLING:
        return _rest_level(ours, theirs)
    if level < _NEAR and len(one) > 1 and len(other) > 1 and not _middle_names_meet(one[1:], other[1:]):
        return _NEAR
    return level


def _rest_level(ours: list[str], theirs: list[str]) -> int:
    """Mohammed Ali and Mohammed Hassan are brothers: after a shared first part all the rest has to be the same."""
    if len(ours) != len(theirs):
        return _NEAR
    levels = [_first_level(mine, yours) for mine, yours in zip(ours, theirs, strict=True)]
    return max(levels) if max(levels) <= _SPELLING else _NEAR


def _middle_names_meet(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """True when any middle name is on both sides, be it spelt otherwise or as an initial."""
    return any(
        (mine[0] == yours[0] if is_initial(mine) or is_initial(yours) else _first_level(mine, yours) <= _NEAR)
        or not _one_script(mine, yours)
        for mine in ours
        for yours in theirs
    )


def _first_level(first: str, second: str) -> int:
    if first.replace(" ", "") == second.replace(" ", ""):
        return _EXACT
    kind = kind_of_variant(first, second)
    if kind is not None:
        return {"spelling": _SPELLING, "short": _SHORT, "sometimes": _WEAK}[kind]
    if _is_compound(first, second):
        return _NEAR
    shorter, slips = min(len(first), len(second)), OSA.distance(first, second)
    alike = JaroWinkler.similarity(first, second)
    if alike >= 0.92 or (slips == 1 and shorter > 3):
        return _NEAR
    if alike >= 0.82 or (slips == 1 and shorter == 3) or _sound_alike(first, second):
        return _WEAK
    return _DIFFERENT


def compare_family(here: tuple[Name, ...], there: tuple[Name, ...]) -> Level:
    """exact, near, weak or different; former names and aliases count on both sides."""
    ours, theirs = family_names(here), family_names(there)
    pairs = [(_family_level(mine, yours), mine, yours) for mine in ours for yours in theirs if _one_script(mine, yours)]
    if not pairs:
        return Level(name=NOT_COMPARED, here=" ".join(ours), there=" ".join(theirs))
    rank, one, other = min(pairs)
    return Level(name=FAMILY_LEVELS[rank], here=one, there=other)


def _family_level(one: str, other: str) -> int:
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return 0
    if _is_compound(one, other) or JaroWinkler.similarity(one, other) >= 0.92:
        return 1
    return 2 if _sound_alike(one, other) else 3


def names_swapped(here: tuple[Name, ...], there: tuple[Name, ...]) -> bool:
    """True when given and family name agree crosswise: a naming order that was read the wrong way round."""
    ours = {(given[0], family) for given in given_names(here) for family in family_names(here)}
    theirs = {(family, given[0]) for given in given_names(there) for family in family_names(there)}
    return bool(ours & theirs) and not any(one == other for one, other in ours)


def compare_born(here: PartialDate | None, there: PartialDate | None) -> Level:
    """exact only for two certain days; partial when they can be the same day; else the kind of slip."""
    ours, theirs = here.original if here else "", there.original if there else ""
    if here is None or there is None or not here.earliest or not there.earliest or not here.latest or not there.latest:
        return Level(name=NOT_COMPARED, here=ours, there=theirs)
    if here.exact and there.exact:
        return Level(name=BORN_LEVELS[_day_level(here.earliest, there.earliest)], here=ours, there=theirs)
    overlap = here.earliest <= there.latest and there.earliest <= here.latest
    return Level(name="partial" if overlap else "different", here=ours, there=theirs)


def _day_level(one: date, other: date) -> int:
    if one == other:
        return 0
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return 2
    ours, theirs = one.strftime("%Y%m%d"), other.strftime("%Y%m%d")
    if sum(a != b for a, b in zip(ours, theirs, strict=True)) == 1:
        return 3
    parts = (one.year == other.year, one.month == other.month, one.day == other.day)
    return 4 if sum(parts) == 2 else 5


def compare_addresses(here: Iterable[Address], there: Iterable[Address]) -> Level:
    """home, postcode, sector or different: the best pair of any address, present or past, on both sides."""
    ranks = [
        (_address_level(one, other), _line(one), _line(other))
        for one in here if not one.no_fixed_address
        for other in there if not other.no_fixed_address
    ]  # fmt: skip
    ranks = [item for item in ranks if item[0] < len(ADDRESS_LEVELS)]
    if not ranks:
        return Level(name=NOT_COMPARED)
    rank, one, other = min(ranks)
    return Level(name=ADDRESS_LEVELS[rank], here=one, there=other)


ADDRESS_LEVELS = ("home", "postcode", "sector", "different")


def _address_level(one: Address, other: Address) -> int:
    ours, theirs = postcode(one.postcode), postcode(other.postcode)
    if one.uprn and one.uprn.lstrip("0") == (other.uprn or "").lstrip("0"):
        return 0
    near, far = doorstep(one), doorstep(other)
    if all(near) and near == far and (ours == theirs or not ours or not theirs):
        return 0
    if not ours or not theirs:
        return 3 if all(near) and all(far) else len(ADDRESS_LEVELS)
    if ours == theirs:
        return 1
    return 2 if sector(ours) == sector(theirs) != "" else 3


def compare_number(here: str | None, there: str | None) -> Level:
    """same, different or not compared, for one kind of identifier. A number of one figure repeated is nobody's."""
    ours, theirs = digits(here), digits(there)
    if not ours or not theirs or (ours == theirs and len(set(ours)) == 1):
        return Level(name=NOT_COMPARED, here=ours, there=theirs)
    return Level(name="same" if ours == theirs else "different", here=ours, there=theirs)


def compare_nhs_number(here: str | None, there: str | None) -> Level:
    """As any number; but the same impossible number on both sides is a shared stopgap, and proves nothing."""
    level = compare_number(here, there)
    if level.name == "same" and not nhs_number_can_be(level.here):
        return Level(name=NOT_COMPARED, here=level.here, there=level.there)
    return level


def _one_script(one: str, other: str) -> bool:
    ours, theirs = scripts(one), scripts(other)
    return not ours or not theirs or not ours.isdisjoint(theirs)


def _is_compound(one: str, other: str) -> bool:
    ours, theirs = one.split(), other.split()
    return (len(ours) > 1 or len(theirs) > 1) and bool(
        {p for p in ours if len(p) > 2} & {p for p in theirs if len(p) > 2}
    )


def _sound_alike(one: str, other: str) -> bool:
    code = soundex(one)
    return code != "" and code == soundex(other)


def _given(names: tuple[Name, ...]) -> str:
    return fold(" ".join(names[0].given)) if names else ""


def _line(address: Address) -> str:
    return ", ".join(part for part in (*address.lines[:1], address.postcode or "") if part)
