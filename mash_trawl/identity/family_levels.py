"""Two family names: at which level do they agree? Half of one, another ending or a particle is nearly the same."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from mash_trawl.identity.forms import LONGEST, Form
from mash_trawl.identity.given_levels import sound_alike
from mash_trawl.identity.romanise import romanised
from mash_trawl.identity.variants import is_same_family_name

EXACT, NEAR, WEAK, DIFFERENT = range(4)
_ENDINGS = (
    ("ski", "ska"), ("cki", "cka"), ("dzki", "dzka"), ("sky", "skaya", "skaia", "ska"), ("skyi", "ska"),
    ("ov", "ova"), ("ev", "eva"), ("yov", "yova"), ("in", "ina"), ("yn", "yna"),
    ("as", "iene", "aite"), ("is", "iene", "yte"), ("ys", "iene", "yte"), ("us", "iene", "ute", "iute"),
    ("s", "a"), ("", "ova"), ("os", "ou"), ("is", "i"), ("as", "a"), ("son", "dottir"),
)  # fmt: skip
"""A man's ending and a woman's: Polish, Russian and Ukrainian, Bulgarian, Lithuanian, Latvian, Czech and Slovak, Greek,
Icelandic. Lithuanian wives and daughters have each their own."""


def family_level(one: Form, other: Form) -> int | None:
    """The level of two family names; None where they cannot be compared: none, two scripts, or a mere title."""
    if not one.family or not other.family:
        return None
    if one.family_scripts and other.family_scripts and one.family_scripts.isdisjoint(other.family_scripts):
        return _across_scripts(one, other)
    if one.family_joined == other.family_joined:
        return NEAR if one.title_only else EXACT
    if one.title_only or other.title_only:
        return None
    if not one.core.isdisjoint(other.core) or one.written_out[1] == other.written_out[1]:
        return NEAR
    level = words_level(one.family[:LONGEST], other.family[:LONGEST])
    return NEAR if level > NEAR and (_among_given(one, other) or _among_given(other, one)) else level


def _among_given(one: Form, other: Form) -> bool:
    """True where one register's family name stands among the other's middle names: a father's name, a second one."""
    return len(other.words) > 1 and bool(one.core) and one.core.issubset(other.words[1:])


def words_level(one: str, other: str) -> int:
    """The level of two folded family names of one script on their own."""
    if one == other:
        return EXACT
    return _words_level(one, other) if one < other else _words_level(other, one)


@lru_cache(maxsize=16384)
def _words_level(one: str, other: str) -> int:
    if JaroWinkler.similarity(one, other, score_cutoff=0.92) or is_same_family_name(one, other):
        return NEAR
    if _differ_by_ending(one, other):
        return NEAR
    return WEAK if sound_alike(one, other) else DIFFERENT


def _differ_by_ending(one: str, other: str) -> bool:
    """Kowalski and Kowalska, Kazlauskas and Kazlauskaite, Novak and Novakova, Einarsson and Einarsdottir."""
    if one[:4] != other[:4]:
        return False
    return any(
        len(_stem(one, mine)) > 3 and _stem(one, mine) == _stem(other, yours)
        for group in _ENDINGS
        for mine in group
        for yours in group
        if mine != yours and one.endswith(mine) and other.endswith(yours)
    )


def _stem(name: str, ending: str) -> str:
    return name.removesuffix(ending) if ending else name


def _across_scripts(one: Form, other: Form) -> int | None:
    """A Cyrillic family name and a Latin one: near or weak where one of its Latin forms is like it."""
    mine, yours = one.family[:LONGEST], other.family[:LONGEST]
    if other.family_scripts == {"CYRILLIC"}:
        mine, yours = yours, mine
    elif one.family_scripts != {"CYRILLIC"}:
        return None
    level = min(words_level(form, yours) for form in romanised(mine))
    return max(level, NEAR) if level <= WEAK else None
