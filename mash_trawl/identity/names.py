"""Names: at which level do two people's given and family names agree?"""

from __future__ import annotations

from mash_trawl.identity.family_levels import family_level
from mash_trawl.identity.forms import Form, forms
from mash_trawl.identity.given_levels import given_level
from mash_trawl.identity.level import NOT_COMPARED, Level
from mash_trawl.identity.normalise import fold
from mash_trawl.identity.variants import kind_of_variant
from mash_trawl.model.person import Name

GIVEN_LEVELS = ("exact", "spelling", "short form", "near", "weak", "different")
FAMILY_LEVELS = ("exact", "near", "weak", "different")


def compare_given(here: tuple[Name, ...], there: tuple[Name, ...]) -> Level:
    """exact, spelling, short form, near, weak or different; the best of all names known on both sides.

    A Cyrillic name agrees with a Latin one at most nearly. Names in two other scripts are not compared.
    """
    pairs = [
        (level, one.shown, other.shown)
        for one in forms(here)
        for other in forms(there)
        if (level := given_level(one, other)) is not None
    ]
    if not pairs:
        return Level(name=NOT_COMPARED, here=_given(here), there=_given(there))
    rank, mine, yours = min(pairs)
    return Level(name=GIVEN_LEVELS[rank], here=mine, there=yours)


def compare_family(here: tuple[Name, ...], there: tuple[Name, ...]) -> Level:
    """exact, near, weak or different; former names and aliases count on both sides.

    A title in the place of a family name (Begum, Kaur) agrees nearly with the same title and with nothing else.
    """
    ours, theirs = forms(here), forms(there)
    pairs = [
        (level, one.family, other.family)
        for one in ours
        for other in theirs
        if (level := family_level(one, other)) is not None
    ]
    if not pairs:
        return Level(name=NOT_COMPARED, here=_families(ours), there=_families(theirs))
    rank, mine, yours = min(pairs)
    return Level(name=FAMILY_LEVELS[rank], here=mine, there=yours)


def names_swapped(here: tuple[Name, ...], there: tuple[Name, ...]) -> bool:
    """True when given and family name agree crosswise: a naming order that was read the wrong way round."""
    return any(_crosswise(one, other) for one in forms(here) for other in forms(there))


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


def _given(names: tuple[Name, ...]) -> str:
    return fold(" ".join(names[0].given)) if names else ""


def _families(held: tuple[Form, ...]) -> str:
    return " ".join(dict.fromkeys(form.family for form in held if form.family))
