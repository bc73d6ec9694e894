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
    adult minor grandson granddaughter daughter stepson stepdaughter spouse husband wife mother father grandmother
    grandfather sister brother niece nephew aunt uncle cousin lodger tenant resident occupant occupier householder
    oldest youngest eldest firstborn mum mummy mom dad daddy gentleman woman stepchild stepmother stepfather foetal
    grandchild relative guardian carer visitor inmate respondent applicant claimant dau dtr
    hijo hija esposo esposa hermano hermana filho filha corka dziecko noworodek copil bebelus dytyna
    """.split()  # noqa: SIM905 - words in a row read better than a list of them
)
_ANYWHERE = frozenset({"baby", "infant", "newborn", "unborn", "unnamed", "unknown", "twin", "triplet"})
_OPENINGS = tuple(f"{words} " for words in (
    "b o", "bo of", "s o", "d o", "son of", "daughter of", "new born", "un named", "not known", "not named",
    "not stated", "not given", "not yet", "not recorded", "no name", "no forename", "no first name", "none given",
    "yet to be named", "to be confirmed", "to be named", "n k", "n a", "name not", "man of", "lady of", "head of",
))  # fmt: skip
_CROSSED = re.compile(r"x+|z{2,}")
_MISLEADING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|(?<=\\w)[\u061c\u200e\u200f]+(?=\\w)")
_HEAPED = "mmmm"
"""Four marks on one letter: Vietnamese and Yoruba have two, pointed Hebrew and Arabic three."""
_COUNTED = re.compile(r"[\d#()\[\]]+")
_NO_FAMILY_OPENINGS = tuple(f"{words} " for words in ("not known", "no name", "n k", "not stated", "not recorded"))
_NO_FAMILY_NAME = frozenset({"unknown", "unk", "nk", "unnamed", "surname", "lnu", "tbc", "tba"})
_CACHED = 256
_LATIN = frozenset({"LATIN"})
_SCRIPTS_OF_WORDS = frozenset({"CJK", "HANGUL", "HIRAGANA", "KATAKANA"})


def is_placeholder(given: str) -> bool:
    """True for folded words that stand for a missing given name, counted or not; also for what holds no letter.

    A name that only begins so (`Baby Aisha`) counts too: it may be the mother's name that follows.
    """
    if given.isalpha():
        return given in _STANDS_FOR_A_NAME or _CROSSED.fullmatch(given) is not None
    words = _COUNTED.sub(" ", given).split()
    bare = " ".join(words)
    if not any(letter.isalpha() for letter in bare) or _CROSSED.fullmatch(bare):
        return True
    if words[0] in _STANDS_FOR_A_NAME or not _ANYWHERE.isdisjoint(words):
        return True
    return f"{bare} ".startswith(_OPENINGS)


def is_placeholder_family(family: str) -> bool:
    """True for folded words that stand for a missing family name."""
    if _CROSSED.fullmatch(family) or not any(letter.isalpha() for letter in family):
        return True
    return family in _NO_FAMILY_NAME or f"{family} ".startswith(_NO_FAMILY_OPENINGS)


def is_odd(text: str) -> bool:
    """True for what no register writes on purpose: control and direction signs within a name, heaps of accents.

    What was read on a screen was then not what stands there.
    """
    if text.isascii() and text.isprintable():
        return False
    marks = "".join("m" if unicodedata.combining(sign) else " " for sign in unicodedata.normalize("NFD", text))
    return _HEAPED in marks or _MISLEADING.search(text) is not None


def is_initial(given: str) -> bool:
    """True when every part is one letter of an alphabet: `A`, `A B`. One sign of Chinese or Korean is a whole name."""
    return all(len(part) == 1 and scripts(part).isdisjoint(_SCRIPTS_OF_WORDS) for part in given.split())


def scripts(text: str) -> frozenset[str]:
    """The scripts of the letters, by the first word of their Unicode names: LATIN, CYRILLIC, ARABIC."""
    return _scripts(text) if len(text) <= _CACHED else _scripts.__wrapped__(text)


@lru_cache(maxsize=4096)
def _scripts(text: str) -> frozenset[str]:
    if text.isascii():
        return _LATIN if text.isalpha() or any(letter.isalpha() for letter in text) else frozenset()
    return frozenset(unicodedata.name(letter, "?").split()[0] for letter in set(text) if letter.isalpha())


def one_script(one: str, other: str) -> bool:
    """False for two names of which no letter is of one script; a name without letters stands in nobody's way."""
    ours, theirs = scripts(one), scripts(other)
    return not ours or not theirs or not ours.isdisjoint(theirs)
