"""The forms in which values are compared. Originals are kept elsewhere; nothing here is ever stored or shown."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import jellyfish

from mash_trawl.identity.placeholders import is_placeholder, is_placeholder_family
from mash_trawl.model.person import Address, Name

_MARKS = re.compile(r"['’`´]")
_BREAKS = re.compile(r"[\s\-‐‑–_/,.]+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case, no accents on Latin letters, one space between parts. Other scripts stay as they are."""
    kept: list[str] = []
    for letter in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(letter) and kept and "LATIN" in unicodedata.name(kept[-1], ""):
            continue
        kept.append(letter)
    bare = _MARKS.sub("", "".join(kept)).casefold()
    return _BREAKS.sub(" ", unicodedata.normalize("NFC", bare)).strip()


@lru_cache(maxsize=4096)
def soundex(text: str) -> str:
    """The Soundex code of a folded Latin name; empty when there is none, and an empty code agrees with nothing."""
    letters = re.sub(r"[^a-z]", "", fold(text))
    return jellyfish.soundex(letters) if letters else ""


def given_names(names: tuple[Name, ...]) -> tuple[tuple[str, ...], ...]:
    """The folded given names of each name that has any: first name first, then middle names. `Baby Girl` is none."""
    found = (tuple(part for part in map(fold, name.given) if part) for name in names)
    return tuple(dict.fromkeys(item for item in found if item and not is_placeholder(" ".join(item))))


def family_names(names: tuple[Name, ...]) -> tuple[str, ...]:
    """The folded family names, usual ones and former ones alike, each once. `Unknown` is none."""
    found = (fold(name.family) for name in names if name.family)
    return tuple(dict.fromkeys(item for item in found if item and not is_placeholder_family(item)))


def postcode(text: str | None) -> str:
    """Upper case without spaces; empty when absent or a pseudo-postcode (ZZ99 means no fixed abode or abroad)."""
    bare = re.sub(r"\s+", "", text or "").upper()
    return "" if bare.startswith("ZZ99") else bare


def sector(code: str) -> str:
    """The postcode without its last two letters: some three thousand homes."""
    return code[:-2] if len(code) >= 5 else ""


def doorstep(address: Address) -> tuple[str, str]:
    """House number (or first word) and street from the first line; two empty texts when it holds no number."""
    line = fold(" ".join(address.lines[:1]))
    found = re.search(r"\b(\d+[a-z]?)\s+(.+)$", line)
    return (found[1], found[2]) if found else ("", "")


def digits(text: str | None) -> str:
    """An identifier without spaces and separators, upper case."""
    return re.sub(r"[^0-9A-Za-z]", "", text or "").upper()


def nhs_number_can_be(number: str) -> bool:
    """Ten figures with the right check figure (modulus 11), not all the same: 0000000000 is nobody's."""
    if not re.fullmatch(r"[0-9]{10}", number) or len(set(number)) == 1:
        return False
    check = 11 - sum(int(figure) * weight for figure, weight in zip(number, range(10, 1, -1), strict=False)) % 11
    return int(number[9]) == check % 11
