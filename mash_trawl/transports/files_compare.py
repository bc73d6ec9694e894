"""The comparisons of a mapping on one cell of a file: what a database would have answered."""

from __future__ import annotations

from mash_trawl.model.mapping import Bound, Condition
from mash_trawl.transports.written import plain_sector, written


def passes(item: Condition, cell: str, value: Bound) -> bool:
    """True if the row stays. Without a value a period's end is open, and anything else matches nothing."""
    held = cell.strip()
    period = item.how in ("at_least", "at_most")
    if value is None or (period and not held):
        return period
    ways = [str(written(each, item.format)) for each in (value if isinstance(value, tuple) else (value,))]
    if item.how == "at_least":
        return held >= ways[0]
    if item.how == "at_most":
        return held <= ways[0]
    if item.how == "soundex":
        from jellyfish import soundex

        return bool(held) and soundex(held) == ways[0]
    if item.how == "sector":
        return any(held[:-2] == way and held[-2:].isalpha() for way in ways if plain_sector(way))
    return held in ways
