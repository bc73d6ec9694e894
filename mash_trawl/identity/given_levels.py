"""Two given names, each with its middle names: at which level do they agree?

What twins can both bear is never the same name here: it is near at best, and a person decides.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from mash_trawl.identity.forms import LONGEST, Form
from mash_trawl.identity.normalise import soundex
from mash_trawl.identity.placeholders import is_initial, one_script
from mash_trawl.identity.romanise import romanised
from mash_trawl.identity.variants import beginnings, is_name, is_shared, kind_of_variant, parts, titles

EXACT, SPELLING, SHORT, SLIP, NEAR, WEAK, DIFFERENT = range(7)
SHORTEST = 4
"""Among shorter words one letter more, less or turned is another name as often as a slip."""
_VARIANTS = {"spelling": SPELLING, "short": SHORT, "sometimes": WEAK}


def given_level(one: Form, other: Form) -> int | None:
    """The level of two names; None where they cannot be compared: no name, or two scripts that do not meet."""
    if not one.given or not other.given:
        return None
    if one.scripts and other.scripts and one.scripts.isdisjoint(other.scripts):
        return _across_scripts(one, other)
    level = _level(one, other)
    return max(level, NEAR) if one.odd or other.odd or _sexes_differ(one, other) else level


def _level(one: Form, other: Form) -> int:
    if one.initial or other.initial:
        return WEAK if one.words[0][0] == other.words[0][0] else DIFFERENT
    if one.joined == other.joined:
        return EXACT
    if one.one_word and other.one_word:  # there is no other part to look at
        return min(word_level(one.given[0], other.given[0]), SPELLING if _written_alike(one, other) else DIFFERENT)
    return min(_parts_level(one, other), _whole_level(one, other))


def _sexes_differ(one: Form, other: Form) -> bool:
    """Harpreet Kaur is a woman and Harpreet Singh a man."""
    return bool(one.sexes and other.sexes) and one.sexes.isdisjoint(other.sexes)


def _whole_level(one: Form, other: Form) -> int:
    """Abdul | Karim and Abdul Karim, Hodan | Abdi Warsame and Hodan Abdi | Warsame: one name, divided otherwise."""
    if _written_alike(one, other):
        return SPELLING
    kind = kind_of_variant(one.spoken, other.spoken)
    return DIFFERENT if kind is None else _VARIANTS[kind]


def _written_alike(one: Form, other: Form) -> bool:
    """The same words, given and family, or the same letters where some write two for one."""
    ours, theirs = one.written_out[0], other.written_out[0]
    return one.whole == other.whole or ours in (theirs, other.joined) or one.joined == theirs


def _parts_level(one: Form, other: Form) -> int:
    mine, yours = one.given, other.given
    level = word_level(mine[0], yours[0])
    if level > SHORT and (_is_called(one.words, other.words) or _is_called(other.words, one.words)):
        return SHORT
    if level > NEAR and (_stands_in(mine[0], yours[1:]) or _stands_in(yours[0], mine[1:])):
        return NEAR
    if level > NEAR and (_is_bare_title(one, other) or _is_bare_title(other, one)):
        return NEAR
    if is_shared(one.words[0]) and word_level(one.words[0], other.words[0]) <= SPELLING:
        return _rest_level(one.words, other.words)
    if level < NEAR and len(mine) > 1 and len(yours) > 1 and not _middle_names_meet(mine[1:], yours[1:]):
        return NEAR
    return level


def _rest_level(ours: tuple[str, ...], theirs: tuple[str, ...]) -> int:
    """Mohammed Ali and Mohammed Hassan are brothers: after a shared first part all the rest has to be the same."""
    if len(ours) != len(theirs):
        return NEAR
    worst = max(word_level(mine, yours) for mine, yours in zip(ours, theirs, strict=True))
    return worst if worst <= SPELLING else NEAR


def _is_called(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    """True where Md Abdul Karim is called Abdul Karim, or Karim: one leaves such first parts out."""
    rest = longer
    while len(rest) > 1 and rest[0] in parts("dropped"):
        rest = rest[1:]
        if len(rest) == len(shorter) and all(
            word_level(mine, yours) <= SPELLING for mine, yours in zip(rest, shorter, strict=True)
        ):
            return True
    return False


def _stands_in(first: str, middle: tuple[str, ...]) -> bool:
    return any(first == name or kind_of_variant(first, name) == "spelling" for name in middle)


def _is_bare_title(one: Form, other: Form) -> bool:
    """Bibi alone, and Fatima Bibi: which girl it is is not said."""
    return one.spoken in titles() and one.spoken in other.shown.split()


def _middle_names_meet(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """True when any middle name is on both sides, be it spelt otherwise or as an initial."""
    return any(
        (mine[0] == yours[0] if is_initial(mine) or is_initial(yours) else word_level(mine, yours) <= NEAR)
        or not one_script(mine, yours)
        for mine in ours
        for yours in theirs
    )


def word_level(one: str, other: str) -> int:
    """The level of two first names on their own."""
    if one == other:
        return EXACT
    return _word_level(one, other) if one < other else _word_level(other, one)


@lru_cache(maxsize=16384)
def _word_level(one: str, other: str) -> int:
    if one.replace(" ", "") == other.replace(" ", ""):
        return EXACT
    kind = kind_of_variant(one, other)
    if kind is not None:
        return _VARIANTS[kind]
    if _is_compound(one, other):
        return NEAR
    one, other = _without_beginning(one, other)
    shorter, slips = min(len(one), len(other)), OSA.distance(one, other, score_cutoff=1)
    alike = JaroWinkler.similarity(one, other, score_cutoff=0.82)
    if slips == 1 and is_slip(one, other):
        return SLIP
    if alike >= 0.92 or (slips == 1 and shorter > 3):
        return NEAR
    if alike >= 0.82 or (slips == 1 and shorter == 3) or sound_alike(one, other):
        return WEAK
    return DIFFERENT


def is_slip(one: str, other: str) -> bool:
    """Whether one is a name and the other that name with one slip of the keys: Gemma and Gema, Jessica and Jsesica.

    The slip is inside the word: a letter too few or too many, or two neighbours exchanged; another letter in place of
    one is how names differ (Jayden, Hayden). What is a name of its own (Amna beside Amina) is no slip of another, and
    where neither is known, nothing can be said.
    """
    if len(max(one, other, key=len)) < SHORTEST or is_name(one) == is_name(other):
        return False
    if one[0] != other[0] or (len(one) != len(other) and one[-1] != other[-1]):
        return False
    return len(one) != len(other) or sorted(one) == sorted(other)


def _without_beginning(one: str, other: str) -> tuple[str, str]:
    """Oluwaseun and Oluwatobi, Abdirahman and Abdirashid: what both begin with tells brothers not apart."""
    for beginning in beginnings() if one[0] == other[0] else ():
        if one.startswith(beginning) and other.startswith(beginning) and min(len(one), len(other)) > len(beginning) + 2:
            return one.removeprefix(beginning), other.removeprefix(beginning)
    return one, other


def _is_compound(one: str, other: str) -> bool:
    ours, theirs = one.split(), other.split()
    if len(ours) < 2 and len(theirs) < 2:
        return False
    return not {part for part in ours if len(part) > 2}.isdisjoint(theirs)


def sound_alike(one: str, other: str) -> bool:
    """True for two Latin names of one Soundex code; nothing sounds like a name without a code."""
    code = soundex(one)
    return code != "" and code == soundex(other)


def _across_scripts(one: Form, other: Form) -> int | None:
    """A Cyrillic name and a Latin one: near or weak where one of its Latin forms is like it, else not compared."""
    mine, yours = one.given[0], other.given[0]
    if other.scripts == {"CYRILLIC"}:
        mine, yours = yours, mine
    elif one.scripts != {"CYRILLIC"}:
        return None
    level = min(word_level(form, yours[:LONGEST]) for form in romanised(mine))
    return max(level, NEAR) if level <= WEAK else None
