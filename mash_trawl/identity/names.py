"""Names: at which level do two people's given and family names agree?"""

from __future__ import annotations

from mash_trawl.identity.family_levels import family_level
from mash_trawl.identity.forms import Called, Form, called
from mash_trawl.identity.given_levels import given_level
from mash_trawl.identity.level import NOT_COMPARED, Level
from mash_trawl.identity.variants import kind_of_variant
from mash_trawl.model.person import Name

GIVEN_LEVELS = ("exact", "spelling", "short form", "slip", "near", "weak", "different")
FAMILY_LEVELS = ("exact", "near", "weak", "different")


def compare_given(here: tuple[Name, ...], there: tuple[Name, ...]) -> Level:
    """exact, spelling, short form, slip, near, weak or different; the best of all names known on both sides.

    A Cyrillic name agrees with a Latin one at most nearly. Names in two other scripts are not compared.
    """
    return given_of(called(here), called(there))


def compare_family(here: tuple[Name, ...], there: tuple[Name, ...]) -> Level:
    """exact, near, weak or different; former names and aliases count on both sides.

    A title in the place of a family name (Begum, Kaur) agrees nearly with the same title and with nothing else.
    """
    return family_of(called(here), called(there))


def names_swapped(here: tuple[Name, ...], there: tuple[Name, ...]) -> bool:
    """True when given and family name agree crosswise: a naming order that was read the wrong way round."""
    return swapped(called(here), called(there))


def given_of(ours: Called, theirs: Called) -> Level:
    """As `compare_given`, of names that are made ready."""
    best: tuple[int, str, str] | None = None
    for one in ours.forms:
        for other in theirs.forms:
            level = given_level(one, other)
            if level is not None:
                found = (level, one.shown, other.shown)
                best = found if best is None else min(best, found)
    if best is None:
        return Level(NOT_COMPARED, ours.first, theirs.first)
    return Level(GIVEN_LEVELS[best[0]], best[1], best[2])


def family_of(ours: Called, theirs: Called) -> Level:
    """As `compare_family`, of names that are made ready."""
    best: tuple[int, str, str] | None = None
    for one in ours.forms:
        for other in theirs.forms:
            level = family_level(one, other)
            if level is not None:
                found = (level, one.family, other.family)
                best = found if best is None else min(best, found)
    if best is None:
        return Level(NOT_COMPARED, ours.families, theirs.families)
    return Level(FAMILY_LEVELS[best[0]], best[1], best[2])


def swapped(ours: Called, theirs: Called) -> bool:
    """As `names_swapped`, of names that are made ready."""
    for one in ours.forms:
        for other in theirs.forms:
            if _crosswise(one, other):
                return True
    return False


def _crosswise(one: Form, other: Form) -> bool:
    if not (one.given and one.family and other.given and other.family) or one.joined == one.family_joined:
        return False
    return _same(one, other) and _same(other, one)


def _same(one: Form, other: Form) -> bool:
    """True where the given name of one is the family name of the other, be it spelt otherwise."""
    return (
        other.family_joined in (one.joined, one.given[0].replace(" ", ""))
        or kind_of_variant(one.given[0], other.family) == "spelling"
    )
