"""Addresses: the forms in which they are compared, and the level at which two people's agree."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mash_trawl.identity.level import NOT_COMPARED, Level
from mash_trawl.identity.normalise import fold
from mash_trawl.model.person import Address


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


def compare_addresses(here: Iterable[Address], there: Iterable[Address]) -> Level:
    """home, postcode, sector or different: the best pair of any address, present or past, on both sides."""
    ranks = [
        (_address_level(one, other), _line(one), _line(other))
        for one in here if not one.no_fixed_address
        for other in there if not other.no_fixed_address
    ]  # fmt: skip
    ranks = [item for item in ranks if item[0] < len(ADDRESS_LEVELS)]
    if not ranks:
        return Level(name=NOT_COMPARED)
    rank, one, other = min(ranks)
    return Level(name=ADDRESS_LEVELS[rank], here=one, there=other)


ADDRESS_LEVELS = ("home", "postcode", "sector", "different")


def _address_level(one: Address, other: Address) -> int:
    ours, theirs = postcode(one.postcode), postcode(other.postcode)
    if one.uprn and one.uprn.lstrip("0") == (other.uprn or "").lstrip("0"):
        return 0
    near, far = doorstep(one), doorstep(other)
    if all(near) and near == far and (ours == theirs or not ours or not theirs):
        return 0
    if not ours or not theirs:
        return 3 if all(near) and all(far) else len(ADDRESS_LEVELS)
    if ours == theirs:
        return 1
    return 2 if sector(ours) == sector(theirs) != "" else 3


def _line(address: Address) -> str:
    return ", ".join(part for part in (*address.lines[:1], address.postcode or "") if part)
