"""What labelled decisions prove, band by band, and what a profile may say by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mash_trawl.model.match import MatchPolicy
from mash_trawl.model.proof import BAND_BITS, FIRST, ProvedBand, lower_bound, proved_down_to, proves, share_at

BAND = BAND_BITS * 1000
"""Thousandths of a bit: decisions are counted in bands so wide."""
PER_BAND = 50
"""The least to look at of a band, each labelled twice. To prove a precision of 0.999 takes 2,995 without a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A decision that two people labelled apart from each other: its weight in thousandths of a bit, what each said."""

    millibits: int
    first: bool
    second: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The decisions from `floor` to below `floor` + BAND. A decision is right only where both labels say so."""

    floor: int
    decisions: int
    right: int
    apart: int

    @property
    def bound(self) -> float:
        """The 95 % lower bound of the band's precision."""
        return lower_bound(self.right, self.decisions)

    @property
    def enough(self) -> bool:
        """Whether so many were looked at as a band takes."""
        return self.decisions >= PER_BAND


def bands(labelled: Iterable[Labelled]) -> tuple[Band, ...]:
    """The bands that hold a decision, highest first."""
    found: dict[int, list[Labelled]] = {}
    for one in labelled:
        found.setdefault(one.millibits // BAND * BAND, []).append(one)
    return tuple(
        Band(
            floor=floor, decisions=len(held), right=sum(one.first and one.second for one in held),
            apart=sum(one.first != one.second for one in held),
        )
        for floor, held in sorted(found.items(), reverse=True)
    )  # fmt: skip


def lowest_safe(found: Iterable[Band]) -> int | None:
    """The floor down to which every band, from the highest on and without a gap, proves it; None for not one.

    Each band proves it for itself: a hundred thousand easy decisions say nothing about the hard ones below them.
    """
    safe: int | None = None
    for band in sorted(found, key=lambda one: -one.floor):
        if not proves(band.right, band.decisions) or (safe is not None and band.floor != safe - BAND):
            break
        safe = band.floor
    return safe


def lowered(found: Sequence[Band], as_of: str, file_digest: str) -> dict[str, Any] | None:
    """What a profile's `matching:` takes, as plain data; None where nothing below the built-in threshold is proved.

    Only bands are named in which the threshold moves, and none of a row that does not reach up to the built-in one.
    """
    safe = lowest_safe(found)
    if safe is None:
        return None
    named = tuple(
        ProvedBand(from_bits=band.floor // 1000, reviewed=band.decisions, wrong=band.decisions - band.right)
        for band in found
        if safe <= band.floor <= FIRST * 1000 and band.floor >= 0
    )
    floor = proved_down_to(named)
    share = None if floor is None else share_at(floor)
    if share is None or share >= MatchPolicy().auto_per_million:
        return None
    rows = [{"from_bits": one.from_bits, "reviewed": one.reviewed, "wrong": one.wrong} for one in named]
    return {"auto_per_million": share, "lowered_by": {"as_of": as_of, "file_digest": file_digest, "bands": rows}}
