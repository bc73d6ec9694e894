"""Names with everything gone in which one name is written in two ways: capitals, marks, apostrophes, kinds of gap."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MARKS = re.compile(r"['’‘‛`´ʼʻʹʾʿ\"“”„]")
_BREAKS = re.compile(r"[\s\-‐‑–_/,.·]+")
_UNSEEN = re.compile("[\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
"""Soft hyphen, tatweel, joiners, direction marks and variation signs: they come with copying and mean nothing."""
_LETTERS = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɛ": "e", "ɔ": "o", "ƴ": "y",
})  # fmt: skip
"""Latin letters that do not come apart into a plain letter and a mark."""
_CAPITALS = {ord(chr(small).upper()): str(plain).title() for small, plain in _LETTERS.items()
             if not chr(small).upper().isascii()}  # fmt: skip
_BARE = frozenset({"LATIN", "GREEK", "ARABIC", "HEBREW"})
"""Scripts in which marks over and under letters are often left out; in others (й, ї, Indian vowels) they count."""
CACHED = 256
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ṣ": "sh", "ş": "sh", "č": "ch",
                              "š": "sh", "ž": "zh"})  # fmt: skip


def fold(text: str) -> str:
    """Lower case, no marks on Latin letters, one space between parts. Other scripts keep their letters."""
    return _fold(text) if len(text) <= CACHED else _fold.__wrapped__(text)


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


def unmarked(text: str) -> str:
    """The letters without their marks, in the capitals that they have: Zoë as Zoe, ŁUKASZ as LUKASZ."""
    kept: list[str] = []
    for letter in unicodedata.normalize("NFKD", text):
        if not (unicodedata.combining(letter) and kept and script(kept[-1]) in _BARE):
            kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept).translate(_LETTERS | _CAPITALS))


def written_out(text: str) -> str:
    """Folded, with the letters that some write as two: Müller as Mueller, Ṣade as Shade. Else the same as `fold`."""
    if text.isascii() or len(text) > CACHED:
        return fold(text)
    return fold(unicodedata.normalize("NFC", text).lower().translate(_TWO_LETTERS))
