"""The forms in which values are compared. Originals are kept elsewhere; nothing here is ever stored or shown."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import jellyfish

from mash_trawl.identity.placeholders import is_placeholder, is_placeholder_family
from mash_trawl.model.person import Name

Written = tuple[tuple[tuple[str, ...], str | None], ...]
"""Names as plain text, given and family: what the caches of this room are keyed by."""

_MARKS = re.compile(r"['’‘‛`´ʼʻʹʾʿ\"“”„]")
_BREAKS = re.compile(r"[\s\-‐‑–_/,.·]+")
_UNSEEN = re.compile("[\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
"""Soft hyphen, tatweel, joiners, direction marks and variation signs: they come with copying and mean nothing."""
_LETTERS = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɛ": "e", "ɔ": "o", "ƴ": "y",
})  # fmt: skip
"""Latin letters that do not come apart into a plain letter and a mark."""
_BARE = frozenset({"LATIN", "GREEK", "ARABIC", "HEBREW"})
"""Scripts in which marks over and under letters are often left out; in others (й, ї, Indian vowels) they count."""
_CACHED = 256
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ṣ": "sh", "ş": "sh", "č": "ch",
                              "š": "sh", "ž": "zh"})  # fmt: skip


def fold(text: str) -> str:
    """Lower case, no marks on Latin letters, one space between parts. Other scripts keep their letters."""
    return _fold(text) if len(text) <= _CACHED else _fold.__wrapped__(text)


@lru_cache(maxsize=8192)
def _fold(text: str) -> str:
    if text.isascii() and text.isalpha():
        return text.lower()
    if text.isascii():
        return _BREAKS.sub(" ", _MARKS.sub("", text.lower())).strip()
    kept: list[str] = []
    for letter in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()):
        if unicodedata.combining(letter) and kept and script(kept[-1]) in _BARE:
            continue
        kept.append(letter)
    bare = _MARKS.sub("", _UNSEEN.sub("", "".join(kept).casefold().translate(_LETTERS)))
    return _BREAKS.sub(" ", unicodedata.normalize("NFC", bare)).strip()


@lru_cache(maxsize=2048)
def script(letter: str) -> str:
    """The script of one letter, by the first word of its Unicode name."""
    return unicodedata.name(letter, "?").split()[0]


def written_out(text: str) -> str:
    """Folded, with the letters that some write as two: Müller as Mueller, Ṣade as Shade. Else the same as `fold`."""
    if text.isascii() or len(text) > _CACHED:
        return fold(text)
    return fold(unicodedata.normalize("NFC", text).lower().translate(_TWO_LETTERS))


@lru_cache(maxsize=8192)
def soundex(text: str) -> str:
    """The Soundex code of a folded Latin name; empty when there is none, and an empty code agrees with nothing."""
    letters = re.sub(r"[^a-z]", "", fold(text[:_CACHED]))
    return jellyfish.soundex(letters) if letters else ""


def written(names: tuple[Name, ...]) -> Written:
    """The names as plain text."""
    return tuple([(tuple(name.given), name.family) for name in names])


def given_names(names: tuple[Name, ...]) -> tuple[tuple[str, ...], ...]:
    """The folded given names of each name that has any: first name first, then middle names. `Baby Girl` is none."""
    return tuple(dict.fromkeys(item for name in names if (item := given_parts(tuple(name.given)))))


@lru_cache(maxsize=4096)
def given_parts(given: tuple[str, ...]) -> tuple[str, ...]:
    """The folded parts of one given name; none where they are words in place of a name."""
    item = tuple(part for part in map(fold, given) if part)
    return item if item and not is_placeholder(" ".join(item)) else ()


def family_names(names: tuple[Name, ...]) -> tuple[str, ...]:
    """The folded family names, usual ones and former ones alike, each once. `Unknown` is none."""
    return tuple(dict.fromkeys(item for name in names if name.family and (item := family_part(name.family))))


@lru_cache(maxsize=4096)
def family_part(family: str) -> str:
    """One folded family name; empty where it is a word in place of one."""
    item = fold(family)
    return item if item and not is_placeholder_family(item) else ""
