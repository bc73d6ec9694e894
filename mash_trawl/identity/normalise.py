"""The forms in which values are compared. Originals are kept elsewhere; nothing here is ever stored or shown."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import jellyfish

from mash_trawl.identity.placeholders import is_placeholder, is_placeholder_family
from mash_trawl.model.person import Name

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
