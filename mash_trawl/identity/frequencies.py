"""How common a name is: an authority's own counts, else a small table of the commonest names of England and Wales.

Agreeing on `Smith` says less than agreeing on a name that few people bear, so on exact agreement u is the name's share.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from mash_trawl.model.folding import fold
from mash_trawl.model.weighing import BILLION, NameShares, Share

RAREST, COMMONEST = 10_000, 20_000_000
"""A share is never taken for less than 1 in 100,000 or more than 1 in 50: a list knows only whom it counted."""
COMPILED = datetime.date(2026, 11, 22)


@lru_cache(maxsize=1)
def commonest() -> NameShares:
    """The built-in table, read once from common_names.txt."""
    found: dict[str, dict[str, int]] = {"given": {}, "family": {}, "least": {}}
    text = files("mash_trawl.identity").joinpath("common_names.txt").read_text("utf-8")
    for line in text.splitlines():
        head, _, names = line.split("#")[0].partition(":")
        if names:
            kind, share = head.split()
            parts = Share.parse(share).per_billion
            for name in names.split():
                found[kind].setdefault(fold(name.replace("_", " ")), parts)
    return NameShares(**found, source="literature", date=COMPILED, sha256="built-in")


def share_of(shares: NameShares, kind: str, names: Iterable[str]) -> int | None:
    """The share of the rarest of these names in parts per billion, within bounds; None where the list has none."""
    listed = shares.given if kind == "given" else shares.family
    known = [min(max(listed[name], RAREST), COMMONEST) for name in names if name in listed]
    return min(known) if known else None


def at_most(shares: NameShares, kind: str, names: Iterable[str], *, spelt: bool = False) -> int:
    """The share that the rarest of these names has at most: a name that is not listed has the list's least.

    `spelt`: these are spellings of one name, and the commonest of them counts.
    """
    listed = shares.given if kind == "given" else shares.family
    least = shares.least.get(kind, COMMONEST)
    found = [max(listed.get(name, least), RAREST) for name in names]
    return (max if spelt else min)(found, default=BILLION)
