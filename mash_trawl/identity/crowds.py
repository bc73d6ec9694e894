"""Addresses that many share say nothing about one person: hostels, refuges, prisons, children's homes, no fixed abode.

They are known from the profile's list, from the pseudo-postcode ZZ99, or because the source itself shows a crowd there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

from mash_trawl.identity.places import place_of
from mash_trawl.identity.side import Side
from mash_trawl.model.person import Address

CROWD = 12
"""More different people of one source than this at one home are no family."""
_MANY_LIVE_HERE = re.compile(
    r"\b(?:hostel|refuge|hmp|hm prison|prison|yoi|secure (?:unit|centre)|(?:night )?shelter|"
    r"(?:child(?:ren)?['’]?s|care|nursing|residential|foyer|probation|bail) (?:home|house|hostel)|"
    r"women['’]?s aid|immigration removal centre|approved premises|barracks)\b",
    re.IGNORECASE,
)
"""Words on the envelope of a place where strangers live together."""


def crowded_homes(candidates: Sequence[Side], most: int = CROWD) -> frozenset[str]:
    """The homes at which one source shows more than `most` different people among these candidates."""
    if len(candidates) <= most:
        return frozenset()
    count = Counter(key for side in candidates for key in {key for held in side.addresses for key in homes(held)})
    return frozenset(key for key, people in count.items() if people > most)


def homes(address: Address) -> tuple[str, ...]:
    """The keys under which an address is one home; none for no place to live at."""
    place = place_of(address)
    return place.homes if place else ()


def without_crowds(
    addresses: tuple[Address, ...], crowded: Collection[str], shared: Collection[str]
) -> tuple[Address, ...]:
    """The addresses that can say whom they belong to; the same tuple where all do."""
    kept = [held for held in addresses if not _counts_nothing(held, crowded, shared)]
    return addresses if len(kept) == len(addresses) else tuple(kept)


def meet_in_a_crowd(here: Sequence[Address], there: Sequence[Address]) -> bool:
    """True when two of these, which count nothing, are one home or one pseudo-postcode."""
    ours, theirs = ({_bare(held.postcode or "") for held in side} - {""} for side in (here, there))
    mine, yours = ({key for held in side for key in homes(held)} for side in (here, there))
    return not (ours.isdisjoint(theirs) and mine.isdisjoint(yours))


def _counts_nothing(address: Address, crowded: Collection[str], shared: Collection[str]) -> bool:
    code = address.postcode or ""
    if _many_live_at(tuple(address.lines)):
        return True
    if not crowded and not shared and code[:1] not in ("Z", "z"):
        return False
    bare = _bare(code)
    if bare.startswith("ZZ99") or bare in shared or (address.uprn or "").lstrip("0") in shared:
        return True
    return bool(crowded) and not set(homes(address)).isdisjoint(crowded)


@lru_cache(maxsize=4096)
def _many_live_at(lines: tuple[str, ...]) -> bool:
    return _MANY_LIVE_HERE.search(" ".join(lines)) is not None


def _bare(postcode: str) -> str:
    return "".join(postcode.split()).upper()
