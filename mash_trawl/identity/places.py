"""Addresses: the forms in which they are compared, and the level at which two people's agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mash_trawl.identity.level import NOTHING, Level
from mash_trawl.identity.streets import Door, read_lines
from mash_trawl.model.base import Private
from mash_trawl.model.person import Address

MOST_ADDRESSES = 20
"""So many addresses of one person are compared, those lived in last first."""
ADDRESS_LEVELS = ("home", "postcode", "sector", "different")
_NOT_COMPARED = len(ADDRESS_LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Place(Private):
    """An address as it is compared: property number, postcode, and the door that its lines name.

    `shown` is how it is shown. `homes` are the keys under which it is one home: its property number; its postcode with
    the door that its lines name.
    """

    uprn: str
    postcode: str
    sector: str
    door: Door
    shown: str = field(compare=False)
    homes: tuple[str, ...] = field(compare=False)


@lru_cache(maxsize=4096)
def postcode(text: str | None) -> str:
    """Upper case without spaces; empty when absent, no postcode at all, or a pseudo one.

    ZZ99 means no fixed abode, abroad or not known. What holds no figure, or is one sign repeated, stands for nothing.
    """
    bare = re.sub(r"[^0-9A-Z]", "", (text or "")[:32].upper())
    if bare.startswith("ZZ99") or not 4 <= len(bare) <= 10 or len(set(bare)) == 1 or bare.isalpha():
        return ""
    return bare


def sector(code: str) -> str:
    """The postcode without its last two letters: some three thousand homes."""
    return code[:-2] if len(code) >= 5 else ""


def sector_words(code: str) -> str:
    """The sector as it is written, `NB1 4`; empty when the postcode is none of the United Kingdom."""
    found = re.fullmatch(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9])[A-Z]{2}", code)
    return f"{found[1]} {found[2]}" if found else ""


@lru_cache(maxsize=4096)
def property_number(text: str | None) -> str:
    """A UPRN without leading zeros; empty when it is not one to twelve figures."""
    bare = re.sub(r"\s", "", (text or "")[:64]).lstrip("0")
    return bare if re.fullmatch(r"[0-9]{1,12}", bare) else ""


def place_of(address: Address) -> Place | None:
    """The address as it is compared; None for no place to live at (`no fixed abode`, ZZ99 without lines)."""
    return None if address.no_fixed_address else _place(address.lines, address.postcode, address.uprn)


@lru_cache(maxsize=8192)
def _place(lines: tuple[str, ...], code: str | None, uprn: str | None) -> Place | None:
    door = read_lines(lines)
    written = postcode(code) or door.postcode
    number = property_number(uprn)
    if door.nowhere or not (number or written or door.known):
        return None
    homes = [f"uprn {number}"] if number else []
    if written and door.known:
        homes.append(f"{written} {door.key}")
    return Place(
        uprn=number, postcode=written, sector=sector(written), door=door, homes=tuple(homes),
        shown=", ".join(part for part in (*lines[:1], code or "") if part),
    )  # fmt: skip


def compare_addresses(here: Iterable[Address], there: Iterable[Address]) -> Level:
    """The level of two people's addresses (`compare_places`)."""
    return compare_places(latest(here), latest(there))


def compare_places(ours: Iterable[Place], theirs: Sequence[Place]) -> Level:
    """home, postcode, sector or different: the best pair of any address, present or past, on both sides.

    Two flats of one building, and two properties with numbers of their own, are never one home, whatever their
    postcode. An address more never makes it worse, up to MOST_ADDRESSES on a side.
    """
    best: tuple[int, list[str], str, str] | None = None
    worst = _NOT_COMPARED - 1
    for one in ours:
        for other in theirs:
            rank = _rank(one, other)
            if rank > worst:
                continue
            found = (rank, sorted((one.shown, other.shown)), one.shown, other.shown)
            best, worst = found if best is None else min(best, found), rank
    return NOTHING if best is None else Level(ADDRESS_LEVELS[best[0]], best[2], best[3])


def latest(addresses: Iterable[Address]) -> tuple[Place, ...]:
    """Those that can be compared; where they are too many, each place once, and those lived in last."""
    found = [(address, place) for address in addresses if (place := place_of(address)) is not None]
    if len(found) <= MOST_ADDRESSES:
        return tuple([place for _, place in found])
    found.sort(key=lambda item: (_ended(item[0]), item[0].lines, item[1].postcode, item[1].uprn), reverse=True)
    once = {place: place for _, place in reversed(found)}
    return tuple(reversed(once.values()))[:MOST_ADDRESSES]


def _ended(address: Address) -> tuple[str, str]:
    """When somebody left it and came to it, as ISO days; who has not left lives there now."""
    left = address.to.latest if address.to else None
    came = address.from_.earliest if address.from_ else None
    return (left.isoformat() if left else "9999", came.isoformat() if came else "")


def _rank(one: Place, other: Place) -> int:
    if one.uprn and one.uprn == other.uprn:
        return 0
    both = bool(one.postcode and other.postcode)
    apart = bool(one.uprn and other.uprn)
    if both:
        if one.postcode == other.postcode:
            return 0 if not apart and _same_door(one.door, other.door) else 1
        return 2 if one.sector == other.sector != "" else 3
    if not apart and _same_door(one.door, other.door):
        return _in_which_town(one.door, other.door)
    if one.door.known and other.door.known:
        return 2 if _same_building(one.door, other.door) else 3
    return 3 if apart else _NOT_COMPARED


def _same_door(one: Door, other: Door) -> bool:
    if not one.known or one.care_of or other.care_of:
        return False
    return (
        one.key == other.key or (one.slashed and one.turned == other.key) or (other.slashed and other.turned == one.key)
    )


def _same_building(one: Door, other: Door) -> bool:
    return one.building == other.building and one.street == other.street != ""


def _in_which_town(one: Door, other: Door) -> int:
    """Number and street without a postcode on both sides: every town has a High Street.

    With a word of the town in common it is the home; if no town is told, it is worth as much as a postcode.
    """
    if one.around and other.around:
        return 2 if one.around.isdisjoint(other.around) else 0
    return 1
