"""The forms in which values are compared. Originals are kept elsewhere; nothing here is ever stored or shown."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

import jellyfish

from mash_trawl.model.person import Address, Name

PLACEHOLDER_NAMES = frozenset({"baby", "babe", "unborn", "infant", "unknown", "not known", "nk", "no name", "twin"})
_MARKS = re.compile(r"['’`´.]")
_BREAKS = re.compile(r"[\s\-‐‑–_/,]+")


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
    """The folded given names of each name that has any: first name first, then middle names."""
    found = (tuple(part for part in map(fold, name.given) if part) for name in names)
    return tuple(dict.fromkeys(item for item in found if item))


def family_names(names: tuple[Name, ...]) -> tuple[str, ...]:
    """The folded family names, usual ones and former ones alike, each once."""
    found = (fold(name.family) for name in names if name.family)
    return tuple(dict.fromkeys(item for item in found if item))


def is_placeholder(given: str) -> bool:
    """True for a word that stands for a missing given name: `Baby`, `Unborn`, `Twin 2`."""
    return re.sub(r"\s*\d+$", "", given) in PLACEHOLDER_NAMES


@lru_cache(maxsize=1)
def _variant_groups() -> dict[str, frozenset[int]]:
    """Each known name with the numbers of the lines of variants.txt that hold it."""
    groups: dict[str, set[int]] = {}
    text = files("mash_trawl.identity").joinpath("variants.txt").read_text("utf-8")
    for number, line in enumerate(text.splitlines()):
        for name in line.split("#")[0].split():
            groups.setdefault(fold(name.replace("_", " ")), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in groups.items()}


def are_variants(one: str, other: str) -> bool:
    """True when two folded names stand in one line of the variants file."""
    groups = _variant_groups()
    return bool(groups.get(one, frozenset()) & groups.get(other, frozenset()))


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
