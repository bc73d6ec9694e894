"""Words that stand where a name should be: `Baby Girl`, `Twin Two`, `B/O`, `Unnamed`. They are never compared or asked.

Two records that both say `Baby` agree in nothing: it is how twins are written before they are named.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_STANDS_FOR_A_NAME = frozenset(
    """
    baby babe bby bbg bbb bub babygirl babyboy infant newborn neonate unborn fetus foetus twin twins triplet triplets
    quad quadruplet sibling unnamed unknown unk nk tbc tba fnu nfn girl boy male female child kid mr mrs miss ms
    """.split()  # noqa: SIM905 - words in a row read better than a list of them
)
_ANYWHERE = frozenset({"baby", "infant", "newborn", "unborn", "unnamed", "unknown", "twin", "triplet"})
_OPENINGS = (
    "b o", "bo of", "s o", "d o", "son of", "daughter of", "new born", "un named", "not known", "not named",
    "not stated", "not given", "not yet", "not recorded", "no name", "no forename", "no first name", "none given",
    "yet to be named", "to be confirmed", "to be named", "n k", "n a", "name not",
)  # fmt: skip
_COUNTED = re.compile(r"[\d#()\[\]]+")
_NO_FAMILY_NAME = frozenset({"unknown", "unk", "nk", "unnamed", "surname", "lnu", "tbc", "tba"})
_CACHED = 256
_SCRIPTS_OF_WORDS = frozenset({"CJK", "HANGUL", "HIRAGANA", "KATAKANA"})


def is_placeholder(given: str) -> bool:
    """True for folded words that stand for a missing given name, counted or not; also for what holds no letter.

    A name that only begins so (`Baby Aisha`) counts too: it may be the mother's name that follows.
    """
    bare = " ".join(_COUNTED.sub(" ", given).split())
    if not any(letter.isalpha() for letter in bare) or re.fullmatch(r"x+|z{2,}", bare):
        return True
    words = bare.split()
    if words[0] in _STANDS_FOR_A_NAME or not _ANYWHERE.isdisjoint(words):
        return True
    return any(bare == opening or bare.startswith(f"{opening} ") for opening in _OPENINGS)


def is_placeholder_family(family: str) -> bool:
    """True for folded words that stand for a missing family name."""
    if not any(letter.isalpha() for letter in family) or re.fullmatch(r"x+|z{2,}", family):
        return True
    return family in _NO_FAMILY_NAME or any(family.startswith(opening) for opening in ("not known", "no name", "n k"))


def is_initial(given: str) -> bool:
    """True when every part is one letter of an alphabet: `A`, `A B`. One sign of Chinese or Korean is a whole name."""
    return all(len(part) == 1 and scripts(part).isdisjoint(_SCRIPTS_OF_WORDS) for part in given.split())


def scripts(text: str) -> frozenset[str]:
    """The scripts of the letters, by the first word of their Unicode names: LATIN, CYRILLIC, ARABIC."""
    return _scripts(text) if len(text) <= _CACHED else _scripts.__wrapped__(text)


@lru_cache(maxsize=4096)
def _scripts(text: str) -> frozenset[str]:
    return frozenset(unicodedata.name(letter, "?").split()[0] for letter in set(text) if letter.isalpha())


def one_script(one: str, other: str) -> bool:
    """False for two names of which no letter is of one script; a name without letters stands in nobody's way."""
    ours, theirs = scripts(one), scripts(other)
    return not ours or not theirs or not ours.isdisjoint(theirs)
