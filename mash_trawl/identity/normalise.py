"""The forms in which values are compared. Originals are kept elsewhere; nothing here is ever stored or shown."""

from __future__ import annotations

import re
from functools import lru_cache

import jellyfish

from mash_trawl.identity.placeholders import is_placeholder, is_placeholder_family
from mash_trawl.model.folding import CACHED, fold
from mash_trawl.model.person import Name

Written = tuple[tuple[tuple[str, ...], str | None], ...]
"""Names as plain text, given and family: what the caches of this room are keyed by."""


@lru_cache(maxsize=8192)
def soundex(text: str) -> str:
    """The Soundex code of a folded Latin name; empty when there is none, and an empty code agrees with nothing."""
    letters = re.sub(r"[^a-z]", "", fold(text[:CACHED]))
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
