"""What a count of mistakes proves: the exact lower bound of a share, and whether a threshold may go down by it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

CERTAINTY = 0.05
"""One-sided: the true share lies below the bound in at most this share of all samples."""
NEEDED = 0.999
"""Below this precision, as proved, no threshold for taking a record without asking anybody goes down."""
BAND = 2_000
"""Thousandths of a bit: decisions are counted in bands so wide."""
PER_BAND = 50
"""The least to look at of a band, each labelled twice. To prove NEEDED takes 2,995 without a mistake."""


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


def lower_bound(right: int, of: int) -> float:
    """The exact (Clopper and Pearson, 1934) one-sided 95 % lower bound of a share of `right` in `of`; 0 for none.

    ValueError unless 0 <= right <= of.
    """
    if not 0 <= right <= of:
        raise ValueError("a share is between nothing and all")
    if right == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_least(right, of, middle) < CERTAINTY else (low, middle)
    return low


def _at_least(right: int, of: int, share: float) -> float:
    """The chance of `right` or more in `of`, each right with this chance."""
    if share <= 0.0 or share >= 1.0:
        return float(share >= 1.0)
    logs = [
        math.lgamma(of + 1) - math.lgamma(wrong + 1) - math.lgamma(of - wrong + 1)
        + wrong * math.log1p(-share) + (of - wrong) * math.log(share)
        for wrong in range(of - right + 1)
    ]  # fmt: skip
    return min(1.0, math.fsum(math.exp(value) for value in logs))


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
    """The floor down to which every band, from the highest on and without a gap, proves NEEDED; None for not one.

    Each band proves it for itself: a hundred thousand easy decisions say nothing about the hard ones below them.
    """
    safe: int | None = None
    for band in sorted(found, key=lambda one: -one.floor):
        if band.bound < NEEDED or (safe is not None and band.floor != safe - BAND):
            break
        safe = band.floor
    return safe
