"""Names: at which level do two people's given and family names agree?"""

from __future__ import annotations

from rapidfuzz.distance import OSA, JaroWinkler

from mash_trawl.identity.level import NOT_COMPARED, Level
from mash_trawl.identity.normalise import family_names, fold, given_names, soundex
from mash_trawl.identity.placeholders import is_initial, scripts
from mash_trawl.identity.variants import is_shared, kind_of_variant
from mash_trawl.model.person import Name


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
